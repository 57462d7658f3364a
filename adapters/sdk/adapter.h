// An adapter: tell facts, take levels. Everything between is here.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/adapter_store.h"
#include "adapters/sdk/backoff.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/fact_outbox.h"
#include "adapters/sdk/level_worker.h"
#include "adapters/sdk/order_fact_pump.h"
#include "adapters/sdk/order_worker.h"
#include "adapters/sdk/quota_client.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/snapshot_answers.h"

namespace stockd::sdk {

// Who connects, and what it may use.
struct AdapterOptions {
  std::string source;   // The source's id as configured in the daemon.
  std::string adapter;  // Name and version, for people.
  ChannelOptions daemon;
  // The SQLite file that remembers everything; one for each adapter.
  std::filesystem::path state_file;
  // Facts that may wait for the daemon. Beyond it Tell() reports that it is full. A fact takes
  // about 200 bytes of the disk.
  int64_t facts_max = 1'000'000;
  Backoff::Options backoff;
  // As in SessionOptions.
  std::chrono::milliseconds answer_timeout{60'000};
  std::chrono::milliseconds health_interval{10'000};
  // Tells all open orders once more, to a system that has lost them. Else only what has changed
  // since the last that was taken over.
  bool orders_anew = false;
  // Between two log lines that say how the adapter fares.
  std::chrono::seconds summary_interval{60};
};

// Hears what became of facts. Called on one thread of the adapter.
class FactListener {
 public:
  virtual ~FactListener() = default;
  // The daemon keeps the fact in quarantine until a person has mended the cause. Its `sequence` is
  // of no meaning here. After a crash it may be told again.
  virtual void OnSetAside(const SetAsideFact& /*fact*/) {}
  // How far the sequence of a numbered device is complete: what it may forget.
  virtual void OnDeviceMark(const v1::DeviceMark& /*mark*/) {}
  // The daemon has the fact and cannot apply it yet; it tries again when the order changes. Called
  // on another thread than the others. After a crash it may be told again.
  virtual void OnOrderFactWaits(const WaitingOrderFact& /*waiting*/) {}
};

// What an adapter brings; each may be null, and outlives the adapter.
struct AdapterParts {
  LevelTarget* levels = nullptr;        // Null: no levels are wanted.
  SnapshotSource* snapshots = nullptr;  // Null: requests for snapshots are ignored.
  FactListener* facts = nullptr;
  OrderTarget* orders = nullptr;  // Null: no orders are wanted.
};

// Counts since the start of the process.
struct AdapterMetrics {
  SessionHealth session;
  int64_t facts_told = 0;
  int64_t facts_refused = 0;  // Because the outbox was full.
  int64_t outbox_depth = 0;   // Facts that wait now.
  LevelCounts levels;
  SnapshotCounts snapshots;
  OrderCounts orders;
  int64_t order_facts_waiting = 0;  // In the outbox.
};

// One line of named values for the log.
[[nodiscard]] std::string ToLogLine(const AdapterMetrics& metrics);

// May be called from any thread.
class Adapter {
 public:
  // Opens the state file; does not connect yet.
  //   as AdapterStore::Open() and OpenChannel().
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Adapter>> Open(AdapterOptions options,
                                                                     AdapterParts parts);
  // Stops.
  virtual ~Adapter() = default;

  // Connects in the background, and stays connected.
  virtual void Start() = 0;
  // Ends in good order: levels in work are finished and acknowledged, the stream is ended. Facts
  // that wait go with the next start. Takes some seconds at most, and as long as LevelTarget does.
  virtual void Stop() = 0;

  // Takes facts. OK: they are on this machine's disk and will reach the daemon, whatever crashes;
  // the source may forget them. All or none.
  //   INVALID_ARGUMENT     a fact has no event id, or text that is not UTF-8: no daemon would take
  //   it, and those behind it would wait for ever.
  //   RESOURCE_EXHAUSTED   the outbox is full; tell them again later.
  //   INTERNAL             the disk refuses.
  [[nodiscard]] virtual absl::Status Tell(std::vector<v1::Fact> facts,
                                          const TellOptions& options) = 0;
  [[nodiscard]] absl::Status Tell(v1::Fact fact);

  // The same for what happened to orders: OK, and it will reach the daemon, whatever crashes.
  [[nodiscard]] virtual absl::Status TellOrders(std::vector<v1::OrderFact> facts) = 0;
  [[nodiscard]] absl::Status TellOrder(v1::OrderFact fact);

  // What was last told as TellOptions::place under this name; unset: nothing yet.
  [[nodiscard]] virtual absl::StatusOr<std::optional<std::string>> Place(std::string_view name) = 0;

  // Waits until no fact waits: true, or false when `patience` is over. CANCELLED when `stop` is
  // requested; else what failure() says.
  [[nodiscard]] virtual absl::StatusOr<bool> WaitUntilAcknowledged(
      std::chrono::milliseconds patience, std::stop_token stop) = 0;

  // Selling while cut off. A quota is units that nobody else is promised while this adapter holds
  // them; what it may still sell is known on this disk, and needs no connection.

  // Asks the daemon for a quota and keeps it. Repeated with the same id: the quota as it is kept.
  // What the daemon or the connection says (FAILED_PRECONDITION: not so many are there).
  [[nodiscard]] virtual absl::StatusOr<HeldQuota> TakeQuota(
      const v1::GrantQuotaRequest& request) = 0;
  // Tells a sale out of a quota that has enough units left and is not over: the id of that quota,
  // which becomes the sale's reservation_id.
  //   FAILED_PRECONDITION   there is none: without asking the daemon, it must not be sold.
  //   any other             as Tell(). Nothing was sold.
  [[nodiscard]] virtual absl::StatusOr<std::string> SellFromQuota(v1::Fact sale,
                                                                  const TellOptions& options) = 0;
  // Sells no more out of it, and gives the rest back once the daemon has heard of all sales: true,
  // or false while some wait; then call again. What the daemon or the connection says.
  [[nodiscard]] virtual absl::StatusOr<bool> ReturnQuota(std::string_view quota_id) = 0;
  // Those that are held. One whose time is over is to be returned.
  [[nodiscard]] virtual absl::StatusOr<std::vector<HeldQuota>> quotas() = 0;

  // Sends a snapshot by the adapter's own decision. As Session::SendSnapshot(), but waits its turn.
  [[nodiscard]] virtual absl::StatusOr<v1::SnapshotAck> SendSnapshot(v1::SnapshotBegin begin,
                                                                     SnapshotRows* rows,
                                                                     std::stop_token stop) = 0;

  // What is wrong with the system behind the adapter, for people; empty: nothing any more.
  virtual void ReportTrouble(std::string_view trouble) = 0;

  // OK while the adapter works or tries to; else why it ended for good.
  [[nodiscard]] virtual absl::Status failure() const = 0;
  [[nodiscard]] virtual AdapterMetrics metrics() = 0;
};

}  // namespace stockd::sdk
