#include "tests/reports/order_histories.h"

#include <algorithm>

#include "tests/reports/history.h"

namespace stockd::reports {
namespace {

using fulfilment::ExceptionKind;
using fulfilment::Fulfilment;
using fulfilment::FulfilmentLine;
using fulfilment::LineUnits;
using fulfilment::Method;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;
using fulfilment::UnitReason;
using storage::OrderStory;

constexpr int kOrders = 12;
constexpr const char* kCarriers[] = {"dhl", "ups"};

// One order on its way; each step is one event.
class Teller {
 public:
  Teller(support::Random& random, uint64_t number) : random_(random) {
    fulfilment::Order& order = story_.order;
    order.number = number;
    order.id = "o" + std::to_string(number);
    story_.channel = random.Percent(50) ? "web" : "app";
    at_ = kDawn + std::chrono::minutes(random.Between(0, 4 * 1440));
    order.placed_at = at_;
    if (random.Percent(20)) order.requested_for = at_ + std::chrono::hours(random.Between(0, 30));
    const int parts = random.Percent(30) ? 2 : 1;
    for (int part = 1; part <= parts; ++part) AddPart(part);
  }

  const OrderStory& story() const { return story_; }
  uint64_t number() const { return story_.order.number; }

  // False when nothing more can happen.
  bool Step() {
    at_ += std::chrono::minutes(random_.Between(0, 600));
    if (story_.events.empty()) return Tell(0, OrderEventKind::kPlaced, {});
    std::vector<Fulfilment*> open;
    for (Fulfilment& part : story_.order.fulfilments) {
      if (!IsClosed(part.state)) open.push_back(&part);
    }
    if (open.empty()) return Afterwards();
    return Move(*open[random_.Below(open.size())]);
  }

 private:
  void AddPart(int number) {
    fulfilment::Order& order = story_.order;
    const auto line = static_cast<int>(order.lines.size());
    const Quantity units = random_.Between(1, 4);
    order.lines.push_back({.id = std::to_string(line + 1),
                           .item = ItemId{static_cast<uint32_t>(1 + random_.Below(kItemCount))},
                           .ordered = units});
    Fulfilment& part = order.fulfilments.emplace_back();
    part.number = number;
    part.method = random_.Percent(50)   ? Method::kPickup
                  : random_.Percent(70) ? Method::kShip
                                        : Method::kShipToStore;
    part.location = LocationId{static_cast<uint32_t>(1 + random_.Below(kLocationCount))};
    if (part.method == Method::kShipToStore) part.destination = LocationId{1};
    part.lines.push_back({.line = line, .units = {.claimed = units}});
    const auto promise = at_ + std::chrono::hours(random_.Between(1, 60));
    if (random_.Percent(85)) {
      (IsCollected(part.method) ? part.ready : part.delivery).first = promise;
    }
  }

  bool Tell(int part, OrderEventKind kind, std::vector<fulfilment::EventLine> lines,
            UnitReason reason = UnitReason::kNone) {
    story_.events.push_back({.number = story_.events.size() + 1,
                             .order_number = number(),
                             .fulfilment = part,
                             .kind = kind,
                             .occurred_at = at_,
                             .recorded_at = at_,
                             .reason = reason,
                             .lines = std::move(lines)});
    return true;
  }

  bool Move(Fulfilment& part) {
    FulfilmentLine& line = part.lines.front();
    LineUnits& units = line.units;
    if (part.state == OrderState::kPlaced && random_.Percent(15)) return Cancel(part);
    if (part.state == OrderState::kPlaced) {
      part.state = OrderState::kPicking;
      part.picking_at = at_;
      return Tell(part.number, OrderEventKind::kPickingStarted, {});
    }
    if (units.claimed > 0) {
      const bool missing = random_.Percent(20);
      const Quantity moved = random_.Between(1, units.claimed);
      units.claimed -= moved;
      (missing ? units.missing : units.picked) += moved;
      const UnitReason reasons[] = {UnitReason::kNotFound, UnitReason::kSold, UnitReason::kDamaged};
      return Tell(part.number, missing ? OrderEventKind::kMissing : OrderEventKind::kPicked,
                  {{line.line, moved}}, missing ? reasons[random_.Below(3)] : UnitReason::kNone);
    }
    if (units.missing > 0) {
      const Quantity moved = std::exchange(units.missing, 0);
      if (random_.Percent(40)) {
        units.claimed += moved;
        return Tell(part.number, OrderEventKind::kFound, {{line.line, moved}});
      }
      units.cancelled += moved;
      if (units.picked == 0) Close(part, OrderState::kCancelled);
      return Tell(part.number, OrderEventKind::kCancelled, {{line.line, moved}},
                  UnitReason::kNotFound);
    }
    return MoveOn(part, line);
  }

