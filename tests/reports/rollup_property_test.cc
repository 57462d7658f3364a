// Roll-ups are a function of what was told: they say what a plain recomputation says, in whatever
// pieces and order they learned it, and made anew they are the same byte by byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "daemon/reports/rollup.h"
#include "tests/reports/oracle.h"
#include "tests/reports/rollup_dump.h"
#include "tests/support/seeds.h"

namespace stockd::reports {
namespace {

using support::ForEachSeed;
using support::Random;

constexpr const char* kZones[] = {"UTC", "Europe/Warsaw", "Asia/Kolkata", "America/St_Johns"};

absl::TimeZone Zone(const std::string& name) { return *FindTimeZone(name); }

// A roll-up of a world's journal in a file of its own.
struct Kept {
  Kept(const World& world, const std::string& name, const std::string& zone,
       std::unique_ptr<storage::JournalFeed> given = nullptr)
      : feed(given ? std::move(given) : world.OpenFeed()),
        file(world.PathOf(name).string(), zone, 1 << 20),
        rollup(file, *feed, Zone(zone)) {}

  void Follow(int entries_max = 1000) {
    while (rollup.Advance(entries_max)) {
    }
  }

  std::unique_ptr<storage::JournalFeed> feed;
  RollupFile file;
  Rollup rollup;
};

Timestamp AnyEdge(Random& random, const TimeGrid& grid, bool of_days, int64_t hours_max) {
  const Timestamp at = kDawn + std::chrono::hours(random.Between(-30, hours_max));
  const Level level = of_days ? Level::kDay : Level::kHour;
  return grid.BeginOf(level, grid.BucketAt(level, at));
}

// A question that can be answered, with some of the figures that know its dimensions.
ReportQuery AnyQuery(Random& random, const std::string& kept_zone) {
  const TimeGrid grid(Zone(kept_zone));
  ReportQuery query;
  uint16_t used = 0;
  const auto by = [&](Dimension dimension, uint64_t percent) {
    if (!random.Percent(percent)) return false;
    query.group_by.push_back(dimension);
    used = used | dimension;
    return true;
  };
  const bool items = by(Dimension::kItem, 15);
  if (!items && !by(Dimension::kLocation, 30)) by(Dimension::kGroup, 20);
  if (!items) by(Dimension::kCategory, 30);
  by(Dimension::kChannel, 20);
  by(Dimension::kFulfilment, 15);
  by(Dimension::kSource, 15);
  if (!items && random.Percent(20)) {
    query.locations = {LocationId{1}, LocationId{3}};
    used = used | Dimension::kLocation;
  }
  if (!items && random.Percent(15)) {
    query.groups = {GroupId{1}};
    used = used | Dimension::kGroup;
  }
  if (!items && random.Percent(20)) {
    query.categories = {"tea", ""};
    used = used | Dimension::kCategory;
  }
  if (items && random.Percent(30)) query.items = {ItemId{2}, ItemId{3}};
  if (random.Percent(15)) {
    query.channels = {"web"};
    used = used | Dimension::kChannel;
  }
  if (random.Percent(10)) query.currencies = {"PLN"};
  const bool place_and_category =
      (Has(used, Dimension::kLocation) || Has(used, Dimension::kGroup)) &&
      Has(used, Dimension::kCategory);
  const bool of_days = items || place_and_category || random.Percent(40);
  // Other zones cut days where only hours are kept.
  query.zone = Zone(of_days ? kept_zone : kZones[random.Below(2)]);
  if (kept_zone != "UTC" && kept_zone != "Europe/Warsaw") query.zone = Zone(kept_zone);
  query.begin = AnyEdge(random, grid, of_days, 150);
  do {
    query.end = AnyEdge(random, grid, of_days, 200);
  } while (query.end <= query.begin);
  const Bucket buckets[] = {Bucket::kWhole, Bucket::kDay, Bucket::kWeek, Bucket::kMonth,
                            Bucket::kYear};
  query.bucket = !of_days && random.Percent(20) ? Bucket::kHour : buckets[random.Below(5)];
  for (const Figure& figure : Figures()) {
    // Customers are kept by days.
    const bool can_be_cut = figure.kind == FigureKind::kSums ||
                            (of_days && query.zone == Zone(kept_zone) &&
                             (query.bucket == Bucket::kWhole || query.bucket == Bucket::kDay));
    // These have tests of their own.
    const bool is_elsewhere =
        figure.kind == FigureKind::kStanding || figure.kind == FigureKind::kAttached;
    if ((used & ~figure.dimensions) == 0 && can_be_cut && !is_elsewhere && random.Percent(30)) {
      query.figures.push_back(&figure);
    }
  }
  return query;
}

std::vector<std::string> ReportOf(const ReportQuery& query, const World& world,
                                  const std::string& name, const std::string& zone) {
  RollupReader reader(world.PathOf(name).string(), 1 << 20);
  const RollupReader::Lease view = reader.Borrow();
  std::vector<std::string> rows;
  RunReport(query, TimeGrid(Zone(zone)), world.catalogue(), *view, [&](ReportRow&& row) {
    if (SaysNothing(row)) return true;
    // What was never told is another test's.
    row.missing.clear();
    row.value = row.outcome.has_denominator
                    ? Quotient(row.outcome.numerator, row.outcome.denominator, row.outcome.factor)
                    : static_cast<double>(row.outcome.numerator.Approximate());
    rows.push_back(Shown(row));
    return true;
  });
  return rows;
}

// Tells a random history, follows it in pieces, and says what reports say wrongly; empty: nothing.
std::string FirstDifference(uint64_t seed,
                            const std::function<std::unique_ptr<storage::JournalFeed>(
                                std::unique_ptr<storage::JournalFeed>)>& spoil) {
  Random random(seed);
  const std::string zone = kZones[random.Below(std::size(kZones))];
  World world;
  Oracle oracle(world);
  std::optional<Kept> kept;
  const auto open = [&] {
    kept.reset();
    kept.emplace(world, "reports", zone, spoil(world.OpenFeed()));
  };
  open();
  for (const Told& told : RandomHistory(random, {})) {
    oracle.Learn(told, world.Tell(told));
    if (random.Percent(20)) kept->Follow(static_cast<int>(random.Between(1, 5)));
    if (random.Percent(4)) open();
  }
  kept->Follow();
  for (const PositionKey key : oracle.Positions()) {
    const Quantity on_hand = kept->file.FindPosition(key).on_hand;
    if (on_hand != oracle.OnHand(key)) return "on hand " + std::to_string(on_hand);
    const std::vector<Flip> flips = kept->file.Flips(key, kTimestampMin, kTimestampMax);
    if (flips != oracle.Flips(key)) {
      std::string text = "stock-outs of\n" + oracle.Story(key) + "are told as\n";
      for (const Flip& flip : flips) {
        text += std::to_string(ToMicros(flip.at)) + (flip.out ? " out\n" : " in\n");
      }
      return text;
    }
    const auto level = world.index().Find(key, world.now());
    if (level && level->row.on_hand != on_hand) return "the ledger's on hand differs";
  }
  for (int i = 0; i < 8; ++i) {
    const ReportQuery query = AnyQuery(random, zone);
    const std::vector<std::string> told = ReportOf(query, world, "reports", zone);
    const std::vector<std::string> right = oracle.Report(query);
    if (told == right) continue;
    const auto [first, second] = std::ranges::mismatch(told, right);
    return "told:  " + (first == told.end() ? "nothing more" : *first) +
           "\nright: " + (second == right.end() ? "nothing more" : *second);
  }
  return {};
}

TEST(RollupProperty, ReportsSayWhatAPlainRecomputationSays) {
  ForEachSeed(30, [](uint64_t seed) {
    EXPECT_EQ(FirstDifference(seed, [](auto feed) { return feed; }), "");
  });
}

TEST(RollupProperty, MadeAnewTheyAreTheSameByteByByte) {
  ForEachSeed(15, [](uint64_t seed) {
    Random random(seed);
    const std::string zone = kZones[random.Below(std::size(kZones))];
    World world;
    Kept kept(world, "followed", zone);
    for (const Told& told : RandomHistory(random, {})) {
      world.Tell(told);
      if (random.Percent(30)) kept.Follow(static_cast<int>(random.Between(1, 5)));
    }
    kept.Follow();
    Kept anew(world, "anew", zone);
    anew.Follow();
    const std::string bytes = RawDump(world.PathOf("followed").string());
    EXPECT_EQ(bytes, RawDump(world.PathOf("anew").string()));
    kept.rollup.Clear();
    kept.Follow(3);
    EXPECT_EQ(bytes, RawDump(world.PathOf("followed").string()));
  });
}

TEST(RollupProperty, TheOrderOfArrivalPlaysNoPart) {
  ForEachSeed(15, [](uint64_t seed) {
    Random random(seed);
    const std::vector<Told> history =
        RandomHistory(random, {.snapshots = false, .item_changes = false, .visits = false});
    std::string dumps[2];
    for (int i = 0; i < 2; ++i) {
      World world;
      Kept kept(world, "reports", "UTC");
      for (const Told& told : i == 0 ? history : Shuffled(history, random)) {
        world.Tell(told);
        if (random.Percent(30)) kept.Follow(static_cast<int>(random.Between(1, 5)));
      }
      kept.Follow();
      dumps[i] = NamedDump(world.PathOf("reports").string(), world.catalogue());
    }
    EXPECT_EQ(dumps[0], dumps[1]);
  });
}

// A feed that passes everything on but what a canary spoils.
class SpoiledFeed : public storage::JournalFeed {
 public:
  explicit SpoiledFeed(std::unique_ptr<storage::JournalFeed> real) : real_(std::move(real)) {}

