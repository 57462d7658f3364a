#pragma once

#include <map>
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

  // Writes everything to an empty store, as one unit of work. Rows stand as they were when an entry
  // was last posted: a count that only confirmed them has a coverage instead.
  void SaveTo(Store& store);

  // The figures in memory.
  std::map<PositionKey, ledger::Position> rows() const;

 private:
  void TellFact();
  void TouchReservation();
  void ExpireAll();
  PositionKey AnyPosition();
  // Keeps the rows that got a new entry since the last call.
  void KeepPosted();

  support::LedgerFixture ledger_;
  support::Random random_;
  std::map<PositionKey, ledger::Position> stored_;
  std::vector<CountCoverage> coverages_;
  std::vector<std::string> reservation_ids_;
  int snapshots_ = 0;
};

}  // namespace stockd::storage
