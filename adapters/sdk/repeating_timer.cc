#include "adapters/sdk/repeating_timer.h"

#include <utility>

namespace stockd::sdk {

RepeatingTimer::RepeatingTimer(boost::asio::io_context& context, std::chrono::milliseconds interval,
                               std::function<void()> each)
    : timer_(context), interval_(interval), each_(std::move(each)) {
  Wait();
}

void RepeatingTimer::Wait() {
  timer_.expires_after(interval_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    each_();
    Wait();
  });
}

}  // namespace stockd::sdk
