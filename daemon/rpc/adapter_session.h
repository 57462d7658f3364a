#pragma once

#include <absl/synchronization/mutex.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/device_book.h"
#include "daemon/sync/feed_pump.h"
#include "daemon/sync/level_delivery.h"
#include "daemon/sync/order_delivery.h"
#include "daemon/sync/snapshot_intake.h"
#include "daemon/sync/source_book.h"
#include "daemon/sync/waiting_order_facts.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::rpc {

// Limits of one adapter stream, from the configuration.
struct SessionLimits {
  int batch_size_max = 1000;
  int batches_in_flight_max = 8;
  Duration hello_timeout = std::chrono::seconds(10);
  int64_t snapshot_rows_max = 5'000'000;
};

// What a session works with. All outlive it.
struct SessionParts {
  engine::Engine& engine;
  storage::Reader& reader;
  sync::SourceBook& sources;
  sync::FeedPump& pump;
  sync::DeviceBook& devices;
  sync::SourceRecords& records;
  sync::WaitingOrderFacts& waiting;
  SessionLimits limits;
};

// The daemon's end of one adapter stream, without the stream itself: takes frames, decides what to
// answer, and holds what waits to be sent. Memory is bounded: it asks for another frame only while
// fewer than batches_in_flight_max are unanswered or their answers wait to be sent, and for levels
// and orders only while fewer than the adapter's own limits are unacknowledged.
//
// Thread-safe. Commits and levels arrive on other threads than frames; whoever makes the session
// want something calls the Wire afterwards, outside the lock.
class AdapterSession final : public sync::Subscriber,
                             public sync::OpenSession,
                             public std::enable_shared_from_this<AdapterSession> {
 public:
  // The stream. Told that the session may want to read, write or end; it then asks NextMove().
  class Wire {
   public:
    virtual ~Wire() = default;
    virtual void Wanted() = 0;
  };

  AdapterSession(SessionParts parts, std::weak_ptr<Wire> wire);

  // A frame arrived, whose content may be taken away; or the adapter has finished sending.
  void OnFrame(v1::ConnectRequest& frame);
  void OnEndOfFrames();
  // Bytes arrived that are no frame.
  void OnBadFrame();
  // The write that NextMove() gave out is done.
  void OnWritten(bool ok);
  // The stream was cancelled, by the adapter or by a broken connection.
  void OnCancelled();
  // The stream is gone.
  void OnGone();

  // What the wire should start now; each is given out once.
  struct Move {
    bool read = false;
    bool write = false;  // Send `written()`.
    std::optional<grpc::Status>
        finish;  // No read or write is under way or will be given out after this.
  };
  Move NextMove();
  // The message being written; valid from NextMove() until OnWritten().
  const v1::ConnectResponse& written() const { return written_; }

  bool Pump(Timestamp now) override;
  void Replace() override;
  bool RequestSnapshot(const v1::SnapshotRequest& request) override;

 private:
  void TakeHello(const v1::Hello& hello) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeFacts(v1::FactBatch batch) ABSL_LOCKS_EXCLUDED(mutex_);
  // The source whose health it is; empty when the stream ends because of it.
  std::string TakeHealth(const v1::AdapterHealth& health) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginSnapshot(const v1::SnapshotBegin& begin) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddSnapshotRows(const v1::SnapshotChunk& chunk) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<sync::SnapshotIntake> EndSnapshot(const v1::SnapshotEnd& end)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ApplySnapshot(std::shared_ptr<sync::SnapshotIntake> intake) ABSL_LOCKS_EXCLUDED(mutex_);
  void NoteEchoes(int64_t echoes) ABSL_LOCKS_EXCLUDED(mutex_);
  void AcknowledgeLevels(const v1::LevelAck& ack) ABSL_LOCKS_EXCLUDED(mutex_);
  void SendAgain(const std::vector<PositionKey>& positions) ABSL_LOCKS_EXCLUDED(mutex_);
  void Answered(v1::ConnectResponse response) ABSL_LOCKS_EXCLUDED(mutex_);
  void End(grpc::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndOutside(grpc::Status status) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends the next levels, or gives those back that must be committed first.
  std::optional<sync::LevelDelivery::Update> TakeLevels(Timestamp now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CommitLevels(sync::LevelDelivery::Update update) ABSL_LOCKS_EXCLUDED(mutex_);
  void SendLevels(const sync::LevelDelivery::Update& update) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeWire() ABSL_LOCKS_EXCLUDED(mutex_);

  // Begins to tell orders, if the hello asks for them.
  void OpenOrders(const v1::Hello& hello, const sync::ConfiguredSource& source)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Sends the next orders; reads the database, so nothing else waits for it.
  void SendOrders() ABSL_LOCKS_EXCLUDED(mutex_, orders_mutex_);
  void AcknowledgeOrders(uint64_t cursor) ABSL_LOCKS_EXCLUDED(mutex_, orders_mutex_);
  void TakeOrderFacts(v1::OrderFactBatch batch) ABSL_LOCKS_EXCLUDED(mutex_);

  const SessionParts parts_;
  const Timestamp began_at_;
  const std::weak_ptr<Wire> wire_;

  absl::Mutex mutex_;
  std::string source_name_ ABSL_GUARDED_BY(mutex_);
  SourceId source_ ABSL_GUARDED_BY(mutex_) = kNoSource;  // kNoSource until the hello.
  std::shared_ptr<sync::SnapshotIntake> snapshot_ ABSL_GUARDED_BY(mutex_);
  std::optional<sync::LevelDelivery> levels_ ABSL_GUARDED_BY(mutex_);
  int unanswered_ ABSL_GUARDED_BY(mutex_) = 0;  // Frames whose answer waits for a commit.
  std::deque<v1::ConnectResponse> outbox_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool frames_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  // Taken after mutex_ where both are.
  absl::Mutex orders_mutex_;
  std::optional<sync::OrderDelivery> orders_ ABSL_GUARDED_BY(orders_mutex_);
  v1::ConnectResponse written_;  // Touched by the writer of the moment only.
};

}  // namespace stockd::rpc
