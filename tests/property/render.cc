#include "tests/property/render.h"

namespace stockd::property {

std::string Render(const ledger::ReservationResult& result) {
  if (const auto* refusal = std::get_if<ledger::Refusal>(&result)) {
    return std::string(ReasonName(refusal->reason));
  }
  const auto& reservation = std::get<ledger::Reservation>(result);
  std::string text = reservation.id + " number " + std::to_string(reservation.number) + " state " +
                     std::to_string(static_cast<int>(reservation.state)) + " until " +
                     std::to_string(ToMicros(reservation.expires_at)) + " order " +
                     reservation.order_id + " version " + std::to_string(reservation.version);
  for (const auto& line : reservation.lines) {
    text += " [" + Name(line.position);
    for (const Quantity units :
         {line.requested, line.granted, line.held, line.committed, line.consumed}) {
      text += " " + std::to_string(units);
    }
    text += "]";
  }
  return text;
}

std::string Render(const ledger::FactOutcome& outcome) {
  switch (outcome.result) {
    case ledger::FactResult::kApplied: return "applied";
    case ledger::FactResult::kDuplicate: return "duplicate";
    case ledger::FactResult::kRefused: break;
  }
  return std::string(ReasonName(outcome.refusal.reason));
}

std::string Name(PositionKey position) {
  return std::to_string(ToNumber(position.item)) + "@" +
         std::to_string(ToNumber(position.location));
}

}  // namespace stockd::property
