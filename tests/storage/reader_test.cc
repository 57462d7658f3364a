#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint64_t> Numbers(const Page<ledger::Reservation>& page) {
  std::vector<uint64_t> numbers;
  for (const auto& reservation : page.rows) numbers.push_back(reservation.number);
  return numbers;
}

TEST(StorageReader, ListsReservationsInPagesByStateAndOwner) {
  Database database;
  Write(database.store(), [](Store& to) {
    for (uint64_t number = 1; number <= 10; ++number) {
      ledger::Reservation reservation = FullReservation(number);
      reservation.state = static_cast<ledger::ReservationState>(number % 5 + 1);
      reservation.owner_reference = number <= 5 ? "anna" : "ben";
      to.InsertReservation(reservation);
    }
  });
  Reader& reader = database.reader();
  const auto first = reader.ListReservations(0, "", 0, 4);
  EXPECT_THAT(Numbers(first), ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(first.more);
  const auto last = reader.ListReservations(0, "", 6, 4);
  EXPECT_THAT(Numbers(last), ElementsAre(7, 8, 9, 10));
  EXPECT_FALSE(last.more);
  EXPECT_THAT(Numbers(reader.ListReservations(1, "", 0, 10)), ElementsAre(5, 10));
  EXPECT_THAT(Numbers(reader.ListReservations(2, "ben", 0, 10)), ElementsAre(6));
  EXPECT_THAT(Numbers(reader.ListReservations(5, "", 0, 10)), ElementsAre(4, 9));
  EXPECT_THAT(Numbers(reader.ListReservations(0, "anna", 3, 10)), ElementsAre(4, 5));
  EXPECT_THAT(Numbers(reader.ListReservations(0, "nobody", 0, 10)), IsEmpty());
}

TEST(StorageReader, ListsItemsBySkuAndByPartOfAName) {
  Database database;
  Write(database.store(), [](Store& to) {
    to.SaveItem({.id = ItemId{1}, .sku = "B-2", .name = "Blue Shirt"});
    to.SaveItem({.id = ItemId{2}, .sku = "a-1", .name = "Hat"});
    to.SaveItem({.id = ItemId{3}, .sku = "C-3", .name = "100%_shirt"});
  });
  const auto skus = [&](std::string_view contains, std::string_view after, int limit) {
    std::vector<std::string> found;
    for (const Item& item : database.reader().ListItems(contains, after, limit).rows) {
      found.push_back(item.sku);
    }
    return found;
  };
  EXPECT_THAT(skus("", "", 10), ElementsAre("B-2", "C-3", "a-1"));
  EXPECT_THAT(skus("SHIRT", "", 10), ElementsAre("B-2", "C-3"));
  EXPECT_THAT(skus("A-1", "", 10), ElementsAre("a-1"));
  EXPECT_THAT(skus("%", "", 10), ElementsAre("C-3"));
  EXPECT_THAT(skus("", "B-2", 1), ElementsAre("C-3"));
  EXPECT_TRUE(database.reader().ListItems("", "B-2", 1).more);
  EXPECT_FALSE(database.reader().ListItems("", "C-3", 1).more);
}

TEST(StorageReader, ListsAndCountsWhatWaits) {
  Database database;
  Write(database.store(), [](Store& to) {
    for (int64_t id = 1; id <= 6; ++id) {
      QuarantinedFact fact = FullQuarantined(id);
      fact.source = SourceId{static_cast<uint32_t>(id % 2 + 1)};
      fact.reason = id > 3 ? ledger::Reason::kLocationUnknown : ledger::Reason::kSkuUnknown;
      to.SaveQuarantined(fact);
    }
  });
  const auto ids = [&](SourceId source, ledger::Reason reason, int64_t after, int limit) {
    std::vector<int64_t> found;
    for (const auto& fact : database.reader().ListQuarantined(source, reason, after, limit).rows) {
      found.push_back(fact.id);
    }
    return found;
  };
  EXPECT_THAT(ids(kNoSource, ledger::Reason::kNone, 0, 100), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(ids(SourceId{1}, ledger::Reason::kNone, 0, 100), ElementsAre(2, 4, 6));
  EXPECT_THAT(ids(SourceId{1}, ledger::Reason::kLocationUnknown, 4, 100), ElementsAre(6));
  EXPECT_TRUE(database.reader().ListQuarantined(kNoSource, ledger::Reason::kNone, 0, 5).more);
  EXPECT_EQ(database.reader().CountQuarantined(SourceId{2}), 3);
  EXPECT_EQ(database.reader().CountQuarantined(SourceId{9}), 0);
}

TEST(StorageReader, KnowsTheNewestFactOfASourceWhateverTheOrder) {
  Database database;
  const auto append = [&](Sequence sequence, Timestamp occurred_at) {
    Write(database.store(), [&](Store& to) {
      ledger::JournalEntry fact = FullFact(sequence);
      fact.occurred_at = occurred_at;
      to.AppendJournal(fact);
    });
  };
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), kTimestampMin);
  append(1, kStart);
  append(2, kStart - std::chrono::hours(1));
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), kStart);
  database.Reopen();
  append(3, kStart - std::chrono::hours(2));
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), kStart);
  append(4, kStart + std::chrono::hours(1));
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), kStart + std::chrono::hours(1));
  EXPECT_EQ(database.reader().NewestFact(SourceId{1}), kTimestampMin);
}

