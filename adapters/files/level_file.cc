#include "adapters/files/level_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/sdk/content_hash.h"
#include "adapters/sdk/csv_reader.h"
#include "adapters/sdk/decimal.h"
#include "adapters/sdk/file_io.h"
#include "adapters/sdk/file_window.h"
#include "adapters/sdk/log.h"

namespace stockd::files {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kStateName = "levels";
// Without another update the file is written although not all levels have come yet.
constexpr milliseconds kCatchUpPatience{2000};
// After a failed write.
constexpr milliseconds kRetryPause{1000};

struct StoredCursor {
  uint64_t cursor = 0;
  std::string file_hash;
};

std::optional<StoredCursor> ParseStoredCursor(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("cursor") || !json.contains("file_hash")) {
    return std::nullopt;
  }
  return StoredCursor{.cursor = json["cursor"].get<uint64_t>(),
                      .file_hash = json["file_hash"].get<std::string>()};
}

absl::StatusOr<std::string> HashOfFile(const std::filesystem::path& path) {
  absl::StatusOr<sdk::FileWindow> window = sdk::FileWindow::Open(path);
  if (!window.ok()) return window.status();
  sdk::ContentHash hash;
  for (;;) {
    const absl::StatusOr<bool> grown = window->Grow();
    if (!grown.ok()) return grown.status();
    if (!*grown) return hash.TakeName();
    hash.Add(window->data());
    window->Consume(window->data().size());
  }
}

// A row of the file; unset when it is not one.
std::optional<v1::Level> ParseLevel(const std::vector<std::string_view>& fields) {
  if (fields.size() != 5) return std::nullopt;
  const auto on_hand = sdk::ParseDecimal(fields[2], {});
  const auto available = sdk::ParseDecimal(fields[3], {});
  const auto version = sdk::ParseDecimal(fields[4], {});
  if (!on_hand.ok() || !available.ok() || !version.ok()) return std::nullopt;
  v1::Level level;
  level.set_sku(std::string(fields[0]));
  level.set_location(std::string(fields[1]));
  level.set_on_hand(*on_hand);
  level.set_available(*available);
  level.set_version(static_cast<uint64_t>(*version));
  return level;
}

}  // namespace

LevelFile::LevelFile(Options options, sdk::StateStore* state)
    : options_(std::move(options)), state_(state), table_(options_.positions_max) {}

LevelFile::~LevelFile() { Stop(); }

absl::StatusOr<std::unique_ptr<LevelFile>> LevelFile::Open(Options options,
                                                           sdk::StateStore* state) {
  std::unique_ptr<LevelFile> file(new LevelFile(std::move(options), state));
  if (absl::Status status = file->Load(); !status.ok()) return status;
  return file;
}

absl::Status LevelFile::Load() {
  const auto stored = state_->Get(kStateName);
  if (!stored.ok()) return stored.status();
  const absl::StatusOr<std::string> hash = HashOfFile(options_.path);
  if (absl::IsNotFound(hash.status())) {
    is_dirty_ = true;
    return absl::OkStatus();
  }
  if (!hash.ok()) return hash.status();
  if (absl::Status status = LoadRows(); !status.ok()) return status;
  file_hash_ = *hash;
  const auto cursor = stored->has_value() ? ParseStoredCursor(**stored) : std::nullopt;
  if (cursor && cursor->file_hash == *hash) {
    cursor_durable_ = cursor_told_ = cursor->cursor;
  } else {
    spdlog::warn(
        "the level file is not the one that was written last; all levels are asked for "
        "again file={}",
        sdk::LogValue(options_.path.string()));
  }
  spdlog::info("levels read file={} positions={} cursor={}", sdk::LogValue(options_.path.string()),
               table_.size(), cursor_durable_);
  return absl::OkStatus();
}

absl::Status LevelFile::LoadRows() {
  absl::StatusOr<sdk::CsvReader> reader = sdk::CsvReader::Open(options_.path, {});
  if (!reader.ok()) return reader.status();
  for (;;) {
    switch (reader->Next()) {
      case sdk::CsvOutcome::kEnd: return absl::OkStatus();
      case sdk::CsvOutcome::kReadFailed: return reader->read_error();
      case sdk::CsvOutcome::kMalformed:
        break;  // Then the file is not the one that was written, and all levels come again.
      case sdk::CsvOutcome::kRecord:
        if (const std::optional<v1::Level> level = ParseLevel(reader->record().fields)) {
          if (const auto applied = table_.Apply(*level); !applied.ok()) return applied.status();
        }
        break;
    }
  }
}

