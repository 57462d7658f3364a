#pragma once

#include <absl/container/flat_hash_map.h>

#include <span>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/reports/cell.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// What an item was worth and where it belonged during a time.
struct ItemState {
  Timestamp from = kTimestampMin;  // An item's first holds for all time before it too.
  CategoryId category = 0;
  StrandId currency = 0;  // The strand of stock in this currency.
  int64_t unit_cost_micros = 0;
  int64_t price_micros = 0;
};

// The history of every item, in memory. Thread-compatible.
class ItemBook {
 public:
  // Adds the item's next state. REQUIRES: in the order of ItemChange::id.
  void Add(ItemId item, int32_t scale, const ItemState& state);

  // Oldest first, at least one: an item that was never told of is worth nothing.
  std::span<const ItemState> StatesOf(ItemId item) const;
  // Which of StatesOf() holds at the instant.
  static size_t IndexAt(std::span<const ItemState> states, Timestamp instant);
  const ItemState& At(ItemId item, Timestamp instant) const {
    const auto states = StatesOf(item);
    return states[IndexAt(states, instant)];
  }
  // Of one smallest counted unit, in 10^-6 of a selling unit.
  int64_t MicroUnits(ItemId item) const;

 private:
  struct History {
    int64_t micro_units = 1'000'000;
    std::vector<ItemState> states;
  };
  absl::flat_hash_map<ItemId, History> items_;
};

}  // namespace stockd::reports
