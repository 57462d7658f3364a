// Rows of positions reach their table behind the commit that changed them.
#include <sqlite3.h>

#include "tests/engine/engine_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using ledger::EntryKind;

class LateRows : public EngineFixture {
 protected:
  // Runs SQL on the closed file, past the daemon.
  void Execute(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(database_path().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  CommitOutcome Receive(Quantity quantity) {
    const ledger::Fact fact = NewFact(EntryKind::kReceipt, quantity, clock.Now());
    return Do([this, fact](engine::UnitOfWork& unit) {
             return ledger::ApplyFact(unit, fact, options.fact_limits, ledger::LateFacts::kRefuse);
           })
        .outcome;
  }
};

// The row belongs to a command that was answered long ago; the command whose commit fails with it
// is not acknowledged, and no figure is lost.
TEST_F(LateRows, OneThatCannotBeWrittenStopsTheWriterInTheSafeState) {
  Stock(100);
  Close();
  Execute(
      "CREATE TRIGGER refuse BEFORE INSERT ON position_row BEGIN "
      "SELECT RAISE(ABORT, 'refused by the test'); END");
  Open();
  Quantity received = 0;
  while (Receive(1) == CommitOutcome::kCommitted) ASSERT_LT(++received, 1000);
  EXPECT_GT(received, 0) << "rows are late";
  EXPECT_EQ(engine().state(), engine::WriterState::kFailed);
  EXPECT_NE(engine().failure().find("save a position"), std::string::npos) << engine().failure();
  EXPECT_EQ(Receive(1), CommitOutcome::kFailed);
  EXPECT_EQ(LevelAt().on_hand, 100 + received);  // Reads go on.
  Close();
  Execute("DROP TRIGGER refuse");
  Open();
  EXPECT_EQ(LevelAt().on_hand, 100 + received);
  EXPECT_EQ(Receive(1), CommitOutcome::kCommitted);
  EXPECT_EQ(reader().Verify(10).drift_count, 0);
}

}  // namespace
}  // namespace stockd::support
