#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "daemon/base/clock.h"
#include "daemon/http/calls.h"
#include "daemon/http/connect_request.h"
#include "daemon/http/exchange.h"

namespace stockd::http {

// Takes calls in the Connect protocol and passes them on. Thread-safe.
class ConnectEndpoint {
 public:
  // All outlive it. `body_bytes_max` bounds a message once it is unpacked.
  ConnectEndpoint(Calls& calls, Methods& methods, const Clock& clock, size_t body_bytes_max)
      : calls_(calls), methods_(methods), clock_(clock), body_bytes_max_(body_bytes_max) {}

  // Answers a request whose path is "/service/method" and that cannot be taken, whatever its body
  // is. `headers` go into the response.
  std::optional<Response> Screen(const Request& request, const std::string& headers);
  // Answers any other. REQUIRES: Screen() had nothing to say.
  boost::asio::awaitable<void> Serve(Exchange& exchange, std::string headers);

 private:
  boost::asio::awaitable<void> ServeUnary(Exchange& exchange, const Method& method, Codec codec,
                                          std::string headers);
  boost::asio::awaitable<void> ServeStream(Exchange& exchange, const Method& method, Codec codec,
                                           std::string headers);
  // The call with its request filled in; or why it cannot be made. The query of a GET names the
  // codec.
  CallStatus Prepare(const Request& request, const Method& method, Codec& codec,
                     Calls::Timeout& timeout, std::shared_ptr<UnaryCall>& call) const;
  CallStatus Prepare(const Request& request, const Method& method, Codec codec,
                     std::shared_ptr<StreamCall>& call) const;

  // Notes how a call ended that came at `came_at`.
  void Note(const Method& method, const CallStatus& status, Timestamp came_at) const;

  Calls& calls_;
  Methods& methods_;
  const Clock& clock_;
  const size_t body_bytes_max_;
};

// An error as the whole answer.
Response ErrorResponse(const CallStatus& status, std::string headers = {});

}  // namespace stockd::http
