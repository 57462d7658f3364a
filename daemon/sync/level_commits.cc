#include "daemon/sync/level_commits.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

#include "daemon/ledger/facts.h"
#include "daemon/sync/bundle_facts.h"

namespace stockd::sync {
namespace {

storage::Shadow WithoutPending(storage::Shadow shadow) {
  shadow.pending.reset();
  shadow.pending_version = 0;
  return shadow;
}

// It was sent and not written: to be sent once more, in another session if need be.
storage::Shadow Owed(storage::Shadow shadow, Sequence version) {
  shadow.pending.reset();
  shadow.pending_version = version;
  return shadow;
}

// What the source is sent: the level, or once more the one that is still on its way.
void CommitLevel(engine::UnitOfWork& unit, SourceRecords& records, SourceId source,
                 SentLevel& sent) {
  storage::Shadow shadow = Shadows::Find(unit, source, sent.level.position);
  sent.expected = shadow.known;
  sent.again = shadow.pending.has_value();
  if (sent.again) {
    // Sales told since may have moved it; nothing below 0 is ever shown.
    if (*shadow.pending < 0) {
      shadow.pending = 0;
      records.shadows.Save(unit, shadow);
    }
    sent.level.available = *shadow.pending;
    sent.level.version = shadow.pending_version;
    return;
  }
  sent.level.available = std::max<Quantity>(0, sent.level.available);
  // Written before, and still there: nothing new is on its way.
  if (shadow.known == sent.level.available && shadow.known_version == sent.level.version) {
    if (shadow.is_owed()) records.shadows.Save(unit, WithoutPending(std::move(shadow)));
    return;
  }
  shadow.pending = sent.level.available;
  shadow.pending_version = sent.level.version;
  records.shadows.Save(unit, shadow);
}

// One answered update of one source, inside a task.
class Settlement {
 public:
  Settlement(engine::UnitOfWork& unit, SourceRecords& records, SourceId source,
             const ledger::FactLimits& limits)
      : unit_(unit),
        records_(records),
        source_(source),
        limits_(limits),
        rights_(records.rules.Of(source)) {}

  std::vector<PositionKey> Settle(const LevelAnswer& answer) {
    absl::flat_hash_map<PositionKey, const LevelProblem*> problems;
    for (const LevelProblem& problem : answer.problems) problems[problem.position] = &problem;
    absl::flat_hash_map<PositionKey, const SentLevel*> sent;
    for (const SentLevel& level : answer.tracked) {
      sent[level.level.position] = &level;
      if (!problems.contains(level.level.position)) Applied(level);
    }
    for (const PositionKey position : answer.retried) {
      if (!problems.contains(position)) records_.refused.Applied(unit_, source_, position);
    }
    for (const auto& [position, problem] : problems) {
      const auto level = sent.find(position);
      if (level == sent.end()) {
        Refuse(*problem);
      } else {
        NotApplied(*level->second, *problem);
      }
    }
    return std::move(again_);
  }

 private:
  void Applied(const SentLevel& sent) {
    const PositionKey position = sent.level.position;
    const storage::Shadow shadow = Shadows::Find(unit_, source_, position);
    if (shadow.pending && shadow.pending_version == sent.level.version)
      records_.shadows.SaveAfter(unit_, shadow, Written(shadow));
    records_.refused.Applied(unit_, source_, position);
    if (sent.again) again_.push_back(position);
  }

  void NotApplied(const SentLevel& sent, const LevelProblem& problem) {
    const bool conflict = problem.outcome == v1::LEVEL_OUTCOME_CONFLICT;
    // A conflict with the very figure that was expected is none: tried again, after a pause.
    if (!conflict || sent.expected == problem.found) return NotWritten(sent, problem);
    const int conflicts =
        records_.refused.NoteConflict(source_, sent.level.position, sent.level.version);
    LevelProblem waits = problem;
    waits.reason = "it shows something else than expected each time. " + problem.reason;
    if (conflicts > RefusedLevels::kAttemptsMax) {
      // Each correction makes another one: what it shows is not taken for something that happened
      // any more, and nothing is sent that it could answer.
      waits.outcome = v1::LEVEL_OUTCOME_REFUSED;
      return NotWritten(sent, waits);
    }
    TakeConflict(sent, problem.found);
    if (conflicts <= RefusedLevels::kConflictsAtOnce) {
      again_.push_back(sent.level.position);
    } else {
      Refuse(waits);
    }
  }

  void NotWritten(const SentLevel& sent, const LevelProblem& problem) {
    storage::Shadow shadow = Shadows::Find(unit_, source_, sent.level.position);
    // What was sent before may have been written then, though it is refused now.
    if (!sent.again && shadow.pending && shadow.pending_version == sent.level.version) {
      records_.shadows.Save(unit_, WithoutPending(std::move(shadow)));
    }
    Refuse(problem);
  }

