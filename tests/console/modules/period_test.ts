// Days, weeks and months of a time zone, also where its clocks change.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bucketOf,
  lengthInDays,
  periodBefore,
  periodOf,
} from "../../../daemon/console/source/base/period";
import {
  addDays,
  addMonths,
  beginOf,
  dayAt,
  parseDay,
  textOf,
  weekdayOf,
} from "../../../daemon/console/source/base/zoned_time";

const WARSAW = "Europe/Warsaw";
const at = (text: string) => Date.parse(text);
const days = (period: ReturnType<typeof periodOf>) =>
  `${textOf(period.first)}..${textOf(period.last)}`;

test("a day begins at midnight of its zone, in summer and in winter", () => {
  assert.equal(beginOf({ year: 2026, month: 1, day: 15 }, WARSAW), at("2026-01-14T23:00:00Z"));
  assert.equal(beginOf({ year: 2026, month: 7, day: 15 }, WARSAW), at("2026-07-14T22:00:00Z"));
  assert.equal(
    beginOf({ year: 2026, month: 7, day: 15 }, "Asia/Kathmandu"),
    at("2026-07-14T18:15:00Z"),
  );
});

test("a day that has 23 or 25 hours is as long as it is", () => {
  const length = (day: number, month: number) =>
    (beginOf({ year: 2026, month, day: day + 1 }, WARSAW) -
      beginOf({ year: 2026, month, day }, WARSAW)) /
    3_600_000;
  assert.equal(length(29, 3), 23);
  assert.equal(length(25, 10), 25);
});

test("a midnight that the clocks leave out begins at the change", () => {
  // Beirut went from 00:00 to 01:00 on that day.
  assert.equal(
    beginOf({ year: 2026, month: 3, day: 29 }, "Asia/Beirut"),
    at("2026-03-28T22:00:00Z"),
  );
});

test("the day of an instant is that of the zone", () => {
  assert.deepEqual(dayAt(at("2026-11-28T23:30:00Z"), WARSAW), { year: 2026, month: 11, day: 29 });
  assert.deepEqual(dayAt(at("2026-11-28T23:30:00Z"), "UTC"), { year: 2026, month: 11, day: 28 });
});

test("months end where they end", () => {
  assert.deepEqual(addMonths({ year: 2026, month: 3, day: 31 }, -1), {
    year: 2026,
    month: 2,
    day: 28,
  });
  assert.deepEqual(addMonths({ year: 2026, month: 1, day: 31 }, -1), {
    year: 2025,
    month: 12,
    day: 31,
  });
  assert.deepEqual(addDays({ year: 2028, month: 2, day: 28 }, 1), {
    year: 2028,
    month: 2,
    day: 29,
  });
  assert.equal(weekdayOf({ year: 2026, month: 11, day: 30 }), 0);
});

test("a day is read only if it exists", () => {
  assert.deepEqual(parseDay("2026-02-28"), { year: 2026, month: 2, day: 28 });
  for (const wrong of ["2026-02-30", "2026-13-01", "26-01-01", "today", ""])
    assert.equal(parseDay(wrong), undefined);
});

test("names of periods mean days of the zone", () => {
  const now = at("2026-11-28T16:00:00Z"); // A Saturday.
  const cases: [string, string][] = [
    ["today", "2026-11-28..2026-11-28"],
    ["yesterday", "2026-11-27..2026-11-27"],
    ["this-week", "2026-11-23..2026-11-28"],
    ["last-week", "2026-11-16..2026-11-22"],
    ["last-7-days", "2026-11-22..2026-11-28"],
    ["this-month", "2026-11-01..2026-11-28"],
    ["last-month", "2026-10-01..2026-10-31"],
    ["this-year", "2026-01-01..2026-11-28"],
    ["last-year", "2025-01-01..2025-12-31"],
    ["2026-10-05..2026-10-09", "2026-10-05..2026-10-09"],
  ];
  for (const [name, expected] of cases)
    assert.equal(days(periodOf(name, now, WARSAW, "today")), expected, name);
});

test("what cannot be read becomes the usual period", () => {
  const now = at("2026-11-28T16:00:00Z");
  for (const wrong of [
    "",
    "tomorrow",
    "2026-10-09..2026-10-05",
    "2026-10-05..",
    "..",
    "2026-10-05..2026-02-31",
  ]) {
    assert.equal(days(periodOf(wrong, now, WARSAW, "yesterday")), "2026-11-27..2026-11-27", wrong);
  }
});

test("a period is compared with its like", () => {
  const now = at("2026-11-28T16:00:00Z");
  const before = (name: string) => days(periodBefore(periodOf(name, now, WARSAW, "today")));
  assert.equal(before("today"), "2026-11-27..2026-11-27");
  assert.equal(before("this-week"), "2026-11-16..2026-11-21");
  assert.equal(before("last-month"), "2026-09-01..2026-09-30");
  assert.equal(before("this-month"), "2026-10-01..2026-10-28");
  assert.equal(before("last-year"), "2024-01-01..2024-12-31");
  assert.equal(before("last-7-days"), "2026-11-15..2026-11-21");
  assert.equal(before("2026-10-05..2026-10-09"), "2026-09-30..2026-10-04");
});

test("a chart has a readable number of points", () => {
  const now = at("2026-11-28T16:00:00Z");
  for (const name of [
    "today",
    "this-week",
    "last-28-days",
    "last-90-days",
    "this-year",
    "last-year",
  ] as const) {
    const period = periodOf(name, now, WARSAW, "today");
    const points = {
      hour: lengthInDays(period) * 24,
      day: lengthInDays(period),
      week: lengthInDays(period) / 7,
      month: lengthInDays(period) / 30,
    };
    assert.ok(points[bucketOf(period)] <= 62, name);
  }
});
