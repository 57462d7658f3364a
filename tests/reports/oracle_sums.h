#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/reports/oracle.h"

namespace stockd::reports {

inline constexpr Duration kTick{1};

template <typename T>
bool Lets(const std::vector<T>& filter, const T& value) {
  return filter.empty() || std::ranges::find(filter, value) != filter.end();
}

// The sums of one group and one bucket, each found by going through everything.
class OracleSums final : public Sums {
 public:
  OracleSums(const Oracle& oracle, const ReportQuery& query, Timestamp begin, Timestamp end,
             std::vector<std::string> group, std::optional<std::string> currency)
      : oracle_(oracle),
        query_(query),
        begin_(begin),
        end_(end),
        group_(std::move(group)),
        currency_(std::move(currency)) {}

  Int128 Flow(Measure measure) const override { return FlowOf(measure, /*all_groups=*/false); }
  Int128 FlowOfAll(Measure measure) const override { return FlowOf(measure, /*all_groups=*/true); }

  Int128 Opening(Measure step) const override { return Standing(step, begin_ - kTick); }
  Int128 Closing(Measure step) const override { return Standing(step, end_ - kTick); }

  Int128 Integral(Measure step) const override {
    std::set<Timestamp> edges = {begin_, end_};
    for (const auto& [key, position] : oracle_.positions_) {
      for (const Timestamp at : position.Instants()) edges.insert(std::clamp(at, begin_, end_));
    }
    for (const auto& [item, states] : oracle_.items_) {
      for (const auto& state : states) edges.insert(std::clamp(state.from, begin_, end_));
    }
    Int128 integral = 0;
    for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge) {
      integral += Standing(step, *edge) * (*std::next(edge) - *edge).count();
    }
    return integral;
  }

  std::vector<std::pair<int, int64_t>> Bins(Distribution distribution) const override {
    std::map<int, int64_t> bins;
    if (distribution == Distribution::kLatenessMicros) {
      for (const Oracle::Fact& fact : oracle_.facts_) {
        if (!Within(fact.told.occurred_at) || fact.told.kind == ledger::EntryKind::kCount) continue;
        const auto& state = oracle_.StateAt(fact.told.position.item, fact.told.occurred_at);
        const int times = Matches(fact.told.position, state.category, StrandOf(fact.told));
        if (times != 0) bins[BinOf(LatenessOf(fact))] += times;
      }
      return {bins.begin(), bins.end()};
    }
    if (distribution != Distribution::kStockOutMicros) return {};
    ForStockOuts([&](Timestamp begin, std::optional<Timestamp> end, int times) {
      if (end) bins[BinOf((*end - begin).count())] += times;
    });
    return {bins.begin(), bins.end()};
  }

  std::vector<int64_t> Values(Distribution) const override { return {}; }

  Duration length() const override { return end_ - begin_; }

  // How often the place belongs to the group; a location may be in several of the groups asked for.
  int Matches(PositionKey key, const std::string& category, const Strand& strand,
              bool all_groups = false) const {
    if (!Lets(query_.locations, key.location) || !Lets(query_.categories, category) ||
        !Lets(query_.items, key.item) || !Lets(query_.channels, strand.channel) ||
        !Lets(query_.fulfilments, strand.fulfilment) || !Lets(query_.sources, strand.source) ||
        !Lets(query_.currencies, strand.currency) || (currency_ && *currency_ != strand.currency)) {
      return 0;
    }
    const bool by_group =
        std::ranges::find(query_.group_by, Dimension::kGroup) != query_.group_by.end();
    std::vector<std::string> groups;
    for (const storage::Group& group : oracle_.world_.catalogue().Groups()) {
      if (Lets(query_.groups, group.id) &&
          std::ranges::find(group.locations, key.location) != group.locations.end()) {
        groups.push_back(group.group_id);
      }
    }
    if ((by_group || !query_.groups.empty()) && groups.empty()) return 0;
    if (!by_group) groups = {""};
    int times = 0;
    for (const std::string& group : groups) {
      bool matches = true;
      for (size_t i = 0; i < query_.group_by.size() && !all_groups; ++i) {
        matches = matches && group_[i] == ValueOf(query_.group_by[i], key, category, strand, group);
      }
      times += matches;
    }
    return times;
  }

