// A language as pages use it: texts, numbers, dates and the order of names.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { isKey, LANGUAGES, TEXTS } from "./messages";
import type { Key, LanguageCode, Values } from "./messages";

const LOCALES: Readonly<Record<LanguageCode, string>> = { en: "en-GB", tr: "tr-TR", pl: "pl-PL" };

export interface Language {
  readonly code: LanguageCode;
  readonly locale: string;
  t<K extends Key>(key: K, ...values: Values<K>): string;
  // A text whose key is made at run time, or `otherwise`.
  lookUp(key: string, otherwise: string): string;
  number(value: number | bigint, decimals?: number): string;
  percent(value: number, decimals?: number): string; // 92.4 is 92.4 %.
  money(value: number, currency: string): string;
  // Hours, as people say them.
  duration(hours: number): string;
  date(instant: number, zone: string): string;
  time(instant: number, zone: string): string;
  dateTime(instant: number, zone: string): string;
  hour(instant: number, zone: string): string;
  shortDay(instant: number, zone: string): string;
  month(instant: number, zone: string): string;
  // "in 25 minutes", "2 hours ago".
  relative(milliseconds: number): string;
  list(names: readonly string[]): string;
  readonly compare: (a: string, b: string) => number;
}

type Options = Intl.NumberFormatOptions;

function cached<Value>(make: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    if (!values.has(key)) values.set(key, make(key));
    return values.get(key)!;
  };
}

function numberFormats(locale: string) {
  const find = cached((key) => new Intl.NumberFormat(locale, JSON.parse(key) as Options));
  return (options: Options) => find(JSON.stringify(options));
}

function dateFormats(locale: string) {
  const find = cached(
    (key) => new Intl.DateTimeFormat(locale, JSON.parse(key) as Intl.DateTimeFormatOptions),
  );
  return (options: Intl.DateTimeFormatOptions, zone: string) =>
    find(JSON.stringify({ ...options, timeZone: zone }));
}

const MINUTE = 60_000,
  HOUR = 60 * MINUTE,
  DAY = 24 * HOUR;

function relativeText(format: Intl.RelativeTimeFormat, milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < MINUTE) return format.format(Math.trunc(milliseconds / 1000), "second");
  if (size < HOUR) return format.format(Math.trunc(milliseconds / MINUTE), "minute");
  if (size < 2 * DAY) return format.format(Math.trunc(milliseconds / HOUR), "hour");
  return format.format(Math.trunc(milliseconds / DAY), "day");
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function makeLanguage(code: LanguageCode): Language {
  const locale = LOCALES[code];
  const texts = TEXTS[code];
  const numbers = numberFormats(locale);
  const dates = dateFormats(locale);
  const plurals = new Intl.PluralRules(locale);
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const number = (value: number | bigint, decimals = 0) =>
    numbers({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  const unit = (value: number, name: string, decimals: number) =>
    numbers({
      style: "unit",
      unit: name,
      unitDisplay: "short",
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(value);

  function text(key: Key, values: Readonly<Record<string, string | number | bigint>>): string {
    const found: string | Readonly<Record<string, string>> = texts[key];
    const shown = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === "string" ? value : number(value),
      ]),
    );
    if (typeof found === "string") return fill(found, shown);
    const form = plurals.select(Number(values.count ?? 0));
    return fill(found[form] ?? found.other!, shown);
  }

  return {
    code,
    locale,
    t: (key, ...values) => text(key, values[0] ?? {}),
    lookUp: (key, otherwise) => (isKey(key) ? text(key, {}) : otherwise),
    number,
    percent: (value, decimals = 1) =>
      numbers({
        style: "percent",
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(value / 100),
    money: (value, currency) => {
      const decimals = Math.abs(value) >= 10_000 ? 0 : 2;
      if (!/^[A-Z]{3}$/.test(currency)) return number(value, decimals);
      return numbers({
        style: "currency",
        currency,
        currencyDisplay: "narrowSymbol",
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(value);
    },
    duration: (hours) => {
      const seconds = hours * 3600;
      if (seconds < 60) return unit(seconds, "second", seconds < 10 ? 1 : 0);
      if (hours < 1) return unit(hours * 60, "minute", hours < 1 / 6 ? 1 : 0);
      return hours < 72 ? unit(hours, "hour", 1) : unit(hours / 24, "day", 1);
    },
    date: (instant, zone) =>
      dates({ day: "numeric", month: "short", year: "numeric" }, zone).format(instant),
    time: (instant, zone) => dates({ hour: "2-digit", minute: "2-digit" }, zone).format(instant),
    dateTime: (instant, zone) =>
      dates({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }, zone).format(
        instant,
      ),
    hour: (instant, zone) => dates({ hour: "2-digit", minute: "2-digit" }, zone).format(instant),
    shortDay: (instant, zone) => dates({ day: "numeric", month: "short" }, zone).format(instant),
    month: (instant, zone) => dates({ month: "short", year: "numeric" }, zone).format(instant),
    relative: (milliseconds) => relativeText(relatives, milliseconds),
    list: (names) => lists.format(names),
    compare: new Intl.Collator(locale, { numeric: true }).compare,
  };
}

// The language that the address, this browser's memory or its settings name, in this order.
export function chooseLanguage(...wishes: readonly (string | null | undefined)[]): LanguageCode {
  for (const wish of wishes) {
    const code = LANGUAGES.find((known) => known === wish?.slice(0, 2).toLowerCase());
    if (code !== undefined) return code;
  }
  return "en";
}

export const LanguageContext = createContext<Language>(undefined as never);
export const useLanguage = () => useContext(LanguageContext);
