// What the parts of the sample's world share.
#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/sample/agenda.h"
#include "adapters/sample/assortment.h"
#include "adapters/sample/demand.h"
#include "adapters/sample/stock_book.h"
#include "adapters/sample/stock_plan.h"
#include "adapters/sample/trade_event.h"

namespace stockd::sample {

// Outlives the parts.
struct WorldParts {
  const std::vector<Item>& items;
  const StockPlan& plan;
  const Demand& demand;
  StockBook& stock;
  Agenda& agenda;
  std::vector<TradeEvent>& happened;

  // Something happens now.
  template <typename Event>
  void Tell(Event event) {
    happened.push_back({.at_ms = agenda.now_ms(), .what = std::move(event)});
  }
};

}  // namespace stockd::sample
