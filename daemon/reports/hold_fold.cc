#include "daemon/reports/hold_fold.h"

#include <algorithm>
#include <utility>

namespace stockd::reports {
namespace {

using Place = ledger::Bucket;
using ledger::EntryKind;
using enum Measure;

// Adds the time up to the instant. A deadline may lie before the latest change, when the daemon
// wrote it down late.
void AddTime(HeldUnits& held, Timestamp at) {
  if (at <= held.since) return;
  held.unit_micros += Int128{held.units} * (at - held.since).count();
  held.since = at;
}

// Takes units out, with their part of the time.
HeldUnits Take(HeldUnits& held, Quantity units, Timestamp at) {
  AddTime(held, at);
  const Int128 part =
      held.units == 0 ? 0 : held.unit_micros * std::min(units, held.units) / held.units;
  held.units -= std::min(units, held.units);
  held.unit_micros -= part;
  return {.units = units, .since = held.since, .unit_micros = part};
}

bool Converts(EntryKind kind) {
  return kind == EntryKind::kCommit || kind == EntryKind::kSale || kind == EntryKind::kSaleRest;
}

}  // namespace

void HoldFold::Start() { holds_.clear(); }

void HoldFold::Add(const ledger::JournalEntry& entry) {
  if (entry.reservation_number == 0) return;
  if (entry.from == Place::kReserved) Leave(Hold(entry.reservation_number, entry), entry);
  if (entry.to == Place::kReserved) Enter(Hold(entry.reservation_number, entry), entry);
}

HoldFold::Touched& HoldFold::Hold(uint64_t number, const ledger::JournalEntry& entry) {
  auto& hold = holds_[number];
  if (hold) return *hold;
  hold = std::make_unique<Touched>();
  hold->before = hold->now = rows_.FindHold(number);
  hold->lines = rows_.Lines(number);
  if (hold->now.known()) return *hold;
  const storage::HoldOrigin origin = feed_.Hold(number);
  hold->now = {.created_at = entry.occurred_at,
               .location = entry.position.location,
               .strand = work_.Intern({.channel = origin.channel}),
               .counts = !origin.is_quota};
  return *hold;
}

void HoldFold::Enter(Touched& hold, const ledger::JournalEntry& entry) {
  HeldUnits& held = hold.lines[entry.position];
  if (held.units == 0) held.since = entry.occurred_at;
  AddTime(held, entry.occurred_at);
  held.units += entry.quantity;
  // What comes from another location brings its time along.
  if (entry.kind == EntryKind::kMoveIn) {
    HeldUnits& moving = hold.lines[PositionKey{}];
    held.unit_micros += Take(moving, entry.quantity, moving.since).unit_micros;
  }
  if (hold.now.end == HoldEnd::kExpired || hold.now.end == HoldEnd::kReleased) {
    hold.now.end = HoldEnd::kOpen;
  }
}

void HoldFold::Leave(Touched& hold, const ledger::JournalEntry& entry) {
  const HeldUnits left = Take(hold.lines[entry.position], entry.quantity, entry.occurred_at);
  if (entry.kind == EntryKind::kMoveOut) {
    HeldUnits& moving = hold.lines[PositionKey{}];
    moving.units += left.units;
    moving.unit_micros += left.unit_micros;
    moving.since = entry.occurred_at;
    return;
  }
  const bool converted = Converts(entry.kind);
  if (converted && hold.now.end == HoldEnd::kOpen && entry.occurred_at == hold.now.created_at) {
    hold.now.counts = false;
  }
  if (converted) {
    hold.now.end = HoldEnd::kConverted;
  } else if (hold.now.end == HoldEnd::kOpen &&
             std::ranges::all_of(hold.lines,
                                 [](const auto& line) { return line.second.units == 0; })) {
    hold.now.end = entry.kind == EntryKind::kExpire ? HoldEnd::kExpired : HoldEnd::kReleased;
  }
  if (hold.now.counts) AddUnits(hold, entry, left.units, left.unit_micros, converted);
}

void HoldFold::AddUnits(const Touched& hold, const ledger::JournalEntry& entry, Quantity units,
                        Int128 unit_micros, bool converted) {
  const ItemState& state = work_.items().At(entry.position.item, entry.occurred_at);
  const CellPlace place{.location = ToNumber(entry.position.location),
                        .category = state.category,
                        .item = ToNumber(entry.position.item)};
  const Int128 unit = work_.items().MicroUnits(entry.position.item);
  const Amount amounts[] = {{kHeldUnits, units * unit},
                            {kHeldUnitsConverted, converted ? units * unit : 0},
                            {kHeldTime, unit_micros * unit},
                            {kHeldTimeWasted, converted ? 0 : unit_micros * unit}};
  work_.AddFlow(entry.occurred_at, place, hold.now.strand, amounts);
}

void HoldFold::AddHold(const HoldRow& row, int sign) {
  if (!row.known() || !row.counts) return;
  const Amount amounts[] = {{kHolds, sign},
                            {kHoldsConverted, row.end == HoldEnd::kConverted ? sign : 0},
                            {kHoldsExpired, row.end == HoldEnd::kExpired ? sign : 0},
                            {kHoldsReleased, row.end == HoldEnd::kReleased ? sign : 0}};
  work_.AddPlaceFlow(row.created_at, ToNumber(row.location), row.strand, amounts);
}

void HoldFold::Flush() {
  std::vector<uint64_t> numbers;
  for (const auto& [number, hold] : holds_) numbers.push_back(number);
  std::ranges::sort(numbers);
  for (const uint64_t number : numbers) {
    const Touched& hold = *holds_.at(number);
    if (hold.now != hold.before) {
      AddHold(hold.before, -1);
      AddHold(hold.now, 1);
      rows_.SaveHold(number, hold.now);
    }
    rows_.SaveLines(number, hold.lines);
  }
  holds_.clear();
}

}  // namespace stockd::reports
