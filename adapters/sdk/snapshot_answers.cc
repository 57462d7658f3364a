#include "adapters/sdk/snapshot_answers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "adapters/sdk/log.h"

namespace stockd::sdk {
namespace {

constexpr size_t kWaitingMax = 16;

}  // namespace

void SnapshotAnswers::Start(Send send) {
  send_ = std::move(send);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void SnapshotAnswers::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void SnapshotAnswers::Take(const v1::SnapshotRequest& request) {
  const std::scoped_lock lock(mutex_);
  ++counts_.requested;
  const auto is_same = [&](const v1::SnapshotRequest& other) {
    return other.snapshot_id() == request.snapshot_id();
  };
  if (std::ranges::any_of(waiting_, is_same)) return;
  if (waiting_.size() == kWaitingMax) waiting_.pop_front();
  waiting_.push_back(request);
  changed_.notify_all();
}

SnapshotCounts SnapshotAnswers::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

void SnapshotAnswers::Run(const std::stop_token& stop) {
  for (;;) {
    v1::SnapshotRequest request;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      request = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const absl::Status status = Answer(request, stop);
    if (!status.ok() && !absl::IsCancelled(status)) {
      spdlog::error("snapshot not sent snapshot_id={} {}", LogValue(request.snapshot_id()),
                    status.ToString());
    }
    const std::scoped_lock lock(mutex_);
    ++(status.ok() ? counts_.answered : counts_.failed);
  }
}

absl::Status SnapshotAnswers::Answer(const v1::SnapshotRequest& request,
                                     const std::stop_token& stop) {
  const absl::StatusOr<Snapshot> snapshot = source_.Read(request);
  if (!snapshot.ok()) return snapshot.status();
  v1::SnapshotBegin begin;
  begin.set_snapshot_id(request.snapshot_id());
  SetProto(snapshot->as_of, begin.mutable_as_of());
  begin.set_compare_only(request.compare_only());
  return send_(std::move(begin), snapshot->rows.get(), stop).status();
}

}  // namespace stockd::sdk
