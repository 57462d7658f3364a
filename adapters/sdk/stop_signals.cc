#include "adapters/sdk/stop_signals.h"

#include <spdlog/spdlog.h>

#include <csignal>
#include <utility>

namespace stockd::sdk {

StopSignals::StopSignals(boost::asio::io_context& context, std::stop_source stop)
    : signals_(context, SIGTERM, SIGINT) {
  signals_.async_wait(
      [this, stop = std::move(stop)](const boost::system::error_code& error, int signal) mutable {
        if (error) return;
        spdlog::info("stopping signal={}", signal);
        signals_.clear();
        stop.request_stop();
      });
}

}  // namespace stockd::sdk
