#include "daemon/engine/unit_of_work.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/ledger/reservations.h"

namespace stockd::engine {
namespace {

constexpr PositionKey kPolicyPosition{};
// An order that ends writes about six rows; callers of the same batch wait for them.
constexpr int kOrdersSettledPerBatch = 32;

}  // namespace

UnitOfWork::UnitOfWork(storage::Store& store, Memory& memory, const storage::Counters& counters,
                       const PickupCodes& codes, const ledger::FactLimits& limits)
    : store_(store),
      memory_(memory),
      sequence_(counters.sequence),
      reservation_number_(counters.reservation_number),
      quarantine_id_(counters.quarantine_id),
      limits_(limits),
      orders_(store, memory.catalogue, memory.orders, counters, codes) {}

void UnitOfWork::Begin(Timestamp now) {
  STOCKD_CHECK(now >= now_);
  now_ = now;
  orders_.Begin(now);
  store_.Begin();
}

int UnitOfWork::ExpireDue(int limit) {
  int cleared = 0;
  Orders& orders = memory_.orders.orders;
  // Orders first: when one ends, it clears the claim behind it.
  while (cleared < std::min(limit, kOrdersSettledPerBatch) && orders.next_due() <= now_) {
    STOCKD_CHECK(fulfilment::SettleDue(order_desk(), *orders.NextDue()));
    ++cleared;
  }
  // Claims of orders that are still to be settled must not end before them.
  if (orders.next_due() <= now_) return cleared;
  while (cleared < limit) {
    ledger::Reservation* next = memory_.open.NextToExpire();
    if (next == nullptr || !ledger::ExpireIfDue(*this, *next)) break;
    ++cleared;
  }
  return cleared;
}

// Until the observer changes nothing more.
void UnitOfWork::TellOrderChanges() {
  while (const auto order_id = orders_.TakeChanged()) order_observer_(*this, *order_id);
}

void UnitOfWork::WritePending() {
  for (const Touched& touched : touched_) {
    if (touched.posted) store_.SavePosition(touched.key, touched.position.row);
  }
  // In the order of their numbers, which is that of the table: new rows are appended to it.
  std::vector<std::pair<uint64_t, Pending>> pending_reservations(pending_reservations_.begin(),
                                                                 pending_reservations_.end());
  std::ranges::sort(pending_reservations);
  for (const auto& [number, pending] : pending_reservations) {
    const ledger::Reservation& reservation = *memory_.open.Find(number);
    if (pending == Pending::kInsert) {
      store_.InsertReservation(reservation);
    } else {
      store_.UpdateReservation(reservation);
    }
  }
  orders_.WritePending();
}

storage::Status UnitOfWork::Commit() {
  TellOrderChanges();
  WritePending();
  return store_.Commit();
}

void UnitOfWork::Publish() {
  std::vector<RowChange> rows;
  std::vector<Change> changes;
  rows.reserve(touched_.size());
  changes.reserve(touched_.size());
  for (const Touched& touched : touched_) {
    if (touched.key == kPolicyPosition) {
      if (touched.posted) memory_.catalogue.SetPolicySequence(touched.position.row.version);
      changes.push_back({.sequence = touched.position.row.version, .position = touched.key});
    } else if (touched.posted) {
      rows.push_back({.position = touched.key, .row = touched.position.row});
      changes.push_back({.sequence = touched.position.row.version, .position = touched.key});
    } else if (touched.counted) {
      memory_.index.NoteCounted(touched.key, touched.position.row.counted_at);
    }
  }
  memory_.index.Publish(rows, held_changes_);
  for (const auto& [number, pending] : pending_reservations_) {
    if (ledger::IsFinal(memory_.open.Find(number)->state)) memory_.open.Remove(number);
  }
  memory_.open_count.store(static_cast<int64_t>(memory_.open.size()), std::memory_order_relaxed);
  // A reader whose cursor stands between two changes of one batch must find the rest after it.
  std::ranges::sort(changes, {}, &Change::sequence);
  touched_.clear();
  touched_at_.clear();
  held_changes_.clear();
  pending_reservations_.clear();
  closed_.clear();
  memory_.changes.Append(changes, now_);
  orders_.Publish();
}

void UnitOfWork::PolicyChanged() {
  ledger::JournalEntry entry;
  entry.position = kPolicyPosition;
  entry.kind = ledger::EntryKind::kPolicy;
  entry.occurred_at = now_;
  Append(std::move(entry));
}

int64_t UnitOfWork::Quarantine(storage::QuarantinedFact fact) {
  if (fact.id == 0) {
    if (store_.QuarantineHolds(fact.source, fact.event_id, fact.fact)) return 0;
    fact.id = ++quarantine_id_;
    memory_.quarantine_count.fetch_add(1, std::memory_order_relaxed);
  }
  store_.SaveQuarantined(fact);
  return fact.id;
}

void UnitOfWork::Unquarantine(int64_t id) {
  store_.DeleteQuarantined(id);
  memory_.quarantine_count.fetch_sub(1, std::memory_order_relaxed);
}

int64_t UnitOfWork::Reject(int64_t id, std::string_view note) {
  const auto waiting = store_.FindQuarantined(id);
  if (!waiting) return 0;
  store_.AddRejected(*waiting, now_, note);
  Unquarantine(id);
  return 1;
}

int64_t UnitOfWork::Reject(SourceId source, ledger::Reason reason, std::string_view note) {
  const int64_t count = store_.RejectQuarantined(source, reason, now_, note);
  memory_.quarantine_count.fetch_sub(count, std::memory_order_relaxed);
  return count;
}

int64_t UnitOfWork::ConfirmSnapshot(const ledger::Snapshot& snapshot,
                                    std::span<const CountedRow> rows,
                                    std::vector<CountedRow>& rest) {
  // The index does not know what this batch changed.
  std::vector<CountedRow> untouched;
  if (!touched_.empty()) {
    untouched.reserve(rows.size());
    for (const CountedRow& row : rows) {
      (touched_at_.contains(row.position) ? rest : untouched).push_back(row);
    }
    rows = untouched;
  }
  std::vector<PositionKey> confirmed;
  confirmed.reserve(rows.size());
  memory_.index.ConfirmCounts(rows, snapshot.as_of, confirmed, rest);
  const auto count = static_cast<int64_t>(confirmed.size());
  AddCoverage(snapshot, std::move(confirmed));
  return count;
}

UnitOfWork::SnapshotResult UnitOfWork::ApplySnapshot(const ledger::Snapshot& snapshot,
                                                     std::span<const CountedRow> rows) {
  SnapshotResult result;
  std::vector<PositionKey> confirmed;
  for (const CountedRow& row : rows) {
    switch (ledger::ApplySnapshotRow(*this, snapshot, row.position, row.quantity)) {
      case ledger::CountResult::kUnchanged:
        confirmed.push_back(row.position);
        ++result.unchanged;
        break;
      case ledger::CountResult::kChanged: ++result.changed; break;
      case ledger::CountResult::kOvertaken: ++result.overtaken; break;
      case ledger::CountResult::kRefused: ++result.refused; break;
    }
  }
  AddCoverage(snapshot, std::move(confirmed));
  return result;
}

void UnitOfWork::AddCoverage(const ledger::Snapshot& snapshot, std::vector<PositionKey> positions) {
  if (positions.empty()) return;
  store_.AddCoverage({.source = snapshot.source,
                      .snapshot_id = snapshot.id,
                      .as_of = snapshot.as_of,
                      .recorded_at = now_,
                      .positions = std::move(positions)});
}

UnitOfWork::Touched& UnitOfWork::Touch(PositionKey key) {
  Touched*& at = touched_at_[key];
  if (at == nullptr) {
    const auto known = memory_.index.Find(key, now_);
    at = &touched_.emplace_back(
        Touched{.key = key, .position = known.value_or(ledger::WorkingPosition{})});
    if (key == kPolicyPosition) at->position.row.version = memory_.catalogue.policy_sequence();
  }
  return *at;
}

std::optional<ledger::WorkingPosition> UnitOfWork::Find(PositionKey key) const {
  const auto touched = touched_at_.find(key);
  if (touched != touched_at_.end()) return touched->second->position;
  return memory_.index.Find(key, now_);
}

ledger::WorkingPosition& UnitOfWork::position(PositionKey key) { return Touch(key).position; }

void UnitOfWork::MarkCounted(PositionKey key) { Touch(key).counted = true; }

ledger::Reservation* UnitOfWork::FindReservation(std::string_view id) {
  if (ledger::Reservation* open = memory_.open.Find(id)) return open;
  const auto seen = closed_.find(absl::string_view(id.data(), id.size()));
  if (seen != closed_.end()) return &seen->second;
  auto stored = store_.FindReservation(id);
  if (!stored) return nullptr;
  return &closed_.emplace(std::string(id), std::move(*stored)).first->second;
}

ledger::Reservation& UnitOfWork::AddReservation(ledger::Reservation reservation) {
  reservation.number = ++reservation_number_;
  for (const ledger::ReservationLine& line : reservation.lines) {
    if (line.held == 0) continue;
    held_changes_.push_back(
        {.position = line.position, .deadline = reservation.expires_at, .change = line.held});
  }
  pending_reservations_[reservation.number] = Pending::kInsert;
  return memory_.open.Add(std::move(reservation));
}

void UnitOfWork::ReservationChanged(ledger::Reservation& reservation,
                                    const ledger::Reservation& before) {
  const auto hold = [this](const ledger::Reservation& state, Quantity sign) {
    for (const ledger::ReservationLine& line : state.lines) {
      if (line.held == 0) continue;
      held_changes_.push_back(
          {.position = line.position, .deadline = state.expires_at, .change = sign * line.held});
      if (state.expires_at <= now_) Touch(line.position).position.lapsed += sign * line.held;
    }
  };
  hold(before, -1);
  hold(reservation, +1);
  reservation.version = std::max(before.version + 1, sequence_);
  if (!reservation.original)
    reservation.original = std::make_shared<const ledger::Reservation>(before);
  memory_.open.Reindex(reservation, before);
  pending_reservations_.try_emplace(reservation.number, Pending::kUpdate);
}

void UnitOfWork::PutSupply(const ledger::Supply& supply) {
  store_.SaveSupply(supply);
  memory_.supplies.Put(supply);
}

Sequence UnitOfWork::Append(ledger::JournalEntry entry) {
  Touched& touched = Touch(entry.position);
  touched.posted = true;
  entry.sequence = ++sequence_;
  entry.previous = touched.position.row.version;
  entry.recorded_at = now_;
  touched.position.row.version = entry.sequence;
  store_.AppendJournal(entry);
  if (entry.kind == ledger::EntryKind::kRebase) ++late_facts_;
  return entry.sequence;
}

}  // namespace stockd::engine
