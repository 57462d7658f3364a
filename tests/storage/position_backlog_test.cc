// Rows of positions are written late, and nobody can tell.
#include "daemon/storage/position_backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "daemon/storage/position_list.h"
#include "tests/storage/database.h"
#include "tests/storage/ledger_history.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/seeds.h"

namespace stockd::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Rows = std::map<PositionKey, ledger::Position>;

PositionKey KeyOf(uint32_t item) { return {.item = ItemId{item}, .location = LocationId{1}}; }

// What a table would hold.
class Table {
 public:
  Table(int64_t lag_max, Sequence through) { backlog_.Start(lag_max, through); }

  // A commit in which these items got one entry each, in this order.
  void Commit(const std::vector<uint32_t>& items) {
    for (const uint32_t item : items) backlog_.Put(KeyOf(item), {.version = ++newest_});
    written_.clear();
    grew_ = backlog_.WriteDue(newest_, [this](PositionKey key, const ledger::Position& row) {
      written_.emplace_back(ToNumber(key.item), row.version);
    });
  }

  PositionBacklog& backlog() { return backlog_; }
  // What the last commit wrote: items, and versions of their rows.
  const std::vector<std::pair<uint32_t, Sequence>>& written() const { return written_; }
  bool grew() const { return grew_; }

 private:
  PositionBacklog backlog_;
  Sequence newest_ = 0;
  std::vector<std::pair<uint32_t, Sequence>> written_;
  bool grew_ = false;
};

TEST(PositionBacklog, WritesInTheOrderOfTheTableOverTheNextEntries) {
  Table table(4, 0);
  table.Commit({9, 3, 7});
  EXPECT_THAT(table.written(), IsEmpty());
  table.Commit({3});  // Entry 4: a round of three rows begins.
  EXPECT_THAT(table.written(), ElementsAre(std::pair(3u, 4u)));
  EXPECT_FALSE(table.grew());
  table.Commit({9});
  EXPECT_THAT(table.written(), ElementsAre(std::pair(7u, 3u)));
  EXPECT_EQ(table.backlog().written_through(), 0u);
  table.Commit({1});  // Of the next round.
  EXPECT_THAT(table.written(), ElementsAre(std::pair(9u, 5u)));
  EXPECT_TRUE(table.grew());
  // Entry 5 is in its row, but that of entry 6 waits.
  EXPECT_EQ(table.backlog().written_through(), 4u);
  EXPECT_EQ(table.backlog().size(), 1u);
}

TEST(PositionBacklog, IsNeverFurtherBehindThanTwice) {
  support::ForEachSeed(20, [](uint64_t seed) {
    support::Random random(seed);
    const int64_t lag_max = random.Between(1, 50);
    Table table(lag_max, 0);
    Sequence newest = 0;
    for (int commit = 0; commit < 500; ++commit) {
      std::vector<uint32_t> items(random.Below(8));
      for (uint32_t& item : items) item = static_cast<uint32_t>(random.Between(1, 60));
      newest += items.size();
      table.Commit(items);
      EXPECT_LE(newest,
                table.backlog().written_through() + 2 * static_cast<uint64_t>(lag_max) + 16);
    }
  });
}

TEST(PositionBacklog, WritesAHotRowOncePerRound) {
  Table table(10, 0);
  size_t writes = 0;
  for (int commit = 0; commit < 200; ++commit) {
    table.Commit({5});
    writes += table.written().size();
  }
  EXPECT_GE(writes, 10u);
  EXPECT_LE(writes, 25u);
}

Rows AsMap(const Loaded& loaded) { return {loaded.positions.begin(), loaded.positions.end()}; }

// The view as a person sees it.
std::vector<std::string> Shown(const Rows& rows) {
  std::vector<std::string> lines;
  const auto instant = [](Timestamp at) {
    return at == kTimestampMin ? std::string() : std::to_string(ToMicros(at));
  };
  for (const auto& [key, row] : rows) {
    lines.push_back(std::to_string(StoredKey(key)) + "|" + std::to_string(row.on_hand) + "|" +
                    std::to_string(row.reserved) + "|" + std::to_string(row.committed) + "|" +
                    std::to_string(row.unsellable) + "|" + instant(row.counted_at) + "|" +
                    instant(row.last_delta_at) + "|" + std::to_string(row.version));
  }
  return lines;
}

