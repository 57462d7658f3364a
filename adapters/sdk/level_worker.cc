#include "adapters/sdk/level_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>

#include "adapters/sdk/random_seed.h"
#include "adapters/sdk/utf8.h"

namespace stockd::sdk {
namespace {

constexpr std::string_view kCursorName = "sdk/level_cursor";
constexpr size_t kReasonBytesMax = 512;

}  // namespace

absl::Status LevelWorker::Load() {
  const absl::StatusOr<std::optional<std::string>> stored = store_.Get(kCursorName);
  if (!stored.ok() || !stored->has_value()) return stored.status();
  const std::string& text = **stored;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor_);
  if (error != std::errc() || end != text.data() + text.size()) {
    return absl::DataLossError(fmt::format("the cursor of the levels, \"{}\", is no number", text));
  }
  return absl::OkStatus();
}

void LevelWorker::Start(Calls calls) {
  calls_ = std::move(calls);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void LevelWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

uint64_t LevelWorker::BeginLevels() {
  const std::scoped_lock lock(mutex_);
  ++stream_;
  waiting_.reset();  // It comes again.
  unproven_.reset();
  return cursor_;
}

void LevelWorker::OnLevels(const v1::LevelUpdate& update) {
  const std::scoped_lock lock(mutex_);
  waiting_ = Update{.stream = stream_, .update = update};
  changed_.notify_all();
}

LevelCounts LevelWorker::counts() const {
  const std::scoped_lock lock(mutex_);
  LevelCounts counts = counts_;
  counts.cursor = cursor_;
  return counts;
}

void LevelWorker::Run(const std::stop_token& stop) {
  for (;;) {
    Update next;
    std::optional<uint64_t> proven;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return waiting_.has_value(); })) return;
      next = *std::exchange(waiting_, std::nullopt);
      proven = std::exchange(unproven_, std::nullopt);
    }
    if (proven && !StorePatiently(*proven, stop)) return;
    std::vector<v1::LevelResult> results = TakeAll(next.update);
    if (!FlushPatiently(stop)) return;
    const uint64_t cursor = next.update.cursor();
    if (results.empty() && !StorePatiently(cursor, stop)) return;
    // Under the lock, so that no new stream begins in between and takes this for its own.
    const std::scoped_lock lock(mutex_);
    if (next.stream != stream_) continue;
    if (!results.empty()) unproven_ = cursor;
    calls_.acknowledge(cursor, std::move(results));
  }
}

std::vector<v1::LevelResult> LevelWorker::TakeAll(const v1::LevelUpdate& update) {
  std::vector<v1::LevelResult> results;
  for (const v1::Level& level : update.levels()) {
    const LevelAnswer answer = target_.Take(level);
    Count(answer);
    if (!answer.outcome) continue;
    v1::LevelResult& result = results.emplace_back();
    result.set_sku(level.sku());
    result.set_location(level.location());
    result.set_version(level.version());
    result.set_outcome(*answer.outcome);
    result.set_found(answer.found);
    result.set_reason(ToPlainText(answer.reason, kReasonBytesMax));
  }
  return results;
}

bool LevelWorker::FlushPatiently(const std::stop_token& stop) {
  return Repeat(stop, [this] { return target_.Flush(); });
}

bool LevelWorker::StorePatiently(uint64_t cursor, const std::stop_token& stop) {
  if (!Repeat(stop, [&] { return store_.Put(kCursorName, std::to_string(cursor)); })) return false;
  const std::scoped_lock lock(mutex_);
  cursor_ = cursor;
  return true;
}

// False: a stop was requested before it succeeded.
bool LevelWorker::Repeat(const std::stop_token& stop,
                         const std::function<absl::Status()>& attempt) {
  Backoff pauses({}, RandomSeed());
  for (bool is_first = true;; is_first = false) {
    const absl::Status status = attempt();
    if (status.ok()) {
      if (!is_first) calls_.report_trouble("");
      return true;
    }
    const std::chrono::milliseconds pause = pauses.Next();
    spdlog::error("levels are not durable, trying again retry_in_ms={} {}", pause.count(),
                  status.ToString());
    calls_.report_trouble(fmt::format("levels cannot be shown: {}", status.ToString()));
    std::unique_lock lock(mutex_);
    if (stop.stop_requested()) return false;
    changed_.wait_for(lock, stop, pause, [] { return false; });
  }
}

void LevelWorker::Count(const LevelAnswer& answer) {
  const std::scoped_lock lock(mutex_);
  if (!answer.outcome) {
    ++counts_.applied;
  } else if (*answer.outcome == v1::LEVEL_OUTCOME_CONFLICT) {
    ++counts_.conflicts;
  } else if (*answer.outcome == v1::LEVEL_OUTCOME_RETRY) {
    ++counts_.retries;
  } else {
    ++counts_.refused;
  }
}

}  // namespace stockd::sdk
