#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/database.h"
#include "tests/storage/ledger_history.h"
#include "tests/support/faulty_vfs.h"

namespace stockd::storage {
namespace {

using support::kHere;
using support::kHour;
using support::kMinute;
using support::kThere;

std::string Shown(const Audit& audit) {
  std::string text = std::to_string(audit.drift_count) + " differences";
  for (const Difference& each : audit.differences) {
    text += "\n" + each.subject + " " + each.quantity + ": expected " +
            std::to_string(each.expected) + ", is " + std::to_string(each.actual);
  }
  return text;
}

// What was folded has to be what the ledger holds in memory, to the last field.
void ExpectSound(Audit audit, const LedgerHistory& history) {
  EXPECT_EQ(audit.drift_count, 0) << Shown(audit);
  std::map<PositionKey, ledger::Position> folded(audit.folded.begin(), audit.folded.end());
  for (const auto& [key, row] : history.rows()) {
    if (row.version == 0 && !folded.contains(key)) continue;
    EXPECT_EQ(folded[key], row) << key.packed();
  }
}

TEST(StorageVerify, FindsNothingInRandomHistories) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    support::FaultyVfs vfs;
    Database database(vfs.name());
    LedgerHistory history(seed);
    for (int step = 0; step < 300; ++step) history.Step();
    history.SaveTo(database.store());
    const Audit audit = database.reader().Verify(10);
    ExpectSound(audit, history);
    const auto& state = history.ledger().state;
    EXPECT_EQ(audit.entry_count, static_cast<int64_t>(state.journal().size()));
    EXPECT_EQ(audit.sequence, state.journal().size());
    EXPECT_EQ(audit.reservation_count, static_cast<int64_t>(state.reservations().size()));
    ASSERT_FALSE(HasFailure());
  }
}

// When coverages are forgotten, late facts that they had answered for must not look like drift.
TEST(StorageVerify, FindsNothingAfterCoveragesWereForgotten) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    support::FaultyVfs vfs;
    Database database(vfs.name());
    LedgerHistory history(seed);
    for (int step = 0; step < 150; ++step) history.Step();
    history.ledger().Advance(31 * 24 * kHour);
    history.ForgetCoverages(history.ledger().state.now() - 30 * 24 * kHour);
    for (int step = 0; step < static_cast<int>(seed) * 5; ++step) history.Step();
    history.SaveTo(database.store());
    const Audit audit = database.reader().Verify(10);
    EXPECT_EQ(audit.drift_count, 0) << Shown(audit);
    ASSERT_FALSE(HasFailure());
  }
}

// The books of a position whose latest count left no entry.
TEST(StorageVerify, HoldsAConfirmedCountAgainstLateFacts) {
  Database database;
  LedgerHistory history;
  support::LedgerFixture& ledger = history.ledger();
  ledger.Stock(10);
  ledger.Advance(kHour);
  history.TakeSnapshot(ledger.state.now() - 10 * kMinute);
  ledger.Advance(kMinute);
  ledger.Happened(ledger::EntryKind::kSale, 2, ledger.state.now() - 30 * kMinute);  // Before it.
  ledger.Happened(ledger::EntryKind::kSale, 3, ledger.state.now() - 5 * kMinute);   // After it.
  ASSERT_EQ(ledger.figures().on_hand, 7);
  history.SaveTo(database.store());
  ExpectSound(database.reader().Verify(10), history);
  database.Close();
  // As if the late sale had not been taken back.
  database.Execute("UPDATE position_row SET on_hand = 5 WHERE key = " +
                   std::to_string(kHere.packed()));
  database.Open();
  EXPECT_THAT(Shown(database.reader().Verify(10)),
              testing::HasSubstr("position 1@1 on_hand by facts: expected 7, is 5"));
  database.Close();
  // A count that nothing on record explains, and that is too new to have been forgotten.
  database.Execute(
      "UPDATE position_row SET on_hand = 7, counted_at = 9000000000000000 WHERE key = " +
      std::to_string(kHere.packed()));
  database.Open();
  EXPECT_THAT(Shown(database.reader().Verify(10)), testing::HasSubstr("position 1@1 counted_at"));
}

struct Planted {
  std::string name;
  std::string sql;
  std::string found;
};

class StorageVerifyPlanted : public testing::TestWithParam<Planted> {};

// An audit that cannot fail proves nothing.
TEST_P(StorageVerifyPlanted, IsFound) {
  Database database;
  LedgerHistory history;
  support::LedgerFixture& ledger = history.ledger();
  ledger.Stock(10);                                                               // Entry 1.
  ledger.Stock(5, kThere);                                                        // Entry 2.
  ASSERT_EQ(support::ReasonOf(ledger.Reserve("r-1", 2)), ledger::Reason::kNone);  // Entry 3.
  ASSERT_EQ(support::ReasonOf(ledger.Reserve("r-2", 3)), ledger::Reason::kNone);  // Entry 4.
  ASSERT_EQ(support::ReasonOf(ledger.Commit("r-2")), ledger::Reason::kNone);      // Entry 5.
  ledger.Happened(ledger::EntryKind::kDamage, 1, ledger.state.now());             // Entry 6.
  ledger.Count(8, ledger.state.now() - kMinute);                                  // Entry 7.
  ASSERT_EQ(ledger.figures(), (support::Figures{7, 2, 3, 1}));
  history.SaveTo(database.store());
  ExpectSound(database.reader().Verify(10), history);
  database.Close();
  database.Execute(GetParam().sql);
  database.Open();
  const Audit audit = database.reader().Verify(100);
  EXPECT_GT(audit.drift_count, 0);
  EXPECT_THAT(Shown(audit), testing::HasSubstr(GetParam().found));
  const Audit brief = database.reader().Verify(1);
  EXPECT_EQ(brief.drift_count, audit.drift_count);
  EXPECT_EQ(brief.differences.size(), 1u);
}

