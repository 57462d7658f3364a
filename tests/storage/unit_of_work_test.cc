#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/storage/connection.h"
#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

TEST(StorageUnitOfWork, ReadsSeeTheWritesBeforeThem) {
  Database database;
  Store& store = database.store();
  store.Begin();
  store.AppendJournal(FullFact(1));
  store.InsertReservation(FullReservation(1));
  store.SaveQuarantined(FullQuarantined(1));
  store.AddSnapshot(SourceId{1}, "s", kStart, kStart);
  EXPECT_TRUE(store.FindFact(SourceId{2}, "ticket-1"));
  EXPECT_EQ(store.DeltaAfter(kShirtHere, kTimestampMin), -2);
  EXPECT_TRUE(store.FindReservation("basket-1"));
  EXPECT_TRUE(store.FindQuarantined(1));
  EXPECT_TRUE(store.SnapshotKnown(SourceId{1}, "s"));
  EXPECT_TRUE(store.Commit().ok());
}

TEST(StorageUnitOfWork, ForgetsOldSnapshotsOfOneSource) {
  Database database;
  Write(database.store(), [](Store& to) {
    to.AddSnapshot(SourceId{1}, "old", kStart, kStart);
    to.AddSnapshot(SourceId{1}, "new", kStart, kStart + Duration(2));
    to.AddSnapshot(SourceId{2}, "old", kStart, kStart);
    to.ForgetSnapshots(SourceId{1}, kStart + Duration(1));
  });
  Store& store = database.store();
  store.Begin();
  EXPECT_FALSE(store.SnapshotKnown(SourceId{1}, "old"));
  EXPECT_TRUE(store.SnapshotKnown(SourceId{1}, "new"));
  EXPECT_TRUE(store.SnapshotKnown(SourceId{2}, "old"));
  EXPECT_TRUE(store.Commit().ok());
}

TEST(StorageUnitOfWork, ReadersSeeNothingBeforeTheCommitAndEverythingAfter) {
  Database database;
  Store& store = database.store();
  store.Begin();
  store.AppendJournal(FullFact(1));
  store.InsertReservation(FullReservation(1));
  EXPECT_FALSE(database.reader().FindReservation("basket-1"));
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), kTimestampMin);
  ASSERT_TRUE(store.Commit().ok());
  EXPECT_TRUE(database.reader().FindReservation("basket-1"));
  EXPECT_EQ(database.reader().NewestFact(SourceId{2}), FullFact(1).occurred_at);
}

TEST(StorageUnitOfWork, WorkThatWasNotCommittedIsGone) {
  Database database;
  Write(database.store(), [](Store& to) { to.SavePosition(kShirtHere, {.on_hand = 1}); });
  database.store().Begin();
  database.store().SavePosition(kShirtHere, {.on_hand = 2});
  database.store().InsertReservation(FullReservation(1));
  database.Reopen();
  const Loaded loaded = LoadAll(database.store());
  EXPECT_EQ(loaded.positions.at(0).second.on_hand, 1);
  EXPECT_TRUE(loaded.open_reservations.empty());
}

// A second journal entry for one event would apply a fact twice.
TEST(StorageUnitOfWork, RefusesASecondEntryForOneEventAndStaysRefusing) {
  Database database;
  Store& store = database.store();
  Write(store, [](Store& to) { to.AppendJournal(FullFact(1)); });
  ledger::JournalEntry again = FullFact(1);
  again.sequence = 2;
  store.Begin();
  store.SavePosition(kShirtHere, {.on_hand = 5});
  store.AppendJournal(again);
  EXPECT_FALSE(store.FindFact(SourceId{2}, "ticket-1")) << "after a failure reads find nothing";
  EXPECT_EQ(store.DeltaAfter(kShirtHere, kTimestampMin), 0);
  store.InsertReservation(FullReservation(1));
  const Status status = store.Commit();
  EXPECT_THAT(status.error, testing::HasSubstr("append to the journal"));
  EXPECT_THAT(status.error, testing::HasSubstr("SQLITE_CONSTRAINT"));
  store.Begin();
  store.SavePosition(kShirtHere, {.on_hand = 6});
  EXPECT_EQ(store.Commit().error, status.error);
  EXPECT_EQ(store.Checkpoint().error, status.error);
  database.Reopen();
  const Loaded loaded = LoadAll(database.store());
  ASSERT_EQ(loaded.positions.size(), 1u);
  EXPECT_EQ(loaded.positions[0].second.version, 1u) << "by the first entry only";
  EXPECT_TRUE(loaded.open_reservations.empty());
  EXPECT_EQ(loaded.counters.sequence, 1u);
}

TEST(StorageUnitOfWork, RefusesToChangeAReservationThatIsNotThere) {
  Database database;
  database.store().Begin();
  database.store().UpdateReservation(FullReservation(1));
  EXPECT_THAT(database.store().Commit().error, testing::HasSubstr("basket-1"));
}

TEST(StorageUnitOfWork, EmptyWorkCommits) {
  Database database;
  Write(database.store(), [](Store&) {});
  EXPECT_TRUE(database.store().Checkpoint().ok());
}

// The log has to come back to its usual size while readers are always at work.
TEST(StorageUnitOfWork, WriteAheadLogStaysSmall) {
  Database database;
  for (uint32_t batch = 0; batch < 300; ++batch) {
    Write(database.store(), [&](Store& to) {
      for (uint32_t i = 0; i < 50; ++i) {
        to.SavePosition({.item = ItemId{i * 97}, .location = LocationId{batch % 10}}, {});
      }
    });
  }
  const auto log_bytes = std::filesystem::file_size(database.path() + "-wal");
  EXPECT_LT(log_bytes, 2'000'000u);
  ASSERT_TRUE(database.store().Checkpoint().ok());
  EXPECT_EQ(std::filesystem::file_size(database.path() + "-wal"), 0u);
}

// An audit of hours, or a person's forgotten shell, must not stop the shop.
TEST(StorageUnitOfWork, ALongReaderDelaysNothingButTheEndOfTheLog) {
  Database database;
  Connection reader;
  ASSERT_EQ(reader.Open(database.path(), Access::kReadOnly), SQLITE_OK);
  int code = SQLITE_OK;
  ASSERT_EQ(reader.Execute("BEGIN"), SQLITE_OK);
  EXPECT_EQ(reader.QueryInteger("SELECT count(*) FROM journal", code), 0);
  Sequence sequence = 0;
  const auto write = [&](int batches) {
    for (int i = 0; i < batches; ++i) {
      ++sequence;
      Write(database.store(), [&](Store& to) { to.AppendJournal(FullFact(sequence)); });
    }
  };
  write(400);
  EXPECT_EQ(reader.QueryInteger("SELECT count(*) FROM journal", code), 0);
  const auto log_bytes = std::filesystem::file_size(database.path() + "-wal");
  EXPECT_GT(log_bytes, 4'000'000u);
  ASSERT_EQ(reader.Execute("COMMIT"), SQLITE_OK);
  write(3);
  EXPECT_LT(std::filesystem::file_size(database.path() + "-wal"), log_bytes / 10);
  EXPECT_EQ(reader.QueryInteger("SELECT count(*) FROM journal", code), 403);
}

}  // namespace
}  // namespace stockd::storage
