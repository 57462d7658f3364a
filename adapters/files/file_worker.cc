#include "adapters/files/file_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "adapters/files/catalogue_files.h"
#include "adapters/files/fact_files.h"
#include "adapters/files/level_snapshots.h"
#include "adapters/files/quota_files.h"
#include "adapters/sdk/log.h"

namespace stockd::files {

std::vector<std::string> FileWorker::InOrder(std::vector<std::string> waiting) const {
  std::ranges::sort(waiting, {}, [this](const std::string& file) {
    const absl::StatusOr<FileKind> kind = KindOf(file);
    return std::pair(kind.ok() ? static_cast<int>(*kind) : -1, file);
  });
  return waiting;
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

absl::Status FileWorker::Send(const std::string& name) {
  const absl::StatusOr<FileKind> kind = KindOf(name);
  if (!kind.ok()) return kind.status();
  spdlog::info("file taken file={} kind={}", sdk::LogValue(name), NameOf(*kind));
  return IsFactKind(*kind) ? SendFacts(*kind, name) : SendRecords(*kind, name);
}

void FileWorker::OnIdle() {
  if (context_.config.quota_file.empty() || !quotas_changed_) return;
  const absl::Status status = WriteQuotaFile(context_);
  quotas_changed_ = !status.ok();
  if (!status.ok() && !absl::IsCancelled(status)) {
    spdlog::error("quotas cannot be shown, trying again with the next file file={} {}",
                  sdk::LogValue(context_.config.quota_file.string()), status.ToString());
  }
}

absl::Status FileWorker::SendFacts(FileKind kind, const std::string& name) {
  const absl::StatusOr<FileProgress> progress = SendFactFile(context_, kind, name);
  return progress.ok() ? Finish(name, progress->finished_name, progress->report)
                       : progress.status();
}

absl::Status FileWorker::SendRecords(FileKind kind, const std::string& name) {
  const absl::StatusOr<FileReport> report =
      kind == FileKind::kLevels   ? SendLevelFile(context_, name)
      : kind == FileKind::kQuotas ? SendQuotaFile(context_, name)
                                  : SendCatalogueFile(context_, kind, name);
  if (!report.ok()) return report.status();
  const std::string final_name = context_.queue.FinalName(name);
  absl::Status status = Finish(name, final_name, *report);
  if (!status.ok() || kind != FileKind::kLevels) return status;
  return LastLevels::Note(context_.state, final_name);
}

absl::Status FileWorker::Finish(const std::string& name, const std::string& final_name,
                                const FileReport& report) {
  absl::Status status = context_.queue.Finish(name, final_name, ToJson(report));
  if (!status.ok()) return status;
  spdlog::info("file done {}", ToSummary(report));
  quotas_changed_ = true;
  return status;
}

}  // namespace stockd::files
