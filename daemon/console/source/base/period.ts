// Periods that people ask about, as the days of a time zone.
import { addDays, addMonths, beginOf, dayAt, daysBetween, parseDay, weekdayOf } from "./zoned_time";
import type { Day } from "./zoned_time";

export const PERIODS = [
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "last-7-days",
  "last-28-days",
  "last-90-days",
  "this-month",
  "last-month",
  "this-year",
  "last-year",
] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface Period {
  readonly name: PeriodName | "days";
  readonly first: Day;
  readonly last: Day; // Included.
  readonly zone: string;
  readonly begin: number; // Instant, milliseconds.
  readonly end: number; // The first instant after it.
}

export type Bucket = "hour" | "day" | "week" | "month";

function between(name: Period["name"], first: Day, last: Day, zone: string): Period {
  return {
    name,
    first,
    last,
    zone,
    begin: beginOf(first, zone),
    end: beginOf(addDays(last, 1), zone),
  };
}

function namedDays(name: PeriodName, today: Day): [Day, Day] {
  const monday = addDays(today, -weekdayOf(today));
  const month = { ...today, day: 1 };
  const year = { ...today, month: 1, day: 1 };
  switch (name) {
    case "today":
      return [today, today];
    case "yesterday":
      return [addDays(today, -1), addDays(today, -1)];
    case "this-week":
      return [monday, today];
    case "last-week":
      return [addDays(monday, -7), addDays(monday, -1)];
    case "last-7-days":
      return [addDays(today, -6), today];
    case "last-28-days":
      return [addDays(today, -27), today];
    case "last-90-days":
      return [addDays(today, -89), today];
    case "this-month":
      return [month, today];
    case "last-month":
      return [addMonths(month, -1), addDays(month, -1)];
    case "this-year":
      return [year, today];
    case "last-year":
      return [{ ...year, year: year.year - 1 }, addDays(year, -1)];
  }
}

// "last-month", or days as "2026-10-01..2026-10-31". What cannot be read becomes `otherwise`.
export function periodOf(text: string, now: number, zone: string, otherwise: PeriodName): Period {
  const today = dayAt(now, zone);
  const [from, until] = text.split("..").map(parseDay);
  if (from !== undefined && until !== undefined && daysBetween(from, until) >= 0) {
    return between("days", from, until, zone);
  }
  const name = PERIODS.find((known) => known === text) ?? otherwise;
  return between(name, ...namedDays(name, today), zone);
}

export function lengthInDays(period: Period): number {
  return daysBetween(period.first, period.last) + 1;
}

// What the period is compared with: as many days of the month or year before, else the days just
// before it.
export function periodBefore(period: Period): Period {
  const days = lengthInDays(period);
  switch (period.name) {
    case "this-month":
      return between("days", addMonths(period.first, -1), addMonths(period.last, -1), period.zone);
    case "last-month":
      return between("days", addMonths(period.first, -1), addDays(period.first, -1), period.zone);
    case "this-year":
    case "last-year":
      return between(
        "days",
        addMonths(period.first, -12),
        addMonths(period.last, -12),
        period.zone,
      );
    case "this-week":
      return between("days", addDays(period.first, -7), addDays(period.last, -7), period.zone);
    default:
      return between("days", addDays(period.first, -days), addDays(period.first, -1), period.zone);
  }
}

// Cuts a period into a number of pieces that can be read in a chart.
export function bucketOf(period: Period): Bucket {
  const days = lengthInDays(period);
  if (days <= 2) return "hour";
  if (days <= 62) return "day";
  return days <= 190 ? "week" : "month";
}
