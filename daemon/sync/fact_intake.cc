#include "daemon/sync/fact_intake.h"

#include <utility>

#include "daemon/ledger/facts.h"
#include "daemon/sync/fact_translation.h"

namespace stockd::sync {
namespace {

// Notes on disk what the source has behind it.
void NoteProgress(engine::UnitOfWork& unit, SourceId id, uint64_t batch, int32_t applied) {
  auto source = unit.catalogue().Source(id);
  if (!source) return;
  source->batch_acknowledged = batch;
  source->facts_applied += applied;
  unit.store().SaveSource(unit.catalogue().PutSource(std::move(*source)));
}

bool IsUnknownName(ledger::Reason reason) {
  return reason == ledger::Reason::kSkuUnknown || reason == ledger::Reason::kLocationUnknown;
}

}  // namespace

storage::QuarantinedFact SetAside(const v1::Fact& told, SourceId source, ledger::Reason reason,
                                  Timestamp now) {
  return {.source = source,
          .event_id = told.event_id(),
          .reason = reason,
          .sku = told.sku(),
          .location = told.location(),
          .fact = told.SerializeAsString(),
          .received_at = now};
}

void TakeFacts(engine::Engine& engine, SourceId source, v1::FactBatch batch,
               std::function<void(engine::CommitOutcome, const IntakeResult&)> done) {
  // Names are looked up here, on the caller's thread: the writer's time is everybody's.
  std::vector<TranslatedFact> facts;
  facts.reserve(static_cast<size_t>(batch.facts_size()));
  for (const v1::Fact& told : batch.facts())
    facts.push_back(Translate(told, source, engine.catalogue()));
  const size_t weight = facts.size();

  engine.Submit(engine::MakeTask(
      [&engine, source, batch = std::move(batch),
       facts = std::move(facts)](engine::UnitOfWork& unit) mutable {
        IntakeResult result;
        for (int32_t index = 0; index < batch.facts_size(); ++index) {
          TranslatedFact& translated = facts[static_cast<size_t>(index)];
          // The name may have become known since: without a second look the fact would wait
          // although nothing is missing.
          if (IsUnknownName(translated.reason))
            translated = Translate(batch.facts(index), source, unit.catalogue());
          ledger::Reason reason = translated.reason;
          if (reason == ledger::Reason::kNone) {
            const ledger::FactOutcome outcome = ledger::ApplyFact(
                unit, translated.fact, engine.options().fact_limits, ledger::LateFacts::kRefuse);
            result.applied += outcome.result == ledger::FactResult::kApplied;
            result.duplicates += outcome.result == ledger::FactResult::kDuplicate;
            reason = outcome.refusal.reason;
          }
          if (reason == ledger::Reason::kNone) continue;
          const int64_t id =
              unit.Quarantine(SetAside(batch.facts(index), source, reason, unit.now()));
          result.set_aside.push_back({.index = index, .reason = reason, .quarantine_id = id});
        }
        NoteProgress(unit, source, batch.batch(), result.applied);
        return result;
      },
      [done = std::move(done)](engine::CommitOutcome outcome, IntakeResult&& result) {
        done(outcome, result);
      },
      weight));
}

}  // namespace stockd::sync