  std::string ValueOf(Dimension dimension, PositionKey key, const std::string& category,
                      const Strand& strand, const std::string& group) const {
    const engine::Catalogue& catalogue = oracle_.world_.catalogue();
    switch (dimension) {
      case Dimension::kLocation: return catalogue.LocationCode(key.location);
      case Dimension::kGroup: return group;
      case Dimension::kCategory: return category;
      case Dimension::kItem: return catalogue.Sku(key.item);
      case Dimension::kChannel: return strand.channel;
      case Dimension::kFulfilment: return strand.fulfilment;
      case Dimension::kSource: return catalogue.SourceName(strand.source);
      case Dimension::kCurrency: return strand.currency;
      case Dimension::kCarrier: return strand.carrier;
      case Dimension::kService: return strand.service;
    }
    return {};
  }

 private:
  bool Within(Timestamp at) const { return begin_ <= at && at < end_; }

  Int128 FlowOf(Measure measure, bool all_groups) const {
    Int128 sum = 0;
    for (const Oracle::Fact& fact : oracle_.facts_) {
      if (!Within(fact.told.occurred_at)) continue;
      const auto& state = oracle_.StateAt(fact.told.position.item, fact.told.occurred_at);
      const bool at_cost = measure == Measure::kSaleCost || measure == Measure::kReturnCost ||
                           measure == Measure::kSaleUncostedUnits;
      const Strand strand{.channel = fact.told.channel,
                          .fulfilment = fact.told.fulfilment_channel,
                          .currency = at_cost ? state.currency : fact.told.currency,
                          .source = fact.told.source};
      sum += AmountOf(fact, state, measure) *
             Matches(fact.told.position, state.category, strand, all_groups);
    }
    for (const auto& [key, position] : oracle_.positions_) {
      for (const auto& [at, stated] : position.counts) {
        if (!Within(at)) continue;
        const auto& state = oracle_.StateAt(key.item, at);
        sum += AmountOfCount(key, position, at, stated, state, measure) *
               Matches(key, state.category, {.currency = state.currency}, all_groups);
      }
    }
    sum += OrdersOf(measure, all_groups);
    for (const auto& [key, count] : oracle_.visits_) {
      const auto& [channel, location, begins_at] = key;
      if (measure != Measure::kVisits || !Within(begins_at)) continue;
      sum += Int128{count} *
             Matches({.item = kNoItem, .location = location}, "", {.channel = channel}, all_groups);
    }
    if (measure == Measure::kStockOuts || measure == Measure::kStockOutsEnded ||
        measure == Measure::kStockOutMicros) {
      ForStockOuts([&](Timestamp begin, std::optional<Timestamp> end, int times) {
        if (measure == Measure::kStockOuts) sum += times;
        if (measure == Measure::kStockOutsEnded && end) sum += times;
        if (measure == Measure::kStockOutMicros && end) sum += (*end - begin).count() * times;
      });
    }
    return sum;
  }

