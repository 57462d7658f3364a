// Hands orders to the system behind the adapter, one after the other, and acknowledges each.
#pragma once

#include <absl/status/status.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>

#include "adapters/sdk/session.h"

namespace stockd::sdk {

// The source's side of orders: a store's till that shows its picks, a carrier's system that prints
// labels. Called on one thread of the adapter, never two calls at once.
class OrderTarget {
 public:
  virtual ~OrderTarget() = default;

  // Takes over an order as it is now. OK: it is durable there, and will not come again unless it
  // changes. Else it is called again with the same update after a growing pause, and the daemon is
  // told of the trouble; those behind it wait. The same update may come again after a crash.
  virtual absl::Status Take(const v1::OrderUpdate& update) = 0;
};

// Orders since the start of the process.
struct OrderCounts {
  int64_t taken = 0;
  int64_t failures = 0;  // Calls of Take() that did not succeed.
};

// The daemon remembers what was acknowledged, so nothing is kept here.
class OrderWorker final : public OrderSink {
 public:
  struct Calls {
    std::function<void(uint64_t cursor)> acknowledge;
    std::function<void(std::string_view trouble)> report_trouble;
  };

  // `target` outlives it. `anew`: all open orders come first, once.
  OrderWorker(OrderTarget* target, bool anew) : target_(*target), anew_(anew) {}
  ~OrderWorker() override { Stop(); }

  void Start(Calls calls);
  // The update in work is finished and acknowledged; nothing afterwards.
  void Stop();

  std::optional<uint64_t> BeginOrders() override;
  void OnOrder(const v1::OrderUpdate& update) override;

  OrderCounts counts() const;

 private:
  void Run(const std::stop_token& stop);
  // False: a stop was requested before it succeeded.
  bool TakePatiently(const v1::OrderUpdate& update, const std::stop_token& stop);

  OrderTarget& target_;
  Calls calls_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool anew_;
  int64_t stream_ = 0;
  // At most as many as may be on their way.
  std::deque<v1::OrderUpdate> waiting_;
  OrderCounts counts_;
  std::jthread thread_;
};

}  // namespace stockd::sdk
