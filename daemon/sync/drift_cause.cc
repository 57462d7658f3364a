#include "daemon/sync/drift_cause.h"

namespace stockd::sync {
namespace {

using storage::DriftCause;

constexpr int kEntriesMax = 512;

// What the position's newest entries tell about a difference.
struct Hints {
  bool level_in_flight = false;
  Quantity recorded_late = 0;  // Effect of what happened up to the instant and was recorded later.
};

Quantity EffectOnHand(const ledger::JournalEntry& entry) {
  const auto is_on_hand = [](ledger::Bucket bucket) {
    return bucket == ledger::Bucket::kFree || bucket == ledger::Bucket::kReserved ||
           bucket == ledger::Bucket::kCommitted;
  };
  return (is_on_hand(entry.to) ? entry.quantity : 0) -
         (is_on_hand(entry.from) ? entry.quantity : 0);
}

Hints LookBack(engine::UnitOfWork& unit, const StatedFigure& figure, const Expectation& expected,
               const ledger::Position& row) {
  const auto source = unit.catalogue().Source(figure.source);
  const Sequence acknowledged = source ? source->level_cursor : 0;
  const bool in_flight = acknowledged > 0 && row.version > acknowledged;
  Hints hints{.level_in_flight = in_flight && figure.stated == row.on_hand};
  Quantity before = row.on_hand;
  int entries = 0;
  unit.store().WalkBack(figure.position, row.version, [&](const ledger::JournalEntry& entry) {
    const bool is_unacknowledged = in_flight && entry.sequence > acknowledged;
    const bool is_late = entry.recorded_at > figure.as_of;
    // The level that was told for it is newer than the snapshot.
    if (expected.is_level && is_late) hints.level_in_flight = true;
    if (is_unacknowledged) {
      before -= EffectOnHand(entry);
      hints.level_in_flight |= figure.stated == before;
    }
    if (is_late && entry.occurred_at <= figure.as_of) hints.recorded_late += EffectOnHand(entry);
    return (is_unacknowledged || is_late) && ++entries < kEntriesMax;
  });
  return hints;
}

// Whether the source shows the level that is on its way to it, or the one before.
bool ShowsLevelOnItsWay(engine::UnitOfWork& unit, const StatedFigure& figure) {
  const storage::Shadow shadow = unit.store().FindShadow(figure.source, figure.position);
  return shadow.pending && (figure.stated == *shadow.pending || figure.stated == shadow.known);
}

}  // namespace

Quantity ExpectedAt(engine::UnitOfWork& unit, PositionKey position, Timestamp as_of) {
  const auto known = unit.Find(position);
  if (!known) return 0;
  const ledger::Position& row = known->row;
  if (row.counted_at > as_of) return unit.store().OnHandAsOf(position, as_of);
  return row.last_delta_at > as_of ? row.on_hand - unit.store().DeltaAfter(position, as_of)
                                   : row.on_hand;
}

Expectation Expected(engine::UnitOfWork& unit, const StatedFigure& figure, bool tracked) {
  if (tracked) {
    const storage::Shadow shadow = unit.store().FindShadow(figure.source, figure.position);
    if (shadow.pending) return {.figure = *shadow.pending, .is_level = true};
    if (shadow.known) return {.figure = *shadow.known, .is_level = true};
  }
  return {.figure = ExpectedAt(unit, figure.position, figure.as_of)};
}

DriftCause LikelyCause(engine::UnitOfWork& unit, const StatedFigure& figure,
                       const Expectation& expected, bool facts_missing) {
  if (ShowsLevelOnItsWay(unit, figure)) return DriftCause::kLevelInFlight;
  if (const auto known = unit.Find(figure.position)) {
    const Hints hints = LookBack(unit, figure, expected, known->row);
    if (hints.level_in_flight) return DriftCause::kLevelInFlight;
    if (hints.recorded_late != 0 && figure.stated + hints.recorded_late == expected.figure) {
      return DriftCause::kLateFacts;
    }
  }
  if (facts_missing) return DriftCause::kFactsMissing;
  const std::string sku = unit.catalogue().Sku(figure.position.item);
  const std::string location = unit.catalogue().LocationCode(figure.position.location);
  return unit.store().ListQuarantined(sku, location, 0, 1).empty() ? DriftCause::kUnknown
                                                                   : DriftCause::kQuarantine;
}

}  // namespace stockd::sync
