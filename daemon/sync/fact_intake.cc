#include "daemon/sync/fact_intake.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/ledger/facts.h"
#include "daemon/sync/fact_translation.h"
#include "daemon/sync/told_facts.h"

namespace stockd::sync {
namespace {

// Facts that one commit takes of a batch beside other commands: two or three milliseconds of the
// writer's time. The pieces follow one another, and as many as fit go into one commit.
constexpr int32_t kPieceFacts = 256;

// Notes on disk what the source has behind it; `batch` 0: its batch is not whole yet.
void NoteProgress(engine::UnitOfWork& unit, SourceId id, uint64_t batch, int32_t applied) {
  auto source = unit.catalogue().Source(id);
  if (!source) return;
  if (batch != 0) source->batch_acknowledged = batch;
  source->facts_applied += applied;
  unit.store().SaveSource(unit.catalogue().PutSource(std::move(*source)));
}

// One batch on its way through the writer. Its pieces run on the writer thread and complete on the
// completion thread, one after the other in both.
class BatchIntake {
 public:
  using Done = std::function<void(engine::CommitOutcome, const IntakeResult&)>;

  BatchIntake(engine::Engine& engine, DeviceBook& devices, SourceRecords& records, SourceId source,
              v1::FactBatch batch, Done done)
      : engine_(engine),
        devices_(devices),
        records_(records),
        source_(source),
        batch_(std::move(batch)),
        numbers_(devices, source),
        done_(std::move(done)) {
    // Names are looked up here, on the caller's thread: the writer's time is everybody's.
    facts_.reserve(static_cast<size_t>(batch_.facts_size()));
    for (const v1::Fact& told : batch_.facts())
      facts_.push_back(Translate(told, source, engine.names()));
  }

  static void Begin(const std::shared_ptr<BatchIntake>& intake) {
    std::vector<std::unique_ptr<engine::Task>> pieces;
    const int32_t count = intake->batch_.facts_size();
    // Passed numbers alone are a piece too.
    for (int32_t begin = 0; begin < std::max(count, 1); begin += kPieceFacts) {
      const int32_t end = std::min(begin + kPieceFacts, count);
      pieces.push_back(engine::MakeTask(
          [intake, begin, end](engine::UnitOfWork& unit) {
            intake->Apply(unit, begin, end);
            return true;
          },
          [intake, is_last = end == count](engine::CommitOutcome outcome, bool) {
            intake->Complete(outcome, is_last);
          },
          static_cast<size_t>(std::max(end - begin, 1))));
    }
    intake->engine_.Submit(std::move(pieces), engine::Admission::kUnlessFull,
                           engine::LaneOf(intake->source_));
  }

 private:
  void Apply(engine::UnitOfWork& unit, int32_t begin, int32_t end) {
    const int32_t applied_before = result_.applied;
    const auto rights = records_.rules.Of(source_);
    for (int32_t index = begin; index < end; ++index) {
      const ledger::Reason reason = ApplyOne(unit, *rights, index);
      if (reason == ledger::Reason::kNone) continue;
      const int64_t id =
          unit.Quarantine(SetAside(batch_.facts(index), source_, reason, unit.now()));
      result_.set_aside.push_back({.index = index, .reason = reason, .quarantine_id = id});
    }
    const bool is_last = end == batch_.facts_size();
    // Numbers are noted once the batch is whole. A crash before that is no matter: it is told
    // again, and known facts count as well.
    if (is_last) TakeNumbers(unit);
    NoteProgress(unit, source_, is_last ? batch_.batch() : 0, result_.applied - applied_before);
  }

  // Why the fact has to be set aside; kNone when it was taken.
  ledger::Reason ApplyOne(engine::UnitOfWork& unit, const SourceRights& rights, int32_t index) {
    const v1::Fact& as_told = batch_.facts(index);
    TranslatedFact& translated = facts_[static_cast<size_t>(index)];
    // The name may have become known since: without a second look the fact would wait although
    // nothing is missing.
    if (std::ranges::find(kNameReasons, translated.reason) != kNameReasons.end())
      translated = Translate(as_told, source_, unit.names());
    if (!numbers_.Note(as_told.device(), as_told.device_sequence(),
                       translated.fact.position.location, unit.now()))
      return ledger::Reason::kFieldInvalid;
    if (translated.reason != ledger::Reason::kNone) return translated.reason;
    const ToldFact told{.fact = translated.fact, .level_version = as_told.level_version()};
    const ToldOutcome outcome = ApplyTold(
        unit, records_, rights, told, engine_.options().fact_limits, ledger::LateFacts::kRefuse);
    if (outcome.result == ToldResult::kApplied) {
      ++result_.applied;
      result_.newest_at = std::max(result_.newest_at, translated.fact.occurred_at);
      result_.fact_lags.Add(unit.now() - translated.fact.occurred_at);
    } else if (outcome.result != ToldResult::kRefused) {
      ++result_.duplicates;
    }
    result_.echoes += outcome.result == ToldResult::kEcho;
    return outcome.reason;
  }

  void TakeNumbers(engine::UnitOfWork& unit) {
    for (const v1::DeviceNumber& passed : batch_.passed_numbers()) {
      if (passed.number() == 0) continue;
      numbers_.Note(passed.device(), passed.number(), kNoLocation, unit.now());
    }
    numbers_.Write(unit.store());
    result_.devices = std::move(numbers_.marks);
    result_.alarms = std::move(numbers_.alarms);
    if (result_.applied > 0) result_.newest_lag = unit.now() - result_.newest_at;
  }

  void Complete(engine::CommitOutcome outcome, bool is_last) {
    if (is_done_) return;
    is_done_ = is_last || outcome != engine::CommitOutcome::kCommitted;
    if (!is_done_) return;
    if (outcome == engine::CommitOutcome::kCommitted) devices_.RaiseAlarms(result_.alarms);
    done_(outcome, result_);
  }

  engine::Engine& engine_;
  DeviceBook& devices_;
  SourceRecords& records_;
  const SourceId source_;
  const v1::FactBatch batch_;
  std::vector<TranslatedFact> facts_;
  DeviceBook::Batch numbers_;
  IntakeResult result_;
  Done done_;
  bool is_done_ = false;
};

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
  BatchIntake::Begin(std::make_shared<BatchIntake>(engine, devices, records, source,
                                                   std::move(batch), std::move(done)));
}

}  // namespace stockd::sync
