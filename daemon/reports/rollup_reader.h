#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reports/rollup_rows.h"
#include "daemon/storage/connection.h"

namespace stockd::reports {

// A read-only view of the roll-up file as of one of its commits. Functions throw RollupError.
// Thread-compatible.
class RollupView {
 public:
  // `each(key, sums)`; the bytes are valid during the call only.
  using Each = std::function<void(const CellKey& key, std::string_view sums)>;

  explicit RollupView(const std::string& path, int64_t cache_bytes);
  ~RollupView();
  RollupView(const RollupView&) = delete;
  RollupView& operator=(const RollupView&) = delete;

  void Begin();
  void End() noexcept;

  Progress ReadProgress();
  std::vector<std::pair<StrandId, Strand>> Strands();
  std::vector<std::pair<CategoryId, std::string>> Categories();
  std::vector<ItemStateRow> ItemStates();

  // Cells of a space with a_first <= a <= a_last.
  void ScanA(uint32_t space, int64_t a_first, int64_t a_last, const Each& each);
  // Cells of a space and an `a` with b_first <= b <= b_last.
  void ScanB(uint32_t space, int64_t a, int64_t b_first, int64_t b_last, const Each& each);

  // Who ordered at a location (0: anywhere) on the days from first to last, see the table `active`.
  void ScanActive(
      uint32_t location, int64_t first, int64_t last,
      const std::function<void(int64_t day, StrandId strand, std::string_view customers)>& each);
  // Customers with begin <= first purchase < end.
  void ScanCustomers(Timestamp begin, Timestamp end,
                     const std::function<void(Timestamp first_at, std::string_view sums)>& each);

  // Journal entries of the facts of a location on the days from first to last, until `each` returns
  // false.
  void ScanFacts(LocationId location, int64_t first, int64_t last,
                 const std::function<bool(int64_t day, Sequence sequence)>& each);
  // Since when anything is known of the position; empty: nothing is.
  std::optional<Timestamp> FirstAt(PositionKey key);
  // When on hand of the position fell to nothing (is_out) and rose again, before `until`.
  void ScanFlips(PositionKey key, Timestamp until,
                 const std::function<void(Timestamp at, bool is_out)>& each);
  // Positions with something on hand, with what came to them.
  void ScanStanding(const std::function<void(PositionKey key, const StandingPosition& position,
                                             std::string_view inflow)>& each);

  // Numbers of the orders that add something to a location on the days from first to last, by day
  // and number, until `each` returns false.
  void ScanOrders(uint32_t location, int64_t first, int64_t last,
                  const std::function<bool(int64_t day, uint64_t number)>& each);
  // What an order adds; see DecodeLife().
  std::string OrderLife(uint64_t number);

 private:
  struct Statements;

  void Scan(storage::Statement& statement, const Each& each);
  [[noreturn]] void Fail(const char* doing);

  const std::string path_;
  storage::Connection connection_;  // Before the statements, so that it is closed last.
  std::unique_ptr<Statements> statements_;
};

// A few views that callers borrow. Thread-safe.
class RollupReader {
 public:
  RollupReader(std::string path, int64_t cache_bytes)
      : path_(std::move(path)), cache_bytes_(cache_bytes) {}

  // A view inside a transaction, until it goes out of scope.
  class Lease {
   public:
    Lease(RollupReader& reader, std::unique_ptr<RollupView> view);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    RollupView* operator->() const { return view_.get(); }
    RollupView& operator*() const { return *view_; }

   private:
    RollupReader& reader_;
    std::unique_ptr<RollupView> view_;
  };

  // Throws RollupError.
  Lease Borrow();

 private:
  const std::string path_;
  const int64_t cache_bytes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<RollupView>> free_;  // Guarded by mutex_.
};

}  // namespace stockd::reports
