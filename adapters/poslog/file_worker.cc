#include "adapters/poslog/file_worker.h"

#include <spdlog/spdlog.h>

#include "adapters/sdk/log.h"

namespace stockd::poslog {

absl::Status FileWorker::Send(const std::string& name) {
  spdlog::info("file taken file={}", sdk::LogValue(name));
  const absl::StatusOr<FileProgress> progress = SendTransactionFile(context_, name);
  if (!progress.ok()) return progress.status();
  absl::Status status =
      context_.queue.Finish(name, progress->finished_name, ToJson(progress->report));
  if (status.ok()) spdlog::info("file done {}", ToSummary(progress->report));
  return status;
}

}  // namespace stockd::poslog
