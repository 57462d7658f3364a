// The sample's retailer, from its opening on.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sample/agenda.h"
#include "adapters/sample/assortment.h"
#include "adapters/sample/demand.h"
#include "adapters/sample/logistics.h"
#include "adapters/sample/mishaps.h"
#include "adapters/sample/online_trade.h"
#include "adapters/sample/stock_book.h"
#include "adapters/sample/stock_plan.h"
#include "adapters/sample/till_trade.h"
#include "adapters/sample/trade_event.h"
#include "adapters/sample/world_parts.h"

namespace stockd::sample {

// Lives minute by minute. The same seed gives the same life; nothing that stockd does changes it.
// Thread-compatible.
class World {
 public:
  explicit World(uint64_t seed);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const std::vector<Item>& items() const { return items_; }
  const StockPlan& plan() const { return plan_; }
  const std::vector<SupplyPromise>& opening_promises() const {
    return logistics_.opening_promises();
  }

  // What happens in the next minute, in order of time. The first call is for the minute that begins
  // at 0.
  [[nodiscard]] std::vector<TradeEvent> NextMinute();

  // The end of the last minute.
  int64_t now_ms() const { return agenda_.now_ms(); }

  // What stockd shall have on hand once it has been told all that has happened.
  int64_t recorded(size_t item, size_t site) const { return stock_.recorded(item, site); }

 private:
  const std::vector<Item> items_;
  const StockPlan plan_;
  const Demand demand_;
  StockBook stock_;
  Agenda agenda_;
  std::vector<TradeEvent> happened_;
  WorldParts parts_;
  Logistics logistics_;
  TillTrade tills_;
  OnlineTrade online_;
  Mishaps mishaps_;
};

}  // namespace stockd::sample
