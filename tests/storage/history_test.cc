#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/storage/connection.h"
#include "daemon/storage/fact_times.h"
#include "tests/storage/database.h"
#include "tests/storage/ledger_history.h"
#include "tests/support/faulty_vfs.h"

namespace stockd::storage {
namespace {

TEST(StorageHistory, WalksBackAsFarAsAsked) {
  Database database;
  LedgerHistory history(3);
  for (int step = 0; step < 200; ++step) history.Step();
  history.SaveTo(database.store());
  std::map<PositionKey, std::vector<std::string>> expected;
  const auto& journal = history.ledger().state.journal();
  for (auto entry = journal.rbegin(); entry != journal.rend(); ++entry) {
    expected[entry->position].push_back(Shown(*entry));
  }
  for (const auto& [key, row] : history.rows()) {
    for (const int limit : {0, 1, 5, 1'000}) {
      std::vector<std::string> shown;
      for (const auto& entry : database.reader().History(key, row.version, limit)) {
        shown.push_back(Shown(entry));
      }
      auto wanted = expected[key];
      wanted.resize(std::min(wanted.size(), static_cast<size_t>(limit)));
      EXPECT_EQ(shown, wanted);
    }
  }
}

TEST(StorageHistory, ABrokenChainIsNoAnswer) {
  Database database;
  Write(database.store(), [](Store& to) {
    to.AppendJournal(FullFact(1));
    ledger::JournalEntry far = FullFact(2);
    far.position = kShirtThere;
    to.AppendJournal(far);
  });
  EXPECT_THROW(database.reader().History(kShirtThere, 2, 10), ReadError) << "another position's";
  EXPECT_THROW(database.reader().History(kShirtHere, 7, 10), ReadError) << "missing";
}

// Explains a figure of the past: what the fold gives must be what the ledger said then.
TEST(StorageHistory, FoldsToWhatTheLedgerSaidAtEveryInstant) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    support::FaultyVfs vfs;
    Database database(vfs.name());
    LedgerHistory history(seed);
    std::map<Timestamp, std::map<PositionKey, ledger::Position>> said;
    for (int step = 0; step < 80; ++step) {
      history.Step();
      said[history.ledger().state.now()] = history.rows();
    }
    history.SaveTo(database.store());
    for (const auto& [key, latest] : history.rows()) {
      for (const auto& [instant, rows] : said) {
        const auto found = rows.find(key);
        const ledger::Position row = found == rows.end() ? ledger::Position{} : found->second;
        EXPECT_EQ(database.reader().FoldedAt(key, latest.version, instant), row);
      }
    }
    ASSERT_FALSE(HasFailure());
  }
}

// The terms that make up a figure have to add up to it.
TEST(StorageHistory, LatestCountAndTheDeltasAfterItMakeUpOnHand) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    support::FaultyVfs vfs;
    Database database(vfs.name());
    LedgerHistory history(seed);
    for (int step = 0; step < 150; ++step) history.Step();
    history.SaveTo(database.store());
    for (const auto& [key, row] : history.rows()) {
      if (row.version == 0) continue;
      const auto count = database.reader().CountAt(key, row.counted_at);
      const Quantity after = database.reader().DeltaAfter(key, row.counted_at);
      EXPECT_EQ(database.store().DeltaAfter(key, row.counted_at), after);
      EXPECT_EQ(history.ledger().state.DeltaAfter(key, row.counted_at), after);
      EXPECT_EQ(count.has_value(), row.counted_at != kTimestampMin);
      EXPECT_EQ((count ? count->quantity : 0) + after, row.on_hand);
    }
    ASSERT_FALSE(HasFailure());
  }
}

TEST(StorageHistory, CountNamesItsOrigin) {
  Database database;
  LedgerHistory history;
  support::LedgerFixture& ledger = history.ledger();
  ledger.Stock(4);
  const Timestamp counted_at = ledger.state.now();
  ledger.Count(3, counted_at);
  ledger.Advance(support::kHour);
  const Timestamp confirmed_at = ledger.state.now();
  history.TakeSnapshot(confirmed_at);
  history.SaveTo(database.store());
  const auto counted = database.reader().CountAt(support::kHere, counted_at);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->quantity, 3);
  EXPECT_EQ(counted->source, support::kTill);
  EXPECT_THAT(counted->event_id, testing::StartsWith("event-"));
  const auto confirmed = database.reader().CountAt(support::kHere, confirmed_at);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->quantity, 3);
  EXPECT_EQ(confirmed->occurred_at, confirmed_at);
  EXPECT_EQ(confirmed->source, support::kErp);
  EXPECT_EQ(confirmed->event_id, "snapshot-1");
  EXPECT_FALSE(database.reader().CountAt(support::kHere, counted_at + Duration(1)));
}

// A late count must cost the deltas after it, never the length of history.
TEST(StorageHistory, AddsUpTheDeltasAfterAnInstantByTheIndex) {
  Database database;
  EXPECT_THAT(database.Query("EXPLAIN QUERY PLAN " + DeltaAfterSql()),
              testing::Contains(testing::HasSubstr("SEARCH journal USING INDEX "
                                                   "journal_delta (<expr>=? AND position=? AND "
                                                   "occurred_at>?)")));
}

TEST(StorageHistory, EveryOtherSearchUsesAnIndex) {
  Database database;
  const std::pair<const char*, const char*> plans[] = {
      {"SELECT * FROM journal WHERE source_id = ? AND event_id = ?", "INDEX journal_event"},
      {"SELECT stated FROM journal WHERE position = ? AND occurred_at = ? AND kind = 8",
       "COVERING INDEX journal_count (position=? AND occurred_at=?"},
      {"SELECT * FROM reservation WHERE state <= 2 ORDER BY number", "INDEX reservation_open"},
      {"SELECT * FROM reservation WHERE id = ?", "INDEX sqlite_autoindex_reservation_1"},
      {"SELECT 1 FROM quarantine WHERE source_id = ? AND event_id = ? AND fact = ?",
       "INDEX quarantine_event"},
      {"SELECT * FROM quarantine WHERE id > ? AND sku = ? ORDER BY id", "INDEX quarantine_sku"}};
  for (const auto& [sql, index] : plans) {
    EXPECT_THAT(database.Query(std::string("EXPLAIN QUERY PLAN ") + sql),
                testing::ElementsAre(testing::HasSubstr(index)));
  }
}

}  // namespace
}  // namespace stockd::storage
