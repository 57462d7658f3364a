#pragma once

#include <absl/functional/any_invocable.h>

#include <atomic>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace stockd::http {

// Something that happens once, on any thread, and that one coroutine waits for. Shared by both
// sides; the coroutine goes on where its executor runs.
class Event {
 public:
  explicit Event(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // It has happened. Thread-safe and idempotent.
  void Set() {
    if (state_.exchange(State::kSet, std::memory_order_acq_rel) == State::kAwaited) {
      boost::asio::post(executor_, std::move(resume_));
    }
  }

  bool is_set() const { return state_.load(std::memory_order_acquire) == State::kSet; }

  // Returns once it has happened. Called at most once.
  boost::asio::awaitable<void> Wait() {
    if (is_set()) co_return;
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        [this](auto handler) {
          resume_ = std::move(handler);
          State pending = State::kPending;
          if (!state_.compare_exchange_strong(pending, State::kAwaited,
                                              std::memory_order_acq_rel)) {
            boost::asio::post(executor_, std::move(resume_));
          }
        },
        boost::asio::use_awaitable);
  }

 private:
  enum class State { kPending, kAwaited, kSet };

  const boost::asio::any_io_executor executor_;
  std::atomic<State> state_{State::kPending};
  absl::AnyInvocable<void()> resume_;
};

}  // namespace stockd::http
