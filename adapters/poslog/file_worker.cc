#include "adapters/poslog/file_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <vector>

#include "adapters/sdk/log.h"

namespace stockd::poslog {
namespace {

// Before a file that the disk kept from being finished is tried again.
constexpr std::chrono::seconds kRetryPause{5};

}  // namespace

absl::Status FileWorker::Run() {
  while (!context_.stop.stop_requested()) {
    const absl::StatusOr<bool> is_through = WorkThrough();
    if (absl::IsCancelled(is_through.status())) break;
    if (!is_through.ok()) return is_through.status();
    std::unique_lock lock(mutex_);
    if (*is_through) {
      woken_.wait(lock, context_.stop, [this] { return is_woken_; });
    } else {
      woken_.wait_for(lock, context_.stop, kRetryPause, [] { return false; });
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
    if (status.ok() && !*is_claimed) return true;
    if (status.ok()) status = Process(name);
    if (status.ok()) continue;
    if (absl::IsCancelled(status)) return status;
    // The session or the catalogue refuses this adapter: nothing of the file's doing.
    if (absl::Status failure = context_.session.failure(); !failure.ok()) return failure;
    if (absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status) ||
        absl::IsUnimplemented(status)) {
      return status;
    }
    spdlog::error("file not finished, trying again later file={} retry_in_s={} {}",
                  sdk::LogValue(name), kRetryPause.count(), status.ToString());
    context_.session.ReportTrouble(
        fmt::format("{} cannot be finished: {}", name, std::string(status.message())));
    return false;
  }
}

// What an earlier run began goes first.
absl::StatusOr<bool> FileWorker::ClaimNext(std::string* name) {
  const absl::StatusOr<std::vector<std::string>> claimed = context_.queue.Claimed();
  if (!claimed.ok()) return claimed.status();
  if (!claimed->empty()) {
    *name = claimed->front();
    return true;
  }
  const absl::StatusOr<std::vector<std::string>> waiting = context_.queue.Waiting();
  if (!waiting.ok()) return waiting.status();
  for (const std::string& file : *waiting) {
    // Left over when a crash came between the end of an earlier file of that name and the removal.
    if (absl::Status status = context_.state.Remove(ProgressKey(file)); !status.ok()) {
      return status;
    }
    *name = file;
    const absl::StatusOr<bool> is_claimed = context_.queue.Claim(file);
    if (!is_claimed.ok() || *is_claimed) return is_claimed;
  }
  return false;
}

absl::Status FileWorker::Process(const std::string& name) {
  spdlog::info("file taken file={}", sdk::LogValue(name));
  const absl::Status status = Send(name);
  if (status.ok()) context_.session.ReportTrouble("");
  if (!absl::IsInvalidArgument(status) || !context_.session.failure().ok()) return status;
  ++counts_.failed;
  const std::string reason(status.message());
  spdlog::error("file failed file={} reason={}", sdk::LogValue(name), sdk::LogValue(reason));
  if (absl::Status moved = context_.queue.Fail(name, reason); !moved.ok()) return moved;
  return context_.state.Remove(ProgressKey(name));
}

absl::Status FileWorker::Send(const std::string& name) {
  const absl::StatusOr<FileProgress> progress = SendTransactionFile(context_, name);
  if (!progress.ok()) return progress.status();
  absl::Status status =
      context_.queue.Finish(name, progress->finished_name, ToJson(progress->report));
  if (!status.ok()) return status;
  ++counts_.done;
  spdlog::info("file done {}", ToSummary(progress->report));
  return context_.state.Remove(ProgressKey(name));
}

}  // namespace stockd::poslog
