// Texts in three languages. English is the list of keys: a translation that lacks one, or has one
// too many, or lacks a plural form of its language, does not compile.
import { english } from "./english";
import { polish } from "./polish";
import { turkish } from "./turkish";

export type Key = keyof typeof english;

type English = typeof english;
type Text<Forms> = { readonly [K in Key]: English[K] extends string ? string : Forms };

// The plural forms that the languages' own rules tell apart.
export type Turkish = Text<{ readonly one: string; readonly other: string }>;
export type Polish = Text<{
  readonly one: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}>;

// Names in braces.
type Names<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type AllNames<T> = T extends string
  ? Names<T>
  : T extends { other: infer O }
    ? Names<O> | "count"
    : never;
export type Values<K extends Key> = [AllNames<English[K]>] extends [never]
  ? []
  : [
      {
        readonly [Name in AllNames<English[K]>]: Name extends "count"
          ? number | bigint
          : string | number;
      },
    ];

export const LANGUAGES = ["en", "tr", "pl"] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

export const TEXTS = { en: english, tr: turkish, pl: polish } as const;

// How the names of languages are written in themselves.
export const LANGUAGE_NAMES: Readonly<Record<LanguageCode, string>> = {
  en: "English",
  tr: "Türkçe",
  pl: "Polski",
};

export function isKey(key: string): key is Key {
  return Object.hasOwn(english, key);
}
