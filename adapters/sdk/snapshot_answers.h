// Answers the daemon's requests for snapshots.
#pragma once

#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "adapters/sdk/session.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sdk {

// The source's figures as of one instant.
struct Snapshot {
  Timestamp as_of;
  std::unique_ptr<SnapshotRows> rows;
};

// The source's side of snapshots. Called on one thread of the adapter.
class SnapshotSource {
 public:
  virtual ~SnapshotSource() = default;
  // The figures of `request.locations`, or of all. A failure is logged, and the daemon asks again
  // when it likes.
  virtual absl::StatusOr<Snapshot> Read(const v1::SnapshotRequest& request) = 0;
};

// Snapshots since the start of the process.
struct SnapshotCounts {
  int64_t requested = 0;
  int64_t answered = 0;
  int64_t failed = 0;
};

// Answers one request after the other. Sixteen may wait; of more the oldest is given up.
class SnapshotAnswers {
 public:
  using Send = std::function<absl::StatusOr<v1::SnapshotAck>(
      v1::SnapshotBegin begin, SnapshotRows* rows, std::stop_token stop)>;

  // `source` outlives it.
  explicit SnapshotAnswers(SnapshotSource* source) : source_(*source) {}
  ~SnapshotAnswers() { Stop(); }

  void Start(Send send);
  void Stop();
  // Returns at once. A request that waits already is not taken twice.
  void Take(const v1::SnapshotRequest& request);
  SnapshotCounts counts() const;

 private:
  void Run(const std::stop_token& stop);
  absl::Status Answer(const v1::SnapshotRequest& request, const std::stop_token& stop);

  SnapshotSource& source_;
  Send send_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<v1::SnapshotRequest> waiting_;
  SnapshotCounts counts_;
  std::jthread thread_;
};

}  // namespace stockd::sdk
