#include "daemon/rpc/adapter_session.h"

#include <algorithm>
#include <utility>

#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/fact_intake.h"

namespace stockd::rpc {
namespace {

constexpr int kLevelUpdatesDefault = 4;
constexpr int kLevelUpdatesMax = 64;
// Messages that may wait to be sent before no snapshot is asked for any more.
constexpr size_t kUnsentMax = 64;

grpc::Status BadFrame(std::string_view reason, std::string message) {
  return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, reason, std::move(message), {});
}

grpc::Status FrameUnexpected(std::string message) {
  return BadFrame("FRAME_UNEXPECTED", std::move(message));
}

v1::ConnectResponse AckOf(uint64_t batch, const sync::IntakeResult& result) {
  v1::ConnectResponse response;
  v1::BatchAck& ack = *response.mutable_batch_ack();
  ack.set_batch(batch);
  ack.set_applied(result.applied);
  ack.set_duplicates(result.duplicates);
  for (const auto& set_aside : result.set_aside) {
    v1::SetAside& row = *ack.add_set_aside();
    row.set_index(set_aside.index);
    row.set_reason(std::string(ledger::ReasonName(set_aside.reason)));
    row.set_quarantine_id(set_aside.quarantine_id);
  }
  for (const v1::DeviceMark& mark : result.devices) *ack.add_devices() = mark;
  return response;
}

v1::ConnectResponse AckOf(const std::string& snapshot_id, const sync::SnapshotOutcome& outcome) {
  v1::ConnectResponse response;
  v1::SnapshotAck& ack = *response.mutable_snapshot_ack();
  ack.set_snapshot_id(snapshot_id);
  ack.set_unchanged(outcome.unchanged);
  ack.set_changed(outcome.changed);
  ack.set_overtaken(outcome.overtaken);
  ack.set_set_aside(outcome.set_aside);
  return response;
}

}  // namespace

AdapterSession::AdapterSession(SessionParts parts, std::weak_ptr<Wire> wire)
    : parts_(parts), began_at_(parts.pump.Now()), wire_(std::move(wire)) {}

void AdapterSession::OnFrame(v1::ConnectRequest& frame) {
  std::shared_ptr<sync::SnapshotIntake> complete;
  bool facts = false;
  bool order_facts = false;
  bool opened = false;
  bool acknowledged = false;
  bool orders_acknowledged = false;
  std::string health_of;
  {
    const absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (end_) return;
    const bool is_hello = frame.frame_case() == v1::ConnectRequest::kHello;
    if (is_hello != (source_ == kNoSource)) {
      End(FrameUnexpected(is_hello ? "A second hello." : "The first frame must be a hello."));
    } else {
      switch (frame.frame_case()) {
        case v1::ConnectRequest::kHello:
          TakeHello(frame.hello());
          opened = source_ != kNoSource;
          break;
        case v1::ConnectRequest::kFacts:
          facts = true;
          ++unanswered_;
          break;
        case v1::ConnectRequest::kSnapshotBegin: BeginSnapshot(frame.snapshot_begin()); break;
        case v1::ConnectRequest::kSnapshotChunk: AddSnapshotRows(frame.snapshot_chunk()); break;
        case v1::ConnectRequest::kSnapshotEnd: complete = EndSnapshot(frame.snapshot_end()); break;
        case v1::ConnectRequest::kLevelAck: acknowledged = true; break;
        case v1::ConnectRequest::kHealth: health_of = TakeHealth(frame.health()); break;
        case v1::ConnectRequest::kOrderAck: orders_acknowledged = true; break;
        case v1::ConnectRequest::kOrderFacts:
          order_facts = true;
          ++unanswered_;
          break;
        case v1::ConnectRequest::FRAME_NOT_SET:
          End(FrameUnexpected("A frame without content."));
          break;
      }
    }
  }
  // Others are called without the lock: an earlier session of the source has its own, and the
  // engine may answer at once.
  if (opened) {
    parts_.sources.Open(frame.hello().source(), frame.hello().adapter(), shared_from_this());
    parts_.pump.Kick();
  }
  if (facts) TakeFacts(std::move(*frame.mutable_facts()));
  if (complete) ApplySnapshot(std::move(complete));
  if (!health_of.empty()) {
    parts_.sources.NoteHealth(health_of, this, std::move(*frame.mutable_health()));
  }
  if (acknowledged) AcknowledgeLevels(frame.level_ack());
  if (orders_acknowledged) AcknowledgeOrders(frame.order_ack().cursor());
  if (order_facts) TakeOrderFacts(std::move(*frame.mutable_order_facts()));
  WakeWire();
}