// Confirmed counts are in no row and no entry: a row may know of them, or not.
void ForgetCounts(Rows& rows) {
  for (auto& [key, row] : rows) row.counted_at = kTimestampMin;
}

// A daemon that is killed at any moment comes back with what it knew, whatever rows were written.
TEST(StorageLateRows, AreMadeUpForByAStart) {
  support::ForEachSeed(12, [](uint64_t seed) {
    support::FaultyVfs vfs;
    Database database(vfs.name());
    LedgerHistory history(seed);
    support::Random random(seed);
    LoadAll(database.store());
    int times_late = 0;
    for (int round = 0; round < 60; ++round) {
      for (int64_t steps = random.Between(0, 6); steps > 0; --steps) history.Step();
      history.SaveNewTo(database.store());
      const auto late = database.Query(
          "SELECT key, version FROM position EXCEPT SELECT key, version FROM position_row");
      if (!late.empty()) ++times_late;
      if (!random.Percent(25)) continue;
      if (random.Percent(20)) ASSERT_TRUE(database.store().Checkpoint().ok());
      database.Reopen();
      Rows loaded = AsMap(LoadAll(database.store()));
      Rows expected = history.saved();
      const auto view = database.Query("SELECT * FROM position ORDER BY key");
      Rows in_view = loaded;
      ForgetCounts(loaded);
      ForgetCounts(expected);
      EXPECT_EQ(Shown(loaded), Shown(expected));
      EXPECT_EQ(view, Shown(in_view));
      const Audit audit = database.reader().Verify(10);
      EXPECT_EQ(audit.drift_count, 0);
      EXPECT_EQ(audit.position_count, static_cast<int64_t>(expected.size()));
      ASSERT_FALSE(testing::Test::HasFailure());
    }
    EXPECT_GT(times_late, 0) << "Nothing was late: this seed proves nothing.";
  });
}

// The instants of counts, which the test above leaves out where coverages are involved.
TEST(StorageLateRows, KnowTheLatestCount) {
  Database database;
  LedgerHistory history;
  support::LedgerFixture& ledger = history.ledger();
  LoadAll(database.store());
  ledger.Stock(10);
  ledger.Advance(support::kHour);
  ledger.Count(8, ledger.state.now() - support::kMinute);
  ledger.Count(7, ledger.state.now() - 2 * support::kMinute);  // Overtaken.
  ledger.Happened(ledger::EntryKind::kSale, 1, ledger.state.now());
  history.SaveNewTo(database.store());
  EXPECT_EQ(database.Query("SELECT count(*) FROM position_row").at(0), "0");
  database.Reopen();
  EXPECT_EQ(AsMap(LoadAll(database.store())), history.rows());
  ASSERT_TRUE(database.store().Checkpoint().ok());
  EXPECT_EQ(database.Query("SELECT * FROM position_row"), Shown(history.rows()));
  EXPECT_EQ(database.Query("SELECT through FROM position_progress").at(0), "4");
}

// If the table could claim to be further than it is, all of the above would prove nothing.
TEST(StorageLateRows, AFalseClaimIsFound) {
  Database database;
  LedgerHistory history;
  LoadAll(database.store());
  history.ledger().Stock(10);
  history.ledger().Stock(5, support::kThere);
  history.SaveNewTo(database.store());
  database.Close();
  database.Execute("UPDATE position_progress SET through = 1");
  database.Open();
  EXPECT_NE(AsMap(LoadAll(database.store())), history.rows());
  const Audit audit = database.reader().Verify(10);
  ASSERT_GT(audit.drift_count, 0);
  EXPECT_EQ(audit.differences.at(0).subject, "position 1@1");
}

TEST(StorageLateRows, AStoreThatWasNotLoadedWritesAtOnce) {
  Database database;
  LedgerHistory history;
  history.ledger().Stock(10);
  history.SaveNewTo(database.store());
  EXPECT_EQ(database.Query("SELECT * FROM position_row"), Shown(history.rows()));
}

}  // namespace
}  // namespace stockd::storage
