#include "adapters/http_client/transfer_pool.h"

#include <algorithm>
#include <utility>

namespace stockd::http_client {

std::unique_ptr<Transfer> TransferPool::Take(const std::string& origin) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&origin](const Idle& idle) { return idle.origin == origin; });
    if (found != idle_.rend()) {
      std::unique_ptr<Transfer> transfer = std::move(found->transfer);
      idle_.erase(std::next(found).base());
      return transfer;
    }
  }
  return std::make_unique<Transfer>(options_);
}

void TransferPool::GiveBack(const std::string& origin, std::unique_ptr<Transfer> transfer) {
  Idle oldest;  // Declared before the lock: closed after it is free.
  const std::scoped_lock lock(mutex_);
  idle_.push_back({.origin = origin, .transfer = std::move(transfer)});
  if (idle_.size() <= kIdleMax) return;
  oldest = std::move(idle_.front());
  idle_.pop_front();
}

}  // namespace stockd::http_client
