// One attempt of one request, on libcurl.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "adapters/http_client/http_message.h"
#include "adapters/http_client/http_metrics.h"
#include "adapters/http_client/http_options.h"

namespace stockd::http_client {

// What an attempt came to.
struct AttemptOutcome {
  HttpFailure failure = HttpFailure::kNone;
  std::string explanation;       // libcurl's words, when it failed.
  bool is_nothing_sent = false;  // Provably not a byte of the request.
  HttpReply reply;               // When it did not fail.
};

// Makes attempts one after the other and keeps connections in between. For one thread at a time.
class Transfer {
 public:
  // `options` outlives it.
  explicit Transfer(const HttpClientOptions& options);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // `url` overrules the request's: a redirect has led there.
  [[nodiscard]] AttemptOutcome Run(const HttpRequest& request, const std::string& url,
                                   const std::stop_token& stop);

 private:
  struct Handles;

  const HttpClientOptions& options_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace stockd::http_client
