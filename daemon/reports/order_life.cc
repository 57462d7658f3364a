#include "daemon/reports/order_life.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "daemon/reports/distribution.h"
#include "daemon/reports/order_outcome.h"

namespace stockd::reports {
namespace {

using enum Measure;
using fulfilment::ExceptionKind;
using fulfilment::Fulfilment;
using fulfilment::Method;
using fulfilment::Order;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;
using fulfilment::UnitReason;
using storage::OrderStory;

bool IsCancelled(const Fulfilment& fulfilment) {
  return fulfilment.state == OrderState::kCancelled;
}

class Life {
 public:
  Life(const OrderStory& story, const std::function<int64_t(ItemId)>& micro_units)
      : story_(story), order_(story.order), micro_units_(micro_units) {}

  std::vector<LifeSums> Tell() {
    if (order_.fulfilments.empty()) return {};
    if (CancelledEarly()) {
      At(order_.placed_at, order_.fulfilments.front()).Add(kCancelledEarlyOrders, 1);
      return std::move(sums_);
    }
    TellPlacing();
    for (const Fulfilment& fulfilment : order_.fulfilments) {
      if (IsCancelled(fulfilment)) continue;
      TellTimes(fulfilment);
      TellErrors(fulfilment);
      TellPromises(fulfilment);
      if (IsCollected(fulfilment.method)) TellPickup(fulfilment);
      TellParcels(fulfilment);
    }
    TellDue();
    TellRating();
    return std::move(sums_);
  }

 private:
  // Adds to the sums of one place and time.
  class Adder {
   public:
    explicit Adder(LifeSums& sums) : sums_(sums) {}
    Adder& Add(Measure measure, Int128 amount) {
      if (amount != 0) sums_.amounts.push_back({measure, amount});
      return *this;
    }
    // A time, as how often, sum and distribution.
    Adder& AddTime(Measure count, Measure sum, Distribution distribution, Duration time) {
      const int64_t micros = std::max<int64_t>(0, time.count());
      return Add(count, 1).Add(sum, micros).Add(BinMeasure(distribution, BinOf(micros)), 1);
    }

   private:
    LifeSums& sums_;
  };

  // Valid until the next call.
  Adder At(Timestamp at, const Fulfilment& fulfilment) {
    return At(at, fulfilment, fulfilment.location);
  }
  // Of what the customer sees, for whom the store that hands over is the one.
  Adder AtCounter(Timestamp at, const Fulfilment& fulfilment) {
    return At(
        at, fulfilment,
        fulfilment.method == Method::kShipToStore ? fulfilment.destination : fulfilment.location);
  }
  Adder At(Timestamp at, const Fulfilment& fulfilment, LocationId location) {
    Strand strand{.channel = story_.channel,
                  .fulfilment = std::string(fulfilment::MethodName(fulfilment.method))};
    if (!fulfilment.shipments.empty()) {
      strand.carrier = fulfilment.shipments.back().carrier;
      strand.service = fulfilment.shipments.back().service;
    }
    sums_.push_back({.at = at, .location = location, .strand = std::move(strand), .amounts = {}});
    return Adder(sums_.back());
  }

  Int128 Micro(int line, Quantity units) const {
    return Int128{units} * micro_units_(order_.lines[static_cast<size_t>(line)].item);
  }

  bool CancelledEarly() const {
    return std::ranges::all_of(order_.fulfilments, [](const Fulfilment& fulfilment) {
      return IsCancelled(fulfilment) && !fulfilment.picking_at;
    });
  }

  // Units of the line that events of a kind are about, with this reason or with any.
  Quantity EventUnits(OrderEventKind kind, int line,
                      std::optional<UnitReason> reason = std::nullopt) const {
    Quantity units = 0;
    for (const OrderEvent& event : story_.events) {
      if (event.kind != kind || (reason && event.reason != *reason)) continue;
      for (const auto& moved : event.lines) units += moved.line == line ? moved.quantity : 0;
    }
    return units;
  }

  // Units of the line that were not found and did not turn up. An undone step takes back what was
  // missing first: only what turned up says so of a line that was also picked.
  Quantity MissingUnits(int line) const {
    std::map<int, Quantity> missing;  // By fulfilment.
    for (const OrderEvent& event : story_.events) {
      for (const auto& moved : event.lines) {
        if (moved.line != line) continue;
        Quantity& units = missing[event.fulfilment];
        if (event.kind == OrderEventKind::kMissing) units += moved.quantity;
        if (event.kind == OrderEventKind::kFound) units -= std::min(units, moved.quantity);
      }
    }
    Quantity sum = 0;
    for (const auto& [fulfilment, units] : missing) sum += units;
    return sum;
  }

