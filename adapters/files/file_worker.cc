#include "adapters/files/file_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "adapters/files/catalogue_files.h"
#include "adapters/files/fact_files.h"
#include "adapters/files/level_snapshots.h"
#include "adapters/files/quota_files.h"
#include "adapters/sdk/log.h"

namespace stockd::files {
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
    if (status.ok() && !*is_claimed) {
      ShowQuotas();
      return true;
    }
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
    return false;
  }
}

// What an earlier run began goes first; then the kinds in their order, so that items come before
// what refers to them.
absl::StatusOr<bool> FileWorker::ClaimNext(std::string* name) {
  const absl::StatusOr<std::vector<std::string>> claimed = context_.queue.Claimed();
  if (!claimed.ok()) return claimed.status();
  if (!claimed->empty()) {
    *name = claimed->front();
    return true;
  }
  absl::StatusOr<std::vector<std::string>> waiting = context_.queue.Waiting();
  if (!waiting.ok()) return waiting.status();
  std::vector<std::pair<int, std::string>> ranked;
  for (std::string& file : *waiting) {
    const absl::StatusOr<FileKind> kind = KindOf(file);
    ranked.emplace_back(kind.ok() ? static_cast<int>(*kind) : -1, std::move(file));
  }
  std::ranges::sort(ranked);
  for (const auto& [rank, file] : ranked) {
    // Left over when a crash came between the end of an earlier file of that name and the removal.
    if (absl::Status status = context_.state.Remove(ProgressKey(file)); !status.ok()) {
      return status;
    }
    const absl::StatusOr<bool> is_claimed = context_.queue.Claim(file);
    if (!is_claimed.ok()) return is_claimed.status();
    *name = file;
    if (*is_claimed) return true;
  }
  return false;
}

absl::StatusOr<FileKind> FileWorker::KindOf(const std::string& name) const {
  const auto quotas = context_.config.tables.find(FileKind::kQuotas);
  if (quotas != context_.config.tables.end() && name.starts_with(quotas->second.prefix)) {
    return FileKind::kQuotas;
  }
  if (context_.config.role != Role::kErp) return FileKind::kFacts;
  const TableMapping* best = nullptr;
  FileKind kind = FileKind::kFacts;
  std::string prefixes;
  for (const auto& [candidate, mapping] : context_.config.tables) {
    prefixes += fmt::format("{}{}", prefixes.empty() ? "" : ", ", mapping.prefix);
    const bool is_longer = best == nullptr || mapping.prefix.size() > best->prefix.size();
    if (name.starts_with(mapping.prefix) && is_longer) {
      best = &mapping;
      kind = candidate;
    }
  }
  if (best != nullptr) return kind;
  return absl::InvalidArgumentError(fmt::format(
      "its name does not say of which kind it is; names begin with one of: {}", prefixes));
}

absl::Status FileWorker::Process(const std::string& name) {
  const absl::StatusOr<FileKind> kind = KindOf(name);
  absl::Status status = kind.status();
  if (status.ok()) {
    spdlog::info("file taken file={} kind={}", sdk::LogValue(name), NameOf(*kind));
    status = IsFactKind(*kind) ? ProcessFacts(*kind, name) : ProcessRecords(*kind, name);
  }
  if (!absl::IsInvalidArgument(status) || !context_.session.failure().ok()) return status;
  ++counts_.failed;
  spdlog::error("file failed file={} reason={}", sdk::LogValue(name),
                sdk::LogValue(std::string(status.message())));
  if (absl::Status moved = context_.queue.Fail(name, std::string(status.message())); !moved.ok()) {
    return moved;
  }
  return context_.state.Remove(ProgressKey(name));
}

// With what the files before have changed. When it fails, the next time.
void FileWorker::ShowQuotas() {
  if (context_.config.quota_file.empty() || !quotas_changed_) return;
  const absl::Status status = WriteQuotaFile(context_);
  quotas_changed_ = !status.ok();
  if (!status.ok() && !absl::IsCancelled(status)) {
    spdlog::error("quotas cannot be shown, trying again with the next file file={} {}",
                  sdk::LogValue(context_.config.quota_file.string()), status.ToString());
  }
}

absl::Status FileWorker::ProcessFacts(FileKind kind, const std::string& name) {
  const absl::StatusOr<FileProgress> progress = SendFactFile(context_, kind, name);
  if (!progress.ok()) return progress.status();
  absl::Status status =
      context_.queue.Finish(name, progress->finished_name, ToJson(progress->report));
  if (!status.ok()) return status;
  LogDone(progress->report);
  quotas_changed_ = true;
  return context_.state.Remove(ProgressKey(name));
}

absl::Status FileWorker::ProcessRecords(FileKind kind, const std::string& name) {
  const absl::StatusOr<FileReport> report =
      kind == FileKind::kLevels   ? SendLevelFile(context_, name)
      : kind == FileKind::kQuotas ? SendQuotaFile(context_, name)
                                  : SendCatalogueFile(context_, kind, name);
  if (!report.ok()) return report.status();
  const std::string final_name = context_.queue.FinalName(name);
  absl::Status status = context_.queue.Finish(name, final_name, ToJson(*report));
  if (!status.ok()) return status;
  LogDone(*report);
  quotas_changed_ = true;
  return kind == FileKind::kLevels ? LastLevels::Note(context_.state, final_name) : status;
}

void FileWorker::LogDone(const FileReport& report) {
  ++counts_.done;
  spdlog::info("file done {}", ToSummary(report));
}

}  // namespace stockd::files
