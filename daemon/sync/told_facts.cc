#include "daemon/sync/told_facts.h"

#include <algorithm>
#include <utility>

#include "daemon/ledger/posting.h"
#include "daemon/sync/bundle_facts.h"

namespace stockd::sync {
namespace {

using Kind = Judgement::Kind;
using ledger::EntryKind;
using ledger::FactResult;
using ledger::Reason;

ToldOutcome Refused(Reason reason) { return {ToldResult::kRefused, reason}; }

ToldOutcome Outcome(const ledger::FactOutcome& outcome) {
  switch (outcome.result) {
    case FactResult::kApplied: return {ToldResult::kApplied};
    case FactResult::kDuplicate: return {ToldResult::kDuplicate};
    case FactResult::kRefused: break;
  }
  return Refused(outcome.refusal.reason);
}

// The effect of a delta on what the source itself shows.
Quantity EffectOf(const ledger::Fact& fact) {
  switch (fact.kind) {
    case EntryKind::kSale:
    case EntryKind::kDamage:
    case EntryKind::kTransferOut: return -fact.quantity;
    default: return fact.quantity;
  }
}

// The source's own figure has moved by a delta, written or not what was sent.
storage::Shadow Moved(storage::Shadow shadow, Quantity effect) {
  if (shadow.known) *shadow.known += effect;
  if (shadow.pending) *shadow.pending += effect;
  return shadow;
}

bool IsEcho(const storage::Shadow& shadow, const ToldFact& told) {
  if (IsOwnVersion(shadow, told.level_version)) return true;
  return told.fact.kind == EntryKind::kAdjustment && shadow.known && shadow.pending &&
         told.fact.quantity == *shadow.pending - *shadow.known;
}

ToldOutcome ApplyDelta(engine::UnitOfWork& unit, SourceRecords& records, const ToldFact& told,
                       const ledger::FactLimits& limits, ledger::LateFacts late) {
  const ledger::Fact& fact = told.fact;
  const storage::Shadow shadow = Shadows::Find(unit, fact.source, fact.position);
  if (IsEcho(shadow, told) && !unit.FindFact(fact.source, fact.event_id)) {
    const bool is_pending = told.level_version == 0 || told.level_version == shadow.pending_version;
    if (shadow.pending && is_pending) records.shadows.SaveAfter(unit, shadow, Written(shadow));
    return {ToldResult::kEcho};
  }
  const ToldOutcome outcome = Outcome(ApplyFactOrParts(unit, fact, limits, late));
  if (outcome.result == ToldResult::kApplied && (shadow.known || shadow.pending)) {
    records.shadows.Save(unit, Moved(shadow, EffectOf(fact)));
  }
  return outcome;
}

// Whether a level of the position has had this version. Of a source that is not followed it is not
// known what it was sent; an adapter that names such a version is believed.
bool WasGiven(engine::UnitOfWork& unit, PositionKey position, Sequence version) {
  return version <= NewestVersion(unit, position);
}

// Records that the statement was taken although nothing moved, so that its repetition is known.
void RecordTaken(engine::UnitOfWork& unit, const ledger::Fact& fact) {
  ledger::Position& row = unit.position(fact.position).row;
  row.last_delta_at = std::max(row.last_delta_at, fact.occurred_at);
  ledger::JournalEntry entry;
  entry.position = fact.position;
  entry.kind = EntryKind::kAdjustment;
  entry.occurred_at = fact.occurred_at;
  entry.source = fact.source;
  entry.event_id = fact.event_id;
  entry.reference = fact.reference;
  entry.channel = fact.channel;
  ledger::Post(unit, std::move(entry));
}

Reason OutOfLimits(const ledger::Fact& fact, const ledger::FactLimits& limits, Timestamp now) {
  if (fact.quantity < 0 || fact.quantity > kQuantityMax) return Reason::kQuantityOutOfRange;
  if (fact.occurred_at > now + limits.future_tolerance) return Reason::kOccurredInFuture;
  if (fact.occurred_at < now - limits.look_back) return Reason::kOccurredTooLongAgo;
  return Reason::kNone;
}

// Takes an absolute quantity as the difference to what the source showed. `fact` is the statement,
// with the event id under which the difference is recorded.
ToldOutcome TakeDifference(engine::UnitOfWork& unit, SourceRecords& records, ledger::Fact fact,
                           Sequence level_version, const ledger::FactLimits& limits,
                           ledger::LateFacts late) {
  const storage::Shadow shadow = Shadows::Find(unit, fact.source, fact.position);
  const Judgement judgement = JudgeAbsolute(shadow, fact.quantity, level_version);
  if (judgement.kind == Kind::kMoved) {
    fact.kind = EntryKind::kAdjustment;
    fact.quantity = judgement.delta;
    const ToldOutcome outcome = Outcome(ApplyFactOrParts(unit, fact, limits, late));
    if (outcome.result != ToldResult::kApplied) return outcome;
  }
  records.shadows.SaveAfter(unit, shadow, judgement.after);
  switch (judgement.kind) {
    case Kind::kMoved: return {ToldResult::kApplied};
    case Kind::kEcho: return {ToldResult::kEcho};
    case Kind::kFirst:
    case Kind::kSame:
    case Kind::kStale: break;
  }
  return {ToldResult::kSame};
}

ToldOutcome ApplyCountAsDifference(engine::UnitOfWork& unit, SourceRecords& records,
                                   const ToldFact& told, const ledger::FactLimits& limits,
                                   ledger::LateFacts late) {
  const ledger::Fact& fact = told.fact;
  if (const auto known = unit.FindFact(fact.source, fact.event_id)) {
    const bool same = known->kind == EntryKind::kAdjustment && known->position == fact.position &&
                      known->occurred_at == fact.occurred_at;
    return same ? ToldOutcome{ToldResult::kDuplicate} : Refused(Reason::kEventDiffers);
  }
  const Reason reason = OutOfLimits(fact, limits, unit.now());
  const bool is_late = reason == Reason::kOccurredInFuture || reason == Reason::kOccurredTooLongAgo;
  if (reason != Reason::kNone && (!is_late || late == ledger::LateFacts::kRefuse))
    return Refused(reason);
  const ToldOutcome outcome = TakeDifference(unit, records, fact, told.level_version, limits, late);
  if (outcome.result == ToldResult::kEcho || outcome.result == ToldResult::kSame)
    RecordTaken(unit, fact);
  return outcome;
}

ToldOutcome ApplyCount(engine::UnitOfWork& unit, SourceRecords& records, const SourceRights& rights,
                       const ToldFact& told, const ledger::FactLimits& limits,
                       ledger::LateFacts late) {
  const ledger::Fact& fact = told.fact;
  const ToldRow row{
      .position = fact.position, .quantity = fact.quantity, .level_version = told.level_version};
  switch (rights.AbsoluteAt(fact.position.location)) {
    case storage::AbsoluteRule::kDiff:
      return ApplyCountAsDifference(unit, records, told, limits, late);
    case storage::AbsoluteRule::kAudit:
      if (rights.tracked()) NoteShown(unit, records, fact.source, row);
      return {ToldResult::kSame};
    case storage::AbsoluteRule::kCount: break;
  }
  const ToldOutcome outcome = Outcome(ApplyFactOrParts(unit, fact, limits, late));
  if (outcome.result == ToldResult::kApplied && rights.tracked())
    NoteShown(unit, records, fact.source, row);
  return outcome;
}

}  // namespace

ToldOutcome ApplyTold(engine::UnitOfWork& unit, SourceRecords& records, const SourceRights& rights,
                      const ToldFact& told, const ledger::FactLimits& limits,
                      ledger::LateFacts late) {
  const ledger::Fact& fact = told.fact;
  if (!rights.tracked() && told.level_version != 0 && fact.kind != EntryKind::kCount &&
      WasGiven(unit, fact.position, told.level_version)) {
    return {ToldResult::kEcho};
  }
  if (rights.plain()) return Outcome(ApplyFactOrParts(unit, fact, limits, late));
  const Reason reason = rights.Refusal(fact.kind, fact.position.location, fact.channel);
  // What was taken before a rule changed is a repetition, whatever the rule says now.
  if (reason != Reason::kNone && !unit.FindFact(fact.source, fact.event_id)) return Refused(reason);
  if (fact.kind == EntryKind::kCount) return ApplyCount(unit, records, rights, told, limits, late);
  if (rights.tracked()) return ApplyDelta(unit, records, told, limits, late);
  return Outcome(ApplyFactOrParts(unit, fact, limits, late));
}

RowTreatment TreatmentOf(const SourceRights& rights, LocationId location, bool compare_only) {
  if (compare_only) return RowTreatment::kCompare;
  switch (rights.AbsoluteAt(location)) {
    case storage::AbsoluteRule::kCount: return RowTreatment::kCount;
    case storage::AbsoluteRule::kDiff: return RowTreatment::kDiff;
    case storage::AbsoluteRule::kAudit: break;
  }
  return RowTreatment::kCompare;
}

ToldOutcome ApplyDifference(engine::UnitOfWork& unit, SourceRecords& records,
                            const ledger::Snapshot& snapshot, const ToldRow& row,
                            const ledger::FactLimits& limits) {
  ledger::Fact fact{.source = snapshot.source,
                    .event_id = ledger::SnapshotEventId(snapshot, row.position),
                    .kind = EntryKind::kCount,
                    .position = row.position,
                    .quantity = row.quantity,
                    .occurred_at = snapshot.as_of};
  // A snapshot that is sent again, because it broke off half-way, has had its say here.
  if (unit.FindFact(fact.source, fact.event_id)) return {ToldResult::kDuplicate};
  return TakeDifference(unit, records, std::move(fact), row.level_version, limits,
                        ledger::LateFacts::kRefuse);
}

bool NoteShown(engine::UnitOfWork& unit, SourceRecords& records, SourceId source,
               const ToldRow& row) {
  const storage::Shadow shadow = Shadows::Find(unit, source, row.position);
  const Judgement judgement = JudgeAbsolute(shadow, row.quantity, row.level_version);
  records.shadows.SaveAfter(unit, shadow, judgement.after);
  switch (judgement.kind) {
    case Kind::kEcho:
    case Kind::kSame:
    case Kind::kStale: return true;
    case Kind::kFirst:
    case Kind::kMoved: break;
  }
  return false;
}

}  // namespace stockd::sync
