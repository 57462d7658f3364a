#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/storage/database.h"
#include "tests/storage/ledger_history.h"

namespace stockd::storage {
namespace {

TEST(StorageBackup, IsAWholeDatabaseThatOpens) {
  Database database;
  LedgerHistory history(5);
  for (int step = 0; step < 200; ++step) history.Step();
  history.SaveTo(database.store());
  const std::string copy = (database.folder() / "copy.sqlite").string();
  Sequence sequence = 0;
  int64_t size_bytes = 0;
  const Status status = database.reader().Backup(copy, sequence, size_bytes);
  ASSERT_TRUE(status.ok()) << status.error;
  EXPECT_EQ(sequence, history.ledger().state.journal().size());
  EXPECT_EQ(size_bytes, static_cast<int64_t>(std::filesystem::file_size(copy)));
  EXPECT_FALSE(std::filesystem::exists(copy + ".partial"));
  auto opened = OpenSqlite({.path = copy});
  ASSERT_TRUE(std::holds_alternative<SqliteDatabase>(opened)) << std::get<Status>(opened).error;
  SqliteDatabase& restored = std::get<SqliteDatabase>(opened);
  EXPECT_EQ(LoadAll(*restored.store).positions, LoadAll(database.store()).positions);
  EXPECT_EQ(restored.reader->Verify(10).drift_count, 0);
}

TEST(StorageBackup, NeverReplacesAFile) {
  Database database;
  const std::string copy = (database.folder() / "copy.sqlite").string();
  Sequence sequence = 0;
  int64_t size_bytes = 0;
  support::WriteFile(copy, "old");
  EXPECT_THAT(database.reader().Backup(copy, sequence, size_bytes).error,
              testing::HasSubstr("exists already"));
  EXPECT_EQ(support::ReadFile(copy), "old");
  std::filesystem::remove(copy);
  support::WriteFile(copy + ".partial", "half");
  EXPECT_THAT(database.reader().Backup(copy, sequence, size_bytes).error,
              testing::HasSubstr("interrupted"));
  EXPECT_EQ(support::ReadFile(copy + ".partial"), "half");
  EXPECT_FALSE(std::filesystem::exists(copy));
  EXPECT_THAT(database.reader()
                  .Backup((database.folder() / "no" / "copy.sqlite").string(), sequence, size_bytes)
                  .error,
              testing::HasSubstr("No such file or directory"));
}

// Every copy shows one commit, whole, whatever the writer does meanwhile.
TEST(StorageBackup, IsConsistentWhileTheWriterGoesOn) {
  Database database;
  constexpr uint32_t kPositionCount = 500;
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> committed = 0;
  std::jthread writer([&] {
    for (uint64_t number = 1; !stop && number < 100'000; ++number) {
      Write(database.store(), [&](Store& to) {
        for (uint32_t i = 0; i < kPositionCount; ++i) {
          to.SavePosition({.item = ItemId{i}}, {.version = number});
        }
        ledger::JournalEntry entry = FullFact(number);
        entry.position = {.item = ItemId{1}};
        to.AppendJournal(entry);
      });
      committed = number;
      committed.notify_all();
    }
  });
  committed.wait(0);
  for (int round = 0; round < 5; ++round) {
    const std::string copy = (database.folder() / std::to_string(round)).string();
    const uint64_t before = committed;
    Sequence sequence = 0;
    int64_t size_bytes = 0;
    const Status status = database.reader().Backup(copy, sequence, size_bytes);
    EXPECT_TRUE(status.ok()) << status.error;
    EXPECT_GE(sequence, before);
    auto opened = OpenSqlite({.path = copy});
    if (!std::holds_alternative<SqliteDatabase>(opened)) {
      ADD_FAILURE() << std::get<Status>(opened).error;
      break;
    }
    const Loaded loaded = LoadAll(*std::get<SqliteDatabase>(opened).store);
    EXPECT_EQ(loaded.counters.sequence, sequence);
    EXPECT_EQ(loaded.positions.size(), kPositionCount);
    for (const auto& [key, row] : loaded.positions) EXPECT_EQ(row.version, sequence);
  }
  stop = true;
}

}  // namespace
}  // namespace stockd::storage
