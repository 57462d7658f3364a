#include "daemon/sync/quarantine_replay.h"

#include <utility>

#include "daemon/sync/fact_translation.h"
#include "daemon/sync/told_facts.h"

namespace stockd::sync {
namespace {

constexpr int kPageRows = 500;

// Notes on disk that the source has one more fact applied.
void NoteApplied(engine::UnitOfWork& unit, SourceId id) {
  auto source = unit.catalogue().Source(id);
  if (!source) return;
  ++source->facts_applied;
  unit.store().SaveSource(unit.catalogue().PutSource(std::move(*source)));
}

// Applies one waiting fact or leaves it waiting with its present reason.
void ReplayOne(engine::UnitOfWork& unit, SourceRecords& records, storage::QuarantinedFact waiting,
               const ledger::FactLimits& limits, ledger::LateFacts late, ReplayResult& result) {
  v1::Fact told;
  ledger::Reason reason = ledger::Reason::kFieldInvalid;
  if (told.ParseFromString(waiting.fact)) {
    const TranslatedFact translated = Translate(told, waiting.source, unit.names());
    reason = translated.reason;
    if (reason == ledger::Reason::kNone) {
      const ToldFact fact{.fact = translated.fact, .level_version = told.level_version()};
      const ToldOutcome outcome =
          ApplyTold(unit, records, *records.rules.Of(waiting.source), fact, limits, late);
      reason = outcome.reason;
      if (outcome.result == ToldResult::kApplied) {
        ++result.applied;
        NoteApplied(unit, waiting.source);
      } else if (outcome.result != ToldResult::kRefused) {
        ++result.duplicates;
      }
    }
  }
  if (reason == ledger::Reason::kNone) {
    unit.Unquarantine(waiting.id);
    return;
  }
  ++result.waiting;
  ++waiting.attempts;
  waiting.reason = reason;
  unit.Quarantine(std::move(waiting));
}

}  // namespace

// A walk over all waiting facts that match, a page at a time.
struct QuarantineReplay::Walk {
  SourceId source = kNoSource;
  ledger::Reason reason = ledger::Reason::kNone;
  ledger::LateFacts late = ledger::LateFacts::kRefuse;
  int64_t after = 0;
  ReplayResult sum{};
  Done done{};
};

void QuarantineReplay::Replay(std::vector<int64_t> ids, ledger::LateFacts late, Done done) {
  const size_t weight = ids.size();
  engine_.Submit(engine::MakeTask(
                     [this, ids = std::move(ids), late](engine::UnitOfWork& unit) {
                       ReplayResult result;
                       for (const int64_t id : ids) {
                         auto waiting = unit.store().FindQuarantined(id);
                         if (waiting)
                           ReplayOne(unit, records_, std::move(*waiting),
                                     engine_.options().fact_limits, late, result);
                       }
                       return result;
                     },
                     [done = std::move(done)](engine::CommitOutcome outcome,
                                              ReplayResult&& result) { done(outcome, result); },
                     weight),
                 engine::Admission::kAlways, engine::LaneOfCall(weight));
}

void QuarantineReplay::ReplayAll(SourceId source, ledger::Reason reason, ledger::LateFacts late,
                                 Done done) {
  ReplayPage(std::make_shared<Walk>(
      Walk{.source = source, .reason = reason, .late = late, .done = std::move(done)}));
}

void QuarantineReplay::ReplayPage(std::shared_ptr<Walk> walk) {
  storage::Page<storage::QuarantinedFact> page;
  try {
    page = reader_.ListQuarantined(walk->source, walk->reason, walk->after, kPageRows);
  } catch (const storage::ReadError&) {
    // What was not tried goes on waiting; whoever asked is told that storage failed.
    walk->done(engine::CommitOutcome::kFailed, walk->sum);
    return;
  }
  if (page.rows.empty()) {
    walk->done(engine::CommitOutcome::kCommitted, walk->sum);
    return;
  }
  std::vector<int64_t> ids;
  for (const storage::QuarantinedFact& waiting : page.rows) ids.push_back(waiting.id);
  walk->after = ids.back();
  Replay(std::move(ids), walk->late,
         [this, walk](engine::CommitOutcome outcome, const ReplayResult& result) {
           walk->sum.applied += result.applied;
           walk->sum.duplicates += result.duplicates;
           walk->sum.waiting += result.waiting;
           if (outcome == engine::CommitOutcome::kCommitted) {
             ReplayPage(walk);
           } else {
             walk->done(outcome, walk->sum);
           }
         });
}

void QuarantineReplay::NamesAdded() {
  if (engine_.quarantine_count() == 0) return;
  {
    const absl::MutexLock lock(&mutex_);
    if (replaying_names_) {
      names_added_meanwhile_ = true;
      return;
    }
    replaying_names_ = true;
  }
  ReplayUnknownNames(0);
}

void QuarantineReplay::ReplayUnknownNames(size_t next) {
  if (next == kNameReasons.size()) return NamesReplayed();
  ReplayAll(
      kNoSource, kNameReasons[next], ledger::LateFacts::kRefuse,
      [this, next](engine::CommitOutcome, const ReplayResult&) { ReplayUnknownNames(next + 1); });
}

void QuarantineReplay::NamesReplayed() {
  bool again = false;
  {
    const absl::MutexLock lock(&mutex_);
    again = std::exchange(names_added_meanwhile_, false) &&
            engine_.state() == engine::WriterState::kRunning;
    replaying_names_ = again;
  }
  if (again) ReplayUnknownNames(0);
}

}  // namespace stockd::sync