// More callers than connections wait for each other, while the writer goes on.
TEST(StorageReader, ServesMoreThreadsThanConnections) {
  Database database;
  Write(database.store(), [](Store& to) { to.InsertReservation(FullReservation(1)); });
  std::atomic<int> found = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 200; ++round) {
          if (database.reader().FindReservation("basket-1")) ++found;
        }
      });
    }
    for (uint64_t number = 2; number < 30; ++number) {
      Write(database.store(), [&](Store& to) { to.InsertReservation(FullReservation(number)); });
    }
  }
  EXPECT_EQ(found, 8 * 200);
}

TEST(StorageReader, CountsTheBytesOnDisk) {
  Database database;
  ASSERT_TRUE(database.store().Checkpoint().ok());
  EXPECT_EQ(database.reader().DatabaseBytes(),
            static_cast<int64_t>(std::filesystem::file_size(database.path())));
}

// What a person sees with `sqlite3 -readonly` speaks in names, never in numbers of ours.
TEST(StorageViews, ShowNames) {
  Database database;
  Write(database.store(), [](Store& to) {
    to.SaveItem({.id = ItemId{1}, .sku = "SHIRT"});
    to.SaveLocation({.id = LocationId{1}, .code = "S1"});
    to.SaveLocation({.id = LocationId{2}, .code = "S2"});
    to.SaveSource({.id = SourceId{2}, .name = "till"});
    to.SavePosition(kShirtHere, {.on_hand = 9, .reserved = 2, .committed = 1, .version = 1});
    to.SavePosition({}, {.version = 5});
    to.InsertReservation(FullReservation(9));
    to.AppendJournal(FullFact(1));
  });
  EXPECT_THAT(database.Query("SELECT sku, location, on_hand, free FROM position_view"),
              ElementsAre("SHIRT|S1|9|6"));
  EXPECT_THAT(
      database.Query("SELECT sku, location, kind, from_bucket, to_bucket, quantity, reservation, "
                     "source, event_id, stated FROM journal_view"),
      ElementsAre("SHIRT|S1|sale|committed|customer|2|basket-9|till|ticket-1|-2"));
  EXPECT_THAT(
      database.Query("SELECT reservation, state, sku, location, requested, granted, held, "
                     "committed, consumed, released FROM reservation_line_view"),
      ElementsAre("basket-9|held|SHIRT|S1|5|4|2|1|1|0", "basket-9|held|SHIRT|S2|1|1|1|0|0|0"));
}

TEST(StorageViews, NameEveryKindAndBucketAsTheLedgerDoes) {
  Database database;
  std::vector<std::string> expected;
  Write(database.store(), [&](Store& to) {
    Sequence sequence = 0;
    const auto append = [&](ledger::EntryKind kind, ledger::Bucket bucket) {
      ledger::JournalEntry entry = FullFact(++sequence);
      entry.kind = kind;
      entry.from = entry.to = bucket;
      to.AppendJournal(entry);
      const std::string bucket_name(ledger::BucketName(bucket));
      expected.push_back(std::string(ledger::EntryKindName(kind)) + "|" + bucket_name + "|" +
                         bucket_name);
    };
    for (int kind = 0; kind < 256; ++kind) {
      const auto entry_kind = static_cast<ledger::EntryKind>(kind);
      if (ledger::EntryKindName(entry_kind) == "unknown") continue;
      append(entry_kind, ledger::Bucket::kNone);
    }
    for (int bucket = 0; bucket < 256; ++bucket) {
      if (ledger::BucketName(static_cast<ledger::Bucket>(bucket)) == "unknown") continue;
      append(ledger::EntryKind::kSale, static_cast<ledger::Bucket>(bucket));
    }
  });
  EXPECT_GE(expected.size(), 26u);
  EXPECT_EQ(
      database.Query("SELECT kind, from_bucket, to_bucket FROM journal_view ORDER BY sequence"),
      expected);
}

}  // namespace
}  // namespace stockd::storage
