#include "adapters/sdk/file_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "adapters/sdk/log.h"

namespace stockd::sdk {
namespace {

// Before a file that the disk kept from being finished is tried again.
constexpr std::chrono::seconds kRetryPause{5};

// Between two looks at whether a stop was requested.
constexpr std::chrono::milliseconds kLookInterval{100};

}  // namespace

std::string ProgressKey(const std::string& file_name) { return "file:" + file_name; }

absl::Status ForgetEarlierFiles(Session& session, const std::stop_token& stop) {
  const uint64_t last = session.last_sequence();
  for (;;) {
    const auto is_done = session.WaitForAcknowledgement(last, kLookInterval, stop);
    if (!is_done.ok()) return is_done.status();
    if (*is_done) break;
  }
  static_cast<void>(session.TakeAcknowledged());
  return absl::OkStatus();
}

FileWorker::FileWorker(FileQueue& queue, Session& session, StateStore& state, std::stop_token stop)
    : queue_(queue), session_(session), state_(state), stop_(std::move(stop)) {}

absl::Status FileWorker::Run() {
  while (!stop_.stop_requested()) {
    const absl::StatusOr<bool> is_through = WorkThrough();
    if (absl::IsCancelled(is_through.status())) break;
    if (!is_through.ok()) return is_through.status();
    std::unique_lock lock(mutex_);
    if (*is_through) {
      woken_.wait(lock, stop_, [this] { return is_woken_; });
    } else {
      woken_.wait_for(lock, stop_, kRetryPause, [] { return false; });
    }
    is_woken_ = false;
  }
  return absl::OkStatus();
}

absl::Status FileWorker::RunOnce() {
  const absl::StatusOr<bool> is_through = WorkThrough();
  if (!is_through.ok()) return is_through.status();
  if (!*is_through) ++counts_.failed;
  return absl::OkStatus();
}

void FileWorker::Wake() {
  const std::scoped_lock lock(mutex_);
  is_woken_ = true;
  woken_.notify_all();
}

absl::StatusOr<bool> FileWorker::WorkThrough() {
  for (;;) {
    std::string name;
    const absl::StatusOr<bool> is_claimed = ClaimNext(&name);
    absl::Status status = is_claimed.status();
    if (status.ok() && !*is_claimed) {
      OnIdle();
      return true;
    }
    if (status.ok()) status = Process(name);
    if (status.ok()) continue;
    if (absl::IsCancelled(status)) return status;
    // The session or the catalogue refuses this adapter: nothing of the file's doing.
    if (absl::Status failure = session_.failure(); !failure.ok()) return failure;
    if (absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status) ||
        absl::IsUnimplemented(status)) {
      return status;
    }
    spdlog::error("file not finished, trying again later file={} retry_in_s={} {}", LogValue(name),
                  kRetryPause.count(), status.ToString());
    Report(fmt::format("{} cannot be finished: {}", name, std::string(status.message())));
    return false;
  }
}

// What an earlier run began goes first.
absl::StatusOr<bool> FileWorker::ClaimNext(std::string* name) {
  const absl::StatusOr<std::vector<std::string>> claimed = queue_.Claimed();
  if (!claimed.ok()) return claimed.status();
  if (!claimed->empty()) {
    *name = claimed->front();
    return true;
  }
  absl::StatusOr<std::vector<std::string>> waiting = queue_.Waiting();
  if (!waiting.ok()) return waiting.status();
  for (const std::string& file : InOrder(*std::move(waiting))) {
    *name = file;
    // Left over when a crash came between the end of an earlier file of that name and the removal.
    if (absl::Status status = state_.Remove(ProgressKey(file)); !status.ok()) return status;
    const absl::StatusOr<bool> is_claimed = queue_.Claim(file);
    if (!is_claimed.ok() || *is_claimed) return is_claimed;
  }
  return false;
}

absl::Status FileWorker::Process(const std::string& name) {
  const absl::Status status = Send(name);
  if (status.ok()) {
    ++counts_.done;
    Report("");
    return state_.Remove(ProgressKey(name));
  }
  if (!absl::IsInvalidArgument(status) || !session_.failure().ok()) return status;
  ++counts_.failed;
  const std::string reason(status.message());
  spdlog::error("file failed file={} reason={}", LogValue(name), LogValue(reason));
  if (absl::Status moved = queue_.Fail(name, reason); !moved.ok()) return moved;
  return state_.Remove(ProgressKey(name));
}

void FileWorker::Report(const std::string& trouble) {
  if (!trouble.empty() || is_in_trouble_) session_.ReportTrouble(trouble);
  is_in_trouble_ = !trouble.empty();
}

}  // namespace stockd::sdk
