#include "daemon/ledger/memory_state.h"

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::ledger {

void MemoryState::SetNow(Timestamp now) {
  STOCKD_CHECK(now >= now_);
  now_ = now;
}

void MemoryState::SetChannelLocations(ChannelId channel, std::set<LocationId> locations) {
  channel_locations_[channel] = std::move(locations);
}

WorkingPosition& MemoryState::position(PositionKey key) {
  WorkingPosition& position = positions_[key];
  position.lapsed = LapsedAt(key);
  return position;
}

Quantity MemoryState::LapsedAt(PositionKey key) const {
  Quantity lapsed = 0;
  for (const auto& [id, reservation] : reservations_) {
    if (reservation.expires_at > now_) continue;
    for (const ReservationLine& line : reservation.lines) {
      if (line.position == key) lapsed += line.held;
    }
  }
  return lapsed;
}

Quantity MemoryState::safety_stock(PositionKey key) const {
  const auto found = safety_stocks_.find(key);
  return found == safety_stocks_.end() ? 0 : found->second;
}

Quantity MemoryState::buffer(ChannelId channel) const {
  const auto found = buffers_.find(channel);
  return found == buffers_.end() ? 0 : found->second;
}

bool MemoryState::sells_from(ChannelId channel, LocationId location) const {
  const auto found = channel_locations_.find(channel);
  return found == channel_locations_.end() || found->second.contains(location);
}

Quantity MemoryState::DeltaAfter(PositionKey key, Timestamp after) {
  Quantity sum = 0;
  for (const JournalEntry& entry : journal_) {
    if (entry.position == key && IsFact(entry.kind) && entry.kind != EntryKind::kCount &&
        entry.occurred_at > after) {
      sum += entry.stated;
    }
  }
  return sum;
}

std::optional<JournalEntry> MemoryState::FindFact(SourceId source, std::string_view event_id) {
  const auto found = facts_.find({source, std::string(event_id)});
  if (found == facts_.end()) return std::nullopt;
  return journal_[found->second];
}

Reservation* MemoryState::FindReservation(std::string_view id) {
  const auto found = reservations_.find(id);
  return found == reservations_.end() ? nullptr : &found->second;
}

Reservation& MemoryState::AddReservation(Reservation reservation) {
  reservation.number = reservations_.size() + 1;
  const auto [added, is_new] = reservations_.emplace(reservation.id, reservation);
  STOCKD_CHECK(is_new);
  return added->second;
}

void MemoryState::ReservationChanged(Reservation& reservation, const Reservation& before) {
  reservation.version = std::max<Sequence>(before.version + 1, journal_.size());
  if (!reservation.original) reservation.original = std::make_shared<const Reservation>(before);
}

std::optional<AnsweredRequest> MemoryState::FindRequest(std::string_view request_id) {
  const auto found = requests_.find(request_id);
  if (found == requests_.end()) return std::nullopt;
  return found->second;
}

void MemoryState::AddRequest(std::string_view request_id, AnsweredRequest request) {
  requests_.emplace(request_id, std::move(request));
}

std::optional<Supply> MemoryState::FindSupply(std::string_view supply_id) {
  const auto found = supplies_.find(supply_id);
  if (found == supplies_.end()) return std::nullopt;
  return found->second;
}

void MemoryState::PutSupply(const Supply& supply) { supplies_.insert_or_assign(supply.id, supply); }

Sequence MemoryState::Append(JournalEntry entry) {
  Position& row = positions_[entry.position].row;
  entry.sequence = journal_.size() + 1;
  entry.previous = row.version;
  entry.recorded_at = now_;
  row.version = entry.sequence;
  if (IsFact(entry.kind)) facts_[{entry.source, entry.event_id}] = journal_.size();
  journal_.push_back(std::move(entry));
  return journal_.size();
}

}  // namespace stockd::ledger
