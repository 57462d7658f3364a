// Invariant 5: claims add up. After every command, what a position says is reserved and committed
// is the sum of what its open reservations claim, no hold counts from its deadline on, and every
// line accounts for each unit it was ever granted.
#include <gtest/gtest.h>

#include "daemon/ledger/atp.h"
#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

using ledger::Reservation;
using ledger::ReservationLine;
using ledger::ReservationState;

Violation Differs(const std::string& what, PositionKey position, Quantity is, Quantity expected) {
  if (is == expected) return std::nullopt;
  return what + " at " + Name(position) + " is " + std::to_string(is) + " and should be " +
         std::to_string(expected);
}

// What the position says, against the sums of the reservations as stored and against the book.
Violation JudgePosition(Trade& trade, PositionKey position) {
  const ledger::WorkingPosition seen = trade.state().position(position);
  Quantity stored_held = 0;
  Quantity stored_committed = 0;
  for (const auto& [id, reservation] : trade.memory().reservations()) {
    for (const ReservationLine& line : reservation.lines) {
      if (line.position != position) continue;
      stored_held += line.held;
      stored_committed += line.committed;
    }
  }
  const ClaimBook& book = trade.book();
  if (auto v = Differs("reserved", position, seen.row.reserved, stored_held)) return v;
  if (auto v = Differs("committed", position, seen.row.committed, stored_committed)) return v;
  if (auto v = Differs("live reserved", position, seen.reserved_live(), book.Held(position))) {
    return v;
  }
  if (auto v = Differs("committed", position, seen.row.committed, book.Committed(position))) {
    return v;
  }
  for (const ChannelId channel : trade.channels()) {
    const Quantity available = ledger::Available(trade.state(), position, channel);
    if (auto v = Differs("available", position, available, book.Promise(position, channel))) {
      return v;
    }
  }
  return std::nullopt;
}

Violation JudgeLines(const Reservation& reservation) {
  for (const ReservationLine& line : reservation.lines) {
    if (std::min({line.held, line.committed, line.consumed, line.released()}) < 0) {
      return reservation.id + " has a line with a negative part";
    }
    if (line.granted > line.requested) return reservation.id + " was granted more than requested";
  }
  const ReservationState expected = reservation.held() > 0        ? ReservationState::kHeld
                                    : reservation.committed() > 0 ? ReservationState::kCommitted
                                                                  : reservation.state;
  if (reservation.state != expected) return reservation.id + " is in a state that its lines deny";
  const bool open = reservation.held() + reservation.committed() > 0;
  if (open == IsFinal(reservation.state)) return reservation.id + " is final with open units";
  return std::nullopt;
}

Violation JudgeReservation(const Trade& trade, const Reservation& reservation) {
  if (Violation violation = JudgeLines(reservation)) return violation;
  const bool live = reservation.expires_at > trade.memory().now();
  for (const PositionKey position : trade.positions()) {
    Quantity held = 0;
    Quantity committed = 0;
    Quantity consumed = 0;
    for (const ReservationLine& line : reservation.lines) {
      if (line.position != position) continue;
      held += live ? line.held : 0;
      committed += line.committed;
      consumed += line.consumed;
    }
    const auto& sold = trade.book().claims().at(reservation.id).consumed;
    if (auto v = Differs(reservation.id + "'s consumed", position, consumed,
                         sold.contains(position) ? sold.at(position) : 0)) {
      return v;
    }
    if (auto v = Differs(reservation.id + "'s held", position, held,
                         trade.book().HeldBy(reservation.id, position))) {
      return v;
    }
    if (auto v = Differs(reservation.id + "'s committed", position, committed,
                         trade.book().CommittedBy(reservation.id, position))) {
      return v;
    }
  }
  return std::nullopt;
}

Violation Judge(Trade& trade) {
  for (const PositionKey position : trade.positions()) {
    if (Violation violation = JudgePosition(trade, position)) return violation;
  }
  for (const auto& [id, reservation] : trade.memory().reservations()) {
    if (Violation violation = JudgeReservation(trade, reservation)) return violation;
  }
  return std::nullopt;
}

Violation ClaimsAddUp(uint64_t seed, const Wrap& wrap) { return RunTrade(seed, wrap, 80, Judge); }

TEST(ClaimsAddUp, Holds) { ExpectHolds(ClaimsAddUp, 4000); }

TEST(ClaimsAddUp, CatchesAHoldThatCountsAfterItsDeadline) {
  ExpectCatches(ClaimsAddUp, WrappedIn<NeverLapses>(), 20);
}

TEST(ClaimsAddUp, CatchesAHoldThatLapsesOneTickEarly) {
  ExpectCatches(ClaimsAddUp, WrappedIn<LapsesATickEarly>(), 20);
}

TEST(ClaimsAddUp, CatchesAReservationThatIsNotWrittenBack) {
  ExpectCatches(ClaimsAddUp, WrappedIn<ForgetsChanges>(), 20);
}

TEST(ClaimsAddUp, CatchesAnIndexThatDoesNotLearnOfAnExtension) {
  ExpectCatches(ClaimsAddUp, WrappedIn<LapsesAtTheFirstDeadline>(), 50);
}

}  // namespace
}  // namespace stockd::property
