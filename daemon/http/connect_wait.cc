#include "daemon/http/connect_wait.h"

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "daemon/http/connect_request.h"
#include "daemon/http/event.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;

struct Outcome {
  explicit Outcome(asio::any_io_executor executor) : event(std::move(executor)) {}

  Event event;  // There is an answer, or the time is over.
  std::atomic<bool> is_answered{false};
  CallStatus status;
};

}  // namespace

asio::awaitable<CallStatus> Finish(asio::any_io_executor executor, UnaryCall& call,
                                   Calls::Timeout timeout) {
  const auto outcome = std::make_shared<Outcome>(executor);
  call.Start([outcome](CallStatus status) {
    outcome->status = std::move(status);
    outcome->is_answered.store(true, std::memory_order_release);
    outcome->event.Set();
  });
  std::optional<asio::steady_timer> timer;
  if (timeout && !outcome->event.is_set()) {
    timer.emplace(executor, *timeout);
    timer->async_wait([outcome](const boost::system::error_code& cancelled) {
      if (!cancelled) outcome->event.Set();
    });
  }
  co_await outcome->event.Wait();
  if (outcome->is_answered.load(std::memory_order_acquire)) co_return std::move(outcome->status);
  call.Cancel();
  co_return DeadlineExceeded();
}

asio::awaitable<bool> HasNext(asio::any_io_executor executor, StreamCall& call) {
  struct Answer {
    explicit Answer(asio::any_io_executor executor) : event(std::move(executor)) {}
    Event event;
    bool has_next = false;
  };
  const auto answer = std::make_shared<Answer>(std::move(executor));
  call.Next([answer](bool has_next) {
    answer->has_next = has_next;
    answer->event.Set();
  });
  co_await answer->event.Wait();
  co_return answer->has_next;
}

}  // namespace stockd::http
