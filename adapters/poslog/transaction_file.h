// Sends one POSLog file.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <stop_token>
#include <string>

#include "adapters/poslog/file_report.h"
#include "adapters/poslog/poslog_config.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/file_queue.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/state_store.h"

namespace stockd::poslog {

// Facts and passed numbers of a file that are sent again at most after its adapter was killed,
// beside those of one transaction.
inline constexpr int64_t kFactsRepeatedMax = 10'000;

// What the work on any file needs. The parts outlive it; nothing is owned.
struct FileContext {
  const PoslogConfig& config;
  sdk::FileQueue& queue;
  sdk::Session& session;
  sdk::CatalogueClient& catalogue;
  sdk::StateStore& state;
  sdk::ItemScales& scales;
  std::stop_token stop;
};

// Sends a claimed file, going on where an earlier run stopped, and waits until everything is
// acknowledged. The state store then holds the progress with its finished_name set; the caller
// finishes the file and removes the progress.
//   INVALID_ARGUMENT   the file is none that can be read. Nothing was sent.
//   CANCELLED          a stop was requested; the file goes on later.
//   any other          the session's failure, or the disk's; the file goes on later.
[[nodiscard]] absl::StatusOr<FileProgress> SendTransactionFile(const FileContext& context,
                                                               const std::string& name);

}  // namespace stockd::poslog
