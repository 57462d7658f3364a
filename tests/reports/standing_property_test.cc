// How old the stock is that stands, and what nobody buys: unit by unit, it is what a plain recount
// says.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/reports/report_query.h"
#include "daemon/reports/rollup.h"
#include "tests/reports/oracle.h"
#include "tests/support/seeds.h"

namespace stockd::reports {
namespace {

using support::ForEachSeed;
using support::Random;

constexpr Duration kDay = std::chrono::hours(24);

// What a report says of the present, by location: numerators as text.
std::map<std::string, std::string> Reported(const World& world, const char* figure, Timestamp now,
                                            Duration idle) {
  std::map<std::string, std::string> told;
  RollupReader reader(world.PathOf("reports").string(), 1 << 20);
  const RollupReader::Lease view = reader.Borrow();
  const ReportQuery query{.figures = {FindFigure(figure)},
                          .begin = std::chrono::floor<std::chrono::days>(kDawn),
                          .end = std::chrono::floor<std::chrono::days>(now) + kDay,
                          .now = now,
                          .idle = idle,
                          .zone = absl::UTCTimeZone(),
                          .group_by = {Dimension::kLocation}};
  RunReport(query, TimeGrid(absl::UTCTimeZone()), world.catalogue(), *view, [&](ReportRow&& row) {
    const std::string key = row.group.front() + row.currency;
    if (!row.outcome.numerator.is_zero()) told[key] = ToText(row.outcome.numerator, 12);
    return true;
  });
  return told;
}

std::map<std::string, std::string> Shown(const std::map<std::string, Int128>& sums, int decimals) {
  std::map<std::string, std::string> shown;
  for (const auto& [key, sum] : sums) {
    if (sum != 0) shown[key] = ToText({.value = sum, .decimals = decimals}, 12);
  }
  return shown;
}

TEST(StandingProperty, StockIsAsOldAndAsDeadAsAPlainRecountSays) {
  ForEachSeed(15, [](uint64_t seed) {
    Random random(seed);
    World world;
    Oracle oracle(world);
    auto feed = world.OpenFeed();
    RollupFile file(world.PathOf("reports").string(), "UTC", 1 << 20);
    Rollup rollup(file, *feed, absl::UTCTimeZone());
    for (const Told& told : RandomHistory(random, {})) {
      oracle.Learn(told, world.Tell(told));
      if (random.Percent(20)) rollup.Advance(5);
    }
    while (rollup.Advance(100)) {
    }
    const TimeGrid grid(absl::UTCTimeZone());
    const Timestamp now = world.now() + kDay * random.Between(0, 5);
    const Duration idle = kDay * random.Between(0, 6);
    const int64_t today = grid.BucketAt(Level::kDay, now);
    std::map<std::string, Int128> dead;
    std::map<std::string, Int128> dead_value;
    std::map<std::string, Int128> old;
    std::map<std::string, Int128> unit_days;
    for (const PositionKey key : oracle.Positions()) {
      const Oracle::Standing standing = oracle.StandingOf(key);
      if (standing.on_hand <= 0) continue;
      const std::string place = world.catalogue().LocationCode(key.location);
      const int64_t unit = oracle.MicroUnits(key.item);
      if (now - std::max(standing.last_sale_at, standing.first_at) > idle) {
        const auto item = world.catalogue().Item(world.catalogue().Sku(key.item));
        dead[place] += Int128{standing.on_hand} * unit;
        dead_value[place + item->currency] +=
            Int128{standing.on_hand} * unit * oracle.CostOf(key.item);
      }
      // What came last stands; the rest is from before anything was known.
      for (Quantity n = 0; n < standing.on_hand; ++n) {
        const auto known = static_cast<Quantity>(standing.units_came.size());
        const Timestamp came =
            n < known ? standing.units_came[static_cast<size_t>(known - 1 - n)] : standing.first_at;
        const int64_t days = std::max<int64_t>(0, today - grid.BucketAt(Level::kDay, came));
        unit_days[place] += Int128{days} * unit;
        if (kDay * days > idle) old[place] += unit;
      }
    }
    EXPECT_EQ(Reported(world, "dead_stock", now, idle), Shown(dead, 6));
    EXPECT_EQ(Reported(world, "dead_stock_value", now, idle), Shown(dead_value, 12));
    EXPECT_EQ(Reported(world, "aged_stock_share", now, idle), Shown(old, 6));
    EXPECT_EQ(Reported(world, "stock_age", now, idle), Shown(unit_days, 6));
  });
}

// The past has no age: only the bucket that reaches the present has values, others say so.
TEST(StandingProperty, OnlyThePresentHasAnAge) {
  Random random(1);
  World world;
  auto feed = world.OpenFeed();
  RollupFile file(world.PathOf("reports").string(), "UTC", 1 << 20);
  Rollup rollup(file, *feed, absl::UTCTimeZone());
  for (const Told& told : RandomHistory(random, {})) world.Tell(told);
  while (rollup.Advance(100)) {
  }
  RollupReader reader(world.PathOf("reports").string(), 1 << 20);
  const RollupReader::Lease view = reader.Borrow();
  const Timestamp midnight = std::chrono::floor<std::chrono::days>(world.now());
  const ReportQuery query{.figures = {FindFigure("dead_stock_share")},
                          .begin = midnight - kDay,
                          .end = midnight + kDay,
                          .now = world.now(),
                          .zone = absl::UTCTimeZone(),
                          .bucket = Bucket::kDay};
  std::vector<std::vector<Needed>> missing;
  RunReport(query, TimeGrid(absl::UTCTimeZone()), world.catalogue(), *view, [&](ReportRow&& row) {
    missing.push_back(row.missing);
    return true;
  });
  EXPECT_EQ(missing, (std::vector<std::vector<Needed>>{{Needed::kPresent}, {}}));
}

}  // namespace
}  // namespace stockd::reports
