// The pages, in the order of the navigation.
import type { ComponentType } from "preact";
import { Board } from "./board";
import { Channels } from "./channels";
import { Delivery } from "./delivery";
import { Sources } from "./sources";
import { Stock } from "./stock";
import { Today } from "./today";

export type PageKey = "today" | "delivery" | "stock" | "board" | "sources" | "channels";

export interface Page {
  readonly key: PageKey;
  readonly show: ComponentType;
}

export const PAGES: readonly Page[] = [
  { key: "today", show: Today },
  { key: "delivery", show: Delivery },
  { key: "stock", show: Stock },
  { key: "board", show: Board },
  { key: "sources", show: Sources },
  { key: "channels", show: Channels },
];

export function pageOf(key: string | undefined): Page {
  return PAGES.find((page) => page.key === key) ?? PAGES[0]!;
}
