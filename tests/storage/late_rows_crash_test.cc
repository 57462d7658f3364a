// Rows of positions wait for their turn, and the daemon may die at any write: no figure is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "daemon/storage/connection.h"
#include "daemon/storage/migrations.h"
#include "daemon/storage/position_list.h"
#include "tests/storage/database.h"
#include "tests/storage/ledger_history.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/seeds.h"

namespace stockd::storage {
namespace {

using support::DiskFault;
using support::FaultLife;
using support::FaultyVfs;

using Rows = std::map<PositionKey, ledger::Position>;

// The records of the test database, added up with nothing but the meaning of their columns.
Rows FoldRecords(Database& database) {
  Connection connection;
  EXPECT_EQ(connection.Open(database.path(), Access::kReadOnly), SQLITE_OK);
  Rows rows;
  Statement entries;
  EXPECT_EQ(entries.Prepare(connection,
                            "SELECT position, sequence, kind, from_bucket, to_bucket, quantity, "
                            "occurred_at FROM journal ORDER BY sequence"),
            SQLITE_OK);
  while (entries.Step() == SQLITE_ROW) {
    ledger::Position& row = rows[KeyFromStored(entries.integer(0))];
    row.version = entries.number(1);
    const int64_t kind = entries.integer(2);
    const Quantity units = entries.integer(5);
    const Timestamp occurred_at = FromMicros(entries.integer(6));
    for (const auto& [bucket, change] :
         {std::pair(entries.integer(3), -units), std::pair(entries.integer(4), units)}) {
      if (bucket >= 1 && bucket <= 3) row.on_hand += change;
      if (bucket == 2) row.reserved += change;
      if (bucket == 3) row.committed += change;
      if (bucket == 4) row.unsellable += change;
    }
    if (kind < 8) row.last_delta_at = std::max(row.last_delta_at, occurred_at);
    if (kind == 8) row.counted_at = std::max(row.counted_at, occurred_at);
  }
  return rows;
}

// Counts that confirmed the books are known from the coverages, as a start does it.
void NoteCoverages(const std::vector<CountCoverage>& coverages, Rows& rows) {
  for (const CountCoverage& coverage : coverages) {
    for (const PositionKey key : coverage.positions) {
      const auto found = rows.find(key);
      if (found == rows.end()) continue;
      found->second.counted_at = std::max(found->second.counted_at, coverage.as_of);
    }
  }
}

// What a start knows, and what it should know.
struct Comparison {
  Rows loaded;
  Rows folded;
  Sequence newest = 0;

  bool same() const { return loaded == folded; }
};

Comparison StartAndCompare(Database& database) {
  Comparison comparison;
  comparison.folded = FoldRecords(database);
  const Loaded loaded = LoadAll(database.store());
  comparison.newest = loaded.counters.sequence;
  comparison.loaded = {loaded.positions.begin(), loaded.positions.end()};
  NoteCoverages(loaded.coverages, comparison.loaded);
  NoteCoverages(loaded.coverages, comparison.folded);
  return comparison;
}

int64_t Number(Database& database, const std::string& sql) {
  return std::stoll(database.Query(sql).at(0));
}

int64_t EntriesBehind(Database& database) {
  return Number(database,
                "SELECT count(*) FROM journal WHERE sequence > (SELECT through FROM "
                "position_progress)");
}

bool RowsAreLate(Database& database) {
  return !database
              .Query(
                  "SELECT key, version FROM position EXCEPT "
                  "SELECT key, version FROM position_row")
              .empty();
}

// Some steps, at least one of which is in the journal: what is on disk shows by its end.
void StepUntilPosted(LedgerHistory& history, int64_t steps) {
  const size_t before = history.ledger().state.journal().size();
  for (; steps > 0 || history.ledger().state.journal().size() == before; --steps) history.Step();
}

// A daemon over one database that dies and is started again.
class MortalDaemon {
 public:
  explicit MortalDaemon(uint64_t seed) : database_(vfs_.name()), history_(seed), random_(seed) {
    LoadAll(database_.store());
  }

  // Works until the nth write or sync from here fails, as do all later ones.
  void WorkUntilDeath() {
    constexpr DiskFault kFaults[] = {DiskFault::kAnyError, DiskFault::kWriteError,
                                     DiskFault::kSyncError, DiskFault::kDiskFull};
    vfs_.FailAt(random_.Between(1, 60), kFaults[random_.Below(std::size(kFaults))],
                FaultLife::kForGood);
    while (true) {
      StepUntilPosted(history_, random_.Between(1, 6));
      if (!history_.TrySaveNewTo(database_.store()).ok()) break;
      acknowledged_ = history_.ledger().state.journal().size();
      most_behind_ = std::max(most_behind_, EntriesBehind(database_));
      if (random_.Percent(5) && !database_.store().Checkpoint().ok()) break;
    }
    database_.Close();
    vfs_.Heal();
  }

