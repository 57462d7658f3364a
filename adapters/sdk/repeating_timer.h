// Something to be done from time to time.
#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace stockd::sdk {

// Calls `each` once in every interval, on the threads of the context, while it lives.
class RepeatingTimer {
 public:
  RepeatingTimer(boost::asio::io_context& context, std::chrono::milliseconds interval,
                 std::function<void()> each);

 private:
  void Wait();

  boost::asio::steady_timer timer_;
  const std::chrono::milliseconds interval_;
  const std::function<void()> each_;
};

}  // namespace stockd::sdk