  Int128 OrdersOf(Measure measure, bool all_groups) const {
    if (measure < Measure::kOrders || measure > Measure::kCohortReturnValue) return 0;
    Int128 sum = 0;
    const auto orders = oracle_.Orders();
    for (const auto& [key, order] : orders) {
      const ledger::Fact& line = order.line->told;
      if (!Within(line.occurred_at)) continue;
      const int times = Matches(line.position, "", StrandOf(line), all_groups);
      if (measure == Measure::kOrders) sum += times;
      if (measure == Measure::kOrdersWithCustomer && !order.customer.empty()) sum += times;
    }
    for (const Oracle::Fact& fact : oracle_.facts_) {
      if (fact.told.kind != ledger::EntryKind::kReturn) continue;
      const Oracle::Order* sale = oracle_.SaleOf(fact, orders);
      const ledger::Fact& where = sale == nullptr ? fact.told : sale->line->told;
      if (!Within(where.occurred_at)) continue;
      const auto& state = oracle_.StateAt(fact.told.position.item, fact.told.occurred_at);
      const int times =
          Matches({.item = fact.told.position.item, .location = where.position.location},
                  state.category, StrandOf(where), all_groups);
      const Int128 units =
          Int128{fact.told.quantity} * oracle_.micro_units_.at(fact.told.position.item) * times;
      const bool elsewhere = where.position.location != fact.told.position.location;
      if (measure == Measure::kReturnUnmatchedLines && sale == nullptr) sum += times;
      if (sale == nullptr) continue;
      if (measure == Measure::kCohortReturnLines) sum += times;
      if (measure == Measure::kCohortReturnUnits) sum += units;
      if (measure == Measure::kCrossReturnUnits && elsewhere) sum += units;
      if (measure == Measure::kCohortReturnValue && where.currency == fact.told.currency) {
        sum += units * fact.told.unit_price_micros;
      }
    }
    return sum;
  }

  static int64_t LatenessOf(const Oracle::Fact& fact) {
    return std::max<int64_t>(0, (fact.recorded_at - fact.told.occurred_at).count());
  }

  static Strand StrandOf(const ledger::Fact& told) {
    return {.channel = told.channel,
            .fulfilment = told.fulfilment_channel,
            .currency = told.currency,
            .source = told.source};
  }

  Int128 AmountOf(const Oracle::Fact& fact, const Oracle::ItemState& state, Measure measure) const {
    const ledger::Fact& told = fact.told;
    if (told.kind == ledger::EntryKind::kCount) return 0;
    const Int128 units =
        Int128{std::abs(told.quantity)} * oracle_.micro_units_.at(told.position.item);
    const bool sale = told.kind == ledger::EntryKind::kSale;
    const bool came_back = told.kind == ledger::EntryKind::kReturn;
    const bool priced = told.unit_price_micros != 0;
    switch (measure) {
      case Measure::kFactLines: return 1;
      case Measure::kLatenessMicros: return LatenessOf(fact);
      case Measure::kLateLines:
        return fact.recorded_at - told.occurred_at > std::chrono::hours(1) ? 1 : 0;
      case Measure::kSaleLines: return sale;
      case Measure::kSaleUnits: return sale ? units : 0;
      case Measure::kSaleValue: return sale ? units * told.unit_price_micros : 0;
      case Measure::kSaleValueUnits: return sale && priced ? units : 0;
      case Measure::kSaleCost: return sale ? units * state.unit_cost_micros : 0;
      case Measure::kSaleUnpricedLines: return sale && !priced;
      case Measure::kSaleUncostedUnits: return sale && state.unit_cost_micros == 0 ? units : 0;
      case Measure::kReturnLines: return came_back;
      case Measure::kReturnUnits: return came_back ? units : 0;
      case Measure::kReturnValue: return came_back ? units * told.unit_price_micros : 0;
      case Measure::kReturnCost: return came_back ? units * state.unit_cost_micros : 0;
      case Measure::kReturnUnpricedLines: return came_back && !priced;
      case Measure::kOrderLines: return sale && !told.reference.empty();
      case Measure::kOrderUnits: return sale && !told.reference.empty() ? units : 0;
      case Measure::kOrderValue:
        return sale && !told.reference.empty() ? units * told.unit_price_micros : 0;
      case Measure::kOrderUnpricedLines: return sale && !told.reference.empty() && !priced;
      case Measure::kShopLines: return sale && told.channel != "web";
      case Measure::kShopKnownLines:
        return sale && told.channel != "web" && !told.customer_reference.empty();
      case Measure::kShopKnownValue:
        return sale && told.channel != "web" && !told.customer_reference.empty()
                   ? units * told.unit_price_micros
                   : 0;
      case Measure::kShopContactedValue:
        return sale && told.channel != "web" && !told.customer_reference.empty() &&
                       oracle_.IsContacted(told)
                   ? units * told.unit_price_micros
                   : 0;
      case Measure::kReceiptLines: return told.kind == ledger::EntryKind::kReceipt;
      case Measure::kReceiptUnits: return told.kind == ledger::EntryKind::kReceipt ? units : 0;
      case Measure::kTransferInLines: return told.kind == ledger::EntryKind::kTransferIn;
      case Measure::kTransferInUnits:
        return told.kind == ledger::EntryKind::kTransferIn ? units : 0;
      case Measure::kTransferOutUnits:
        return told.kind == ledger::EntryKind::kTransferOut ? units : 0;
      case Measure::kAdjustedUpUnits:
        return told.kind == ledger::EntryKind::kAdjustment && told.quantity > 0 ? units : 0;
      case Measure::kAdjustedDownUnits:
        return told.kind == ledger::EntryKind::kAdjustment && told.quantity < 0 ? units : 0;
      case Measure::kDamagedUnits: return told.kind == ledger::EntryKind::kDamage ? units : 0;
      default: return 0;
    }
  }

