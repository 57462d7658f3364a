// The file that shows the source its levels.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "adapters/files/level_table.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/file_io.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/state_store.h"

namespace stockd::files {

// Keeps all levels in memory and writes them to a CSV file whenever they changed, many changes at
// once: the new file is written beside the old one, synced, and put in its place, so that a reader
// sees a whole file always. Only then is the cursor stored, and only then are the levels
// acknowledged; so a crash never leaves a cursor that is newer than the file. With the cursor a
// hash of the file is stored: when the file is missing or another one on start, all levels are
// asked for again.
class LevelFile final : public sdk::LevelSink {
 public:
  struct Options {
    std::filesystem::path path;
    std::chrono::milliseconds write_interval{500};  // Between two writes at least.
    int64_t positions_max = 5'000'000;
    int updates_in_flight_max =
        64;  // As the session asked for; the file is written at the latest then.
  };

  // Reads the present file. INTERNAL and the like when it cannot be read, or its folder not be
  // written.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<LevelFile>> Open(Options options,
                                                                       sdk::StateStore* state);
  ~LevelFile() override;

  // Begins to write; `durable` is called with each cursor whose levels are in the file.
  void Start(std::function<void(uint64_t cursor)> durable);
  // Writes what was told and ends. Nothing is acknowledged afterwards.
  void Stop();

  uint64_t BeginLevels() override;
  void OnLevels(const v1::LevelUpdate& update) override;

  // Waits until everything that was told is in the file: true, or false when `patience` is over or
  // `stop` requested.
  bool WaitUntilWritten(std::chrono::milliseconds patience, std::stop_token stop);

  // OK, or why no more levels can be taken.
  [[nodiscard]] absl::Status failure() const;

 private:
  LevelFile(Options options, sdk::StateStore* state);

  // The new content, beside the old one and not synced yet.
  struct Draft {
    sdk::FileDescriptor file;
    std::string hash;
  };

  absl::Status Load();
  absl::Status LoadRows();
  void Run(const std::stop_token& stop);
  std::chrono::milliseconds Pause() const;
  absl::Status WriteDurably(std::unique_lock<std::mutex>& lock);
  absl::StatusOr<Draft> WriteDraft(const std::filesystem::path& path) const;
  static absl::Status PutInPlace(const Draft& draft, const std::filesystem::path& path,
                                 const std::filesystem::path& place);
  absl::Status StoreCursor(uint64_t cursor);

  const Options options_;
  sdk::StateStore* const state_;
  std::function<void(uint64_t)> durable_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  LevelTable table_;
  bool is_resyncing_ = false;
  bool is_caught_up_ = false;    // On the present stream.
  bool is_dirty_ = false;        // The table differs from the file.
  uint64_t updates_told_ = 0;    // Since ever.
  int updates_waiting_ = 0;      // Told since the last write.
  uint64_t cursor_told_ = 0;     // Of the last update in the table.
  uint64_t cursor_durable_ = 0;  // Of the file.
  std::string file_hash_;        // Of the file.
  sdk::SteadyTime told_at_;
  sdk::SteadyTime written_at_;
  std::chrono::milliseconds write_duration_{0};
  absl::Status failure_;
  std::jthread thread_;
};

}  // namespace stockd::files