  void TellPlacing() {
    Adder placed = At(order_.placed_at, order_.fulfilments.front());
    placed.Add(kPlacedOrders, 1);
    placed.Add(kPickupOrders, std::ranges::any_of(order_.fulfilments, [](const Fulfilment& each) {
                 return IsCollected(each.method);
               }));
    const bool open = std::ranges::any_of(
        order_.fulfilments, [](const Fulfilment& each) { return each.Total().claimed > 0; });
    if (open) {
      placed.Add(kOpenOrders, 1);
      return;
    }
    bool filled = true;
    for (int line = 0; line < static_cast<int>(order_.lines.size()); ++line) {
      if (order_.lines[static_cast<size_t>(line)].substitutes >= 0) {
        TellSubstitute(line, placed);
      } else {
        filled = TellLine(line, placed) && filled;
      }
    }
    placed.Add(kDecidedOrders, 1).Add(kFilledOrders, filled ? 1 : 0);
  }

  // Whether the line was found completely.
  bool TellLine(int line, Adder& placed) {
    const Quantity given_up = EventUnits(OrderEventKind::kCancelled, line, UnitReason::kCustomer);
    const Quantity wanted = order_.lines[static_cast<size_t>(line)].ordered - given_up;
    if (wanted <= 0) return true;
    const Quantity missing = MissingUnits(line);
    // What the chain cancelled was missing before, or nobody looked for it.
    Quantity let_down = EventUnits(OrderEventKind::kCancelled, line);
    for (const UnitReason reason : {UnitReason::kCustomer, UnitReason::kRefused}) {
      let_down -= EventUnits(OrderEventKind::kCancelled, line, reason);
    }
    const Quantity filled = std::max<Quantity>(0, wanted - std::max(missing, let_down));
    placed.Add(kDecidedLines, 1).Add(kFilledLines, filled == wanted ? 1 : 0);
    placed.Add(kDecidedUnits, Micro(line, wanted)).Add(kFilledUnits, Micro(line, filled));
    if (filled > 0) placed.Add(kPickedLines, 1).Add(kPickErrorLines, HasPickError(line) ? 1 : 0);
    if (filled == wanted) return true;
    placed.Add(kShortLines, 1);
    const auto units = order_.UnitsOf(line);
    placed.Add(kSubstitutedLines, units.substituted > 0 ? 1 : 0);
    Quantity rest = wanted - filled;
    const std::pair<UnitReason, Measure> reasons[] = {{UnitReason::kSold, kSoldUnits},
                                                      {UnitReason::kDamaged, kBrokenUnits},
                                                      {UnitReason::kNotFound, kNotFoundUnits},
                                                      {UnitReason::kNone, kNotFoundUnits}};
    for (const auto& [reason, measure] : reasons) {
      const Quantity told = std::min(rest, EventUnits(OrderEventKind::kMissing, line, reason));
      placed.Add(measure, Micro(line, told));
      rest -= told;
    }
    placed.Add(kOtherMissingUnits, Micro(line, rest));
    return false;
  }

  void TellSubstitute(int line, Adder& placed) {
    const auto units = order_.UnitsOf(line);
    placed.Add(kSubstituteUnits, Micro(line, units.Sum()));
    placed.Add(kSubstituteKeptUnits, Micro(line, units.handed_over + units.delivered));
  }

  bool HasPickError(int line) const {
    return std::ranges::any_of(story_.events, [line](const OrderEvent& event) {
      if (event.kind != OrderEventKind::kException) return false;
      if (event.exception != ExceptionKind::kWrongItem &&
          event.exception != ExceptionKind::kWrongQuantity) {
        return false;
      }
      return event.lines.empty() || std::ranges::any_of(event.lines, [line](const auto& moved) {
               return moved.line == line;
             });
    });
  }

  // When the fulfilment came to its end with the customer or was lost.
  std::optional<Timestamp> CompletedAt(const Fulfilment& fulfilment) const {
    if (const auto at = HandedOverAt(fulfilment, story_.events)) return at;
    return fulfilment.state == OrderState::kLost ? fulfilment.closed_at : std::nullopt;
  }

