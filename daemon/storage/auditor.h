#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/storage/reader.h"
#include "daemon/storage/reader_connection.h"

namespace stockd::storage {

// Works out every figure of every position a second time, from the journal and the reservations,
// and compares. Shares no rule with the ledger. Needs memory in proportion to the positions and
// reads the journal twice. Used once, inside one read transaction.
//
// A figure has to come out in up to three ways:
//   by movements  the sum of what every entry moved into and out of each bucket.
//   by facts      on_hand is the latest count plus every delta that occurred after it; of two
//                 counts of the same instant the lower one stands. A count that only confirmed the
//                 books left no entry but a coverage. Its quantity is what the movements recorded
//                 until then gave, less the deltas recorded until then that occurred after its
//                 instant. Coverages are forgotten when no fact that old is taken any more; a row
//                 that is counted later than everything on record was confirmed by such a one, and
//                 is judged by movements only.
//   by claims     reserved and committed are the sums over the lines of the open reservations.
//
// Visits, online contacts and subjects of experiments are of items and locations that there are,
// an hour has at least no visits, and an experiment's arms differ in size by at most one.
// What must hold between claims and orders: order_auditor.h.
class Auditor {
 public:
  Auditor(ReaderConnection& connection, const std::string& path, int differences_max);

  // Throws ReadError.
  Audit Run();

 private:
  // What the records say about one position.
  struct Account {
    ledger::Position row;  // As in the table, with the entries that the table need not have yet.
    bool has_row = false;
    ledger::Position moved;  // By movements; counted_at is the latest count that has an entry.
    Timestamp barrier = kTimestampMin;  // Instant of the latest count, with or without an entry.
    Quantity counted = 0;               // The lowest count with an entry at that instant.
    bool has_count = false;
    bool has_coverage = false;
    Timestamp confirmed_at{};          // When the coverage was recorded.
    Quantity booked = 0;               // on_hand by the movements recorded until then.
    Quantity deltas_after_booked = 0;  // Deltas after the barrier that were recorded until then.
    Quantity deltas_after = 0;         // All deltas after the barrier.
    Quantity claimed_held = 0;
    Quantity claimed_committed = 0;
  };
  struct Entry;

  Account& account(PositionKey key);
  // Calls `each(row)` for every row of a query.
  template <typename Each>
  void Rows(const char* sql, std::string_view doing, Each&& each);
  template <typename Each>
  void Entries(Each&& each);

  void ReadRows();
  void FoldMovements();
  void FoldEntry(const Entry& entry);
  // Adds an entry that the account's row lacks, and may lack.
  static void CatchUp(Account& account, const Entry& entry);
  void ReadCoverages();
  void FoldFacts();
  void SumClaims();
  void CheckReservation(const std::string& id, ledger::ReservationState state,
                        const std::vector<ledger::ReservationLine>& lines);
  void CheckFactIndex();
  void CheckOrders();
  void CheckRecords();
  void CompareRows();
  void ComparePosition(PositionKey key, Account& account);
  void CompareCountedAt(PositionKey key, const Account& account);

  void Expect(std::string_view subject, std::string_view quantity, Quantity expected,
              Quantity actual);
  void Expect(PositionKey key, std::string_view quantity, Quantity expected, Quantity actual);
  // Counts one more difference. Whether it is still to be reported.
  bool CountDifference();

  ReaderConnection& connection_;
  const std::string& path_;
  size_t differences_max_;
  Audit audit_;
  absl::flat_hash_map<PositionKey, uint32_t> numbers_;  // Of a position's account.
  std::vector<Account> accounts_;
  std::vector<PositionKey> keys_;  // Of each account.
  Sequence written_through_ = 0;   // No row lacks an entry up to here.
  int64_t fact_count_ = 0;
  Timestamp oldest_coverage_ = kTimestampMax;  // No coverage that is newer was ever forgotten.
};

}  // namespace stockd::storage