void AdapterSession::TakeHello(const v1::Hello& hello) {
  const auto configured = parts_.sources.Configured(hello.source());
  const SourceId source = parts_.sources.Find(hello.source());
  if (!configured || source == kNoSource) {
    End(UnknownName(ledger::Reason::kSourceUnknown, "source", hello.source()));
    return;
  }
  if (auto status = CheckText("adapter", hello.adapter(), 128); !status.ok()) {
    End(status);
    return;
  }
  source_ = source;
  source_name_ = hello.source();
  if (hello.wants_levels()) {
    const int wanted = hello.level_updates_in_flight_max();
    levels_.emplace(
        parts_.engine, parts_.records, source,
        [&sources = parts_.sources, source = *configured] { return sources.ScopeOf(source); },
        hello.level_cursor(),
        wanted <= 0 ? kLevelUpdatesDefault : std::min(wanted, kLevelUpdatesMax));
  }
  OpenOrders(hello, *configured);
  v1::Welcome& welcome = *outbox_.emplace_back().mutable_welcome();
  welcome.set_batches_in_flight_max(parts_.limits.batches_in_flight_max);
  welcome.set_batch_size_max(parts_.limits.batch_size_max);
  ToProto(parts_.engine.Now(), *welcome.mutable_now());
  if (const auto stored = parts_.engine.catalogue().Source(source)) {
    welcome.set_batch_acknowledged(stored->batch_acknowledged);
  }
}

void AdapterSession::TakeFacts(v1::FactBatch batch) {
  const uint64_t number = batch.batch();
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    const int64_t size = int64_t{batch.facts_size()} + batch.passed_numbers_size();
    if (size == 0 || size > parts_.limits.batch_size_max) {
      End(BadFrame("BATCH_TOO_LARGE",
                   "A batch holds 1 to " + std::to_string(parts_.limits.batch_size_max) +
                       " facts and passed numbers, this one " + std::to_string(size) + "."));
      return;
    }
    source = source_;
  }
  sync::TakeFacts(parts_.engine, parts_.devices, parts_.records, source, std::move(batch),
                  [self = shared_from_this(), number, source](engine::CommitOutcome outcome,
                                                              const sync::IntakeResult& result) {
                    if (outcome != engine::CommitOutcome::kCommitted) {
                      self->EndOutside(ToStatus(outcome));
                      return;
                    }
                    self->parts_.sources.NoteFacts(source, result);
                    self->Answered(AckOf(number, result));
                  });
}

std::string AdapterSession::TakeHealth(const v1::AdapterHealth& health) {
  if (auto status = CheckText("trouble", health.trouble(), 512); !status.ok()) {
    End(status);
  } else if (health.outbox_depth() < 0) {
    End(InvalidField("outbox_depth", "is 0 or more"));
  } else {
    return source_name_;
  }
  return {};
}

void AdapterSession::BeginSnapshot(const v1::SnapshotBegin& begin) {
  const auto as_of = FromProto(begin.as_of());
  if (snapshot_ != nullptr) {
    End(FrameUnexpected("A snapshot begins inside another."));
  } else if (auto status = CheckId("snapshot_id", begin.snapshot_id()); !status.ok()) {
    End(status);
  } else if (!begin.has_as_of() || !as_of) {
    End(InvalidField("as_of", "is required, in years 1 to 9999"));
  } else {
    snapshot_ = std::make_shared<sync::SnapshotIntake>(parts_.engine, parts_.devices, source_,
                                                       parts_.records, begin.snapshot_id(), *as_of,
                                                       begin.compare_only());
  }
}

void AdapterSession::AddSnapshotRows(const v1::SnapshotChunk& chunk) {
  if (snapshot_ == nullptr) {
    End(FrameUnexpected("A snapshot chunk without a begin."));
  } else if (chunk.rows_size() > parts_.limits.batch_size_max) {
    End(BadFrame("BATCH_TOO_LARGE", "A chunk holds at most " +
                                        std::to_string(parts_.limits.batch_size_max) + " rows."));
  } else if (snapshot_->row_count() + chunk.rows_size() > parts_.limits.snapshot_rows_max) {
    End(BadFrame("SNAPSHOT_TOO_LARGE",
                 "A snapshot holds at most " + std::to_string(parts_.limits.snapshot_rows_max) +
                     " rows (adapters.snapshot_rows_max). Send one per location."));
  } else {
    snapshot_->Add(chunk);
  }
}

std::shared_ptr<sync::SnapshotIntake> AdapterSession::EndSnapshot(const v1::SnapshotEnd& end) {
  if (snapshot_ == nullptr) {
    End(FrameUnexpected("A snapshot end without a begin."));
    return nullptr;
  }
  if (end.row_count() != snapshot_->row_count()) {
    End(BadFrame("SNAPSHOT_INCOMPLETE", "row_count says " + std::to_string(end.row_count()) +
                                            ", but " + std::to_string(snapshot_->row_count()) +
                                            " rows arrived."));
    return nullptr;
  }
  ++unanswered_;
  return std::exchange(snapshot_, nullptr);
}

