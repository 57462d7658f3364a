// The HTTP client of every adapter that calls a system over HTTP.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>

#include "adapters/http_client/http_message.h"
#include "adapters/http_client/http_metrics.h"
#include "adapters/http_client/http_options.h"
#include "adapters/sdk/clock.h"

namespace stockd::http_client {

// Calls may be made from any number of threads; each blocks its own. Connections are kept and used
// again. Certificates are always verified.
//
// A request that is_repeatable is tried again after failed connections, time-outs and the replies
// 429, 502, 503 and 504, with pauses that grow; Retry-After is heard. Any other is tried again only
// when provably nothing of it was sent.
//
// A redirect is followed only for GET and HEAD without credentials, within scheme, host and port;
// any other is a reply like all.
class HttpClient {
 public:
  // INVALID_ARGUMENT: the options contradict themselves. `clock` is for pauses, the rate and dates,
  // and outlives the client; null: the machine's.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<HttpClient>> Make(
      HttpClientOptions options, sdk::Clock* clock = nullptr);
  // No call may be under way.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The server's last reply, whatever its status; or
  //   INVALID_ARGUMENT     the request cannot be sent as it is.
  //   UNAVAILABLE          no connection, or it broke, or the host's rate gives no turn within
  //                        call_max; NothingWasSent() says more.
  //   DEADLINE_EXCEEDED    a time-out.
  //   UNAUTHENTICATED      the server's certificate is not to be trusted.
  //   RESOURCE_EXHAUSTED   the reply is larger than the limits.
  //   DATA_LOSS            the reply is not HTTP, or cannot be unpacked.
  //   CANCELLED            Stop().
  // A message names the call and the host, never a URL or a header.
  [[nodiscard]] absl::StatusOr<HttpReply> Call(const HttpRequest& request);

  // Ends all calls at once, and those to come.
  void Stop();

  [[nodiscard]] HttpMetrics metrics() const;

 private:
  class Core;
  explicit HttpClient(std::unique_ptr<Core> core);

  std::unique_ptr<Core> core_;
};

// Whether a failed Call() provably sent nothing: then the request may be made anew, repeatable or
// not.
[[nodiscard]] bool NothingWasSent(const absl::Status& failure);

}  // namespace stockd::http_client
