#include "daemon/http/io_thread.h"

#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace stockd::http {

namespace asio = boost::asio;

namespace {

// Whoever means to send a request has sent its head by then: at least one whole tick.
constexpr Ticks kPatience = 2;

}  // namespace

IoThread::IoThread() : work_(context_.get_executor()), timer_(context_) {
  asio::post(context_, [this] { Tick(); });
  thread_ = std::thread([this] { context_.run(); });
}

IoThread::~IoThread() { Join(); }

void IoThread::Add(std::shared_ptr<Connection> connection, asio::awaitable<void> work,
                   absl::AnyInvocable<void()> ended) {
  connection->Tick(now_);
  connections_.insert(connection);
  asio::co_spawn(context_, std::move(work),
                 [this, connection = std::move(connection),
                  ended = std::move(ended)](std::exception_ptr) mutable {
                   // Only a lack of memory is thrown there: this connection ends, the others go on.
                   connections_.erase(connection);
                   connection.reset();
                   ended();
                 });
}

void IoThread::Tick() {
  ++now_;
  for (const auto& connection : connections_) connection->Tick(now_);
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& code) {
    if (!code) Tick();
  });
}

bool IoThread::MakeRoom() {
  Connection* longest = nullptr;
  for (const auto& connection : connections_) {
    const Ticks since = connection->waits_since();
    if (since == 0 || now_ - since < kPatience) continue;
    if (longest == nullptr || since < longest->waits_since()) longest = connection.get();
  }
  if (longest == nullptr) return false;
  longest->StopNow();
  return true;
}

void IoThread::StopSoon() {
  asio::post(context_, [this] {
    for (const auto& connection : connections_) connection->StopSoon();
  });
}

void IoThread::StopNow() {
  asio::post(context_, [this] {
    for (const auto& connection : connections_) connection->StopNow();
  });
}

void IoThread::Join() {
  if (!thread_.joinable()) return;
  context_.stop();
  thread_.join();
}

}  // namespace stockd::http