  void TellTimes(const Fulfilment& each) {
    const auto at = HandedOverAt(each, story_.events);
    if (!at) return;
    Adder done = At(*at, each);
    const Duration gross = *at - order_.placed_at;
    // What the customer wished to wait is not the chain's time.
    const Duration wished =
        order_.requested_for ? *order_.requested_for - order_.placed_at : Duration{0};
    const Duration net = gross - std::max(Duration{0}, wished);
    done.AddTime(kCycles, kCycleMicros, Distribution::kCycleMicros, gross);
    done.Add(kNetCycleMicros, std::max<int64_t>(0, net.count()));
    done.Add(BinMeasure(Distribution::kNetCycleMicros, BinOf(net.count())), 1);
    const auto between = [&done](std::optional<Timestamp> from, std::optional<Timestamp> to,
                                 Measure count, Measure sum, Distribution distribution) {
      if (from && to) done.AddTime(count, sum, distribution, *to - *from);
    };
    const auto packed = each.packed_at ? each.packed_at : each.ready_at;
    between(order_.placed_at, each.picking_at, kReleases, kReleaseMicros,
            Distribution::kReleaseMicros);
    between(each.picking_at, packed, kPickings, kPickingMicros, Distribution::kPickingMicros);
    between(each.packed_at, each.shipped_at, kPackings, kPackingMicros,
            Distribution::kPackingMicros);
    if (!IsCollected(each.method)) {
      between(each.shipped_at, at, kTransits, kTransitMicros, Distribution::kTransitMicros);
    }
  }

  void TellErrors(const Fulfilment& fulfilment) {
    const auto at = CompletedAt(fulfilment);
    if (!at) return;
    const std::pair<ExceptionKind, Measure> kinds[] = {
        {ExceptionKind::kWrongItem, kErrorWrongItem},
        {ExceptionKind::kWrongQuantity, kErrorWrongQuantity},
        {ExceptionKind::kWrongAddress, kErrorWrongAddress},
        {ExceptionKind::kDamaged, kErrorDamaged},
        {ExceptionKind::kLost, kErrorLost}};
    Adder done = At(*at, fulfilment);
    bool any = false;
    for (const auto& [kind, measure] : kinds) {
      if (!HasError(fulfilment, story_.events, kind)) continue;
      any = true;
      done.Add(measure, 1);
    }
    done.Add(kCompleted, 1).Add(kCompletedWithError, any ? 1 : 0);
  }

  void TellPromises(const Fulfilment& fulfilment) {
    const auto& due = PromiseOf(fulfilment);
    if (!due) return;
    const bool on_time = IsOnTime(fulfilment, story_.events);
    if (IsCollected(fulfilment.method)) {
      AtCounter(*due, fulfilment).Add(kPickupsDue, 1).Add(kPickupsOnTime, on_time ? 1 : 0);
      return;
    }
    Adder promised = At(*due, fulfilment);
    promised.Add(kDeliveriesDue, 1).Add(kDeliveriesOnTime, on_time ? 1 : 0);
    const auto met_at = PromiseMetAt(fulfilment, story_.events);
    if (!met_at || on_time) return;
    promised.AddTime(kDeliveriesLate, kDeliveryLateMicros, Distribution::kDeliveryLateMicros,
                     *met_at - *due);
  }

  void TellPickup(const Fulfilment& fulfilment) {
    if (!fulfilment.ready_at) return;
    AtCounter(*fulfilment.ready_at, fulfilment)
        .AddTime(kReadies, kReadyMicros, Distribution::kReadyMicros,
                 *fulfilment.ready_at - order_.placed_at);
    if (fulfilment.deadline) {
      AtCounter(*fulfilment.deadline, fulfilment)
          .Add(kDeadlines, 1)
          .Add(kNoShows, fulfilment.state == OrderState::kNoShow ? 1 : 0);
    }
    const auto at = HandedOverAt(fulfilment, story_.events);
    if (!at) return;
    Adder done = AtCounter(*at, fulfilment);
    done.AddTime(kDwells, kDwellMicros, Distribution::kDwellMicros, *at - *fulfilment.ready_at);
    if (fulfilment.arrived_at && *fulfilment.arrived_at <= *at) {
      done.AddTime(kWaits, kWaitMicros, Distribution::kWaitMicros, *at - *fulfilment.arrived_at);
    }
  }

  void TellParcels(const Fulfilment& fulfilment) {
    // A delivery need not say of which parcel.
    const auto handed_over_at = HandedOverAt(fulfilment, story_.events);
    for (const auto& shipment : fulfilment.shipments) {
      const auto delivered_at = shipment.delivered_at ? shipment.delivered_at : handed_over_at;
      const bool ended = delivered_at || fulfilment::IsClosed(fulfilment.state);
      if (!ended || fulfilment.state == OrderState::kLost) continue;
      At(delivered_at.value_or(fulfilment.closed_at.value_or(order_.placed_at)), fulfilment)
          .Add(kParcelsEnded, 1)
          .Add(kParcelsFirstTry, delivered_at && shipment.attempts == 0 ? 1 : 0);
    }
  }