void LevelFile::Start(std::function<void(uint64_t)> durable) {
  durable_ = std::move(durable);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void LevelFile::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

uint64_t LevelFile::BeginLevels() {
  const std::scoped_lock lock(mutex_);
  is_caught_up_ = false;
  // From 0 the daemon tells all levels, so positions that it does not know any more can go.
  if (cursor_durable_ == 0) {
    is_resyncing_ = true;
    table_.BeginResync();
  }
  return cursor_durable_;
}

void LevelFile::OnLevels(const v1::LevelUpdate& update) {
  const std::scoped_lock lock(mutex_);
  if (!failure_.ok()) return;  // Or else a later cursor would hide what could not be taken.
  for (const v1::Level& level : update.levels()) {
    const absl::StatusOr<bool> is_changed = table_.Apply(level);
    if (!is_changed.ok()) {
      failure_ = is_changed.status();
      return;  // Not acknowledged: the daemon keeps them.
    }
    is_dirty_ = is_dirty_ || *is_changed;
  }
  if (update.caught_up() && std::exchange(is_resyncing_, false)) {
    is_dirty_ = table_.EndResync() || is_dirty_;
  }
  is_caught_up_ = is_caught_up_ || update.caught_up();
  told_at_ = sdk::SteadyNow();
  cursor_told_ = update.cursor();
  ++updates_waiting_;
  ++updates_told_;
  changed_.notify_all();
}

// How long to wait before the file is written. A big file is written less often, so that writing
// takes a fifth of the time at most; and the many levels at the beginning of a stream are written
// together.
milliseconds LevelFile::Pause() const {
  const sdk::SteadyTime now = sdk::SteadyNow();
  const int updates_max = options_.updates_in_flight_max;
  sdk::SteadyTime due = written_at_ + std::max(options_.write_interval, 4 * write_duration_);
  if (!is_caught_up_) {
    due = updates_waiting_ >= updates_max ? now : told_at_ + kCatchUpPatience;
  } else if (updates_waiting_ >= std::max(1, updates_max / 2)) {
    due = now;  // Or else the daemon would have to wait.
  }
  if (due <= now) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(due - now) + milliseconds(1);
}

void LevelFile::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, stop, [this] { return updates_waiting_ > 0; });
    if (updates_waiting_ == 0) return;  // A stop was requested and nothing waits.
    const milliseconds pause = Pause();
    if (pause.count() > 0 && !stop.stop_requested()) {
      const uint64_t seen = updates_told_;
      changed_.wait_for(lock, stop, pause, [&] { return updates_told_ != seen; });
      continue;
    }
    absl::Status status = WriteDurably(lock);
    if (status.ok()) continue;
    spdlog::error("the level file was not written, trying again {}", status.ToString());
    if (stop.stop_requested()) return;
    changed_.wait_for(lock, stop, kRetryPause, [] { return false; });
  }
}

// Puts the table into the file, then stores the cursor, then acknowledges.
absl::Status LevelFile::WriteDurably(std::unique_lock<std::mutex>& lock) {
  const sdk::SteadyTime begun_at = sdk::SteadyNow();
  const uint64_t cursor = cursor_told_;
  const int updates = updates_waiting_;
  if (is_dirty_) {
    std::filesystem::path path = options_.path;
    path += ".tmp";
    absl::StatusOr<Draft> draft = WriteDraft(path);
    if (!draft.ok()) return draft.status();
    is_dirty_ = false;
    lock.unlock();
    absl::Status status = PutInPlace(*draft, path, options_.path);
    lock.lock();
    if (!status.ok()) {
      is_dirty_ = true;
      return status;
    }
    file_hash_ = std::move(draft->hash);
  }
  if (absl::Status status = StoreCursor(cursor); !status.ok()) return status;
  cursor_durable_ = cursor;
  updates_waiting_ -= updates;
  written_at_ = sdk::SteadyNow();
  write_duration_ = std::chrono::duration_cast<milliseconds>(written_at_ - begun_at);
  changed_.notify_all();
  lock.unlock();
  durable_(cursor);
  lock.lock();
  return absl::OkStatus();
}

absl::StatusOr<LevelFile::Draft> LevelFile::WriteDraft(const std::filesystem::path& path) const {
  sdk::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.is_open()) return sdk::SystemError("create", path);
  sdk::ContentHash hash;
  absl::Status written = table_.WriteCsv([&](const std::string& text) {
    hash.Add(text);
    return sdk::WriteAll(file.get(), text, path);
  });
  if (!written.ok()) return written;
  return Draft{.file = std::move(file), .hash = hash.TakeName()};
}

absl::Status LevelFile::PutInPlace(const Draft& draft, const std::filesystem::path& path,
                                   const std::filesystem::path& place) {
  if (::fdatasync(draft.file.get()) != 0) return sdk::SystemError("sync", path);
  if (absl::Status status = sdk::MoveFile(path, place); !status.ok()) return status;
  return sdk::SyncFolder(place.parent_path());
}

// While all levels are told anew the stored cursor stays 0: after a restart they are told anew once
// more, so that positions that are gone are noticed.
absl::Status LevelFile::StoreCursor(uint64_t cursor) {
  const nlohmann::json stored = {{"cursor", is_resyncing_ ? 0 : cursor}, {"file_hash", file_hash_}};
  return state_->Put(kStateName, stored.dump());
}

bool LevelFile::WaitUntilWritten(milliseconds patience, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::move(stop), patience,
                           [this] { return updates_waiting_ == 0; });
}

absl::Status LevelFile::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

}  // namespace stockd::files