  Sequence Newest() override { return real_->Newest(); }
  std::vector<ledger::JournalEntry> Entries(Sequence after, int limit) override {
    return real_->Entries(after, limit);
  }
  std::optional<ledger::JournalEntry> Entry(Sequence sequence) override {
    return real_->Entry(sequence);
  }
  storage::HoldOrigin Hold(uint64_t number) override { return real_->Hold(number); }
  std::vector<std::pair<uint64_t, uint64_t>> OrderEvents(uint64_t after, int limit) override {
    return real_->OrderEvents(after, limit);
  }
  std::optional<storage::OrderStory> Order(uint64_t number) override {
    return real_->Order(number);
  }
  std::vector<storage::ItemChange> ItemChanges(int64_t after_id, int limit) override {
    return real_->ItemChanges(after_id, limit);
  }
  std::vector<storage::ConfirmedCount> ConfirmedCounts(int64_t after_id, int limit) override {
    return real_->ConfirmedCounts(after_id, limit);
  }
  std::vector<storage::VisitRecord> Visits(int64_t after_id, int limit) override {
    return real_->Visits(after_id, limit);
  }
  std::vector<storage::ContactRecord> Contacts(int64_t after_id, int limit) override {
    return real_->Contacts(after_id, limit);
  }
  Quantity DeltaBetween(PositionKey key, Timestamp after, Timestamp until,
                        Sequence recorded_until) override {
    return real_->DeltaBetween(key, after, until, recorded_until);
  }
  std::vector<storage::FactMark> FactsBetween(PositionKey key, Timestamp from, Timestamp until,
                                              Sequence recorded_until) override {
    return real_->FactsBetween(key, from, until, recorded_until);
  }
  Timestamp LatestConfirmedCount(int64_t id_until) override {
    return real_->LatestConfirmedCount(id_until);
  }
  std::optional<Timestamp> NextConfirmedCount(PositionKey key, Timestamp from,
                                              int64_t id_until) override {
    return real_->NextConfirmedCount(key, from, id_until);
  }

