// An adapter's conversation with the daemon.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/connect_stream.h"
#include "adapters/sdk/fact_outbox.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::sdk {

// Who connects, and how patiently.
struct SessionOptions {
  std::string source;   // The source's id as configured in the daemon.
  std::string adapter;  // Name and version, for people.
  bool wants_levels = false;
  // LevelUpdates of up to 1000 levels each that may wait for OnLevels' effect to become durable. 1
  // to 64.
  int level_updates_in_flight_max = 64;
  // Orders with something to do at the source's locations; and how many of them may wait for
  // OnOrder's effect to become durable. 1 to 256.
  bool wants_orders = false;
  int order_updates_in_flight_max = 16;
  // Facts and bytes that may wait for an acknowledgement; SendFact() blocks beyond either.
  size_t facts_waiting_max = 50'000;
  size_t bytes_waiting_max = size_t{64} * 1024 * 1024;
  // Between two tries to connect.
  Backoff::Options backoff;
  // The stream is begun anew when the daemon does not answer Hello, a batch or a snapshot for so
  // long.
  std::chrono::milliseconds answer_timeout{60'000};
  // How often the daemon is told how the adapter fares. When trouble begins or ends it is told at
  // once.
  std::chrono::milliseconds health_interval{10'000};
};

// Takes levels. Called on the session's reading thread, so it must not call back into the session
// other than AcknowledgeLevels() and should return quickly.
class LevelSink {
 public:
  virtual ~LevelSink() = default;

  // A stream begins: the cursor of the last levels that are durable, 0 for all levels.
  // `updates_in_flight_max` updates may then come before the first one is acknowledged.
  virtual uint64_t BeginLevels() = 0;

  // Levels to show. Once they are durable: Session::AcknowledgeLevels(update.cursor()).
  virtual void OnLevels(const v1::LevelUpdate& update) = 0;
};

// Takes orders. Called on the session's reading thread, as LevelSink is.
class OrderSink {
 public:
  virtual ~OrderSink() = default;

  // A stream begins: the cursor of the last update that is durable; 0 for all open orders; unset:
  // the last one that the daemon had acknowledged, which needs no memory here. Updates of the
  // stream before that were not acknowledged come again.
  virtual std::optional<uint64_t> BeginOrders() = 0;

  // An order to take over. Once it is durable: Session::AcknowledgeOrder(update.cursor()).
  virtual void OnOrder(const v1::OrderUpdate& update) = 0;
};

// The rows of a snapshot. Called on the session's writing thread while SendSnapshot() waits.
class SnapshotRows {
 public:
  virtual ~SnapshotRows() = default;

  // Back to the first row: the snapshot is sent (again) from the beginning.
  [[nodiscard]] virtual absl::Status Rewind() = 0;
  // Fills the next row; false after the last one.
  [[nodiscard]] virtual absl::StatusOr<bool> Next(v1::SnapshotRow* row) = 0;
};

// Hears what else happens. Called on the session's threads, so it must not call back into the
// session and should return quickly.
class SessionListener {
 public:
  virtual ~SessionListener() = default;

  // Facts were acknowledged; TakeAcknowledged() says which.
  virtual void OnAcknowledged() {}
  // The daemon asks for a snapshot. It may be answered with SendSnapshot() under the request's id
  // at any time, or not at all.
  virtual void OnSnapshotRequest(const v1::SnapshotRequest& /*request*/) {}
  // Health is told now. It states what waits in the session; whoever keeps more facts than those
  // says so.
  virtual void FillHealth(v1::AdapterHealth* /*health*/) {}
};

class SessionCore;

// How a session fares.
struct SessionHealth {
  bool is_connected = false;
  int64_t streams_opened = 0;  // Streams that the daemon welcomed.
  int64_t facts_waiting = 0;   // Taken and not acknowledged.
  int64_t facts_applied = 0;   // Since the start of the process, as are all below.
  int64_t facts_duplicate = 0;
  int64_t facts_set_aside = 0;
  int64_t levels_received = 0;
  int64_t snapshots_acknowledged = 0;
  int64_t orders_received = 0;
  int64_t order_facts_applied = 0;
  int64_t order_facts_duplicate = 0;
  int64_t order_facts_waiting = 0;  // In the daemon, for something that has not happened yet.
  uint64_t level_cursor = 0;        // Last one acknowledged; 0: none.
  std::string last_error;           // Why the last stream ended; empty: none ended in error.
};

// One line of named values for the log.
[[nodiscard]] std::string ToLogLine(const SessionHealth& health);

// Keeps one stream open, for ever: connects, says Hello, sends what is given to it, repeats after a
// broken stream what was not acknowledged, hands levels on. Methods may be called from any thread.
//
// A refusal that no repetition can mend (unknown source, invalid message) ends the session: all
// calls then return that status, see failure().
class Session {
 public:
  using StreamFactory = std::function<std::unique_ptr<ConnectStream>()>;

  // `levels` may be null when no levels are wanted, `listener` when nobody listens, `orders` when
  // no orders are wanted; they must outlive the session.
  Session(SessionOptions options, StreamFactory open_stream, LevelSink* levels,
          SessionListener* listener = nullptr, OrderSink* orders = nullptr);
  // Stops.
  ~Session();

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start();

  // Half-closes the stream, waits up to two seconds for the daemon to agree, and ends all threads.
  // What is not acknowledged stays unacknowledged. Calls that wait return CANCELLED.
  void Stop();

  // Takes a fact for sending and returns its sequence number (1, 2, ...). Blocks while too many
  // wait for an acknowledgement. CANCELLED when `stop` is requested; else what failure() says.
  [[nodiscard]] absl::StatusOr<uint64_t> SendFact(v1::Fact fact, std::stop_token stop);

  // The same for a number that a device (see Fact.device) gave to what moves no stock, so that it
  // is not taken for missing. It has a sequence number like a fact's.
  [[nodiscard]] absl::StatusOr<uint64_t> SendPassedNumber(std::string device, uint64_t number,
                                                          std::stop_token stop);

  // Of the last fact that was taken; 0 when there was none.
  [[nodiscard]] uint64_t last_sequence() const;

  // What was acknowledged since the last call. Does not block.
  [[nodiscard]] Acknowledged TakeAcknowledged();

  // Waits until every fact up to `sequence` is acknowledged, or `patience` is over: true when all
  // are. CANCELLED when `stop` is requested; else what failure() says.
  [[nodiscard]] absl::StatusOr<bool> WaitForAcknowledgement(uint64_t sequence,
                                                            std::chrono::milliseconds patience,
                                                            std::stop_token stop);

  // Sends a snapshot, again after a broken stream, and waits until it is on the daemon's disk. A
  // second one waits its turn. CANCELLED when `stop` is requested; what `rows` fails with; else
  // what failure() says.
  [[nodiscard]] absl::StatusOr<v1::SnapshotAck> SendSnapshot(const std::string& snapshot_id,
                                                             Timestamp as_of, SnapshotRows* rows,
                                                             std::stop_token stop);
  // The same, with all that a snapshot may begin with.
  [[nodiscard]] absl::StatusOr<v1::SnapshotAck> SendSnapshot(v1::SnapshotBegin begin,
                                                             SnapshotRows* rows,
                                                             std::stop_token stop);

  // The levels up to this cursor are durable, all but those that `results` name: they were not
  // applied as told. Cursors that did not come on the present stream are ignored.
  void AcknowledgeLevels(uint64_t cursor, std::vector<v1::LevelResult> results = {});

  // The order update with this cursor is durable. One that did not come on the present stream is
  // ignored.
  void AcknowledgeOrder(uint64_t cursor);

  // Sends facts about orders, in as many batches as the daemon asks for and again after a broken
  // stream, and waits until they are on the daemon's disk: what became of all. Numbers in `batch`
  // and the answer are of no meaning. A second call waits its turn. CANCELLED when `stop` is
  // requested; else what failure() says.
  [[nodiscard]] absl::StatusOr<v1::OrderFactAck> SendOrderFacts(v1::OrderFactBatch batch,
                                                                std::stop_token stop);

  // Tells the daemon what is wrong with the system behind the adapter; empty: nothing any more. Cut
  // at 512 bytes.
  void ReportTrouble(std::string_view trouble);

  // Begins a new stream and waits until all levels that exist at its beginning were handed to the
  // sink: true, or false when `patience` is over. Levels that follow from facts acknowledged before
  // this call are among them.
  [[nodiscard]] absl::StatusOr<bool> CatchUpWithLevels(std::chrono::milliseconds patience,
                                                       std::stop_token stop);

  // OK while the session works or tries to; else the refusal that ended it.
  [[nodiscard]] absl::Status failure() const;

  [[nodiscard]] SessionHealth health() const;

 private:
  std::unique_ptr<SessionCore> core_;
};

}  // namespace stockd::sdk