void AdapterSession::ApplySnapshot(std::shared_ptr<sync::SnapshotIntake> intake) {
  std::string id = intake->snapshot_id();
  sync::SnapshotIntake::Apply(
      std::move(intake), [self = shared_from_this(), id = std::move(id)](
                             engine::CommitOutcome outcome, const sync::SnapshotOutcome& result) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          self->EndOutside(ToStatus(outcome));
        } else {
          self->NoteEchoes(result.echoes);
          self->Answered(AckOf(id, result));
        }
      });
}

void AdapterSession::NoteEchoes(int64_t echoes) {
  if (echoes == 0) return;
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    source = source_;
  }
  parts_.sources.NoteEchoes(source, echoes);
}

void AdapterSession::Answered(v1::ConnectResponse response) {
  {
    const absl::MutexLock lock(&mutex_);
    --unanswered_;
    if (gone_ || end_) return;
    outbox_.push_back(std::move(response));
  }
  WakeWire();
}

void AdapterSession::OnEndOfFrames() {
  {
    const absl::MutexLock lock(&mutex_);
    reading_ = false;
    frames_ended_ = true;
  }
  WakeWire();
}

void AdapterSession::OnBadFrame() {
  {
    const absl::MutexLock lock(&mutex_);
    reading_ = false;
    End(FrameUnexpected("A message that is no frame: damaged, or with text that is not UTF-8."));
  }
  WakeWire();
}

void AdapterSession::OnWritten(bool ok) {
  {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) End({grpc::StatusCode::CANCELLED, "The adapter is gone."});
  }
  parts_.pump.Kick();
  WakeWire();
}

void AdapterSession::OnCancelled() {
  EndOutside({grpc::StatusCode::CANCELLED, "The adapter is gone."});
}

void AdapterSession::OnGone() {
  std::string name;
  {
    const absl::MutexLock lock(&mutex_);
    gone_ = true;
    snapshot_ = nullptr;
    outbox_.clear();
    name = source_name_;
  }
  if (!name.empty()) parts_.sources.Close(name, this);
}

AdapterSession::Move AdapterSession::NextMove() {
  const absl::MutexLock lock(&mutex_);
  Move move;
  if (gone_ || finished_) return move;
  if (!end_ && frames_ended_ && unanswered_ == 0 && outbox_.empty()) end_ = grpc::Status::OK;
  if (!end_ && !writing_ && !outbox_.empty()) {
    written_ = std::move(outbox_.front());
    outbox_.pop_front();
    writing_ = true;
    move.write = true;
  }
  // Answers that an adapter does not read count too, or else they would pile up here.
  const size_t open = static_cast<size_t>(unanswered_) + outbox_.size();
  if (!end_ && !reading_ && !frames_ended_ &&
      open < static_cast<size_t>(parts_.limits.batches_in_flight_max)) {
    reading_ = true;
    move.read = true;
  }
  if (end_ && !writing_) {
    finished_ = true;
    move.finish = end_;
  }
  return move;
}

bool AdapterSession::Pump(Timestamp now) {
  std::optional<sync::LevelDelivery::Update> update;
  {
    const absl::MutexLock lock(&mutex_);
    if (gone_ || finished_) return false;
    if (source_ == kNoSource && now >= began_at_ + parts_.limits.hello_timeout) {
      End(MakeStatus(grpc::StatusCode::DEADLINE_EXCEEDED, "HELLO_MISSING",
                     "No hello arrived in time. Send Hello as the first frame.", {}));
    }
    update = TakeLevels(now);
  }
  if (update) CommitLevels(std::move(*update));
  SendOrders();
  WakeWire();
  return true;
}

void AdapterSession::Replace() {
  EndOutside(
      MakeStatus(grpc::StatusCode::ABORTED, "SESSION_REPLACED",
                 "Another session of this source has begun. Run one adapter for each source.", {}));
}

bool AdapterSession::RequestSnapshot(const v1::SnapshotRequest& request) {
  {
    const absl::MutexLock lock(&mutex_);
    if (end_ || gone_ || outbox_.size() >= kUnsentMax) return false;
    *outbox_.emplace_back().mutable_snapshot_request() = request;
  }
  WakeWire();
  return true;
}

void AdapterSession::End(grpc::Status status) {
  if (!end_) end_ = std::move(status);
}

void AdapterSession::EndOutside(grpc::Status status) {
  {
    const absl::MutexLock lock(&mutex_);
    End(std::move(status));
  }
  WakeWire();
}

void AdapterSession::WakeWire() {
  if (const auto wire = wire_.lock()) wire->Wanted();
}

}  // namespace stockd::rpc