 private:
  std::unique_ptr<storage::JournalFeed> real_;
};

// Books facts when they were told.
class BooksOnArrival final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  std::vector<ledger::JournalEntry> Entries(Sequence after, int limit) override {
    auto entries = SpoiledFeed::Entries(after, limit);
    for (auto& entry : entries) entry.occurred_at = entry.recorded_at;
    return entries;
  }
};

// Does not see the facts behind a late one.
class ForgetsLaterFacts final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  Quantity DeltaBetween(PositionKey, Timestamp, Timestamp, Sequence) override { return 0; }
};

// Does not see that a later count only confirmed.
class ForgetsConfirmedCounts final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  std::optional<Timestamp> NextConfirmedCount(PositionKey, Timestamp, int64_t) override {
    return std::nullopt;
  }
};

// Values everything at the first cost.
class ForgetsItemChanges final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  std::vector<storage::ItemChange> ItemChanges(int64_t after_id, int limit) override {
    auto changes = SpoiledFeed::ItemChanges(after_id, limit);
    for (auto& change : changes) change.unit_cost_micros = 700'000;
    return changes;
  }
};

// Counts a visit too many.
class AddsVisitsUp final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  std::vector<storage::VisitRecord> Visits(int64_t after_id, int limit) override {
    auto records = SpoiledFeed::Visits(after_id, limit);
    for (auto& record : records) record.count.visits += 1;
    return records;
  }
};

// Does not look for sales that were told before the contact.
class ForgetsSalesBeforeContacts final : public SpoiledFeed {
 public:
  using SpoiledFeed::SpoiledFeed;
  std::vector<storage::FactMark> FactsBetween(PositionKey key, Timestamp from, Timestamp until,
                                              Sequence recorded_until) override {
    if (until - from == kContactWindow) return {};
    return SpoiledFeed::FactsBetween(key, from, until, recorded_until);
  }
};

template <typename Canary>
bool IsNoticed() {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    if (!FirstDifference(seed, [](auto feed) {
           return std::make_unique<Canary>(std::move(feed));
         }).empty()) {
      return true;
    }
  }
  return false;
}

TEST(RollupProperty, EachBrokenRuleIsNoticed) {
  EXPECT_TRUE(IsNoticed<BooksOnArrival>());
  EXPECT_TRUE(IsNoticed<ForgetsLaterFacts>());
  EXPECT_TRUE(IsNoticed<ForgetsConfirmedCounts>());
  EXPECT_TRUE(IsNoticed<ForgetsItemChanges>());
  EXPECT_TRUE(IsNoticed<AddsVisitsUp>());
  EXPECT_TRUE(IsNoticed<ForgetsSalesBeforeContacts>());
}

}  // namespace
}  // namespace stockd::reports