  Int128 AmountOfCount(PositionKey key, const Oracle::Position& position, Timestamp at,
                       Quantity stated, const Oracle::ItemState& state, Measure measure) const {
    const bool first = position.First() == at;
    const Quantity book = position.Before(at);
    const Int128 unit = oracle_.micro_units_.at(key.item);
    if (measure == Measure::kFirstCountLines) return first;
    if (first) return 0;
    switch (measure) {
      case Measure::kCountedLines: return 1;
      case Measure::kAccurateLines: return stated == book;
      case Measure::kBookUnits: return std::abs(book) * unit;
      case Measure::kCountErrorUnits: return std::abs(stated - book) * unit;
      case Measure::kCountSurplusUnits: return (stated - book) * unit;
      case Measure::kShrinkageCost: return (book - stated) * unit * state.unit_cost_micros;
      default: return 0;
    }
  }

  template <typename Each>
  void ForStockOuts(Each&& each) const {
    for (const auto& [key, position] : oracle_.positions_) {
      std::optional<Timestamp> begin;
      const auto add = [&](std::optional<Timestamp> end) {
        const auto& state = oracle_.StateAt(key.item, *begin);
        if (Within(*begin)) {
          each(*begin, end, Matches(key, state.category, {.currency = state.currency}));
        }
        begin.reset();
      };
      for (const Timestamp at : position.Instants()) {
        const bool out = position.At(at) <= 0;
        if (out && !begin) begin = at;
        if (!out && begin) add(at);
      }
      if (begin) add(std::nullopt);
    }
  }

  // What stands at an instant, the facts of that instant included.
  Int128 Standing(Measure step, Timestamp at) const {
    Int128 sum = 0;
    for (const auto& [key, position] : oracle_.positions_) {
      if (position.First() > at) continue;
      const auto& state = oracle_.StateAt(key.item, at);
      const int times = Matches(key, state.category, {.currency = state.currency});
      if (times == 0) continue;
      const Quantity on_hand = position.At(at);
      const Int128 units = Int128{on_hand} * oracle_.micro_units_.at(key.item) * times;
      switch (step) {
        case Measure::kOnHandStep: sum += units; break;
        case Measure::kCostStep: sum += units * state.unit_cost_micros; break;
        case Measure::kRetailStep: sum += units * state.price_micros; break;
        case Measure::kRangedStep: sum += times; break;
        case Measure::kOutStep: sum += on_hand <= 0 ? times : 0; break;
        default: break;
      }
    }
    return sum;
  }

  const Oracle& oracle_;
  const ReportQuery& query_;
  const Timestamp begin_;
  const Timestamp end_;
  const std::vector<std::string> group_;
  const std::optional<std::string> currency_;  // Of figures that are kept apart by currency.
};

}  // namespace stockd::reports
