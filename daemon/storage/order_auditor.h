#pragma once

#include <absl/container/btree_map.h>
#include <absl/functional/function_ref.h>

#include <string>
#include <utility>

#include "daemon/storage/reader.h"
#include "daemon/storage/reader_connection.h"

namespace stockd::storage {

// Works out a second time what must hold between orders, their events and the claims behind them.
// Shares no code with the rules of orders, nor with what reads and writes their rows: SQLite takes
// the JSON apart. Needs memory in proportion to the open orders.
//
//   claims   the open units of an order's claims are, at each position, those that its fulfilments
//            have claimed or picked.
//   units    those of a line, over all fulfilments, are what was ordered; those of a substitute are
//            what the events say took the place of others. No figure is negative.
//   states   an order's state is the least of its open fulfilments, or that of a closed one.
class OrderAuditor {
 public:
  // Called for everything that does not add up.
  using Found = absl::FunctionRef<void(const std::string& subject, const std::string& quantity,
                                       Quantity expected, Quantity actual)>;

  OrderAuditor(ReaderConnection& connection, const std::string& path, Found found)
      : connection_(connection), path_(path), found_(found) {}

  // Returns how many orders there are. Throws ReadError. Inside one read transaction.
  int64_t Run();

 private:
  // Calls `each(row)` for every row of a query.
  template <typename Each>
  void Rows(const char* sql, Each&& each);
  void Expect(const std::string& subject, const std::string& quantity, Quantity expected,
              Quantity actual);

  void CheckUnits();
  void CheckStates();
  void CheckClaims();

  ReaderConnection& connection_;
  const std::string& path_;
  Found found_;
};

}  // namespace stockd::storage
