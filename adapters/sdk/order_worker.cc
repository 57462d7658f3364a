#include "adapters/sdk/order_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/random_seed.h"

namespace stockd::sdk {

void OrderWorker::Start(Calls calls) {
  calls_ = std::move(calls);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void OrderWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

std::optional<uint64_t> OrderWorker::BeginOrders() {
  const std::scoped_lock lock(mutex_);
  ++stream_;
  waiting_.clear();  // They come again.
  if (anew_) return 0;
  return std::nullopt;
}

void OrderWorker::OnOrder(const v1::OrderUpdate& update) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(update);
  changed_.notify_all();
}

OrderCounts OrderWorker::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

void OrderWorker::Run(const std::stop_token& stop) {
  for (;;) {
    v1::OrderUpdate update;
    int64_t stream = 0;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      update = std::move(waiting_.front());
      waiting_.pop_front();
      stream = stream_;
    }
    if (!TakePatiently(update, stop)) return;
    // Under the lock, so that no new stream begins in between and takes this for its own.
    const std::scoped_lock lock(mutex_);
    ++counts_.taken;
    if (stream != stream_) continue;
    // The last of the open orders has a cursor of its own: they are known from then on.
    if (update.cursor() != 0) anew_ = false;
    calls_.acknowledge(update.cursor());
  }
}

bool OrderWorker::TakePatiently(const v1::OrderUpdate& update, const std::stop_token& stop) {
  Backoff pauses({}, RandomSeed());
  for (bool is_first = true;; is_first = false) {
    const absl::Status status = target_.Take(update);
    if (status.ok()) {
      if (!is_first) calls_.report_trouble("");
      return true;
    }
    const std::chrono::milliseconds pause = pauses.Next();
    spdlog::error("an order was not taken over, trying again order={} retry_in_ms={} {}",
                  update.order().order_id(), pause.count(), status.ToString());
    calls_.report_trouble(fmt::format("orders cannot be taken over: {}", status.ToString()));
    std::unique_lock lock(mutex_);
    ++counts_.failures;
    if (stop.stop_requested()) return false;
    changed_.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace stockd::sdk
