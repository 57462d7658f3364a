#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/storage/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/power_cut_disk.h"

namespace stockd::storage {
namespace {

using support::DiskFault;
using support::FaultLife;
using support::FaultyVfs;

constexpr uint32_t kPositions = 40;  // Spread over many pages, so that a batch writes several.
constexpr int kBatches = 6;

PositionKey KeyOf(uint32_t i) { return {.item = ItemId{i * 1'000 + 1}, .location = LocationId{1}}; }

// Batch `number` sets every position to its number and adds an entry and a reservation.
Status WriteBatch(Store& store, uint64_t number) {
  store.Begin();
  for (uint32_t i = 0; i < kPositions; ++i) {
    store.SavePosition(KeyOf(i), {.on_hand = static_cast<Quantity>(number), .version = number});
  }
  store.AppendJournal(FullFact(number));
  ledger::Reservation reservation = FullReservation(number);
  reservation.owner_reference.assign(3'000, 'o');
  store.InsertReservation(reservation);
  return store.Commit();
}

// The number of batches that the store holds, each whole; nothing when one is torn.
std::optional<uint64_t> WholeBatches(Store& store) {
  const Loaded loaded = LoadAll(store);
  const uint64_t number = loaded.counters.sequence;
  if (loaded.counters.reservation_number != number) return std::nullopt;
  if (loaded.open_reservations.size() != number) return std::nullopt;
  if (number != 0 && loaded.positions.size() != kPositions) return std::nullopt;
  for (const auto& [key, row] : loaded.positions) {
    if (row.version != number || row.on_hand != static_cast<Quantity>(number)) return std::nullopt;
  }
  return number;
}

struct Outcome {
  uint64_t acknowledged = 0;
  std::string error;
};

// Writes batches until one fails. Everything after a failure has to fail the same way.
Outcome WriteUntilFailure(Store& store) {
  Outcome run;
  for (uint64_t number = 1; number <= kBatches; ++number) {
    const Status status = WriteBatch(store, number);
    if (status.ok()) {
      EXPECT_EQ(run.error, "") << "a batch was acknowledged after a failure";
      run.acknowledged = number;
    } else {
      if (!run.error.empty()) EXPECT_EQ(status.error, run.error);
      run.error = status.error;
    }
  }
  return run;
}

class StorageFault : public testing::TestWithParam<std::tuple<DiskFault, FaultLife>> {};

// A reply leaves after its batch is on disk, so a batch that failed must leave nothing torn behind,
// and one that did not fail must be there.
TEST_P(StorageFault, AtAnyOperationKeepsExactlyTheAcknowledgedBatches) {
  const auto [fault, life] = GetParam();
  bool failed_once = false;
  for (int64_t nth = 1;; ++nth) {
    SCOPED_TRACE("operation " + std::to_string(nth));
    FaultyVfs vfs;
    Database database(vfs.name());
    vfs.FailAt(nth, fault, life);
    const Outcome run = WriteUntilFailure(database.store());
    database.Close();
    const bool struck = vfs.fault_count() > 0;
    const bool unknown = vfs.sync_failed() && !run.error.empty();
    vfs.Heal();
    database.Open();
    const auto found = WholeBatches(database.store());
    ASSERT_TRUE(found) << "a batch is torn; " << run.error;
    // When the sync of a commit failed, all of it may be in the file or nothing.
    if (!unknown || *found != run.acknowledged + 1) ASSERT_EQ(*found, run.acknowledged);
    failed_once = failed_once || !run.error.empty();
    ASSERT_TRUE(WriteBatch(database.store(), *found + 1).ok()) << "the disk works again";
    if (!struck) break;
    ASSERT_LT(nth, 5'000);
  }
  EXPECT_TRUE(failed_once);
}

INSTANTIATE_TEST_SUITE_P(Disk, StorageFault,
                         testing::Values(std::tuple{DiskFault::kWriteError, FaultLife::kOnce},
                                         std::tuple{DiskFault::kWriteError, FaultLife::kForGood},
                                         std::tuple{DiskFault::kSyncError, FaultLife::kOnce},
                                         std::tuple{DiskFault::kSyncError, FaultLife::kForGood},
                                         std::tuple{DiskFault::kAnyError, FaultLife::kForGood},
                                         std::tuple{DiskFault::kDiskFull, FaultLife::kOnce},
                                         std::tuple{DiskFault::kDiskFull, FaultLife::kForGood}));

// What a disk holds after its power was cut at the nth operation, with this luck. Nothing when no
// operation came so far.
struct AfterPowerCut {
  Outcome run;
  std::optional<uint64_t> whole_batches;
};
std::optional<AfterPowerCut> CutPower(int64_t nth, uint64_t seed, bool disk_lies) {
  support::PowerCutDisk disk;
  Database database(disk.name());
  if (disk_lies) disk.LieAboutSyncs();
  disk.CutAt(nth);
  AfterPowerCut after{.run = WriteUntilFailure(database.store())};
  database.Close();
  if (!disk.is_cut()) return std::nullopt;
  support::Random random(seed);
  disk.ComeBack(random);
  auto opened = OpenSqlite(database.options());
  auto* open = std::get_if<SqliteDatabase>(&opened);
  if (open != nullptr) after.whole_batches = WholeBatches(*open->store);
  return after;
}

// Writes that were not synced are there, gone or torn, each for itself: what was acknowledged is
// there, and of the batch at which the power went all or nothing.
TEST(StoragePowerCut, AtAnyOperationKeepsTheAcknowledgedBatches) {
  constexpr uint64_t kDraws = 3;
  for (int64_t nth = 1;; ++nth) {
    for (uint64_t draw = 0; draw < kDraws; ++draw) {
      SCOPED_TRACE("operation " + std::to_string(nth) + ", draw " + std::to_string(draw));
      const auto after = CutPower(nth, static_cast<uint64_t>(nth) * kDraws + draw, false);
      if (!after) {
        EXPECT_GT(nth, 20) << "few operations were tried";
        return;
      }
      ASSERT_TRUE(after->whole_batches) << "a batch is torn";
      ASSERT_GE(*after->whole_batches, after->run.acknowledged);
      ASSERT_LE(*after->whole_batches, after->run.acknowledged + 1);
    }
  }
}

// The canary: were syncs not waited for, acknowledged batches would be gone.
TEST(StoragePowerCut, ADiskThatLiesAboutSyncsIsNoticed) {
  for (int64_t nth = 1; nth < 100; ++nth) {
    const auto after = CutPower(nth, static_cast<uint64_t>(nth), true);
    if (!after) break;
    if (!after->whole_batches || *after->whole_batches < after->run.acknowledged) return;
  }
  FAIL() << "nobody noticed";
}

TEST(StorageFaultMessage, FullDiskSaysSo) {
  FaultyVfs vfs;
  Database database(vfs.name());
  vfs.FailAt(1, DiskFault::kDiskFull, FaultLife::kForGood);
  const Status status = WriteBatch(database.store(), 1);
  EXPECT_THAT(status.error, testing::HasSubstr("SQLITE_FULL"));
  EXPECT_THAT(status.error, testing::HasSubstr("Free space"));
  EXPECT_THAT(status.error, testing::HasSubstr(database.path()));
}

TEST(StorageFaultMessage, FailedSyncSaysSo) {
  FaultyVfs vfs;
  Database database(vfs.name());
  vfs.FailAt(1, DiskFault::kSyncError, FaultLife::kForGood);
  EXPECT_THAT(WriteBatch(database.store(), 1).error, testing::HasSubstr("SQLITE_IOERR_FSYNC"));
}

// A start that dies half way leaves a file that the next start can use.
TEST(StorageFaultAtOpen, AtAnyOperationLeavesAFileThatOpensLater) {
  for (int64_t nth = 1;; ++nth) {
    SCOPED_TRACE("operation " + std::to_string(nth));
    FaultyVfs vfs;
    const support::TempDirectory directory;
    const SqliteOptions options{.path = (directory.path() / "stock.sqlite").string(),
                                .readers_max = 1,
                                .vfs_name = vfs.name()};
    vfs.FailAt(nth, DiskFault::kAnyError, FaultLife::kForGood);
    bool struck = false;
    {
      const auto opened = OpenSqlite(options);
      struck = vfs.fault_count() > 0;
      if (const Status* status = std::get_if<Status>(&opened)) EXPECT_NE(status->error, "");
    }
    vfs.Heal();
    const auto opened = OpenSqlite(options);
    ASSERT_TRUE(std::holds_alternative<SqliteDatabase>(opened)) << std::get<Status>(opened).error;
    if (!struck) break;
    ASSERT_LT(nth, 1'000);
  }
}

TEST(StorageFaultAtBackup, LeavesNothingBehind) {
  bool failed_once = false;
  for (int64_t nth = 1;; ++nth) {
    FaultyVfs vfs;
    Database database(vfs.name());
    ASSERT_TRUE(WriteBatch(database.store(), 1).ok());
    const std::string copy = (database.folder() / "copy.sqlite").string();
    vfs.FailAt(nth, DiskFault::kDiskFull, FaultLife::kForGood);
    Sequence sequence = 0;
    int64_t size_bytes = 0;
    const Status status = database.reader().Backup(copy, sequence, size_bytes);
    if (status.ok()) break;
    failed_once = true;
    EXPECT_THAT(status.error, testing::HasSubstr("SQLITE_FULL"));
    EXPECT_FALSE(std::filesystem::exists(copy));
    EXPECT_FALSE(std::filesystem::exists(copy + ".partial"));
    vfs.Heal();
    EXPECT_TRUE(WriteBatch(database.store(), 2).ok()) << "the daemon goes on";
    ASSERT_LT(nth, 1'000);
  }
  EXPECT_TRUE(failed_once);
}

}  // namespace
}  // namespace stockd::storage
