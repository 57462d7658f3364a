// Writing to a stream.
#include <algorithm>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/session_core.h"

namespace stockd::sdk {
namespace {

using std::chrono::milliseconds;

// How long the daemon may take to end a stream that this side has ended.
constexpr milliseconds kGoodbyePatience{2000};
// How often an overdue answer is looked for.
constexpr milliseconds kWatchInterval{1000};
// gRPC refuses messages above 4 MiB by default.
constexpr size_t kChunkBytesMax = size_t{2} * 1024 * 1024;

}  // namespace

// Writes until the stream is over, must end, or does not take any more.
void SessionCore::WriteLoop(ConnectStream& connection) {
  Lock lock(mutex_);
  v1::ConnectRequest request;
  for (;;) {
    changed_.wait_for(lock,
                      std::min({kWatchInterval, options_.answer_timeout, options_.health_interval}),
                      [this] {
                        return stream_.is_over || IsEnded() || stream_.must_restart ||
                               HasSnapshot() || HasRequest() || IsHealthDue();
                      });
    if (stream_.is_over) return;
    if (IsEnded() || stream_.must_restart) return SayGoodbye(connection, lock);
    if (IsOverdue()) {
      stream_.is_overdue = true;
      return connection.Cancel();
    }
    if (IsHealthDue() && !WriteHealth(connection, lock)) return;
    if (HasSnapshot()) {
      if (!WriteSnapshot(connection, lock)) return;
      continue;
    }
    if (!HasRequest()) continue;
    FillRequest(&request);
    lock.unlock();
    const bool is_written = connection.Write(request);
    lock.lock();
    if (!is_written) return;
  }
}

// What is durable is still acknowledged, so that the daemon need not tell it again.
void SessionCore::SayGoodbye(ConnectStream& connection, Lock& lock) {
  while (stream_.welcome && HasAck()) {
    v1::ConnectRequest request;
    FillRequest(&request);
    lock.unlock();
    const bool is_written = connection.Write(request);
    lock.lock();
    if (!is_written) return;
  }
  lock.unlock();
  connection.WritesDone();
  lock.lock();
  const bool is_over =
      changed_.wait_for(lock, kGoodbyePatience, [this] { return stream_.is_over; });
  if (!is_over) connection.Cancel();
}

bool SessionCore::HasAck() const {
  return !stream_.level_acks.empty() || !stream_.order_acks.empty();
}

bool SessionCore::HasRequest() const {
  return stream_.welcome && (HasAck() || HasOrderFacts() || outbox_.HasBatch(limits()));
}

void SessionCore::FillRequest(v1::ConnectRequest* request) {
  if (!stream_.level_acks.empty()) {
    health_.level_cursor = stream_.level_acks.front().cursor();
    *request->mutable_level_ack() = std::move(stream_.level_acks.front());
    stream_.level_acks.pop_front();
    return;
  }
  if (!stream_.order_acks.empty()) {
    request->mutable_order_ack()->set_cursor(stream_.order_acks.front());
    stream_.order_acks.pop_front();
    return;
  }
  if (HasOrderFacts()) return FillOrderFacts(request->mutable_order_facts());
  if (outbox_.batches_in_flight() == 0) stream_.answered_at = SteadyNow();
  outbox_.TakeBatch(limits(), request->mutable_facts());
}

bool SessionCore::IsHealthDue() const {
  return stream_.welcome && health_schedule_.IsDue(SteadyNow(), trouble_);
}

// What waits here; the listener may know of more.
void SessionCore::FillHealth(v1::AdapterHealth* health) {
  health->set_outbox_depth(static_cast<int64_t>(outbox_.size()));
  if (outbox_.oldest() != nullptr && outbox_.oldest()->has_occurred_at()) {
    *health->mutable_oldest_waiting_time() = outbox_.oldest()->occurred_at();
  }
  health->set_trouble(trouble_);
}

// False: the stream does not take any more.
bool SessionCore::WriteHealth(ConnectStream& connection, Lock& lock) {
  v1::ConnectRequest request;
  FillHealth(request.mutable_health());
  health_schedule_.NoteSent(SteadyNow(), trouble_);
  lock.unlock();
  listener_->FillHealth(request.mutable_health());
  const bool is_written = connection.Write(request);
  lock.lock();
  return is_written;
}

bool SessionCore::HasSnapshot() const {
  return stream_.welcome && snapshot_ != nullptr && !snapshot_->is_sent && !snapshot_->is_over();
}

// Writes the whole snapshot. False: the stream does not take any more.
bool SessionCore::WriteSnapshot(ConnectStream& connection, Lock& lock) {
  OutgoingSnapshot& snapshot = *snapshot_;
  const int batch_size_max = limits().batch_size_max;
  is_writing_snapshot_ = true;
  lock.unlock();

  absl::Status rows_status = snapshot.rows->Rewind();
  v1::ConnectRequest request;
  *request.mutable_snapshot_begin() = snapshot.begin;
  const bool is_written = rows_status.ok() && connection.Write(request) &&
                          WriteRows(connection, snapshot, batch_size_max, &rows_status);

  lock.lock();
  is_writing_snapshot_ = false;
  snapshot.is_sent = is_written;
  snapshot.rows_status = rows_status;
  stream_.answered_at = SteadyNow();
  // What was begun cannot be taken back, other than with the stream.
  if (!rows_status.ok()) stream_.must_restart = true;
  changed_.notify_all();
  return is_written || !rows_status.ok();
}

bool SessionCore::WriteRows(ConnectStream& connection, const OutgoingSnapshot& snapshot,
                            int batch_size_max, absl::Status* rows_status) {
  v1::ConnectRequest request;
  v1::SnapshotRow row;
  int64_t row_count = 0;
  size_t bytes = 0;
  for (bool has_row = true; has_row;) {
    const absl::StatusOr<bool> next = snapshot.rows->Next(&row);
    *rows_status = next.status();
    if (!next.ok()) return false;
    has_row = *next;
    v1::SnapshotChunk* chunk = request.mutable_snapshot_chunk();
    if (has_row) {
      ++row_count;
      bytes += row.ByteSizeLong();
      *chunk->add_rows() = std::move(row);
    }
    const bool is_full = chunk->rows_size() == batch_size_max || bytes >= kChunkBytesMax;
    if (!is_full && (has_row || chunk->rows_size() == 0)) continue;
    if (!WriteAcks(connection) || !connection.Write(request)) return false;
    chunk->clear_rows();
    bytes = 0;
  }
  request.mutable_snapshot_end()->set_row_count(row_count);
  return connection.Write(request);
}

// Levels and orders go on while a long snapshot is written. False: the stream must end.
bool SessionCore::WriteAcks(ConnectStream& connection) {
  for (;;) {
    v1::ConnectRequest request;
    {
      const Lock lock(mutex_);
      if (IsEnded() || stream_.is_over) return false;
      if (!HasAck()) return true;
      FillRequest(&request);
    }
    if (!connection.Write(request)) return false;
  }
}

bool SessionCore::IsOverdue() const {
  const bool is_waiting = !stream_.welcome || outbox_.batches_in_flight() > 0 ||
                          (order_facts_ != nullptr && order_facts_->under_way > 0) ||
                          (snapshot_ != nullptr && snapshot_->is_sent && !snapshot_->is_over());
  return is_waiting && SteadyNow() - stream_.answered_at > options_.answer_timeout;
}

FactOutbox::Limits SessionCore::limits() const {
  if (!stream_.welcome) return {};
  return {.batch_size_max = std::max(1, stream_.welcome->batch_size_max()),
          .batches_in_flight_max = std::max(1, stream_.welcome->batches_in_flight_max())};
}

}  // namespace stockd::sdk
