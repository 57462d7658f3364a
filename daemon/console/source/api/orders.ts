// Lists of orders.
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Order } from "contract/stockd/v1/order_types_pb";
import { orders } from "./client";

const PAGE = 1000;
export const ORDERS_MAX = 10_000;

export interface OrderList {
  readonly orders: readonly Order[];
  // Whether there are more than were read.
  readonly truncated: boolean;
}

export interface OrderFilter {
  readonly location?: string;
  readonly channel?: string;
  readonly openOnly?: boolean;
  readonly placedFrom?: number;
  readonly placedUntil?: number;
}

export async function listOrders(filter: OrderFilter, signal?: AbortSignal): Promise<OrderList> {
  const found: Order[] = [];
  let pageToken = "";
  do {
    const page = await orders.listOrders(
      {
        location: filter.location ?? "",
        channel: filter.channel ?? "",
        openOnly: filter.openOnly ?? false,
        ...(filter.placedFrom === undefined
          ? {}
          : { placedFrom: timestampFromMs(filter.placedFrom) }),
        ...(filter.placedUntil === undefined
          ? {}
          : { placedUntil: timestampFromMs(filter.placedUntil) }),
        pageSize: PAGE,
        pageToken,
      },
      { ...(signal === undefined ? {} : { signal }) },
    );
    found.push(...page.orders);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && found.length < ORDERS_MAX);
  return { orders: found, truncated: pageToken !== "" };
}

// Calls `happened` when something happens to an order, until the signal aborts. A connection that
// breaks is made again.
export async function watchOrders(
  locations: readonly string[],
  happened: () => void,
  connected: (is: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let pause = 1000;
  while (!signal.aborted) {
    // An idle stream says something only every 15 seconds: one that was not refused is taken as open.
    const opened = setTimeout(() => connected(true), 1500);
    try {
      for await (const message of orders.watchOrderEvents(
        { locations: [...locations] },
        { signal, timeoutMs: 0 },
      )) {
        connected(true);
        pause = 1000;
        if (message.events.length > 0) happened();
      }
    } catch {
      if (signal.aborted) return;
    } finally {
      clearTimeout(opened);
    }
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, 30_000);
  }
}
