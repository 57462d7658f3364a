// Calls from the point of view of a coroutine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "daemon/http/calls.h"

namespace stockd::http {

// Starts the call and returns how it ended; DEADLINE_EXCEEDED once the time is over, whatever
// becomes of the call then.
boost::asio::awaitable<CallStatus> Finish(boost::asio::any_io_executor executor, UnaryCall& call,
                                          Calls::Timeout timeout);

// Waits for the next answer of a stream; false at its end.
boost::asio::awaitable<bool> HasNext(boost::asio::any_io_executor executor, StreamCall& call);

}  // namespace stockd::http
