#include "adapters/sample/checkout.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace stockd::sample {

Checkout::Checkout(std::unique_ptr<Calls> calls)
    : calls_(std::move(calls)), waiting_(kCustomersAtOnce) {
  for (size_t queue = 0; queue < kCustomersAtOnce; ++queue) {
    customers_.emplace_back([this, queue](const std::stop_token& stop) { Serve(queue, stop); });
  }
}

Checkout::~Checkout() {
  for (std::jthread& customer : customers_) customer.request_stop();
  customers_.clear();
}

void Checkout::Take(BasketStep step, const std::stop_token& stop) {
  const size_t queue = std::hash<std::string>()(step.basket) % kCustomersAtOnce;
  std::unique_lock lock(mutex_);
  const bool has_room =
      changed_.wait(lock, stop, [&] { return waiting_[queue].size() < kStepsWaitingMax; });
  if (!has_room) return;
  waiting_[queue].push_back(std::move(step));
  changed_.notify_all();
}

void Checkout::WaitUntilIdle(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [this] {
    return std::ranges::all_of(waiting_, [](const auto& steps) { return steps.empty(); });
  });
}

CheckoutCounts Checkout::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

void Checkout::Serve(size_t queue, const std::stop_token& stop) {
  std::deque<BasketStep>& steps = waiting_[queue];
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&steps] { return !steps.empty(); })) {
    if (stop.stop_requested()) return;
    const BasketStep& step = steps.front();  // Stays where it is while others are put behind it.
    lock.unlock();
    const Calls::Outcome outcome = calls_->Make(step);
    lock.lock();
    Note(step, outcome);
    steps.pop_front();
    changed_.notify_all();
  }
}

void Checkout::Note(const BasketStep& step, Calls::Outcome outcome) {
  if (outcome == Calls::Outcome::kRefused) {
    ++counts_.refused;
  } else if (outcome == Calls::Outcome::kFailed) {
    ++counts_.failed;
  } else {
    switch (step.kind) {
      case BasketStepKind::kHold: ++counts_.held; break;
      case BasketStepKind::kCommit: ++counts_.committed; break;
      case BasketStepKind::kRelease: ++counts_.released; break;
    }
  }
}

}  // namespace stockd::sample
