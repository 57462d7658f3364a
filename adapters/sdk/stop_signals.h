// SIGTERM and SIGINT as a request to stop.
#pragma once

#include <stop_token>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace stockd::sdk {

// While it lives and its io_context runs, the first SIGTERM or SIGINT requests a stop; the second
// one ends the process as it would without this class.
class StopSignals {
 public:
  StopSignals(boost::asio::io_context& context, std::stop_source stop);

 private:
  boost::asio::signal_set signals_;
};

}  // namespace stockd::sdk
