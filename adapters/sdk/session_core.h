// The inside of Session; only session*.cc include it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/fact_outbox.h"
#include "adapters/sdk/health_schedule.h"
#include "adapters/sdk/session.h"

namespace stockd::sdk {

// A snapshot on its way; lives on the stack of SendSnapshot().
struct OutgoingSnapshot {
  v1::SnapshotBegin begin;
  SnapshotRows* rows = nullptr;
  bool is_sent = false;  // On the present stream.
  absl::Status rows_status;
  std::optional<v1::SnapshotAck> ack;

  bool is_over() const { return ack.has_value() || !rows_status.ok(); }
};

// Facts about orders on their way; live on the stack of SendOrderFacts().
struct OutgoingOrderFacts {
  v1::OrderFactBatch batch;
  int acknowledged = 0;  // That many from the front.
  int under_way = 0;     // So many after them were sent on the present stream.
  v1::OrderFactAck ack;  // Of all that are acknowledged.

  bool is_over() const { return acknowledged == batch.facts_size(); }
};

// Two threads for each stream: Run() opens it and reads (session_stream.cc), WriteLoop() writes
// (session_writing.cc). Everything that is not const is guarded by mutex_, which is never held
// during a call of the sink, the rows, or one of the stream that may block.
class SessionCore {
 public:
  SessionCore(SessionOptions options, Session::StreamFactory open_stream, LevelSink* levels,
              SessionListener* listener, OrderSink* orders);

  // As in Session.
  void Start();
  void Stop();
  absl::StatusOr<uint64_t> SendFact(v1::Fact fact, std::stop_token stop);
  absl::StatusOr<uint64_t> SendPassedNumber(std::string device, uint64_t number,
                                            std::stop_token stop);
  uint64_t last_sequence() const;
  Acknowledged TakeAcknowledged();
  absl::StatusOr<bool> WaitForAcknowledgement(uint64_t sequence, std::chrono::milliseconds patience,
                                              std::stop_token stop);
  absl::StatusOr<v1::SnapshotAck> SendSnapshot(OutgoingSnapshot snapshot, std::stop_token stop);
  void AcknowledgeLevels(uint64_t cursor, std::vector<v1::LevelResult> results);
  void AcknowledgeOrder(uint64_t cursor);
  absl::StatusOr<v1::OrderFactAck> SendOrderFacts(v1::OrderFactBatch batch, std::stop_token stop);
  void ReportTrouble(std::string_view trouble);
  absl::StatusOr<bool> CatchUpWithLevels(std::chrono::milliseconds patience, std::stop_token stop);
  absl::Status failure() const;
  SessionHealth health() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  // The present stream, from its beginning to its end.
  struct Stream {
    ConnectStream* connection = nullptr;  // Null: there is no stream now.
    std::optional<v1::Welcome> welcome;
    bool is_over = false;                 // Nothing more can be read.
    bool is_caught_up = false;            // All levels of its beginning were handed to the sink.
    bool must_restart = false;            // Ends although nothing is wrong.
    bool is_overdue = false;              // The daemon did not answer in time.
    std::deque<uint64_t> level_cursors;   // Handed to the sink, not durable yet.
    std::deque<v1::LevelAck> level_acks;  // Durable, to be acknowledged.
    std::deque<uint64_t> order_cursors;   // The same for orders.
    std::deque<uint64_t> order_acks;
    // When the daemon last answered, or had been given the first thing to answer.
    SteadyTime answered_at;
  };

  // session_stream.cc: opening, reading, ending.
  void Run();
  absl::Status RunStream();
  void ReadLoop(ConnectStream& connection);
  void OnResponse(const v1::ConnectResponse& response);
  void OnWelcome(const v1::Welcome& welcome);
  void OnBatchAck(const v1::BatchAck& ack);
  void OnSnapshotAck(const v1::SnapshotAck& ack);
  void OnLevelUpdate(const v1::LevelUpdate& update);
  void OnOrderUpdate(const v1::OrderUpdate& update);
  void OnOrderFactAck(const v1::OrderFactAck& ack);
  bool WaitBeforeRetry(const absl::Status& status, Backoff& backoff);

  // session_writing.cc.
  void WriteLoop(ConnectStream& connection);
  void SayGoodbye(ConnectStream& connection, Lock& lock);
  bool HasRequest() const;
  // Acknowledgements, which the daemon waits for.
  bool HasAck() const;
  bool HasOrderFacts() const;
  void FillOrderFacts(v1::OrderFactBatch* batch);
  void FillRequest(v1::ConnectRequest* request);
  void FillHealth(v1::AdapterHealth* health);
  bool IsHealthDue() const;
  bool WriteHealth(ConnectStream& connection, Lock& lock);
  bool HasSnapshot() const;
  bool WriteSnapshot(ConnectStream& connection, Lock& lock);
  bool WriteRows(ConnectStream& connection, const OutgoingSnapshot& snapshot, int batch_size_max,
                 absl::Status* rows_status);
  bool WriteAcks(ConnectStream& connection);
  bool IsOverdue() const;

  // Waits until one more fact may wait.
  absl::Status WaitForRoom(Lock& lock, const std::stop_token& stop);
  FactOutbox::Limits limits() const;
  bool IsFull() const;
  bool IsEnded() const { return is_stopping_ || !failure_.ok(); }
  absl::Status EndStatus() const;

  const SessionOptions options_;
  const Session::StreamFactory open_stream_;
  LevelSink* const levels_;
  SessionListener* const listener_;  // Never null.
  OrderSink* const orders_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_stopping_ = false;
  absl::Status failure_;
  Stream stream_;
  int64_t streams_begun_ = 0;
  FactOutbox outbox_;
  std::string trouble_;
  HealthSchedule health_schedule_;
  OutgoingSnapshot* snapshot_ = nullptr;
  OutgoingOrderFacts* order_facts_ = nullptr;
  uint64_t order_batch_ = 0;          // The last that was numbered.
  bool is_writing_snapshot_ = false;  // The writing thread uses *snapshot_.
  SessionHealth health_;
  std::jthread thread_;
};

}  // namespace stockd::sdk
