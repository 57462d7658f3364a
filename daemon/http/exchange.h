#pragma once

#include <absl/functional/any_invocable.h>

#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "daemon/http/request.h"

namespace stockd::http {

struct Response {
  int status = 200;
  std::string_view content_type;  // Empty: there is no body.
  // More headers, each as "name: value\r\n"; names in lower case.
  std::string headers;
  std::string body;
};

// Adds a header to `headers`. `value` holds no control characters.
void AddHeader(std::string_view name, std::string_view value, std::string& headers);

// One request and the way back. Belongs to the thread of its connection.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const Request& request() const = 0;
  virtual boost::asio::any_io_executor executor() = 0;

  // The whole answer. Exactly one of Answer() and Begin() is called, once.
  virtual boost::asio::awaitable<void> Answer(Response response) = 0;

  // An answer in pieces, for as long as it takes; the connection ends with it. `peer_gone` is
  // called, at most once, when the peer leaves before End().
  virtual boost::asio::awaitable<bool> Begin(Response head,
                                             absl::AnyInvocable<void()> peer_gone) = 0;
  // Returns when the piece has left; false when the peer is gone or takes nothing for too long.
  virtual boost::asio::awaitable<bool> Send(std::string_view piece) = 0;
  virtual boost::asio::awaitable<void> End() = 0;
};

}  // namespace stockd::http