  void Refuse(const LevelProblem& problem) {
    records_.refused.Refuse(unit_, {.source = source_,
                                    .position = problem.position,
                                    .version = problem.version,
                                    .reason = problem.reason,
                                    .final = problem.outcome == v1::LEVEL_OUTCOME_REFUSED});
  }

  // The source shows `found`: the difference to what it showed is what happened there.
  void TakeConflict(const SentLevel& sent, Quantity found) {
    const PositionKey position = sent.level.position;
    const storage::Shadow shadow = Shadows::Find(unit_, source_, position);
    const bool on_its_way = shadow.pending && shadow.pending_version == sent.level.version;
    if (on_its_way && shadow.known != sent.expected) {
      // The source has told something since the level was sent, which is newer than what the level
      // met. Whatever that leaves open meets the next one.
      if (!sent.again) records_.shadows.Save(unit_, Owed(shadow, sent.level.version));
      return;
    }
    Quantity delta = 0;
    storage::Shadow after = shadow;
    if (sent.again || (!on_its_way && shadow.known_version != sent.level.version)) {
      const Judgement judgement = JudgeAbsolute(shadow, found, /*level_version=*/0);
      delta = judgement.delta;
      after = judgement.after;
    } else if (on_its_way) {
      if (shadow.known) delta = found - *shadow.known;
    } else if (sent.expected && shadow.known) {
      // What the source told since was taken as if it showed the level, which it never did.
      delta = (found - *sent.expected) - (*shadow.known - sent.level.available);
      after.known_version = 0;
    }
    after.known = found;
    if (delta != 0 && !ApplyMove(sent, found, delta)) return;
    records_.shadows.Save(unit_, Owed(std::move(after), sent.level.version));
  }

  // False when the ledger refuses it: then nothing is noted, and the conflict comes again.
  bool ApplyMove(const SentLevel& sent, Quantity found, Quantity delta) {
    const PositionKey position = sent.level.position;
    if (rights_->AbsoluteAt(position.location) == storage::AbsoluteRule::kAudit) return true;
    const ledger::Fact fact{.source = source_,
                            .event_id = EventId(sent, found),
                            .kind = ledger::EntryKind::kAdjustment,
                            .position = position,
                            .quantity = delta,
                            .occurred_at = unit_.now()};
    if (unit_.FindFact(fact.source, fact.event_id)) return true;
    return ApplyFactOrParts(unit_, fact, limits_, ledger::LateFacts::kAccept).result ==
           ledger::FactResult::kApplied;
  }

  static std::string EventId(const SentLevel& sent, Quantity found) {
    return "level-" + std::to_string(sent.level.version) + "/" +
           std::to_string(ToNumber(sent.level.position.item)) + "@" +
           std::to_string(ToNumber(sent.level.position.location)) + "=" + std::to_string(found);
  }

  engine::UnitOfWork& unit_;
  SourceRecords& records_;
  const SourceId source_;
  const ledger::FactLimits& limits_;
  const std::shared_ptr<const SourceRights> rights_;
  std::vector<PositionKey> again_;
};

// Kept for people to look at; the adapter's own cursor is what counts.
void NoteCursor(engine::UnitOfWork& unit, SourceId source, Sequence cursor) {
  auto row = unit.catalogue().Source(source);
  if (!row || cursor <= row->level_cursor) return;
  row->level_cursor = cursor;
  unit.store().SaveSource(unit.catalogue().PutSource(std::move(*row)));
}

}  // namespace

void CommitLevels(engine::Engine& engine, SourceRecords& records, SourceId source,
                  std::vector<SentLevel> levels,
                  std::function<void(engine::CommitOutcome, std::vector<SentLevel>&&)> done) {
  const size_t weight = levels.size() / 4 + 1;
  engine.Submit(
      engine::MakeTask(
          [&records, source, levels = std::move(levels)](engine::UnitOfWork& unit) mutable {
            for (SentLevel& sent : levels) CommitLevel(unit, records, source, sent);
            return std::move(levels);
          },
          std::move(done), weight),
      // The cursor is behind these levels already: they must not be lost in a full queue.
      engine::Admission::kAlways, engine::LaneOf(source));
}

void SettleLevels(engine::Engine& engine, SourceRecords& records, SourceId source, Sequence cursor,
                  LevelAnswer answer,
                  std::function<void(engine::CommitOutcome, std::vector<PositionKey>&&)> done) {
  const auto admission =
      answer.empty() ? engine::Admission::kUnlessFull : engine::Admission::kAlways;
  const size_t weight = (answer.tracked.size() + answer.problems.size()) / 4 + 1;
  engine.Submit(
      engine::MakeTask(
          [&engine, &records, source, cursor,
           answer = std::move(answer)](engine::UnitOfWork& unit) {
            NoteCursor(unit, source, cursor);
            return Settlement(unit, records, source, engine.options().fact_limits).Settle(answer);
          },
          std::move(done), weight),
      admission, engine::LaneOf(source));
}

}  // namespace stockd::sync
