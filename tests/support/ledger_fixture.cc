#include "tests/support/ledger_fixture.h"

#include <ostream>
#include <stdexcept>

#include "daemon/ledger/atp.h"

namespace stockd::support {

using ledger::EntryKind;
using ledger::ReservationResult;

std::ostream& operator<<(std::ostream& out, const Figures& figures) {
  return out << "{on_hand " << figures.on_hand << ", reserved " << figures.reserved
             << ", committed " << figures.committed << ", unsellable " << figures.unsellable << "}";
}

ledger::Fact LedgerFixture::NewFact(EntryKind kind, Quantity quantity) {
  return {.source = kTill,
          .event_id = "event-" + std::to_string(++events_),
          .kind = kind,
          .position = kHere,
          .quantity = quantity,
          .occurred_at = state.now()};
}

ledger::FactOutcome LedgerFixture::Tell(const ledger::Fact& fact) {
  return ledger::ApplyFact(state, fact, {}, ledger::LateFacts::kRefuse);
}

void LedgerFixture::TellOrThrow(const ledger::Fact& fact) {
  const ledger::FactOutcome outcome = Tell(fact);
  if (outcome.result == ledger::FactResult::kApplied) return;
  throw std::logic_error("the fact was not applied: " +
                         std::string(ReasonName(outcome.refusal.reason)));
}

void LedgerFixture::Happened(EntryKind kind, Quantity quantity, Timestamp at,
                             PositionKey position) {
  ledger::Fact fact = NewFact(kind, quantity);
  fact.occurred_at = at;
  fact.position = position;
  TellOrThrow(fact);
}

void LedgerFixture::Stock(Quantity quantity, PositionKey position) {
  Happened(EntryKind::kReceipt, quantity, state.now() - kHour, position);
}

void LedgerFixture::SellFor(std::string_view reservation_id, Quantity quantity,
                            PositionKey position) {
  ledger::Fact sale = NewFact(EntryKind::kSale, quantity);
  sale.position = position;
  sale.reservation_id = reservation_id;
  TellOrThrow(sale);
}

ReservationResult LedgerFixture::Reserve(std::string_view id, Quantity quantity,
                                         PositionKey position) {
  return Reserve(CreateOf(id, quantity, position));
}

ledger::ChangeHeader LedgerFixture::NewHeader(std::string_view reservation_id) {
  const std::string number = std::to_string(++requests_);
  return {.reservation_id = std::string(reservation_id),
          .request_id = "request-" + number,
          .content = "content-" + number};
}

ReservationResult LedgerFixture::Extend(std::string_view id, Duration ttl) {
  return ledger::ExtendReservation(state, NewHeader(id), ttl);
}

ReservationResult LedgerFixture::Change(std::string_view id,
                                        const std::vector<ledger::LineCommand>& wanted) {
  return ledger::ChangeReservation(state, NewHeader(id), wanted);
}

ReservationResult LedgerFixture::Move(std::string_view id,
                                      const std::vector<ledger::MoveCommand>& moves) {
  return ledger::MoveReservation(state, NewHeader(id), moves);
}

ReservationResult LedgerFixture::Commit(std::string_view id,
                                        const std::vector<ledger::LineCommand>& lines,
                                        ledger::Remainder remainder) {
  return ledger::CommitReservation(state, NewHeader(id), "order-1", lines, remainder);
}

ReservationResult LedgerFixture::Release(std::string_view id,
                                         const std::vector<ledger::LineCommand>& lines) {
  return ledger::ReleaseReservation(state, NewHeader(id), lines);
}

Figures LedgerFixture::figures(PositionKey position) {
  const ledger::WorkingPosition& seen = state.position(position);
  return {.on_hand = seen.row.on_hand,
          .reserved = seen.reserved_live(),
          .committed = seen.row.committed,
          .unsellable = seen.row.unsellable};
}

Quantity LedgerFixture::available(PositionKey position) {
  return ledger::Available(state, position, kNoChannel);
}

const ledger::Reservation& LedgerFixture::reservation(std::string_view id) {
  const ledger::Reservation* found = state.FindReservation(id);
  if (found == nullptr) throw std::logic_error("no reservation " + std::string(id));
  return *found;
}

std::vector<ledger::JournalEntry> LedgerFixture::Last(size_t count) const {
  if (count > state.journal().size()) throw std::logic_error("the journal is shorter");
  return {state.journal().end() - static_cast<std::ptrdiff_t>(count), state.journal().end()};
}

ledger::Reason ReasonOf(const ReservationResult& result) {
  const auto* refusal = std::get_if<ledger::Refusal>(&result);
  return refusal == nullptr ? ledger::Reason::kNone : refusal->reason;
}

const ledger::Reservation& Granted(const ReservationResult& result) {
  if (const auto* refusal = std::get_if<ledger::Refusal>(&result)) {
    throw std::logic_error("refused: " + std::string(ReasonName(refusal->reason)));
  }
  return std::get<ledger::Reservation>(result);
}

const ledger::Refusal& Refused(const ReservationResult& result) {
  if (std::holds_alternative<ledger::Reservation>(result)) throw std::logic_error("granted");
  return std::get<ledger::Refusal>(result);
}

ledger::CreateCommand CreateOf(std::string_view id, Quantity quantity, PositionKey position) {
  return {.id = std::string(id),
          .channel = kNoChannel,
          .lines = {{.position = position, .quantity = quantity}},
          .ttl = 10 * kMinute,
          .allow_partial = false,
          .owner_reference = ""};
}

}  // namespace stockd::support

namespace stockd::ledger {

std::ostream& operator<<(std::ostream& out, Reason reason) { return out << ReasonName(reason); }
std::ostream& operator<<(std::ostream& out, Bucket bucket) { return out << BucketName(bucket); }
std::ostream& operator<<(std::ostream& out, EntryKind kind) { return out << EntryKindName(kind); }

}  // namespace stockd::ledger