  // What the last unit of work had is there or not, as a whole; the next one has it again.
  Comparison Restart() {
    database_.Open();
    if (RowsAreLate(database_)) ++late_starts_;
    Comparison comparison = StartAndCompare(database_);
    EXPECT_TRUE(comparison.newest == acknowledged_ ||
                comparison.newest == history_.ledger().state.journal().size())
        << comparison.newest << " of " << acknowledged_ << " acknowledged";
    if (comparison.newest < history_.ledger().state.journal().size()) history_.ForgetLastSave();
    acknowledged_ = comparison.newest;
    return comparison;
  }

  Database& database() { return database_; }
  LedgerHistory& history() { return history_; }
  int late_starts() const { return late_starts_; }
  int64_t most_behind() const { return most_behind_; }

 private:
  FaultyVfs vfs_;
  Database database_;
  LedgerHistory history_;
  support::Random random_;
  size_t acknowledged_ = 0;
  int late_starts_ = 0;
  int64_t most_behind_ = 0;
};

// What `explain` shows: the latest count and the deltas after it make up the figure.
void ExpectCountsExplain(Database& database, const Rows& rows) {
  for (const auto& [key, row] : rows) {
    const auto count = database.reader().CountAt(key, row.counted_at);
    if (row.counted_at == kTimestampMin) continue;
    ASSERT_TRUE(count.has_value());
    EXPECT_EQ(count->quantity + database.reader().DeltaAfter(key, row.counted_at), row.on_hand);
  }
}

TEST(StorageLateRowsCrash, EveryFigureIsThatOfTheJournal) {
  support::ForEachSeed(15, [](uint64_t seed) {
    MortalDaemon daemon(seed);
    for (int life = 0; life < 12; ++life) {
      daemon.WorkUntilDeath();
      const Comparison start = daemon.Restart();
      ASSERT_TRUE(start.same()) << "life " << life;
      const Audit audit = daemon.database().reader().Verify(10);
      ASSERT_EQ(audit.drift_count, 0) << audit.differences.at(0).subject;
      ExpectCountsExplain(daemon.database(), start.loaded);
    }
    EXPECT_GT(daemon.late_starts(), 0) << "Nothing was late: this seed proves nothing.";
    // Twice the lag, and what two units of work brought beyond it.
    EXPECT_LE(daemon.most_behind(), 2 * daemon.database().options().position_lag_entries + 60);
  });
}

// The comparison above has to see what a wrong backlog would do. Each is done to the file of a
// daemon that died with rows waiting.
struct Mistake {
  const char* name;
  const char* possible;  // How many rows it can be made with.
  const char* sql;
};

class StorageLateRowsMistake : public testing::TestWithParam<Mistake> {};

TEST_P(StorageLateRowsMistake, IsCaught) {
  int made = 0;
  support::ForEachSeed(5, [&](uint64_t seed) {
    MortalDaemon daemon(seed);
    for (int life = 0; life < 5; ++life) {
      daemon.WorkUntilDeath();
      ASSERT_TRUE(daemon.Restart().same());
    }
    if (Number(daemon.database(), GetParam().possible) == 0) return;
    ++made;
    daemon.database().Close();
    daemon.database().Execute(GetParam().sql);
    daemon.database().Open();
    EXPECT_FALSE(StartAndCompare(daemon.database()).same());
    EXPECT_GT(daemon.database().reader().Verify(10).drift_count, 0);
  });
  EXPECT_GT(made, 0);
}

#define ROWS_WITH_OTHER_FIGURES                                          \
  "position AS late JOIN position_row AS row ON row.key = late.key "     \
  "WHERE (late.on_hand, late.reserved, late.committed, late.unsellable)" \
  " <> (row.on_hand, row.reserved, row.committed, row.unsellable)"

INSTANTIATE_TEST_SUITE_P(
    Kinds, StorageLateRowsMistake,
    testing::Values(
        // One row says that it has what only the journal has.
        Mistake{"OneWaitingRowForgotten", "SELECT count(*) FROM " ROWS_WITH_OTHER_FIGURES,
                "UPDATE position_row SET version = (SELECT max(sequence) FROM journal WHERE "
                "position = key) WHERE key = (SELECT late.key FROM " ROWS_WITH_OTHER_FIGURES
                " LIMIT 1)"},
        Mistake{"ProgressAheadOfTheRows", "SELECT count(*) FROM " ROWS_WITH_OTHER_FIGURES,
                "UPDATE position_progress SET through = (SELECT max(sequence) FROM journal)"},
        // Rows have an entry that the start adds once more.
        Mistake{"AnEntryAddedTwice",
                "SELECT count(*) FROM position_row JOIN journal ON sequence = version "
                "WHERE quantity > 0",
                "UPDATE position_progress SET through = 0;"
                "UPDATE position_row SET version = (SELECT previous FROM journal WHERE sequence = "
                "version)"}),
    [](const auto& info) { return info.param.name; });

#undef ROWS_WITH_OTHER_FIGURES

// A backup is the file as of a commit, and with it the journal's end.
TEST(StorageLateRowsBackup, IsCompleteWhileRowsWait) {
  support::ForEachSeed(5, [](uint64_t seed) {
    Database database;
    LedgerHistory history(seed);
    LoadAll(database.store());
    do {
      StepUntilPosted(history, 5);
      history.SaveNewTo(database.store());
    } while (!RowsAreLate(database) || history.saved().size() < 3);
    const std::string copy = (database.folder() / "copy.sqlite").string();
    Sequence sequence = 0;
    int64_t size_bytes = 0;
    ASSERT_TRUE(database.reader().Backup(copy, sequence, size_bytes).ok());
    EXPECT_EQ(sequence, history.ledger().state.journal().size());
    auto opened = OpenSqlite({.path = copy});
    ASSERT_TRUE(std::holds_alternative<SqliteDatabase>(opened)) << std::get<Status>(opened).error;
    SqliteDatabase& restored = std::get<SqliteDatabase>(opened);
    const Loaded loaded = LoadAll(*restored.store);
    Rows rows{loaded.positions.begin(), loaded.positions.end()};
    Rows folded = FoldRecords(database);
    NoteCoverages(loaded.coverages, rows);
    NoteCoverages(loaded.coverages, folded);
    EXPECT_EQ(rows, folded);
    EXPECT_EQ(restored.reader->Verify(10).drift_count, 0);
  });
}

// A late fact is taken back because a count had confirmed the books without an entry. When the
// record of that count is gone, the row has to know of it, also after a crash before it was
// written.
TEST(StorageLateRows, ACountThatOnlyConfirmedIsKnownWhenItsRecordIsForgotten) {
  for (const bool forgets_first : {false, true}) {
    Database database;
    LedgerHistory history;
    support::LedgerFixture& ledger = history.ledger();
    LoadAll(database.store());
    ledger.Stock(4);
    const Timestamp counted_at = ledger.state.now();
    history.TakeSnapshot(counted_at);
    ledger.Advance(support::kHour);
    ledger.Happened(ledger::EntryKind::kSale, 1, counted_at - support::kMinute);
    history.SaveNewTo(database.store());
    const auto forget = [&] {
      Write(database.store(), [&](Store& to) { to.ForgetCoverages(counted_at + Duration(1), 10); });
    };
    if (forgets_first) forget();
    database.Reopen();  // Without a checkpoint: as after a crash.
    LoadAll(database.store());
    if (!forgets_first) forget();
    EXPECT_EQ(database.reader().Verify(10).drift_count, 0);
    database.Reopen();
    for (const auto& [key, row] : LoadAll(database.store()).positions) {
      if (key == support::kHere) EXPECT_EQ(row.counted_at, counted_at);
    }
  }
}

// A file as the last program without late rows left it.
void MakeOldFile(const std::string& path, const std::string& content_from) {
  Connection connection;
  ASSERT_EQ(connection.Open(path, Access::kReadWrite), SQLITE_OK);
  for (const Migration& migration : Migrations()) {
    if (std::string_view(migration.sql).find("CREATE TABLE position_progress") !=
        std::string_view::npos) {
      break;
    }
    const std::string sql = std::string(migration.sql) +
                            ";PRAGMA application_id = " + std::to_string(kApplicationId) +
                            ";PRAGMA user_version = " + std::to_string(migration.version);
    ASSERT_EQ(connection.Execute(sql.c_str()), SQLITE_OK) << connection.Message();
  }
  const std::string copy = "ATTACH '" + content_from +
                           "' AS content;"
                           "INSERT INTO main.position SELECT * FROM content.position;"
                           "INSERT INTO main.journal SELECT * FROM content.journal;"
                           "INSERT INTO main.reservation SELECT * FROM content.reservation;"
                           "INSERT INTO main.count_coverage SELECT * FROM content.count_coverage";
  ASSERT_EQ(connection.Execute(copy.c_str()), SQLITE_OK) << connection.Message();
}

TEST(StorageLateRowsUpgrade, AnOlderFileGoesOnAsItIs) {
  Database source;
  LedgerHistory history(3);
  LoadAll(source.store());
  for (int step = 0; step < 300; ++step) history.Step();
  history.SaveNewTo(source.store());
  source.Close();
  Database database;
  database.Close();
  ASSERT_TRUE(std::filesystem::remove(database.path()));
  MakeOldFile(database.path(), source.path());
  const auto old_rows = database.Query("SELECT * FROM position ORDER BY key");
  ASSERT_GT(old_rows.size(), 3u);
  const auto old_view = database.Query("SELECT * FROM position_view ORDER BY key");

  database.Open();
  EXPECT_EQ(database.Query("SELECT * FROM position ORDER BY key"), old_rows);
  EXPECT_EQ(database.Query("SELECT * FROM position_row ORDER BY key"), old_rows);
  EXPECT_EQ(database.Query("SELECT * FROM position_view ORDER BY key"), old_view);
  EXPECT_EQ(EntriesBehind(database), 0);
  EXPECT_TRUE(StartAndCompare(database).same());
  EXPECT_EQ(database.reader().Verify(10).drift_count, 0);
  // From here on rows are late.
  while (!RowsAreLate(database)) {
    StepUntilPosted(history, 1);
    history.SaveNewTo(database.store());
  }
  database.Reopen();
  EXPECT_TRUE(StartAndCompare(database).same());
  EXPECT_EQ(database.reader().Verify(10).drift_count, 0);
}

// A start never has more to make up for than the limit, however long the daemon ran.
TEST(StorageLateRowsLimit, HoldsForEveryCommit) {
  support::ForEachSeed(5, [](uint64_t seed) {
    FaultyVfs vfs;  // None of its faults, but its syncs, which take no time.
    Database database(vfs.name());
    LedgerHistory history(seed);
    support::Random random(seed);
    LoadAll(database.store());
    size_t largest = 0;
    for (int commit = 0; commit < 200; ++commit) {
      const size_t before = history.ledger().state.journal().size();
      StepUntilPosted(history, random.Between(1, 20));
      largest = std::max(largest, history.ledger().state.journal().size() - before);
      history.SaveNewTo(database.store());
      ASSERT_LE(EntriesBehind(database),
                2 * (database.options().position_lag_entries + static_cast<int64_t>(largest)));
    }
    ASSERT_TRUE(database.store().Checkpoint().ok());
    EXPECT_EQ(EntriesBehind(database), 0);
    EXPECT_FALSE(RowsAreLate(database));
  });
}

// What a late row meets when its turn comes: nobody's command is to blame, yet nothing goes on.
TEST(StorageLateRowsFailure, StopsTheStoreAndLosesNothing) {
  Database database;
  LedgerHistory history;
  history.ledger().Stock(10, support::kThere);
  history.ledger().Stock(10);
  history.SaveTo(database.store());
  database.Close();
  database.Execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON position_row BEGIN "
      "SELECT RAISE(ABORT, 'refused by the test'); END");
  database.Open();
  LoadAll(database.store());
  Sequence acknowledged = 0;
  Status status;
  while (status.ok()) {
    acknowledged = history.ledger().state.journal().size();
    history.ledger().Advance(support::kMinute);
    history.ledger().Happened(ledger::EntryKind::kReceipt, 1, history.ledger().state.now());
    status = history.TrySaveNewTo(database.store());
    ASSERT_LT(acknowledged, 1000u);
  }
  EXPECT_THAT(status.error, testing::HasSubstr("save a position"));
  EXPECT_GT(acknowledged, 10u) << "some were late";
  // As after any failure of the disk: the first one sticks, and nothing is acknowledged any more.
  database.store().Begin();
  EXPECT_EQ(database.store().Commit().error, status.error);
  EXPECT_EQ(database.store().Checkpoint().error, status.error);
  database.Close();
  database.Execute("DROP TRIGGER refuse");
  database.Open();
  const Comparison start = StartAndCompare(database);
  EXPECT_TRUE(start.same());
  EXPECT_EQ(start.newest, acknowledged);
  EXPECT_EQ(start.loaded.at(support::kHere).on_hand, 10 + static_cast<Quantity>(acknowledged) - 2);
  EXPECT_EQ(database.reader().Verify(10).drift_count, 0);
}

}  // namespace
}  // namespace stockd::storage
