#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/storage/store.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random.h"

namespace stockd::storage {

// A ledger over plain maps that remembers what the engine would have stored.
class LedgerHistory {
 public:
  explicit LedgerHistory(uint64_t seed = 1) : random_(seed) {}

  support::LedgerFixture& ledger() { return ledger_; }

  // Does one random thing: a fact on time or late, a count, a snapshot, something about a
  // reservation. Time passes in most cases.
  void Step();

  // A snapshot whose rows say what the books say, give or take `error` units.
  void TakeSnapshot(Timestamp as_of, Quantity error = 0);
  void ForgetCoverages(Timestamp before);

  // Writes everything to a new store, as one unit of work, and ends as a daemon does. Rows stand as
  // they were when an entry was last posted: a count that only confirmed them has a coverage
  // instead.
  void SaveTo(Store& store);
  // Writes what came since the last call, as one unit of work. REQUIRES: the store is loaded and
  // has everything before that.
  void SaveNewTo(Store& store);
  // The same with a store that may fail; and what to call when a restart showed that nothing of the
  // last unit of work is on disk: the next one has it again.
  [[nodiscard]] Status TrySaveNewTo(Store& store);
  void ForgetLastSave() { save_ = before_last_save_; }

  // The rows as they were saved last, without those that have no entry.
  const std::map<PositionKey, ledger::Position>& saved() const { return save_.rows; }

  // The figures in memory.
  std::map<PositionKey, ledger::Position> rows() const;

 private:
  // What a store has.
  struct Save {
    std::map<PositionKey, ledger::Position> rows;
    size_t entries = 0;
    size_t coverages = 0;
    std::set<std::string> reservations;
  };

  void TellFact();
  void TouchReservation();
  void ExpireAll();
  PositionKey AnyPosition();
  // Keeps the rows that got a new entry since the last call.
  void KeepPosted();

  support::LedgerFixture ledger_;
  support::Random random_;
  std::map<PositionKey, ledger::Position> stored_;
  Save save_;
  Save before_last_save_;
  std::vector<CountCoverage> coverages_;
  std::vector<std::string> reservation_ids_;
  int snapshots_ = 0;
};

}  // namespace stockd::storage
