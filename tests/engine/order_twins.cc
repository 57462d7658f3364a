#include "tests/engine/order_twins.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "daemon/fulfilment/order_moves.h"
#include "daemon/storage/order_text.h"

namespace stockd::support {
namespace {

using fulfilment::Fulfilment;
using fulfilment::FulfilmentLine;
using fulfilment::Method;
using fulfilment::Move;
using fulfilment::MoveHeader;
using fulfilment::MoveLine;
using fulfilment::Order;
using fulfilment::OrderDesk;
using fulfilment::OrderResult;

constexpr int kOrders = 20;

LocationId AnyLocation(Random& random) {
  return LocationId{static_cast<uint32_t>(random.Between(1, 3))};
}

ItemId AnyItem(Random& random) { return ItemId{static_cast<uint32_t>(random.Between(1, 2))}; }

Method AnyMethod(Random& random) { return static_cast<Method>(random.Between(1, 4)); }

fulfilment::PlaceCommand AnyPlace(Random& random, const std::string& id, Timestamp now) {
  fulfilment::PlaceCommand command{.id = id, .content = id, .placed_at = now};
  const auto lines = static_cast<int>(random.Between(1, 2));
  for (int i = 0; i < lines; ++i) {
    command.lines.push_back({.id = "line-" + std::to_string(i),
                             .item = AnyItem(random),
                             .ordered = random.Between(1, 3),
                             .unit_price_micros = 1'000'000,
                             .currency = "EUR"});
  }
  // All lines in one part, or each in its own.
  const bool apart = random.Percent(30);
  for (int i = 0; i < lines; ++i) {
    if (i == 0 || apart) {
      const Method method = random.Percent(40) ? Method::kPickup : AnyMethod(random);
      command.fulfilments.push_back(
          {.method = method,
           .location = AnyLocation(random),
           .destination = method == Method::kShipToStore ? AnyLocation(random) : kNoLocation});
    }
    command.fulfilments.back().parts.push_back(
        {.line = i, .quantity = command.lines[static_cast<size_t>(i)].ordered});
  }
  return command;
}

bool LeadsOn(Move move) {
  switch (move) {
    case Move::kStartPicking:
    case Move::kRecordPick:
    case Move::kFinishPicking:
    case Move::kShip:
    case Move::kReceiveAtStore:
    case Move::kArrive:
    case Move::kHandOver:
    case Move::kDeliver: return true;
    default: return false;
  }
}

// One of the moves that the fulfilment allows, more often one towards its end, now and then any.
Move AnyMove(Random& random, const Fulfilment& fulfilment) {
  std::vector<Move> moves = fulfilment::MovesFrom(fulfilment.method, fulfilment.state);
  if (random.Percent(60) && std::ranges::any_of(moves, LeadsOn)) {
    std::erase_if(moves, [](Move move) { return !LeadsOn(move); });
  }
  if (moves.empty() || random.Percent(5)) {
    return static_cast<Move>(random.Below(static_cast<uint64_t>(Move::kRevisePromise) + 1));
  }
  return random.Pick(moves);
}

// Some lines of the fulfilment, or none, which means all of them.
std::vector<MoveLine> AnyLines(Random& random, const Fulfilment& fulfilment) {
  std::vector<MoveLine> lines;
  if (fulfilment.lines.empty() || random.Percent(60)) return lines;
  lines.push_back({.line = random.Pick(fulfilment.lines).line, .quantity = random.Between(1, 2)});
  return lines;
}

std::vector<fulfilment::PickedLine> AnyPick(Random& random, const Fulfilment& fulfilment) {
  std::vector<fulfilment::PickedLine> lines;
  for (const FulfilmentLine& line : fulfilment.lines) {
    const Quantity claimed = line.units.claimed;
    if (claimed == 0) continue;
    const Quantity missing = random.Percent(25) ? random.Between(1, claimed) : 0;
    lines.push_back({.line = line.line,
                     .picked = claimed - missing,
                     .missing = missing,
                     .reason = static_cast<fulfilment::UnitReason>(random.Between(1, 3))});
  }
  if (lines.empty()) lines.push_back({.line = 0, .picked = 1});
  return lines;
}

std::vector<fulfilment::UndoneLine> AnyUndo(Random& random, const Fulfilment& fulfilment) {
  std::vector<fulfilment::UndoneLine> lines;
  for (const FulfilmentLine& line : fulfilment.lines) {
    lines.push_back({.line = line.line,
                     .picked = random.Between(0, line.units.picked),
                     .found = random.Between(0, line.units.missing)});
  }
  return lines;
}

std::string AnyShipment(Random& random, const Fulfilment& fulfilment) {
  if (fulfilment.shipments.empty() || random.Percent(20)) return {};
  return random.Pick(fulfilment.shipments).id;
}

OrderCommand AnyMoveCommand(Random& random, const Order& order, MoveHeader header, Timestamp now) {
  const Fulfilment& fulfilment = random.Pick(order.fulfilments);
  header.fulfilment = fulfilment.number;
  const std::vector<MoveLine> lines = AnyLines(random, fulfilment);
  const std::string shipment = AnyShipment(random, fulfilment);
  const auto reason = static_cast<fulfilment::UnitReason>(random.Between(0, 7));
  switch (AnyMove(random, fulfilment)) {
    case Move::kStartPicking:
      return [=](const OrderDesk& desk) { return fulfilment::StartPicking(desk, header); };
    case Move::kRecordPick:
      return [=, pick = AnyPick(random, fulfilment)](const OrderDesk& desk) {
        return fulfilment::RecordPick(desk, header, pick);
      };
    case Move::kUndoPick:
      return [=, undo = AnyUndo(random, fulfilment)](const OrderDesk& desk) {
        return fulfilment::UndoPick(desk, header, undo);
      };
    case Move::kSubstitute: {
      const fulfilment::SubstituteCommand command{
          .line = random.Pick(fulfilment.lines).line,
          .quantity = 1,
          .substitute = {.id = "instead-" + header.request_id, .item = AnyItem(random)},
          .substitute_quantity = random.Between(1, 2)};
      return [=](const OrderDesk& desk) { return fulfilment::Substitute(desk, header, command); };
    }
    case Move::kReassign: {
      const Method method = random.Percent(50) ? Method::kPickup : AnyMethod(random);
      const fulfilment::ReassignCommand command{
          .lines = lines,
          .method = method,
          .location = AnyLocation(random),
          .destination = method == Method::kShipToStore ? AnyLocation(random) : kNoLocation,
          .reason = reason};
      return [=](const OrderDesk& desk) { return fulfilment::Reassign(desk, header, command); };
    }
    case Move::kFinishPicking:
      return [=](const OrderDesk& desk) { return fulfilment::FinishPicking(desk, header, "A"); };
    case Move::kShip:
      return [=](const OrderDesk& desk) {
        return fulfilment::Ship(
            desk, header, {.shipment = {.id = header.request_id, .carrier = "c"}, .lines = lines});
      };
    case Move::kReceiveAtStore:
      return [=](const OrderDesk& desk) {
        return fulfilment::ReceiveAtStore(desk, header, lines, "B");
      };
    case Move::kArrive:
      return [=](const OrderDesk& desk) { return fulfilment::Arrive(desk, header); };
    case Move::kHandOver: {
      const bool right = random.Percent(50);
      const bool without = random.Percent(30);
      return [=, id = order.id, generation = fulfilment.code.generation,
              number = fulfilment.number](const OrderDesk& desk) {
        const std::string code =
            right ? desk.book.PickupCodeOf(id, number, generation) : std::string("no code");
        return fulfilment::HandOver(desk, header,
                                    {.code_digest = desk.book.PickupCodeDigest(id, number, code),
                                     .without_code = without,
                                     .lines = lines});
      };
    }
    case Move::kRecordAttempt:
      return
          [=](const OrderDesk& desk) { return fulfilment::RecordAttempt(desk, header, shipment); };
    case Move::kDeliver:
      return
          [=](const OrderDesk& desk) { return fulfilment::Deliver(desk, header, shipment, lines); };
    case Move::kRecordException:
      return [=, kind = static_cast<fulfilment::ExceptionKind>(random.Between(1, 5))](
                 const OrderDesk& desk) {
        return fulfilment::RecordException(desk, header, kind, shipment, lines);
      };
    case Move::kCancel:
      return [=](const OrderDesk& desk) { return fulfilment::Cancel(desk, header, lines, reason); };
    case Move::kReturn:
      return
          [=, where = AnyLocation(random), sellable = random.Percent(70)](const OrderDesk& desk) {
            return fulfilment::Return(
                desk, header,
                {.lines = lines, .location = where, .sellable = sellable, .reason = reason});
          };
    case Move::kReissueCode:
      return [=](const OrderDesk& desk) { return fulfilment::ReissueCode(desk, header); };
    case Move::kExtendDeadline:
      return [=, until = now + std::chrono::hours(random.Between(1, 96))](const OrderDesk& desk) {
        return fulfilment::ExtendDeadline(desk, header, until);
      };
    case Move::kRevisePromise:
      return [=](const OrderDesk& desk) {
        return fulfilment::RevisePromise(desk, header, now, std::nullopt);
      };
  }
  return {};
}

}  // namespace

OrderTwin::OrderTwin(Timestamp now, const engine::PickupCodes& codes)
    : now_(now), state_(now), book_(now_, codes) {}

void OrderTwin::Begin(Timestamp now) {
  now_ = now;
  state_.SetNow(now);
  while (true) {
    const Order* first = nullptr;
    for (const auto& [id, order] : book_.orders()) {
      const Timestamp due = fulfilment::NextDue(order);
      if (due > now) continue;
      if (first == nullptr ||
          std::pair(due, order.number) < std::pair(fulfilment::NextDue(*first), first->number)) {
        first = &order;
      }
    }
    if (first == nullptr) return;
    fulfilment::SettleDue({.state = state_, .book = book_, .limits = {}},
                          *book_.FindOrder(first->id));
  }
}

OrderCommand AnyOrderCommand(Random& random, const fulfilment::MemoryOrderBook& book, Timestamp now,
                             int number) {
  const std::string id = "order-" + std::to_string(random.Between(1, kOrders));
  const auto known = book.orders().find(id);
  if (known == book.orders().end()) {
    return [command = AnyPlace(random, id, now)](const OrderDesk& desk) {
      return fulfilment::PlaceOrder(desk, command);
    };
  }
  // Now and then a request that may have been answered before.
  const int request = random.Percent(10) ? static_cast<int>(random.Between(1, number)) : number;
  MoveHeader header{.order_id = id,
                    .request_id = "request-" + std::to_string(request),
                    .content = "?",
                    .occurred_at = now};
  if (random.Percent(5)) {
    return [=, nps = static_cast<int>(random.Between(0, 10))](const OrderDesk& desk) {
      return fulfilment::Rate(desk, header, {.nps = nps});
    };
  }
  return AnyMoveCommand(random, known->second, std::move(header), now);
}

std::string Shown(const OrderResult& result) {
  if (const auto* order = std::get_if<Order>(&result)) return storage::OrderText(*order);
  const auto& refusal = std::get<fulfilment::OrderRefusal>(result);
  std::string text(ledger::ReasonName(refusal.refusal.reason));
  text += " " + refusal.subject;
  text += " asked " + std::to_string(refusal.refusal.requested);
  text += " of " + std::to_string(refusal.refusal.available);
  if (refusal.state) text += " in " + std::string(fulfilment::OrderStateName(*refusal.state));
  if (refusal.retry_at) text += " until " + std::to_string(ToMicros(*refusal.retry_at));
  return text;
}

}  // namespace stockd::support
