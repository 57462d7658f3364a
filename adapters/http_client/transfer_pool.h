// Transfers with their connections, between two calls.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/http_client/transfer.h"

namespace stockd::http_client {

// Hands each call a transfer of its own, if possible one that is connected to the same origin. May
// be called from any thread.
class TransferPool {
 public:
  // `options` outlives it.
  explicit TransferPool(const HttpClientOptions& options) : options_(options) {}

  [[nodiscard]] std::unique_ptr<Transfer> Take(const std::string& origin);
  void GiveBack(const std::string& origin, std::unique_ptr<Transfer> transfer);

 private:
  // Beyond it the one that was used longest ago is closed.
  static constexpr size_t kIdleMax = 32;

  struct Idle {
    std::string origin;
    std::unique_ptr<Transfer> transfer;
  };

  const HttpClientOptions& options_;
  std::mutex mutex_;
  std::deque<Idle> idle_;  // The last used one last.
};

}  // namespace stockd::http_client
