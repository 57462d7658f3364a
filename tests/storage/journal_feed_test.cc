#include "daemon/storage/journal_feed.h"

#include <gtest/gtest.h>

#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

std::unique_ptr<JournalFeed> OpenFeed(const Database& database) {
  auto opened = OpenJournalFeed(database.path(), 1 << 20, {});
  auto* feed = std::get_if<std::unique_ptr<JournalFeed>>(&opened);
  if (feed == nullptr) {
    ADD_FAILURE() << std::get<Status>(opened).error;
    return nullptr;
  }
  return std::move(*feed);
}

ledger::JournalEntry Fact(Sequence sequence, ledger::EntryKind kind, Quantity stated,
                          int64_t at_seconds) {
  ledger::JournalEntry entry = FullFact(sequence);
  entry.kind = kind;
  entry.stated = stated;
  entry.occurred_at = kStart + std::chrono::seconds(at_seconds);
  return entry;
}

TEST(JournalFeed, EntriesFollowInOrderFromAnyPlace) {
  Database database;
  const auto feed = OpenFeed(database);
  EXPECT_EQ(feed->Newest(), 0u);
  EXPECT_TRUE(feed->Entries(0, 10).empty());
  Write(database.store(), [](Store& to) {
    for (Sequence sequence = 1; sequence <= 5; ++sequence) to.AppendJournal(FullFact(sequence));
  });
  EXPECT_EQ(feed->Newest(), 5u);
  const auto entries = feed->Entries(2, 2);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(Shown(entries[0]), Shown(FullFact(3)));
  EXPECT_EQ(entries[1].sequence, 4u);
  EXPECT_EQ(Shown(feed->Entry(5).value()), Shown(FullFact(5)));
  EXPECT_FALSE(feed->Entry(6));
}

TEST(JournalFeed, AnItemsChangeIsKeptWhenReportsMustKnow) {
  Database database;
  const auto feed = OpenFeed(database);
  Item item{.id = ItemId{1}, .sku = "A", .scale = 3, .category = "tea", .unit_cost_micros = 5};
  const auto put = [&](Timestamp now) {
    Write(database.store(), [&](Store& to) {
      to.KeepItemChange(item, now);
      to.SaveItem(item);
    });
  };
  put(kStart);
  item.name = "Only its name";
  put(kStart + Duration(1));
  Write(database.store(), [](Store& to) { to.AppendJournal(FullFact(1)); });
  item.unit_cost_micros = 6;
  item.currency = "EUR";
  put(kStart + Duration(2));
  const auto changes = feed->ItemChanges(0, 10);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].after_sequence, 0u);
  EXPECT_EQ(changes[0].scale, 3);
  EXPECT_EQ(changes[1].after_sequence, 1u);
  EXPECT_EQ(changes[1].changed_at, kStart + Duration(2));
  EXPECT_EQ(changes[1].unit_cost_micros, 6);
  EXPECT_EQ(changes[1].category, "tea");
  EXPECT_EQ(changes[1].currency, "EUR");
  EXPECT_EQ(feed->ItemChanges(changes[0].id, 10).size(), 1u);
}

TEST(JournalFeed, ConfirmedCountsHaveTheirPlaceInTheJournal) {
  Database database;
  const auto feed = OpenFeed(database);
  EXPECT_EQ(feed->LatestConfirmedCount(INT64_MAX), kTimestampMin);
  const auto cover = [&](Timestamp as_of, std::vector<PositionKey> positions) {
    Write(database.store(), [&](Store& to) {
      to.AddCoverage({.source = SourceId{2},
                      .snapshot_id = "s",
                      .as_of = as_of,
                      .recorded_at = kStart,
                      .positions = std::move(positions)});
    });
  };
  cover(kStart, {kShirtHere});
  Write(database.store(), [](Store& to) { to.AppendJournal(FullFact(1)); });
  cover(kStart + Duration(5), {kShirtThere, kShirtHere});
  const auto counts = feed->ConfirmedCounts(0, 10);
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].after_sequence, 0u);
  EXPECT_EQ(counts[1].after_sequence, 1u);
  EXPECT_EQ(counts[1].coverage.positions.size(), 2u);
  EXPECT_EQ(feed->LatestConfirmedCount(counts[0].id), kStart);
  EXPECT_EQ(feed->LatestConfirmedCount(counts[1].id), kStart + Duration(5));
  EXPECT_EQ(feed->NextConfirmedCount(kShirtHere, kStart, counts[1].id), kStart);
  EXPECT_EQ(feed->NextConfirmedCount(kShirtThere, kStart, counts[1].id), kStart + Duration(5));
  EXPECT_FALSE(feed->NextConfirmedCount(kShirtThere, kStart, counts[0].id));
  EXPECT_FALSE(feed->NextConfirmedCount(kShirtHere, kStart + Duration(6), counts[1].id));
}

// What was recorded later is not known yet, whenever it occurred.
TEST(JournalFeed, FactsOfAPositionAreKnownUpToAnEntry) {
  using ledger::EntryKind;
  Database database;
  const auto feed = OpenFeed(database);
  Write(database.store(), [](Store& to) {
    to.AppendJournal(Fact(1, EntryKind::kReceipt, 10, 100));
    to.AppendJournal(Fact(2, EntryKind::kSale, -3, 300));
    to.AppendJournal(Fact(3, EntryKind::kCount, 6, 400));
    to.AppendJournal(Fact(4, EntryKind::kSale, -2, 200));
  });
  const Timestamp at_100 = kStart + std::chrono::seconds(100);
  const Timestamp at_300 = kStart + std::chrono::seconds(300);
  EXPECT_EQ(feed->DeltaBetween(kShirtHere, at_100, at_300, 3), -3);
  EXPECT_EQ(feed->DeltaBetween(kShirtHere, at_100, at_300, 4), -5);
  EXPECT_EQ(feed->DeltaBetween(kShirtHere, kTimestampMin, kTimestampMax, 4), 5);
  const auto facts = feed->FactsBetween(kShirtHere, at_100, kTimestampMax, 4);
  ASSERT_EQ(facts.size(), 4u);
  EXPECT_EQ(facts[1].sequence, 4u);
  EXPECT_EQ(facts[1].stated, -2);
  EXPECT_EQ(facts[3].kind, EntryKind::kCount);
  EXPECT_TRUE(feed->FactsBetween(kShirtThere, at_100, kTimestampMax, 4).empty());
}

}  // namespace
}  // namespace stockd::storage
