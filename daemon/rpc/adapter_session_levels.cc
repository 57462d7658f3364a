// The levels of an adapter's session: sent, acknowledged, sent again.
#include <optional>
#include <utility>
#include <vector>

#include "daemon/rpc/adapter_session.h"
#include "daemon/rpc/level_frames.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {

std::optional<sync::LevelDelivery::Update> AdapterSession::TakeLevels(Timestamp now) {
  if (!levels_ || end_ || !outbox_.empty() || writing_) return std::nullopt;
  auto update = levels_->Next(now);
  if (!update || update->tracked) return update;
  SendLevels(*update);
  return std::nullopt;
}

void AdapterSession::CommitLevels(sync::LevelDelivery::Update update) {
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    source = source_;
  }
  std::vector<sync::SentLevel> levels = std::exchange(update.levels, {});
  sync::CommitLevels(
      parts_.engine, parts_.records, source, std::move(levels),
      [self = shared_from_this(), update = std::move(update)](
          engine::CommitOutcome outcome, std::vector<sync::SentLevel>&& committed) mutable {
        if (outcome != engine::CommitOutcome::kCommitted) {
          self->EndOutside(ToStatus(outcome));
          return;
        }
        update.levels = std::move(committed);
        {
          const absl::MutexLock lock(&self->mutex_);
          if (self->gone_ || self->end_) return;
          self->SendLevels(update);
        }
        self->WakeWire();
      });
}

void AdapterSession::SendLevels(const sync::LevelDelivery::Update& update) {
  *outbox_.emplace_back().mutable_level_update() =
      LevelUpdateOf(update, parts_.engine.names(), source_);
  levels_->Sent(update);
}

void AdapterSession::AcknowledgeLevels(const v1::LevelAck& ack) {
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    source = source_;
  }
  std::vector<sync::LevelProblem> problems;
  const grpc::Status status = ReadProblems(ack, parts_.engine.names(), source, problems);
  std::optional<sync::LevelDelivery::Acknowledged> acknowledged;
  {
    const absl::MutexLock lock(&mutex_);
    if (!status.ok()) {
      End(status);
      return;
    }
    if (levels_) acknowledged = levels_->Acknowledge(ack.cursor());
    if (!acknowledged) {
      End(MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "FRAME_UNEXPECTED",
                     "A level acknowledgement for a cursor that is not on its way.", {}));
      return;
    }
  }
  parts_.pump.Kick();
  if (acknowledged->is_newer) parts_.sources.NoteLevels(source, ack.cursor());
  acknowledged->answer.problems = std::move(problems);
  if (!acknowledged->is_newer && acknowledged->answer.empty()) return;
  sync::SettleLevels(
      parts_.engine, parts_.records, source, ack.cursor(), std::move(acknowledged->answer),
      [self = shared_from_this()](engine::CommitOutcome outcome, std::vector<PositionKey>&& again) {
        if (outcome != engine::CommitOutcome::kCommitted) return;
        self->SendAgain(again);
      });
}

void AdapterSession::SendAgain(const std::vector<PositionKey>& positions) {
  {
    const absl::MutexLock lock(&mutex_);
    if (levels_) levels_->SendAgain(positions);
  }
  parts_.pump.Kick();
}

}  // namespace stockd::rpc
