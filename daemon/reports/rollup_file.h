#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reports/inflow.h"
#include "daemon/reports/rollup_rows.h"
#include "daemon/storage/connection.h"

namespace stockd::reports {

// The roll-up file cannot be read or written.
class RollupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The one row of the table progress.
inline constexpr char kProgressSql[] =
    "SELECT sequence, item_change_id, confirmed_id, order_event, visit_id, contact_id, fingerprint "
    "FROM progress";
Progress ReadProgressRow(const storage::Statement& row);

// Rows of the table strand.
inline constexpr char kStrandsSql[] =
    "SELECT id, channel, fulfilment, currency, source_id, carrier, service FROM strand "
    "ORDER BY id";
std::pair<StrandId, Strand> ReadStrand(const storage::Statement& row);

// Rows of the table item_state, oldest first.
inline constexpr char kItemStatesSql[] =
    "SELECT item_id, scale, begins_at, category, currency, unit_cost_micros, price_micros "
    "FROM item_state ORDER BY id";
ItemStateRow ReadItemState(const storage::Statement& row);

// The file that holds roll-ups: everything in it follows from the journal and can be made again. A
// file of its own, because the main database has exactly one writer and must not wait for reports.
// The only writing connection; functions throw RollupError. Thread-compatible.
class RollupFile {
 public:
  // Opens the file, or makes it: also when it is one of another form or was kept for another time
  // zone. Refuses a file that holds something else.
  RollupFile(std::string path, std::string made_for, int64_t cache_bytes);
  ~RollupFile();
  RollupFile(const RollupFile&) = delete;
  RollupFile& operator=(const RollupFile&) = delete;

  // Forgets everything.
  void Clear();

  void Begin();
  void Commit();
  void Rollback();

  Progress ReadProgress();
  void SaveProgress(const Progress& progress);

  std::vector<std::pair<StrandId, Strand>> Strands();
  void AddStrand(StrandId id, const Strand& strand);
  std::vector<std::pair<CategoryId, std::string>> Categories();
  void AddCategory(CategoryId id, std::string_view name);

  std::vector<ItemStateRow> ItemStates();
  void AddItemState(const ItemStateRow& row);

  // Empty when there is no such cell. Valid until the next call.
  std::string_view FindCell(const CellKey& key);
  // An empty cell is deleted.
  void SaveCell(const CellKey& key, std::string_view sums);

  StandingPosition FindPosition(PositionKey key);
  void SavePosition(PositionKey key, const StandingPosition& position);
  // All positions of an item.
  std::vector<PositionKey> PositionsOf(ItemId item);

  // Units that came to the position, in addition to those that are known.
  void AddInflow(PositionKey key, Inflow inflow);

  // The earliest count with as_of >= from.
  std::optional<CountRow> NextCount(PositionKey key, Timestamp from);
  void SaveCount(PositionKey key, const CountRow& count);

  // Notes the visits of a channel's strand; those known of the hour before.
  int64_t SwapVisits(StrandId strand, LocationId location, Timestamp begins_at, int64_t visits);

  // Whether the customer looked at the item at from <= instant <= until.
  bool HasContact(std::string_view customer, ItemId item, Timestamp from, Timestamp until);
  void AddContact(std::string_view customer, ItemId item, Timestamp at);

  // Notes the facts of a location and day. REQUIRES: sequences that grow, above those noted before.
  void AddFacts(LocationId location, int64_t day, std::span<const Sequence> sequences);

  // Flips with from <= at <= until, in the order of time.
  std::vector<Flip> Flips(PositionKey key, Timestamp from, Timestamp until);
  std::optional<Flip> LastFlipBefore(PositionKey key, Timestamp before);
  std::optional<Flip> FirstFlipAfter(PositionKey key, Timestamp after);
  void AddFlip(PositionKey key, const Flip& flip);
  void DeleteFlips(PositionKey key, Timestamp from, Timestamp until);

  const std::string& path() const { return path_; }
  storage::Connection& connection() { return connection_; }

 private:
  struct Statements;

  void OpenOrMake();
  bool TryOpen();
  void Prepare();
  void Run(storage::Statement& statement);
  bool Step(storage::Statement& statement);
  [[noreturn]] void Fail(const char* doing);

  const std::string path_;
  const std::string made_for_;
  const int64_t cache_bytes_;
  storage::Connection connection_;  // Before the statements, so that it is closed last.
  std::unique_ptr<Statements> statements_;
};

}  // namespace stockd::reports