  bool MoveOn(Fulfilment& part, FulfilmentLine& line) {
    LineUnits& units = line.units;
    if (part.state == OrderState::kPicking && part.method == Method::kPickup) {
      part.state = OrderState::kReady;
      part.ready_at = at_;
      part.deadline = at_ + std::chrono::hours(random_.Between(5, 72));
      return Tell(part.number, OrderEventKind::kReady, {});
    }
    if (part.state == OrderState::kPicking) {
      part.state = OrderState::kPacked;
      part.packed_at = at_;
      return Tell(part.number, OrderEventKind::kPacked, {});
    }
    if (part.state == OrderState::kPacked) {
      part.state = OrderState::kInTransit;
      part.shipped_at = at_;
      part.shipments.push_back({.id = "P",
                                .carrier = kCarriers[random_.Below(2)],
                                .service = "parcel",
                                .attempts = random_.Percent(20) ? 1 : 0,
                                .shipped_at = at_});
      units.shipped = std::exchange(units.picked, 0);
      return Tell(part.number, OrderEventKind::kShipped, {{line.line, units.shipped}});
    }
    if (part.state == OrderState::kInTransit && random_.Percent(10)) {
      units.lost = std::exchange(units.shipped, 0);
      Close(part, OrderState::kLost);
      Tell(part.number, OrderEventKind::kException, {{line.line, units.lost}});
      story_.events.back().exception = ExceptionKind::kLost;
      return true;
    }
    if (part.state == OrderState::kInTransit && part.method == Method::kShip) {
      units.delivered = std::exchange(units.shipped, 0);
      part.shipments.back().delivered_at = at_;
      Close(part, OrderState::kDelivered);
      return Tell(part.number, OrderEventKind::kDelivered, {{line.line, units.delivered}});
    }
    if (part.state == OrderState::kInTransit) {
      units.picked = std::exchange(units.shipped, 0);
      part.state = OrderState::kReady;
      part.at_destination = true;
      part.ready_at = at_;
      part.deadline = at_ + std::chrono::hours(random_.Between(5, 72));
      part.shipments.back().delivered_at = at_;
      return Tell(part.number, OrderEventKind::kArrivedAtStore, {{line.line, units.picked}});
    }
    if (random_.Percent(25)) {
      at_ = std::max(at_, *part.deadline);
      const Quantity left = std::exchange(units.picked, 0);
      units.cancelled += left;
      Close(part, OrderState::kNoShow);
      part.closed_at = part.deadline;
      return Tell(part.number, OrderEventKind::kNoShow, {{line.line, left}});
    }
    if (random_.Percent(40)) part.arrived_at = at_;
    units.handed_over = std::exchange(units.picked, 0);
    Close(part, OrderState::kCollected);
    return Tell(part.number, OrderEventKind::kHandedOver, {{line.line, units.handed_over}});
  }

  bool Cancel(Fulfilment& part) {
    LineUnits& units = part.lines.front().units;
    const Quantity moved = std::exchange(units.claimed, 0);
    units.cancelled += moved;
    Close(part, OrderState::kCancelled);
    return Tell(part.number, OrderEventKind::kCancelled, {{part.lines.front().line, moved}},
                random_.Percent(60) ? UnitReason::kCustomer : UnitReason::kStore);
  }

  void Close(Fulfilment& part, OrderState state) {
    part.state = state;
    part.closed_at = at_;
  }

  // What is told once everything has come to its end.
  bool Afterwards() {
    if (++afterwards_ > 2) return false;
    Fulfilment& part = story_.order.fulfilments[random_.Below(story_.order.fulfilments.size())];
    if (random_.Percent(30)) {
      story_.order.rating = {.nps = static_cast<int>(random_.Between(0, 10)),
                             .csat = static_cast<int>(random_.Between(1, 5))};
      return Tell(0, OrderEventKind::kRated, {});
    }
    if (part.state != OrderState::kDelivered && part.state != OrderState::kCollected) return true;
    const ExceptionKind kinds[] = {ExceptionKind::kDamaged, ExceptionKind::kWrongItem,
                                   ExceptionKind::kWrongAddress};
    Tell(part.number, OrderEventKind::kException, {});
    story_.events.back().exception = kinds[random_.Below(3)];
    return true;
  }

  support::Random& random_;
  OrderStory story_;
  Timestamp at_{};
  int afterwards_ = 0;
};

}  // namespace

OrderHistories::OrderHistories(support::Random& random) {
  std::vector<Teller> tellers;
  for (uint64_t number = 1; number <= kOrders; ++number) tellers.emplace_back(random, number);
  const auto length = static_cast<size_t>(random.Between(40, 140));
  for (int tries = 0; events_.size() < length && tries < 2000; ++tries) {
    Teller& teller = tellers[random.Below(tellers.size())];
    const size_t before = teller.story().events.size();
    if (teller.Step() && teller.story().events.size() > before) {
      events_.emplace_back(teller.number(), teller.story());
    }
  }
}

std::optional<storage::OrderStory> OrderHistories::At(uint64_t order, uint64_t until) const {
  for (uint64_t event = std::min(until, event_count()); event > 0; --event) {
    if (events_[event - 1].first == order) return events_[event - 1].second;
  }
  return std::nullopt;
}

std::vector<storage::OrderStory> OrderHistories::Finally() const {
  std::vector<storage::OrderStory> stories;
  for (uint64_t order = 1; order <= kOrders; ++order) {
    if (auto story = At(order, event_count())) stories.push_back(std::move(*story));
  }
  return stories;
}

std::vector<std::pair<uint64_t, uint64_t>> OrderHistoryFeed::OrderEvents(uint64_t after,
                                                                         int limit) {
  std::vector<std::pair<uint64_t, uint64_t>> events;
  for (uint64_t event = after + 1; event <= told_ && std::ssize(events) < limit; ++event) {
    events.emplace_back(event, histories_.OrderOf(event));
  }
  return events;
}

}  // namespace stockd::reports
