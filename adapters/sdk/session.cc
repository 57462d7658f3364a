#include "adapters/sdk/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/sdk/session_core.h"
#include "adapters/sdk/utf8.h"

namespace stockd::sdk {
namespace {

using std::chrono::milliseconds;

// A little more than the writing thread waits for the daemon to end a stream.
constexpr milliseconds kStopPatience{3000};

constexpr size_t kTroubleBytesMax = 512;

absl::Status StopRequested() { return absl::CancelledError("stop was requested"); }

SessionListener* SilentListener() {
  static SessionListener silent;
  return &silent;
}

}  // namespace

std::string ToLogLine(const SessionHealth& health) {
  return fmt::format(
      "connected={} streams={} facts_waiting={} facts_applied={} facts_duplicate={} "
      "facts_set_aside={} levels_received={} level_cursor={} snapshots_acknowledged={} "
      "orders_received={} order_facts_applied={} order_facts_waiting={} last_error=\"{}\"",
      health.is_connected, health.streams_opened, health.facts_waiting, health.facts_applied,
      health.facts_duplicate, health.facts_set_aside, health.levels_received, health.level_cursor,
      health.snapshots_acknowledged, health.orders_received, health.order_facts_applied,
      health.order_facts_waiting, health.last_error);
}

SessionCore::SessionCore(SessionOptions options, Session::StreamFactory open_stream,
                         LevelSink* levels, SessionListener* listener, OrderSink* orders)
    : options_(std::move(options)),
      open_stream_(std::move(open_stream)),
      levels_(levels),
      listener_(listener != nullptr ? listener : SilentListener()),
      orders_(orders),
      health_schedule_(options_.health_interval) {}

void SessionCore::Start() {
  thread_ = std::jthread([this] { Run(); });
}

void SessionCore::Stop() {
  {
    Lock lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
    const auto is_gone = [this] { return stream_.connection == nullptr; };
    if (!changed_.wait_for(lock, kStopPatience, is_gone)) {
      stream_.connection->Cancel();  // A write that the daemon does not take blocks for ever.
    }
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status SessionCore::WaitForRoom(Lock& lock, const std::stop_token& stop) {
  changed_.wait(lock, stop, [this] { return IsEnded() || !IsFull(); });
  if (IsEnded()) return EndStatus();
  return stop.stop_requested() ? StopRequested() : absl::OkStatus();
}

absl::StatusOr<uint64_t> SessionCore::SendFact(v1::Fact fact, std::stop_token stop) {
  Lock lock(mutex_);
  if (absl::Status status = WaitForRoom(lock, stop); !status.ok()) return status;
  const uint64_t sequence = outbox_.Add(std::move(fact));
  if (HasRequest()) changed_.notify_all();
  return sequence;
}

absl::StatusOr<uint64_t> SessionCore::SendPassedNumber(std::string device, uint64_t number,
                                                       std::stop_token stop) {
  Lock lock(mutex_);
  if (absl::Status status = WaitForRoom(lock, stop); !status.ok()) return status;
  const uint64_t sequence = outbox_.AddPassedNumber(std::move(device), number);
  if (HasRequest()) changed_.notify_all();
  return sequence;
}

uint64_t SessionCore::last_sequence() const {
  const Lock lock(mutex_);
  return outbox_.next_sequence() - 1;
}

Acknowledged SessionCore::TakeAcknowledged() {
  const Lock lock(mutex_);
  return outbox_.TakeAcknowledged();
}

absl::StatusOr<bool> SessionCore::WaitForAcknowledgement(uint64_t sequence, milliseconds patience,
                                                         std::stop_token stop) {
  Lock lock(mutex_);
  const auto is_done = [&] { return outbox_.acknowledged_up_to() >= sequence; };
  changed_.wait_for(lock, stop, patience, [&] { return IsEnded() || is_done(); });
  if (is_done()) return true;
  if (IsEnded()) return EndStatus();
  if (stop.stop_requested()) return StopRequested();
  return false;
}

absl::StatusOr<v1::SnapshotAck> SessionCore::SendSnapshot(OutgoingSnapshot snapshot,
                                                          std::stop_token stop) {
  Lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return IsEnded() || snapshot_ == nullptr; });
  if (IsEnded()) return EndStatus();
  if (stop.stop_requested()) return StopRequested();
  snapshot_ = &snapshot;
  changed_.notify_all();
  changed_.wait(lock, stop, [&] { return IsEnded() || snapshot.is_over(); });
  // A snapshot that was begun can only be given up together with its stream.
  if (!snapshot.is_over() && stream_.connection != nullptr) stream_.connection->Cancel();
  changed_.wait(lock, [this] { return !is_writing_snapshot_; });
  snapshot_ = nullptr;
  changed_.notify_all();
  if (snapshot.ack) return *snapshot.ack;
  if (!snapshot.rows_status.ok()) return snapshot.rows_status;
  return IsEnded() ? EndStatus() : StopRequested();
}

void SessionCore::AcknowledgeLevels(uint64_t cursor, std::vector<v1::LevelResult> results) {
  const Lock lock(mutex_);
  std::deque<uint64_t>& waiting = stream_.level_cursors;
  // Several updates may carry the same cursor; one acknowledgement is for all of them.
  const auto found = std::find(waiting.rbegin(), waiting.rend(), cursor);
  if (found == waiting.rend()) return;
  waiting.erase(waiting.begin(), found.base());
  v1::LevelAck& ack = stream_.level_acks.emplace_back();
  ack.set_cursor(cursor);
  ack.mutable_results()->Assign(std::make_move_iterator(results.begin()),
                                std::make_move_iterator(results.end()));
  changed_.notify_all();
}

void SessionCore::ReportTrouble(std::string_view trouble) {
  const Lock lock(mutex_);
  trouble_ = ToPlainText(trouble, kTroubleBytesMax);
  changed_.notify_all();
}

absl::StatusOr<bool> SessionCore::CatchUpWithLevels(milliseconds patience, std::stop_token stop) {
  Lock lock(mutex_);
  const int64_t wanted = streams_begun_ + 1;
  stream_.must_restart = true;
  changed_.notify_all();
  const auto is_done = [&] { return streams_begun_ >= wanted && stream_.is_caught_up; };
  changed_.wait_for(lock, stop, patience, [&] { return IsEnded() || is_done(); });
  if (is_done()) return true;
  if (IsEnded()) return EndStatus();
  if (stop.stop_requested()) return StopRequested();
  return false;
}

absl::Status SessionCore::failure() const {
  const Lock lock(mutex_);
  return failure_;
}

SessionHealth SessionCore::health() const {
  const Lock lock(mutex_);
  SessionHealth health = health_;
  health.is_connected = stream_.connection != nullptr && stream_.welcome && !stream_.is_over;
  health.facts_waiting = static_cast<int64_t>(outbox_.size());
  return health;
}

bool SessionCore::IsFull() const {
  return outbox_.size() >= options_.facts_waiting_max ||
         outbox_.bytes() >= options_.bytes_waiting_max;
}

absl::Status SessionCore::EndStatus() const { return failure_.ok() ? StopRequested() : failure_; }

Session::Session(SessionOptions options, StreamFactory open_stream, LevelSink* levels,
                 SessionListener* listener, OrderSink* orders)
    : core_(std::make_unique<SessionCore>(std::move(options), std::move(open_stream), levels,
                                          listener, orders)) {}

Session::~Session() { Stop(); }

void Session::Start() { core_->Start(); }
void Session::Stop() { core_->Stop(); }

absl::StatusOr<uint64_t> Session::SendFact(v1::Fact fact, std::stop_token stop) {
  return core_->SendFact(std::move(fact), std::move(stop));
}

absl::StatusOr<uint64_t> Session::SendPassedNumber(std::string device, uint64_t number,
                                                   std::stop_token stop) {
  return core_->SendPassedNumber(std::move(device), number, std::move(stop));
}

uint64_t Session::last_sequence() const { return core_->last_sequence(); }

Acknowledged Session::TakeAcknowledged() { return core_->TakeAcknowledged(); }

absl::StatusOr<bool> Session::WaitForAcknowledgement(uint64_t sequence, milliseconds patience,
                                                     std::stop_token stop) {
  return core_->WaitForAcknowledgement(sequence, patience, std::move(stop));
}

absl::StatusOr<v1::SnapshotAck> Session::SendSnapshot(const std::string& snapshot_id,
                                                      Timestamp as_of, SnapshotRows* rows,
                                                      std::stop_token stop) {
  v1::SnapshotBegin begin;
  begin.set_snapshot_id(snapshot_id);
  SetProto(as_of, begin.mutable_as_of());
  return SendSnapshot(std::move(begin), rows, std::move(stop));
}

absl::StatusOr<v1::SnapshotAck> Session::SendSnapshot(v1::SnapshotBegin begin, SnapshotRows* rows,
                                                      std::stop_token stop) {
  return core_->SendSnapshot({.begin = std::move(begin), .rows = rows}, std::move(stop));
}

void Session::AcknowledgeLevels(uint64_t cursor, std::vector<v1::LevelResult> results) {
  core_->AcknowledgeLevels(cursor, std::move(results));
}

void Session::AcknowledgeOrder(uint64_t cursor) { core_->AcknowledgeOrder(cursor); }

absl::StatusOr<v1::OrderFactAck> Session::SendOrderFacts(v1::OrderFactBatch batch,
                                                         std::stop_token stop) {
  return core_->SendOrderFacts(std::move(batch), std::move(stop));
}

void Session::ReportTrouble(std::string_view trouble) { core_->ReportTrouble(trouble); }

absl::StatusOr<bool> Session::CatchUpWithLevels(milliseconds patience, std::stop_token stop) {
  return core_->CatchUpWithLevels(patience, std::move(stop));
}

absl::Status Session::failure() const { return core_->failure(); }
SessionHealth Session::health() const { return core_->health(); }

}  // namespace stockd::sdk
