#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/ledger/journal.h"
#include "daemon/reports/order_rows.h"
#include "daemon/reports/workspace.h"

namespace stockd::reports {

// Adds sale lines up to orders, orders to customers, and finds the sales that returns undo.
//
// Sale lines of one source with one reference are one order, which counts where and when its
// earliest line does. A return counts by the sale that it names, once that is known: of the same
// source if it has one, else of the source with the lowest number. Thread-compatible.
class OrderFold {
 public:
  explicit OrderFold(Workspace& workspace)
      : work_(workspace), rows_(workspace.file().connection(), workspace.file().path()) {}

  // Before the first fold, and again after the roll-ups were cleared or a batch was dropped.
  void Start();

  // Adds a sale. `strand` is that of its money.
  void AddSale(const ledger::JournalEntry& sale, StrandId strand);
  void AddReturn(const ledger::JournalEntry& given_back, StrandId strand);

  // Writes what was gathered into the file's open transaction. Before Workspace::Flush().
  void Flush();

 private:
  using OrderKey = std::pair<std::string, SourceId>;

  // An order's row, as it was before the batch and as it is.
  struct Touched {
    OrderRow before;
    OrderRow now;
  };

  void AddOrder(const OrderRow& order, int sign);
  // Adds the return where it belongs, as far as the orders in the file are known.
  void AddReturnWhereItBelongs(const ReturnRow& row, int sign);
  CustomerRow& Customer(const std::string& reference);
  std::string NameOf(CustomerId id);

  Workspace& work_;
  OrderRows rows_;
  CustomerId last_customer_ = 0;
  absl::btree_map<OrderKey, Touched> orders_;
  absl::flat_hash_map<std::string, std::unique_ptr<CustomerRow>> customers_;
  absl::btree_map<ActiveKey, ActiveCounts> active_;
  std::vector<ReturnRow> returns_;
};

}  // namespace stockd::reports
