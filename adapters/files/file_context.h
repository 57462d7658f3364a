// What the work on any file needs.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "adapters/files/adapter_config.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/file_queue.h"
#include "adapters/sdk/item_scales.h"
#include "adapters/sdk/quota_client.h"
#include "adapters/sdk/session.h"
#include "adapters/sdk/state_store.h"

namespace stockd::files {

// The parts outlive all work on files; nothing is owned.
struct FileContext {
  const AdapterConfig& config;
  sdk::FileQueue& queue;
  sdk::Session& session;
  sdk::CatalogueClient& catalogue;
  sdk::QuotaClient& quotas;
  sdk::StateStore& state;
  sdk::ItemScales& scales;
  std::stop_token stop;
};

// Tells people every two seconds how far a long file has come.
class ProgressLog {
 public:
  ProgressLog(std::string file_name, uint64_t file_size);

  void Note(int64_t rows, uint64_t offset);

 private:
  std::string file_name_;
  uint64_t file_size_;
  sdk::SteadyTime started_at_;
  sdk::SteadyTime logged_at_;
  int64_t first_rows_ = -1;
};

}  // namespace stockd::files
