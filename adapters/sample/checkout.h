// The checkout of the web shop and the app: it holds units, and turns them into orders or gives
// them back.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "adapters/sample/assortment.h"
#include "adapters/sample/trade_event.h"

namespace stockd::sample {

// What became of the steps so far.
struct CheckoutCounts {
  int64_t held = 0;
  int64_t refused = 0;  // Not enough left.
  int64_t committed = 0;
  int64_t released = 0;
  int64_t failed =
      0;  // Everything else, such as a hold that had expired, or a daemon that is away.
};

// A few customers at a time; the steps of one basket stay in order. All ids follow from the basket,
// so steps that are taken again after a restart change nothing. May be called from any thread.
class Checkout {
 public:
  // Makes the calls of one customer at a time. Called from several threads, each with its own
  // basket.
  class Calls {
   public:
    enum class Outcome { kDone, kRefused, kFailed };

    virtual ~Calls() = default;
    virtual Outcome Make(const BasketStep& step) = 0;
  };

  explicit Checkout(std::unique_ptr<Calls> calls);
  // Forgets the steps that wait.
  ~Checkout();

  // Waits while many steps wait already. Forgets the step when `stop` is requested.
  void Take(BasketStep step, const std::stop_token& stop);

  // Waits until no step waits and none is under way, or until `stop` is requested.
  void WaitUntilIdle(const std::stop_token& stop);

  [[nodiscard]] CheckoutCounts counts() const;

 private:
  static constexpr size_t kCustomersAtOnce = 4;
  static constexpr size_t kStepsWaitingMax = 256;

  void Serve(size_t queue, const std::stop_token& stop);
  void Note(const BasketStep& step, Calls::Outcome outcome);

  const std::unique_ptr<Calls> calls_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::deque<BasketStep>> waiting_;  // By customer; the front one is under way.
  CheckoutCounts counts_;
  std::vector<std::jthread> customers_;
};

// Calls of stockd's ReservationService. `items` outlives it.
[[nodiscard]] std::unique_ptr<Checkout::Calls> MakeReservationCalls(const std::string& address,
                                                                    const std::vector<Item>& items);

}  // namespace stockd::sample