  // The whole order, by its last promise.
  void TellDue() {
    std::optional<Timestamp> due;
    bool on_time = true;
    const Fulfilment* first = nullptr;
    for (const Fulfilment& fulfilment : order_.fulfilments) {
      if (IsCancelled(fulfilment) && !IsLetDown(fulfilment)) continue;
      if (first == nullptr) first = &fulfilment;
      const auto& promise = PromiseOf(fulfilment);
      if (!promise) {
        At(order_.placed_at, *first).Add(kOrdersWithoutPromise, 1);
        return;
      }
      due = std::max(due.value_or(kTimestampMin), *promise);
      on_time = on_time && IsOnTime(fulfilment, story_.events);
    }
    if (first == nullptr) return;  // The customer wanted none of it any more.
    bool in_full = true;
    Adder sums = At(*due, *first);
    for (int line = 0; line < static_cast<int>(order_.lines.size()); ++line) {
      const auto& ordered = order_.lines[static_cast<size_t>(line)];
      if (ordered.substitutes >= 0) continue;
      const Quantity given_up = EventUnits(OrderEventKind::kCancelled, line, UnitReason::kCustomer);
      const Quantity wanted = ordered.ordered - given_up;
      if (wanted <= 0) continue;
      const Quantity had = std::min(wanted, HadUnits(line));
      in_full = in_full && had == wanted;
      sums.Add(kLinesDue, 1).Add(kLinesOtif, on_time && had == wanted ? 1 : 0);
      sums.Add(kUnitsDue, Micro(line, wanted)).Add(kUnitsOtif, on_time ? Micro(line, had) : 0);
    }
    const auto has = [this](ExceptionKind kind) {
      return std::ranges::any_of(order_.fulfilments, [&](const Fulfilment& each) {
        return HasError(each, story_.events, kind);
      });
    };
    const bool undamaged = !has(ExceptionKind::kDamaged) && !has(ExceptionKind::kLost);
    const bool right = !has(ExceptionKind::kWrongItem) && !has(ExceptionKind::kWrongQuantity) &&
                       !has(ExceptionKind::kWrongAddress);
    sums.Add(kOrdersDue, 1)
        .Add(kOrdersOnTime, on_time ? 1 : 0)
        .Add(kOrdersInFull, in_full ? 1 : 0)
        .Add(kOrdersOtif, on_time && in_full ? 1 : 0)
        .Add(kOrdersUndamaged, undamaged ? 1 : 0)
        .Add(kOrdersRight, right ? 1 : 0)
        .Add(kOrdersPerfect, on_time && in_full && undamaged && right ? 1 : 0);
  }

  // Whether units of a cancelled part were cancelled by the chain.
  bool IsLetDown(const Fulfilment& fulfilment) const {
    return std::ranges::any_of(story_.events, [&](const OrderEvent& event) {
      return event.kind == OrderEventKind::kCancelled && event.fulfilment == fulfilment.number &&
             event.reason != UnitReason::kCustomer;
    });
  }

  // Units of the line that the customer has, had and gave back, or could have had: they are or were
  // ready to be collected.
  Quantity HadUnits(int line) const {
    const Quantity given = EventUnits(OrderEventKind::kHandedOver, line) +
                           EventUnits(OrderEventKind::kDelivered, line);
    const auto units = order_.UnitsOf(line);
    Quantity had = std::max(given, units.handed_over + units.delivered);
    had += EventUnits(OrderEventKind::kNoShow, line);
    for (const Fulfilment& fulfilment : order_.fulfilments) {
      if (fulfilment.state != OrderState::kReady &&
          fulfilment.state != OrderState::kCustomerWaiting) {
        continue;
      }
      for (const auto& part : fulfilment.lines) had += part.line == line ? part.units.picked : 0;
    }
    return had;
  }

  void TellRating() {
    const auto& rating = order_.rating;
    if (!rating.nps && !rating.csat) return;
    const Fulfilment& last = order_.fulfilments.back();
    Adder sums = At(CompletedAt(last).value_or(order_.placed_at), last);
    if (rating.nps) {
      sums.Add(kNpsAnswers, 1)
          .Add(kNpsPromoters, *rating.nps >= 9 ? 1 : 0)
          .Add(kNpsDetractors, *rating.nps <= 6 ? 1 : 0);
    }
    if (rating.csat) sums.Add(kCsatAnswers, 1).Add(kCsatTop, *rating.csat >= 4 ? 1 : 0);
  }

  const OrderStory& story_;
  const Order& order_;
  const std::function<int64_t(ItemId)>& micro_units_;
  std::vector<LifeSums> sums_;
};

}  // namespace

std::vector<LifeSums> LifeOf(const OrderStory& story,
                             const std::function<int64_t(ItemId)>& micro_units) {
  return Life(story, micro_units).Tell();
}

}  // namespace stockd::reports