constexpr char kHereSql[] = " WHERE key = 4294967297";
constexpr char kDropFactsFromIndex[] =
    "DROP INDEX journal_delta;"
    "CREATE INDEX journal_delta ON journal (occurred_at / 86400000000, position, "
    "occurred_at) WHERE kind < 8 AND sequence > 2;"
    "PRAGMA writable_schema = ON;"
    "UPDATE sqlite_schema SET sql = replace(sql, ' AND sequence > 2', '') "
    "WHERE name = 'journal_delta'";

INSTANTIATE_TEST_SUITE_P(
    Kinds, StorageVerifyPlanted,
    testing::Values(
        Planted{"OnHand", std::string("UPDATE position_row SET on_hand = 8") + kHereSql,
                "position 1@1 on_hand: expected 7, is 8"},
        Planted{"OnHandByFacts", std::string("UPDATE position_row SET on_hand = 8") + kHereSql,
                "position 1@1 on_hand by facts: expected 7, is 8"},
        Planted{"Reserved", std::string("UPDATE position_row SET reserved = 0") + kHereSql,
                "position 1@1 reserved: expected 2, is 0"},
        Planted{"Committed", std::string("UPDATE position_row SET committed = 4") + kHereSql,
                "position 1@1 committed: expected 3, is 4"},
        Planted{"Unsellable", std::string("UPDATE position_row SET unsellable = 0") + kHereSql,
                "position 1@1 unsellable: expected 1, is 0"},
        Planted{"Version", std::string("UPDATE position_row SET version = 6") + kHereSql,
                "position 1@1 version: expected 7, is 6"},
        Planted{"CountedAt", std::string("UPDATE position_row SET counted_at = NULL") + kHereSql,
                "position 1@1 counted_at"},
        Planted{"LastDeltaAt",
                std::string("UPDATE position_row SET last_delta_at = NULL") + kHereSql,
                "position 1@1 last_delta_at"},
        Planted{"MissingRow", std::string("DELETE FROM position_row") + kHereSql,
                "position 1@1 on_hand: expected 7, is 0"},
        Planted{"RowWithoutEntries",
                "INSERT INTO position_row VALUES (99, 1, 0, 0, 0, NULL, NULL, 0)",
                "position 0@99 on_hand: expected 0, is 1"},
        Planted{"EntryQuantity", "UPDATE journal SET quantity = 11 WHERE sequence = 1",
                "position 1@1 on_hand: expected 8, is 7"},
        Planted{"EntryStated", "UPDATE journal SET stated = 9 WHERE sequence = 7",
                "position 1@1 on_hand by facts: expected 8, is 7"},
        Planted{"EntryMissing", "DELETE FROM journal WHERE sequence = 3",
                "journal sequence: expected 3, is 4"},
        Planted{"EntryPrevious", "UPDATE journal SET previous = 1 WHERE sequence = 4",
                "journal entry 4 previous: expected 3, is 1"},
        Planted{"EntryNegative", "UPDATE journal SET quantity = -2 WHERE sequence = 3",
                "journal entry 3 quantity: expected 0, is -2"},
        Planted{"EntryOneEnded", "UPDATE journal SET from_bucket = 0 WHERE sequence = 1",
                "journal entry 1 quantity: expected 0, is 10"},
        Planted{"ClaimHeld", "UPDATE reservation SET lines = '[[1,1,2,2,1,0,0]]' WHERE id = 'r-1'",
                "position 1@1 reserved by claims: expected 1, is 2"},
        Planted{"ClaimCommitted",
                "UPDATE reservation SET lines = '[[1,1,3,3,0,1,0]]' WHERE id = 'r-2'",
                "position 1@1 committed by claims: expected 1, is 3"},
        Planted{"LineExceedsGrant",
                "UPDATE reservation SET lines = '[[1,1,2,1,2,0,0]]' WHERE id = 'r-1'",
                "reservation r-1 granted: expected 2, is 1"},
        Planted{"HeldAfterTheEnd", "UPDATE reservation SET state = 4 WHERE id = 'r-1'",
                "reservation r-1 held: expected 0, is 2"},
        Planted{"CommittedAfterTheEnd", "UPDATE reservation SET state = 3 WHERE id = 'r-2'",
                "reservation r-2 committed: expected 0, is 3"},
        Planted{"MissingReservation", "DELETE FROM reservation WHERE id = 'r-1'",
                "position 1@1 reserved by claims: expected 0, is 2"},
        Planted{"FactIndex", kDropFactsFromIndex,
                "indexes journal_delta and journal_count rows: expected 4, is 2"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace stockd::storage
