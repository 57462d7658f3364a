#pragma once

#include <memory>
#include <thread>
#include <unordered_set>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/http/connection.h"

namespace stockd::http {

// A thread with the connections that belong to it: nothing of a connection is ever touched by
// another, so nothing needs a lock.
class IoThread {
 public:
  IoThread();
  ~IoThread();

  boost::asio::io_context& context() { return context_; }

  // On this thread: the connection is served until its end; `ended` is called then.
  void Add(std::shared_ptr<Connection> connection, boost::asio::awaitable<void> work,
           absl::AnyInvocable<void()> ended);

  // On this thread: ends the connection that has waited longest for its peer, if one has waited for
  // long enough to be idle or slow on purpose. False when none has.
  bool MakeRoom();

  // From any thread.
  void StopSoon();
  void StopNow();
  // Ends the thread. What is still suspended is thrown away.
  void Join();

 private:
  void Tick();

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  Ticks now_ = 1;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::thread thread_;
};

}  // namespace stockd::http
