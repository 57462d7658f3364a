// Calendar days in a time zone. Browsers know the zones, but only in one direction; this turns it.

export interface Day {
  readonly year: number;
  readonly month: number; // 1 to 12.
  readonly day: number; // 1 to 31.
}

const formats = new Map<string, Intl.DateTimeFormat>();

function wallClock(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  return format;
}

// What the wall clock of the zone shows, as if it were UTC.
function shownAt(instant: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const part of wallClock(zone).formatToParts(instant)) parts[part.type] = Number(part.value);
  return Date.UTC(
    parts.year!,
    parts.month! - 1,
    parts.day!,
    parts.hour!,
    parts.minute!,
    parts.second!,
  );
}

export function dayAt(instant: number, zone: string): Day {
  const shown = new Date(shownAt(instant, zone));
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
}

// When the day begins in the zone; the instant of the change if the clocks leave midnight out.
export function beginOf(day: Day, zone: string): number {
  const wanted = Date.UTC(day.year, day.month - 1, day.day);
  const first = wanted - (shownAt(wanted, zone) - wanted);
  const second = wanted - (shownAt(first, zone) - first);
  if (shownAt(second, zone) === wanted) return second;
  return Math.max(first, second);
}

export function addDays(day: Day, days: number): Day {
  const moved = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

// The same day of another month, or that month's last day.
export function addMonths(day: Day, months: number): Day {
  const first = new Date(Date.UTC(day.year, day.month - 1 + months, 1));
  const length = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate();
  return {
    year: first.getUTCFullYear(),
    month: first.getUTCMonth() + 1,
    day: Math.min(day.day, length),
  };
}

export function daysBetween(from: Day, until: Day): number {
  const days = (day: Day) => Date.UTC(day.year, day.month - 1, day.day) / 86_400_000;
  return days(until) - days(from);
}

// Days since Monday, 0 to 6.
export function weekdayOf(day: Day): number {
  return (new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() + 6) % 7;
}

export function textOf(day: Day): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day.year}-${two(day.month)}-${two(day.day)}`;
}

export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return textOf(addDays(day, 0)) === text ? day : undefined;
}
