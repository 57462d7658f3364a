#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ledger/reservation.h"

namespace stockd::engine {

// Every reservation with held or committed units, in memory, findable by id, by position and by
// deadline. Thread-compatible: belongs to the writer thread.
class OpenReservations {
 public:
  // Null when there is none. The pointer is valid until Remove().
  ledger::Reservation* Find(std::string_view id);
  ledger::Reservation* Find(uint64_t number);

  // REQUIRES: a number and an id that are not in here.
  ledger::Reservation& Add(ledger::Reservation reservation);
  void Remove(uint64_t number);

  // Brings the indexes in step with a reservation whose deadline, state or lines changed.
  void Reindex(ledger::Reservation& reservation, const ledger::Reservation& before);

  // The reservation with the earliest deadline among those that hold units; null when none does.
  ledger::Reservation* NextToExpire();
  // kTimestampMax when nothing is held.
  Timestamp next_deadline() const;

  // Numbers of the reservations with a claim at the position, oldest first.
  std::vector<uint64_t> At(PositionKey key) const;

  size_t size() const { return by_number_.size(); }

  // How many of those that hold units were made in each minute since 1970.
  using ByMinute = absl::btree_map<int64_t, int64_t>;
  const ByMinute& held_by_minute() const { return held_by_minute_; }

 private:
  void AddToIndexes(const ledger::Reservation& reservation);
  void RemoveFromIndexes(const ledger::Reservation& reservation);

  absl::flat_hash_map<uint64_t, std::unique_ptr<ledger::Reservation>> by_number_;
  // The keys view the reservations' own ids, which never change.
  absl::flat_hash_map<absl::string_view, ledger::Reservation*> by_id_;
  absl::flat_hash_map<PositionKey, absl::btree_set<uint64_t>> at_position_;
  absl::btree_set<std::pair<Timestamp, uint64_t>> deadlines_;
  ByMinute held_by_minute_;
};

}  // namespace stockd::engine
