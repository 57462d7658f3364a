#include "daemon/reports/time_grid.h"

#include <gtest/gtest.h>

#include "daemon/base/time_text.h"

namespace stockd::reports {
namespace {

Timestamp At(const char* text) { return *ParseTimestamp(text); }
absl::TimeZone Zone(const char* name) { return *FindTimeZone(name); }

TEST(FindTimeZone, TakesNamesOfZonesAndNoPaths) {
  EXPECT_TRUE(FindTimeZone("Europe/Istanbul").has_value());
  EXPECT_TRUE(FindTimeZone("UTC").has_value());
  for (const char* name : {"", "Mars/Olympus", "/etc/localtime", "localtime", "../zoneinfo/UTC"}) {
    EXPECT_FALSE(FindTimeZone(name).has_value()) << name;
  }
}

// The day on which the clock goes forward has 23 hours; the month has one hour less.
TEST(TimeGrid, DaysAndMonthsAreThoseOfTheZone) {
  TimeGrid grid(Zone("Europe/Warsaw"));
  const int64_t day = grid.BucketAt(Level::kDay, At("2026-03-29T12:00:00+02:00"));
  EXPECT_EQ(grid.BeginOf(Level::kDay, day), At("2026-03-29T00:00:00+01:00"));
  EXPECT_EQ(grid.BeginOf(Level::kDay, day + 1), At("2026-03-30T00:00:00+02:00"));
  const int64_t month = grid.BucketAt(Level::kMonth, At("2026-03-31T23:59:59.999999+02:00"));
  EXPECT_EQ(grid.BeginOf(Level::kMonth, month), At("2026-03-01T00:00:00+01:00"));
  EXPECT_EQ(grid.BeginOf(Level::kMonth, month + 1), At("2026-04-01T00:00:00+02:00"));
}

TEST(TimeGrid, HoursOfAHalfHourZoneBeginBetweenThoseOfUtc) {
  TimeGrid grid(Zone("Asia/Kolkata"));
  const int64_t hour = grid.BucketAt(Level::kHour, At("2026-03-29T10:15:00Z"));
  EXPECT_EQ(grid.BeginOf(Level::kHour, hour), At("2026-03-29T09:30:00Z"));
}

TEST(TimeGrid, SlotsAreTheSameFromTheCacheAndWithout) {
  TimeGrid grid(Zone("America/New_York"));
  // Before time zones, days there began four minutes before the hour.
  for (const char* text : {"1850-01-01T04:55:00Z", "1850-01-01T04:57:00Z", "2026-11-01T05:59:59Z",
                           "2026-11-01T06:00:00Z", "1850-01-01T04:55:00Z"}) {
    const TimeGrid::Slot* slots = grid.SlotsAt(At(text));
    for (int i = 1; i < kLevelCount; ++i) {
      const auto level = static_cast<Level>(i);
      EXPECT_EQ(slots[i].bucket, grid.BucketAt(level, At(text))) << text;
      EXPECT_EQ(slots[i].end, grid.BeginOf(level, slots[i].bucket + 1)) << text;
    }
  }
}

TEST(CutPeriod, CutsAtTheZonesOwnEdges) {
  const auto zone = Zone("Europe/Istanbul");
  const auto cuts =
      CutPeriod(At("2026-01-15T00:00:00Z"), At("2026-03-15T00:00:00Z"), Bucket::kMonth, zone, 10);
  ASSERT_EQ(cuts.size(), 4u);
  EXPECT_EQ(cuts[1], At("2026-02-01T00:00:00+03:00"));
  EXPECT_EQ(cuts[2], At("2026-03-01T00:00:00+03:00"));
  const auto weeks =
      CutPeriod(At("2026-11-02T00:00:00Z"), At("2026-11-17T00:00:00Z"), Bucket::kWeek, Zone("UTC"),
                10);  // A Monday.
  ASSERT_EQ(weeks.size(), 4u);
  EXPECT_EQ(weeks[1], At("2026-11-09T00:00:00Z"));
}

// The hour that the clock passes twice is two hours.
TEST(CutPeriod, TheHourThatComesTwiceIsTwoBuckets) {
  const auto cuts = CutPeriod(At("2026-10-25T00:00:00Z"), At("2026-10-25T03:00:00Z"), Bucket::kHour,
                              Zone("Europe/Warsaw"), 10);
  EXPECT_EQ(cuts.size(), 4u);
}

TEST(CutPeriod, RefusesMoreBucketsThanAllowed) {
  EXPECT_TRUE(CutPeriod(At("2026-01-01T00:00:00Z"), At("2026-02-01T00:00:00Z"), Bucket::kDay,
                        Zone("UTC"), 30)
                  .empty());
  EXPECT_FALSE(CutPeriod(At("2026-01-01T00:00:00Z"), At("2026-02-01T00:00:00Z"), Bucket::kDay,
                         Zone("UTC"), 31)
                   .empty());
}

// Retention over four weeks was refused when the clock had changed in the four weeks before.
TEST(BeginOfStretchBefore, IsAsManyDaysBeforeWhateverTheClockDid) {
  const absl::TimeZone zone = Zone("Europe/Warsaw");
  EXPECT_EQ(
      BeginOfStretchBefore(At("2026-11-01T00:00:00+01:00"), At("2026-11-29T00:00:00+01:00"), zone),
      At("2026-10-04T00:00:00+02:00"));
  EXPECT_EQ(
      BeginOfStretchBefore(At("2026-03-29T00:00:00+01:00"), At("2026-03-30T00:00:00+02:00"), zone),
      At("2026-03-28T00:00:00+01:00"));
  EXPECT_EQ(
      BeginOfStretchBefore(At("2026-03-30T06:00:00+02:00"), At("2026-03-31T06:00:00+02:00"), zone),
      At("2026-03-29T06:00:00+02:00"));
}

TEST(Cover, TakesWholeMonthsThenDaysThenHours) {
  const TimeGrid grid(Zone("UTC"));
  const auto runs =
      Cover(grid, {At("2026-01-30T22:00:00Z"), At("2026-04-02T01:00:00Z")}, /*hours=*/true);
  ASSERT_TRUE(runs.has_value());
  ASSERT_EQ(runs->size(), 5u);
  EXPECT_EQ((*runs)[0].level, Level::kHour);
  EXPECT_EQ((*runs)[0].last - (*runs)[0].first, 1);
  EXPECT_EQ((*runs)[1].level, Level::kDay);
  EXPECT_EQ((*runs)[2].level, Level::kMonth);
  EXPECT_EQ((*runs)[2].last - (*runs)[2].first, 1);
  EXPECT_EQ((*runs)[3].level, Level::kDay);
  EXPECT_EQ((*runs)[4].level, Level::kHour);
}

TEST(Cover, RefusesEdgesThatNoCellHas) {
  const TimeGrid grid(Zone("UTC"));
  EXPECT_FALSE(Cover(grid, {At("2026-01-01T00:30:00Z"), At("2026-01-02T00:00:00Z")}, true));
  EXPECT_FALSE(Cover(grid, {At("2026-01-01T01:00:00Z"), At("2026-01-02T00:00:00Z")}, false));
}

}  // namespace
}  // namespace stockd::reports
