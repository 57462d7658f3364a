#include "tests/fulfilment/order_trade.h"

#include <algorithm>

#include "daemon/ledger/atp.h"
#include "daemon/ledger/facts.h"

namespace stockd::fulfilment {
namespace {

using ledger::Reason;

constexpr ItemId kItems[] = {ItemId{1}, ItemId{2}, ItemId{3}};
constexpr LocationId kWarsaw{1};
constexpr LocationId kNewYork{2};
constexpr LocationId kDepot{3};
constexpr LocationId kLocations[] = {kWarsaw, kNewYork, kDepot};
constexpr int kPicksPerSlot = 2;

// Three weeks before the clocks go forward in New York and five before they do in Warsaw.
constexpr Timestamp kBegin =
    std::chrono::sys_days(std::chrono::year(2026) / 2 / 15) + std::chrono::hours(9);

StoreCalendar Shop() {
  StoreCalendar calendar;
  for (size_t day = 0; day < 6; ++day) calendar.weekly[day] = {{9 * 60, 18 * 60}};
  calendar.special_days = {{.date = absl::CivilDay(2026, 4, 6), .name = "Easter Monday"}};
  calendar.picks_per_slot = kPicksPerSlot;
  return calendar;
}

std::unique_ptr<MemoryOrderBook> WithShops(std::unique_ptr<MemoryOrderBook> book) {
  book->SetCalendar(kWarsaw, Shop(), "Europe/Warsaw");
  book->SetCalendar(kNewYork, Shop(), "America/New_York");
  book->DoesNotCollect(kDepot);
  return book;
}

std::string Named(PositionKey key) {
  return std::to_string(ToNumber(key.item)) + "@" + std::to_string(ToNumber(key.location));
}

Quantity Live(const ledger::Reservation& claim, PositionKey key, Timestamp now) {
  Quantity units = 0;
  for (const ledger::ReservationLine& line : claim.lines) {
    if (line.position != key) continue;
    units += line.committed + (claim.expires_at > now ? line.held : 0);
  }
  return units;
}

LineUnits FindUnits(const Fulfilment& fulfilment, int line) {
  for (const FulfilmentLine& each : fulfilment.lines) {
    if (each.line == line) return each.units;
  }
  return {};
}

bool IsLapsed(const Fulfilment& fulfilment, Timestamp now) {
  return fulfilment.deadline && *fulfilment.deadline <= now && !IsClosed(fulfilment.state);
}

}  // namespace

Faults None() {
  return {.state = [](ledger::MemoryState& memory) -> std::unique_ptr<ledger::State> {
            return std::make_unique<support::ForwardingState>(memory);
          },
          .book = [](const Timestamp& now) { return std::make_unique<MemoryOrderBook>(now); }};
}

OrderTrade::OrderTrade(uint64_t seed, const Faults& faults)
    : random_(seed),
      now_(kBegin),
      memory_(kBegin),
      state_(faults.state(memory_)),
      book_(WithShops(faults.book(now_))) {}

std::optional<std::string> OrderTrade::Run(int steps) {
  for (int step = 0; step < steps; ++step) {
    Step();
    if (!violation_) violation_ = Check();
    if (violation_) return "step " + std::to_string(step) + ": " + *violation_;
  }
  return {};
}

void OrderTrade::Step() {
  constexpr uint64_t kWeights[] = {12, 12, 8, 14, 70};
  switch (random_.Weighted(kWeights)) {
    case 0: return PassTime();
    case 1: return Buy();
    case 2: return Receive();
    case 3: return PlaceOne();
    default: return MoveOne();
  }
}

void OrderTrade::PassTime() {
  constexpr Duration kSteps[] = {std::chrono::minutes(5), std::chrono::hours(1),
                                 std::chrono::hours(9), std::chrono::hours(90)};
  now_ += kSteps[random_.Below(4)];
  // Now and then to the very instant of a deadline, or just before it.
  for (const auto& [id, order] : book_->orders()) {
    for (const Fulfilment& fulfilment : order.fulfilments) {
      const bool kept = !IsClosed(fulfilment.state) && fulfilment.deadline > memory_.now();
      if (kept && random_.Percent(15)) now_ = *fulfilment.deadline - Duration(random_.Below(2));
    }
  }
  now_ = std::max(now_, memory_.now());
  memory_.SetNow(now_);
  // The writer settles what is due sooner or later; nothing may depend on when.
  if (random_.Percent(50)) return;
  for (const std::string& id : ids_) SettleDue(desk(), *book_->FindOrder(id));
}

// Takes all that is free somewhere, for a while: whatever an order lets go of is gone.
void OrderTrade::Buy() {
  const PositionKey key{.item = kItems[random_.Below(3)], .location = RandomLocation()};
  const Quantity free = ledger::Available(*state_, key, kNoChannel);
  if (free <= 0) return;
  holds_.push_back("hold-" + std::to_string(holds_.size()));
  const auto result = ledger::CreateReservation(
      *state_, {.id = holds_.back(),
                .lines = {{.position = key, .quantity = random_.Between(1, free)}},
                .ttl = std::chrono::minutes(random_.Between(1, 600))});
  if (std::holds_alternative<ledger::Refusal>(result))
    violation_ = "a buyer was refused free units";
}

void OrderTrade::Receive() {
  const PositionKey key{.item = kItems[random_.Below(3)], .location = RandomLocation()};
  const Quantity quantity = random_.Between(1, 12);
  ledger::ApplyFact(*state_,
                    {.source = SourceId{1},
                     .event_id = "receipt-" + std::to_string(++requests_),
                     .kind = ledger::EntryKind::kReceipt,
                     .position = key,
                     .quantity = quantity,
                     .occurred_at = now_},
                    {}, ledger::LateFacts::kAccept);
  on_hand_[key] += quantity;
}

LocationId OrderTrade::RandomLocation() { return kLocations[random_.Below(3)]; }

Quantity OrderTrade::RandomQuantity() { return random_.Between(1, random_.Percent(80) ? 3 : 20); }

void OrderTrade::PlaceOne() {
  PlaceCommand command{.id = "order-" + std::to_string(ids_.size())};
  command.content = command.id;
  command.placed_at = now_;
  const auto lines = random_.Between(1, 3);
  const auto method = static_cast<Method>(random_.Between(1, 4));
  PlaceFulfilment fulfilment{.method = method, .location = RandomLocation()};
  if (method == Method::kShipToStore) fulfilment.destination = RandomLocation();
  for (int i = 0; i < lines; ++i) {
    const Quantity quantity = RandomQuantity();
    command.lines.push_back(
        {.id = "line-" + std::to_string(i), .item = kItems[random_.Below(3)], .ordered = quantity});
    fulfilment.parts.push_back({.line = i, .quantity = quantity});
  }
  command.fulfilments = {fulfilment};
  if (!holds_.empty() && random_.Percent(40)) command.reservation_id = random_.Pick(holds_);
  if (std::holds_alternative<Order>(PlaceOrder(desk(), command))) {
    ids_.push_back(command.id);
    ++accepted_;
  } else {
    ++refused_;
  }
}

std::vector<MoveLine> OrderTrade::RandomLines(const Fulfilment& fulfilment) {
  std::vector<MoveLine> lines;
  if (fulfilment.lines.empty() || random_.Percent(40)) return lines;
  lines.push_back({.line = fulfilment.lines[random_.Below(fulfilment.lines.size())].line,
                   .quantity = RandomQuantity()});
  return lines;
}

OrderResult OrderTrade::RandomMove(const Order& order, const Fulfilment& fulfilment,
                                   const MoveHeader& header) {
  const auto line = [&] { return fulfilment.lines[random_.Below(fulfilment.lines.size())].line; };
  const auto of = [&](int index) { return FindUnits(fulfilment, index); };
  return_location_ = RandomLocation();
  return_sellable_ = random_.Percent(70);
  pick_reason_ = random_.Percent(60) ? UnitReason::kNotFound : UnitReason::kDamaged;
  // What is useful next comes often, everything else now and then.
  const std::vector<Move> useful = MovesFrom(fulfilment.method, fulfilment.state);
  const Move move = !useful.empty() && random_.Percent(85) ? random_.Pick(useful)
                                                           : static_cast<Move>(random_.Below(18));
  switch (move) {
    case Move::kStartPicking: return StartPicking(desk(), header);
    case Move::kRecordPick: {
      if (random_.Percent(60)) {
        std::vector<PickedLine> all;
        for (const FulfilmentLine& each : fulfilment.lines) {
          all.push_back({.line = each.line, .picked = each.units.claimed});
        }
        return RecordPick(desk(), header, all);
      }
      const int index = line();
      const Quantity claimed = of(index).claimed;
      const Quantity missing = random_.Percent(25) ? random_.Between(0, claimed) : 0;
      const Quantity picked = random_.Percent(90) ? claimed - missing : RandomQuantity();
      return RecordPick(
          desk(), header,
          {{.line = index, .picked = picked, .missing = missing, .reason = pick_reason_}});
    }
    case Move::kUndoPick: {
      const int index = line();
      if (!random_.Percent(20)) return UndoPick(desk(), header, {{.line = index, .picked = 1}});
      return UndoPick(desk(), header, {{.line = index, .found = 1}});
    }
    case Move::kSubstitute:
      return Substitute(desk(), header,
                        {.line = line(),
                         .quantity = 1,
                         .substitute = {.id = "substitute-" + std::to_string(requests_),
                                        .item = kItems[random_.Below(3)]},
                         .substitute_quantity = random_.Between(1, 2)});
    case Move::kReassign:
      return Reassign(desk(), header,
                      {.lines = RandomLines(fulfilment),
                       .method = static_cast<Method>(random_.Between(1, 4)),
                       .location = RandomLocation(),
                       .destination = RandomLocation()});
    case Move::kFinishPicking: return FinishPicking(desk(), header, "area");
    case Move::kShip:
      return Ship(desk(), header,
                  {.shipment = {.id = "shipment-" + std::to_string(random_.Below(30))},
                   .lines = RandomLines(fulfilment)});
    case Move::kReceiveAtStore:
      return ReceiveAtStore(desk(), header, RandomLines(fulfilment), "area");
    case Move::kArrive: return Arrive(desk(), header);
    case Move::kHandOver: {
      const std::string code = book_->PickupCodeOf(
          order.id, fulfilment.number, fulfilment.code.generation - (random_.Percent(20) ? 1 : 0));
      return HandOver(desk(), header,
                      {.code_digest = book_->PickupCodeDigest(order.id, fulfilment.number, code),
                       .without_code = random_.Percent(10),
                       .lines = RandomLines(fulfilment)});
    }
    case Move::kRecordAttempt: return RecordAttempt(desk(), header, "");
    case Move::kDeliver: return Deliver(desk(), header, "", RandomLines(fulfilment));
    case Move::kRecordException:
      return RecordException(desk(), header, static_cast<ExceptionKind>(random_.Between(1, 5)), "",
                             RandomLines(fulfilment));
    case Move::kCancel:
      return Cancel(desk(), header, RandomLines(fulfilment), UnitReason::kCustomer);
    case Move::kReturn:
      return Return(desk(), header,
                    {.lines = RandomLines(fulfilment),
                     .location = return_location_,
                     .sellable = return_sellable_});
    case Move::kReissueCode: return ReissueCode(desk(), header);
    case Move::kExtendDeadline:
      return ExtendDeadline(desk(), header, now_ + std::chrono::hours(random_.Between(1, 100)));
    case Move::kRevisePromise:
      return RevisePromise(desk(), header, now_ + std::chrono::hours(5), {});
  }
  return OrderRefusal{};
}

void OrderTrade::MoveOne() {
  if (ids_.empty()) return;
  // Mostly one of the newest, so that orders are brought to their end.
  const size_t newest = std::min<size_t>(ids_.size(), 6);
  std::string id = random_.Pick(ids_);
  for (int tries = 0; tries < 3 && book_->FindOrder(id)->closed(); ++tries) {
    id = ids_[ids_.size() - 1 - random_.Below(newest)];
  }
  Order& live = *book_->FindOrder(id);
  SettleDue(desk(), live);
  const Order before = live;
  Fulfilment fulfilment = random_.Pick(before.fulfilments);
  if (IsClosed(fulfilment.state) && random_.Percent(70)) {
    // Rather one that is still open.
    for (const Fulfilment& each : before.fulfilments) {
      if (!IsClosed(each.state)) fulfilment = each;
    }
  }
  if (fulfilment.lines.empty()) return;
  const MoveHeader header{.order_id = id,
                          .fulfilment = fulfilment.number,
                          .request_id = "request-" + std::to_string(++requests_),
                          .content = "?",
                          .occurred_at = now_};
  const OrderResult result = RandomMove(before, fulfilment, header);
  if (const auto* after = std::get_if<Order>(&result)) {
    ++accepted_;
    Account(before, *after);
    return;
  }
  ++refused_;
  Order compared = *book_->FindOrder(id);
  const Reason reason = std::get<OrderRefusal>(result).refusal.reason;
  if (reason == Reason::kCodeWrong) {
    for (Fulfilment& each : compared.fulfilments) each.code = before.Find(each.number)->code;
    compared.version = before.version;
  }
  if (compared != before) {
    violation_ = "a command that was refused with " + std::string(ledger::ReasonName(reason)) +
                 " changed the order";
  }
}

void OrderTrade::Account(const Order& before, const Order& after) {
  for (const Fulfilment& now : after.fulfilments) {
    const Fulfilment* then = before.Find(now.number);
    if (then == nullptr) continue;
    for (const FulfilmentLine& line : now.lines) {
      const ItemId item = after.lines[static_cast<size_t>(line.line)].item;
      const LineUnits was = FindUnits(*then, line.line);
      const LineUnits& is = line.units;
      const PositionKey here{.item = item, .location = then->standing_at()};
      const Quantity returned = is.returned - was.returned;
      if (returned > 0) {
        const PositionKey back{.item = item, .location = return_location_};
        (return_sellable_ ? on_hand_ : unsellable_)[back] += returned;
        continue;
      }
      // Units that left this place, whatever they are called afterwards.
      const auto gone = [](const LineUnits& units) {
        return units.shipped + units.handed_over + units.delivered + units.lost;
      };
      const Quantity left = gone(is) - gone(was);
      if (left < 0) {
        on_hand_[{.item = item, .location = now.destination}] -= left;
      } else {
        on_hand_[here] -= left;
      }
      const Quantity missing = is.missing - was.missing;
      const bool decided =
          is.cancelled + is.substituted > was.cancelled + was.substituted || is.Sum() < was.Sum();
      if (missing > 0) {
        on_hand_[here] -= missing;
        if (pick_reason_ == UnitReason::kDamaged) unsellable_[here] += missing;
      } else if (missing < 0 && !decided) {
        // Found again. A unit that was found damaged stays so.
        const FulfilmentLine* part = nullptr;
        for (const FulfilmentLine& each : then->lines) {
          if (each.line == line.line) part = &each;
        }
        on_hand_[here] += std::min(-missing, part->written_off);
      }
    }
  }
}

std::optional<std::string> OrderTrade::Check() {
  if (auto violation = CheckPositions()) return violation;
  if (auto violation = CheckOrders()) return violation;
  return CheckSlots();
}

std::optional<std::string> OrderTrade::CheckPositions() {
  std::map<PositionKey, Quantity> claimed;
  for (const auto& [id, order] : book_->orders()) {
    for (const Fulfilment& fulfilment : order.fulfilments) {
      if (IsLapsed(fulfilment, now_)) continue;
      for (const FulfilmentLine& line : fulfilment.lines) {
        claimed[{.item = order.lines[static_cast<size_t>(line.line)].item,
                 .location = fulfilment.standing_at()}] += line.units.InClaim();
      }
    }
  }
  for (const ItemId item : kItems) {
    for (const LocationId location : kLocations) {
      const PositionKey key{.item = item, .location = location};
      const ledger::WorkingPosition& position = state_->position(key);
      if (position.row.on_hand != on_hand_[key]) {
        return Named(key) + " has " + std::to_string(position.row.on_hand) + " on hand, not " +
               std::to_string(on_hand_[key]);
      }
      if (position.row.unsellable != unsellable_[key]) return Named(key) + ": unsellable";
      Quantity held = 0;
      for (const auto& [id, reservation] : memory_.reservations()) {
        if (id.starts_with("hold-")) held += Live(reservation, key, now_);
      }
      if (position.reserved_live() + position.row.committed != claimed[key] + held) {
        return Named(key) + " has claims of " +
               std::to_string(position.reserved_live() + position.row.committed) +
               ", but orders need " + std::to_string(claimed[key]) + " and buyers hold " +
               std::to_string(held);
      }
      if (on_hand_[key] < claimed[key] + held) return Named(key) + " is oversold";
    }
  }
  return {};
}

std::optional<std::string> OrderTrade::CheckOrders() {
  for (const auto& [id, order] : book_->orders()) {
    for (size_t i = 0; i < order.lines.size(); ++i) {
      const LineUnits units = order.UnitsOf(static_cast<int>(i));
      if (order.lines[i].substitutes < 0 && units.Sum() != order.lines[i].ordered) {
        return id + "/" + order.lines[i].id + " does not add up";
      }
    }
    for (const Fulfilment& fulfilment : order.fulfilments) {
      const LineUnits total = fulfilment.Total();
      const bool negative = std::ranges::any_of(fulfilment.lines, [](const FulfilmentLine& line) {
        const LineUnits& u = line.units;
        return std::min({u.claimed, u.picked, u.missing, u.substituted, u.shipped, u.handed_over,
                         u.delivered, u.lost, u.returned, u.cancelled}) < 0;
      });
      const std::string name = id + "/" + std::to_string(fulfilment.number) + " " +
                               std::string(OrderStateName(fulfilment.state));
      if (negative) return name + " has fewer than no units somewhere";
      if (IsClosed(fulfilment.state) && total.InClaim() + total.missing > 0) {
        return name + " is closed with units in the store";
      }
      if (IsClosed(fulfilment.state) != fulfilment.closed_at.has_value()) {
        return name + " says otherwise about its end";
      }
      const bool kept = fulfilment.state == OrderState::kReady ||
                        fulfilment.state == OrderState::kCustomerWaiting;
      if (kept && (total.picked == 0 || total.claimed + total.missing > 0)) {
        return name + " has not all that it keeps";
      }
      if (kept && fulfilment.code.digest.empty()) return name + " has no code";
      if (fulfilment.state == OrderState::kInTransit && total.shipped == 0) {
        return name + " has nothing on its way";
      }
      if (fulfilment.state == OrderState::kNoShow && total.handed_over > 0) {
        return name + " was collected";
      }
    }
  }
  return {};
}

std::optional<std::string> OrderTrade::CheckSlots() {
  std::map<std::pair<LocationId, Timestamp>, int> taken;
  for (const auto& [id, order] : book_->orders()) {
    for (const Fulfilment& fulfilment : order.fulfilments) {
      if (fulfilment.slot_taken) ++taken[{fulfilment.location, *fulfilment.slot_start}];
    }
  }
  for (const auto& [slot, count] : taken) {
    if (slot.first != kDepot && count > kPicksPerSlot) return "a slot has too many picks";
  }
  return {};
}

}  // namespace stockd::fulfilment
