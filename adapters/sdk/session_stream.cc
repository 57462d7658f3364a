// Opening a stream, reading from it, and what happens when it ends.
#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/random_seed.h"
#include "adapters/sdk/session_core.h"

namespace stockd::sdk {

void SessionCore::Run() {
  Backoff backoff(options_.backoff, RandomSeed());
  for (;;) {
    {
      const Lock lock(mutex_);
      if (IsEnded()) return;
    }
    const absl::Status status = RunStream();
    if (!WaitBeforeRetry(status, backoff)) return;
  }
}

// One stream from its beginning to its end; returns how it ended.
absl::Status SessionCore::RunStream() {
  const std::unique_ptr<ConnectStream> connection = open_stream_();
  {
    const Lock lock(mutex_);
    stream_ = Stream{.connection = connection.get(), .answered_at = SteadyNow()};
    ++streams_begun_;
    if (snapshot_ != nullptr) snapshot_->is_sent = false;
    if (order_facts_ != nullptr) order_facts_->under_way = 0;
  }
  v1::ConnectRequest request;
  v1::Hello* hello = request.mutable_hello();
  hello->set_source(options_.source);
  hello->set_adapter(options_.adapter);
  hello->set_wants_levels(options_.wants_levels);
  if (options_.wants_levels) {
    hello->set_level_cursor(levels_->BeginLevels());
    hello->set_level_updates_in_flight_max(options_.level_updates_in_flight_max);
  }
  hello->set_wants_orders(options_.wants_orders && orders_ != nullptr);
  if (hello->wants_orders()) {
    if (const auto cursor = orders_->BeginOrders()) hello->set_order_cursor(*cursor);
    hello->set_order_updates_in_flight_max(options_.order_updates_in_flight_max);
  }
  connection->Write(request);  // When it fails, so does the first read.
  std::jthread writer([&] { WriteLoop(*connection); });
  ReadLoop(*connection);
  {
    const Lock lock(mutex_);
    stream_.is_over = true;
    changed_.notify_all();
  }
  writer.join();
  const absl::Status status = connection->Finish();
  const Lock lock(mutex_);
  stream_.connection = nullptr;
  changed_.notify_all();
  if (stream_.is_overdue) {
    return absl::DeadlineExceededError("the daemon did not answer in time");
  }
  return status;
}

void SessionCore::ReadLoop(ConnectStream& connection) {
  v1::ConnectResponse response;
  while (connection.Read(&response)) OnResponse(response);
}

void SessionCore::OnResponse(const v1::ConnectResponse& response) {
  switch (response.frame_case()) {
    case v1::ConnectResponse::kWelcome: return OnWelcome(response.welcome());
    case v1::ConnectResponse::kBatchAck: return OnBatchAck(response.batch_ack());
    case v1::ConnectResponse::kSnapshotAck: return OnSnapshotAck(response.snapshot_ack());
    case v1::ConnectResponse::kLevelUpdate: return OnLevelUpdate(response.level_update());
    case v1::ConnectResponse::kSnapshotRequest:
      return listener_->OnSnapshotRequest(response.snapshot_request());
    case v1::ConnectResponse::kOrderUpdate: return OnOrderUpdate(response.order_update());
    case v1::ConnectResponse::kOrderFactAck: return OnOrderFactAck(response.order_fact_ack());
    case v1::ConnectResponse::FRAME_NOT_SET:
      spdlog::warn("the daemon sent a message of an unknown kind; it may be newer source={}",
                   options_.source);
      return;
  }
}

void SessionCore::OnWelcome(const v1::Welcome& welcome) {
  spdlog::info("session open source={} batch_size_max={} batches_in_flight_max={}", options_.source,
               welcome.batch_size_max(), welcome.batches_in_flight_max());
  const Lock lock(mutex_);
  stream_.welcome = welcome;
  stream_.answered_at = SteadyNow();
  ++health_.streams_opened;
  outbox_.Restart(welcome.batch_acknowledged());
  health_schedule_.Restart();
  changed_.notify_all();
}

void SessionCore::OnBatchAck(const v1::BatchAck& ack) {
  {
    const Lock lock(mutex_);
    stream_.answered_at = SteadyNow();
    if (!outbox_.Acknowledge(ack)) {
      spdlog::warn("the daemon acknowledged a batch that is not under way source={} batch={}",
                   options_.source, ack.batch());
      return;
    }
    health_.facts_applied += ack.applied();
    health_.facts_duplicate += ack.duplicates();
    health_.facts_set_aside += ack.set_aside_size();
    changed_.notify_all();
  }
  listener_->OnAcknowledged();
}

void SessionCore::OnSnapshotAck(const v1::SnapshotAck& ack) {
  const Lock lock(mutex_);
  stream_.answered_at = SteadyNow();
  if (snapshot_ == nullptr || snapshot_->begin.snapshot_id() != ack.snapshot_id()) return;
  snapshot_->ack = ack;
  ++health_.snapshots_acknowledged;
  changed_.notify_all();
}

void SessionCore::OnLevelUpdate(const v1::LevelUpdate& update) {
  if (levels_ == nullptr) return;
  {
    // Before the sink sees it: from then on it may be acknowledged.
    const Lock lock(mutex_);
    stream_.level_cursors.push_back(update.cursor());
    health_.levels_received += update.levels_size();
  }
  levels_->OnLevels(update);
  if (!update.caught_up()) return;
  const Lock lock(mutex_);
  stream_.is_caught_up = true;
  changed_.notify_all();
}

// Returns whether there will be another stream.
bool SessionCore::WaitBeforeRetry(const absl::Status& status, Backoff& backoff) {
  Lock lock(mutex_);
  if (is_stopping_) return false;
  if (stream_.must_restart) return true;
  if (!status.ok()) health_.last_error = status.ToString();
  if (!IsWorthRetrying(status.code())) {
    failure_ = status;
    spdlog::error("the daemon refused the session, and trying again would not help source={} {}",
                  options_.source, status.ToString());
    changed_.notify_all();
    return false;
  }
  const bool is_replaced = ReasonOf(status) == "SESSION_REPLACED";
  if (stream_.welcome && !is_replaced) backoff.Reset();
  const std::chrono::milliseconds pause = is_replaced ? options_.backoff.max : backoff.Next();
  if (is_replaced) {
    spdlog::warn(
        "another session of the same source replaced this one; see whether two adapters "
        "run with the same source source={} retry_in_ms={}",
        options_.source, pause.count());
  } else {
    spdlog::warn("no session with the daemon source={} retry_in_ms={} {}", options_.source,
                 pause.count(), status.ok() ? "the daemon ended the stream" : status.ToString());
  }
  changed_.wait_for(lock, pause, [this] { return is_stopping_; });
  return !is_stopping_;
}

}  // namespace stockd::sdk
