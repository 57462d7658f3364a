#include "daemon/engine/open_reservations.h"

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

int64_t MinuteOf(const ledger::Reservation& reservation) {
  return std::chrono::floor<std::chrono::minutes>(reservation.created_at)
      .time_since_epoch()
      .count();
}

bool HasClaim(const ledger::ReservationLine& line) { return line.held + line.committed > 0; }

}  // namespace

ledger::Reservation* OpenReservations::Find(std::string_view id) {
  const auto found = by_id_.find(View(id));
  return found == by_id_.end() ? nullptr : found->second;
}

ledger::Reservation* OpenReservations::Find(uint64_t number) {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : found->second.get();
}

ledger::Reservation& OpenReservations::Add(ledger::Reservation reservation) {
  auto owned = std::make_unique<ledger::Reservation>(std::move(reservation));
  ledger::Reservation& added = *owned;
  STOCKD_CHECK(by_number_.emplace(added.number, std::move(owned)).second);
  STOCKD_CHECK(by_id_.emplace(View(added.id), &added).second);
  AddToIndexes(added);
  return added;
}

void OpenReservations::Remove(uint64_t number) {
  const auto found = by_number_.find(number);
  STOCKD_CHECK(found != by_number_.end());
  RemoveFromIndexes(*found->second);
  by_id_.erase(View(found->second->id));
  by_number_.erase(found);
}

void OpenReservations::Reindex(ledger::Reservation& reservation,
                               const ledger::Reservation& before) {
  RemoveFromIndexes(before);
  AddToIndexes(reservation);
}

void OpenReservations::AddToIndexes(const ledger::Reservation& reservation) {
  for (const ledger::ReservationLine& line : reservation.lines) {
    if (HasClaim(line)) at_position_[line.position].insert(reservation.number);
  }
  if (reservation.state == ledger::ReservationState::kHeld) {
    deadlines_.emplace(reservation.expires_at, reservation.number);
    ++held_by_minute_[MinuteOf(reservation)];
  }
}

void OpenReservations::RemoveFromIndexes(const ledger::Reservation& reservation) {
  for (const ledger::ReservationLine& line : reservation.lines) {
    if (!HasClaim(line)) continue;
    const auto found = at_position_.find(line.position);
    if (found == at_position_.end()) continue;  // Another line of the same position took it away.
    found->second.erase(reservation.number);
    if (found->second.empty()) at_position_.erase(found);
  }
  if (deadlines_.erase({reservation.expires_at, reservation.number}) == 0) return;
  const auto minute = held_by_minute_.find(MinuteOf(reservation));
  if (--minute->second == 0) held_by_minute_.erase(minute);
}

ledger::Reservation* OpenReservations::NextToExpire() {
  return deadlines_.empty() ? nullptr : Find(deadlines_.begin()->second);
}

Timestamp OpenReservations::next_deadline() const {
  return deadlines_.empty() ? kTimestampMax : deadlines_.begin()->first;
}

std::vector<uint64_t> OpenReservations::At(PositionKey key) const {
  const auto found = at_position_.find(key);
  if (found == at_position_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace stockd::engine
