#include "tests/storage/ledger_history.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::storage {
namespace {

using ledger::EntryKind;
using support::kMinute;

constexpr PositionKey kPositions[] = {support::kHere, support::kThere, support::kFar,
                                      support::kOtherItem};

}  // namespace

PositionKey LedgerHistory::AnyPosition() {
  return kPositions[random_.Below(std::size(kPositions))];
}

void LedgerHistory::Step() {
  ledger_.Advance(random_.Between(0, 2) * kMinute);
  const uint64_t choice = random_.Below(100);
  if (choice < 50) {
    TellFact();
  } else if (choice < 58) {
    TakeSnapshot(ledger_.state.now() - random_.Between(0, 60) * kMinute, random_.Between(-1, 1));
  } else if (choice < 62) {
    ExpireAll();
  } else {
    TouchReservation();
  }
  KeepPosted();
}

void LedgerHistory::TellFact() {
  constexpr EntryKind kKinds[] = {
      EntryKind::kReceipt, EntryKind::kReceipt,    EntryKind::kSale,   EntryKind::kSale,
      EntryKind::kReturn,  EntryKind::kAdjustment, EntryKind::kDamage, EntryKind::kTransferOut,
      EntryKind::kCount,   EntryKind::kTransferIn};
  const EntryKind kind = kKinds[random_.Below(std::size(kKinds))];
  ledger::Fact fact = ledger_.NewFact(kind, random_.Between(1, 9));
  if (kind == EntryKind::kCount) fact.quantity = random_.Between(0, 30);
  fact.position = AnyPosition();
  // Whole minutes, so that instants coincide.
  if (random_.Percent(60)) fact.occurred_at -= random_.Between(0, 90) * kMinute;
  if (kind == EntryKind::kSale && !reservation_ids_.empty() && random_.Percent(50)) {
    fact.reservation_id = random_.Pick(reservation_ids_);
  }
  ledger_.Tell(fact);
}

void LedgerHistory::TakeSnapshot(Timestamp as_of, Quantity error) {
  const ledger::Snapshot snapshot{
      .source = support::kErp, .id = "snapshot-" + std::to_string(++snapshots_), .as_of = as_of};
  CountCoverage coverage{.source = snapshot.source,
                         .snapshot_id = snapshot.id,
                         .as_of = as_of,
                         .recorded_at = ledger_.state.now(),
                         .positions = {}};
  for (const PositionKey key : kPositions) {
    const Quantity booked =
        ledger_.state.position(key).row.on_hand - ledger_.state.DeltaAfter(key, as_of);
    const Quantity counted = std::max<Quantity>(0, booked + (random_.Percent(20) ? error : 0));
    if (ledger::ApplySnapshotRow(ledger_.state, snapshot, key, counted) ==
        ledger::CountResult::kUnchanged) {
      coverage.positions.push_back(key);
    }
  }
  KeepPosted();
  if (!coverage.positions.empty()) coverages_.push_back(std::move(coverage));
}

void LedgerHistory::ForgetCoverages(Timestamp before) {
  std::erase_if(coverages_, [&](const CountCoverage& each) { return each.as_of < before; });
}

void LedgerHistory::TouchReservation() {
  if (reservation_ids_.empty() || random_.Percent(40)) {
    reservation_ids_.push_back("r-" + std::to_string(reservation_ids_.size() + 1));
    ledger_.Reserve({.id = reservation_ids_.back(),
                     .lines = {{.position = AnyPosition(), .quantity = random_.Between(1, 4)},
                               {.position = AnyPosition(), .quantity = random_.Between(1, 4)}},
                     .ttl = random_.Between(1, 30) * kMinute,
                     .allow_partial = random_.Percent(50)});
    return;
  }
  const std::string& id = random_.Pick(reservation_ids_);
  const ledger::LineCommand line{.position = AnyPosition(), .quantity = random_.Between(1, 2)};
  switch (random_.Below(6)) {
    case 0: ledger_.Commit(id); break;
    case 1: ledger_.Commit(id, {line}, ledger::Remainder::kKeep); break;
    case 2: ledger_.Release(id); break;
    case 3: ledger_.Release(id, {line}); break;
    case 4: ledger_.Extend(id, random_.Between(1, 60) * kMinute); break;
    default: ledger_.Change(id, {line});
  }
}

void LedgerHistory::ExpireAll() {
  for (const std::string& id : reservation_ids_) {
    if (ledger::Reservation* found = ledger_.state.FindReservation(id)) {
      ledger::ExpireIfDue(ledger_.state, *found);
    }
  }
}

void LedgerHistory::KeepPosted() {
  for (const auto& [key, working] : ledger_.state.positions()) {
    if (working.row.version != stored_[key].version) stored_[key] = working.row;
  }
}

void LedgerHistory::SaveTo(Store& store) {
  Counters counters;
  STOCKD_CHECK(store.Load({}, counters).ok());
  SaveNewTo(store);
  STOCKD_CHECK(store.Checkpoint().ok());
}

void LedgerHistory::SaveNewTo(Store& store) { STOCKD_CHECK(TrySaveNewTo(store).ok()); }

Status LedgerHistory::TrySaveNewTo(Store& store) {
  KeepPosted();
  before_last_save_ = save_;
  store.Begin();
  const auto& journal = ledger_.state.journal();
  for (; save_.entries < journal.size(); ++save_.entries) {
    store.AppendJournal(journal[save_.entries]);
  }
  for (const auto& [key, row] : stored_) {
    if (row.version == 0 || save_.rows[key].version == row.version) continue;
    store.SavePosition(key, row);
    save_.rows[key] = row;
  }
  for (const auto& [id, reservation] : ledger_.state.reservations()) {
    if (save_.reservations.insert(id).second) {
      store.InsertReservation(reservation);
    } else {
      store.UpdateReservation(reservation);
    }
  }
  for (; save_.coverages < coverages_.size(); ++save_.coverages) {
    store.AddCoverage(coverages_[save_.coverages]);
  }
  return store.Commit();
}

std::map<PositionKey, ledger::Position> LedgerHistory::rows() const {
  std::map<PositionKey, ledger::Position> rows;
  for (const auto& [key, working] : ledger_.state.positions()) rows[key] = working.row;
  return rows;
}

}  // namespace stockd::storage
