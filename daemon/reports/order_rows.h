#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reports/rollup_rows.h"
#include "daemon/storage/connection.h"

namespace stockd::reports {

// Where the activity of customers is kept: those of one place, day and kind.
struct ActiveKey {
  uint32_t location = 0;  // 0: anywhere.
  int64_t day = 0;
  StrandId strand = 0;

  friend auto operator<=>(const ActiveKey&, const ActiveKey&) = default;
};

// Customers and how often each of them ordered.
using ActiveCounts = std::map<CustomerId, int64_t>;

std::string EncodeActive(const ActiveCounts& counts);
// False when the bytes are damaged.
[[nodiscard]] bool AddActive(std::string_view encoded, ActiveCounts& counts);

// The tables of the roll-up file about orders, returns and customers. Functions throw RollupError.
// Thread-compatible.
class OrderRows {
 public:
  // The connection outlives it.
  OrderRows(storage::Connection& connection, std::string path);
  ~OrderRows();
  OrderRows(const OrderRows&) = delete;
  OrderRows& operator=(const OrderRows&) = delete;

  OrderRow FindOrder(SourceId source, std::string_view reference);
  void SaveOrder(SourceId source, std::string_view reference, const OrderRow& order);
  // All orders with this reference, of any source, by source.
  std::vector<std::pair<SourceId, OrderRow>> OrdersWith(std::string_view reference);

  void AddReturn(const ReturnRow& row);
  std::vector<ReturnRow> ReturnsOf(std::string_view sale_reference);

  // Id 0 when unknown.
  CustomerRow FindCustomer(std::string_view reference);
  // Adds or replaces.
  void SaveCustomer(CustomerRow& customer);
  CustomerId LastCustomer();
  std::string CustomerReference(CustomerId id);

  std::string FindActive(const ActiveKey& key);
  // An empty one is deleted.
  void SaveActive(const ActiveKey& key, std::string_view customers);

 private:
  struct Statements;

  void Run(storage::Statement& statement);
  bool Step(storage::Statement& statement);
  [[noreturn]] void Fail(const char* doing);

  storage::Connection& connection_;
  const std::string path_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace stockd::reports
