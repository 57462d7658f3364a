// Puts levels into the source, one after the other, and answers for each.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/sdk/adapter_store.h"
#include "adapters/sdk/session.h"

namespace stockd::sdk {

// What became of one level.
struct LevelAnswer {
  // Unset: applied.
  std::optional<v1::LevelOutcome> outcome;
  int64_t found = 0;
  std::string reason;  // For people; cut at 512 bytes.

  // The source shows it, or knows a newer one.
  static LevelAnswer Applied() { return {}; }
  // Not written: the source shows `found` instead of `Level.expected`.
  static LevelAnswer Conflict(int64_t found, std::string reason = {}) {
    return {.outcome = v1::LEVEL_OUTCOME_CONFLICT, .found = found, .reason = std::move(reason)};
  }
  // Not written, for a reason that may pass; it comes again after a growing pause.
  static LevelAnswer Retry(std::string reason) {
    return {.outcome = v1::LEVEL_OUTCOME_RETRY, .reason = std::move(reason)};
  }
  // Not written, for a reason that stays.
  static LevelAnswer Refused(std::string reason) {
    return {.outcome = v1::LEVEL_OUTCOME_REFUSED, .reason = std::move(reason)};
  }
};

// The source's side of levels. Called on one thread of the adapter, never two calls at once.
class LevelTarget {
 public:
  virtual ~LevelTarget() = default;

  // Shows one level. The same one may come again, after a crash or a broken stream.
  virtual LevelAnswer Take(const v1::Level& level) = 0;
  // Makes durable what was taken since the last call; it is acknowledged then. On failure it is
  // called again after a pause, and the daemon is told of the trouble.
  virtual absl::Status Flush() { return absl::OkStatus(); }
};

// Levels since the start of the process.
struct LevelCounts {
  int64_t applied = 0;
  int64_t conflicts = 0;
  int64_t retries = 0;
  int64_t refused = 0;
  uint64_t cursor = 0;  // The durable one.
};

// Takes updates from the session one at a time (level_updates_in_flight_max is 1), so that the next
// update proves that the daemon has read the answer to the one before. Results exist nowhere but in
// that answer: the cursor of an update with results is kept back until the proof is there, or else
// a crash in between would lose them.
class LevelWorker final : public LevelSink {
 public:
  struct Calls {
    std::function<void(uint64_t cursor, std::vector<v1::LevelResult> results)> acknowledge;
    std::function<void(std::string_view trouble)> report_trouble;
  };

  // `target` and `store` outlive it.
  LevelWorker(LevelTarget* target, AdapterStore* store) : target_(*target), store_(*store) {}
  ~LevelWorker() override { Stop(); }

  // Reads the durable cursor. What the store fails with, or DATA_LOSS.
  [[nodiscard]] absl::Status Load();
  void Start(Calls calls);
  // The update in work is finished and acknowledged; nothing afterwards.
  void Stop();

  uint64_t BeginLevels() override;
  void OnLevels(const v1::LevelUpdate& update) override;

  LevelCounts counts() const;

 private:
  struct Update {
    int64_t stream = 0;
    v1::LevelUpdate update;
  };

  void Run(const std::stop_token& stop);
  std::vector<v1::LevelResult> TakeAll(const v1::LevelUpdate& update);
  bool FlushPatiently(const std::stop_token& stop);
  bool StorePatiently(uint64_t cursor, const std::stop_token& stop);
  bool Repeat(const std::stop_token& stop, const std::function<absl::Status()>& attempt);
  void Count(const LevelAnswer& answer);

  LevelTarget& target_;
  AdapterStore& store_;
  Calls calls_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int64_t stream_ = 0;
  std::optional<Update> waiting_;
  uint64_t cursor_ = 0;               // Durable.
  std::optional<uint64_t> unproven_;  // Acknowledged with results on the present stream.
  LevelCounts counts_;
  std::jthread thread_;
};

}  // namespace stockd::sdk
