#include "daemon/sync/fact_intake.h"

#include <algorithm>
#include <utility>

#include "daemon/ledger/facts.h"
#include "daemon/sync/fact_translation.h"
#include "daemon/sync/told_facts.h"

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

void TakeFacts(engine::Engine& engine, DeviceBook& devices, SourceRecords& records, SourceId source,
               v1::FactBatch batch,
               std::function<void(engine::CommitOutcome, const IntakeResult&)> done) {
  // Names are looked up here, on the caller's thread: the writer's time is everybody's.
  std::vector<TranslatedFact> facts;
  facts.reserve(static_cast<size_t>(batch.facts_size()));
  for (const v1::Fact& told : batch.facts())
    facts.push_back(Translate(told, source, engine.names()));
  const size_t weight = facts.size();

  engine.Submit(engine::MakeTask(
      [&engine, &devices, &records, source, batch = std::move(batch),
       facts = std::move(facts)](engine::UnitOfWork& unit) mutable {
        IntakeResult result;
        DeviceBook::Batch numbers(devices, source);
        const auto rights = records.rules.Of(source);
        for (int32_t index = 0; index < batch.facts_size(); ++index) {
          TranslatedFact& translated = facts[static_cast<size_t>(index)];
          // The name may have become known since: without a second look the fact would wait
          // although nothing is missing.
          if (std::ranges::find(kNameReasons, translated.reason) != kNameReasons.end())
            translated = Translate(batch.facts(index), source, unit.names());
          ledger::Reason reason = translated.reason;
          if (!numbers.Note(batch.facts(index), translated.fact.position.location, unit.now())) {
            reason = ledger::Reason::kFieldInvalid;
          }
          if (reason == ledger::Reason::kNone) {
            const ToldFact told{.fact = translated.fact,
                                .level_version = batch.facts(index).level_version()};
            const ToldOutcome outcome =
                ApplyTold(unit, records, *rights, told, engine.options().fact_limits,
                          ledger::LateFacts::kRefuse);
            if (outcome.result == ToldResult::kApplied) {
              ++result.applied;
              result.newest_at = std::max(result.newest_at, translated.fact.occurred_at);
            } else if (outcome.result != ToldResult::kRefused) {
              ++result.duplicates;
            }
            result.echoes += outcome.result == ToldResult::kEcho;
            reason = outcome.reason;
          }
          if (reason == ledger::Reason::kNone) continue;
          const int64_t id =
              unit.Quarantine(SetAside(batch.facts(index), source, reason, unit.now()));
          result.set_aside.push_back({.index = index, .reason = reason, .quarantine_id = id});
        }
        numbers.Write(unit.store());
        result.devices = std::move(numbers.marks);
        result.alarms = std::move(numbers.alarms);
        if (result.applied > 0) result.newest_lag = unit.now() - result.newest_at;
        NoteProgress(unit, source, batch.batch(), result.applied);
        return result;
      },
      [&devices, done = std::move(done)](engine::CommitOutcome outcome, IntakeResult&& result) {
        if (outcome == engine::CommitOutcome::kCommitted) devices.RaiseAlarms(result.alarms);
        done(outcome, result);
      },
      weight));
}

}  // namespace stockd::sync
