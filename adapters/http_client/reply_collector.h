// A reply as it comes in.
#pragma once

#include <cstddef>
#include <string_view>

#include "adapters/http_client/http_message.h"
#include "adapters/http_client/http_metrics.h"
#include "adapters/http_client/http_options.h"

namespace stockd::http_client {

// Takes header lines and the unpacked body, within limits. For one thread.
class ReplyCollector {
 public:
  // `limits` outlives it.
  explicit ReplyCollector(const HttpLimits& limits) : limits_(limits) {}

  // A line with its end; a status line begins the head anew, since interim replies (100) come
  // before the real one. False: failure() says why there shall be no more.
  [[nodiscard]] bool AddHeaderLine(std::string_view line);
  [[nodiscard]] bool AddBody(std::string_view bytes);

  HttpFailure failure() const { return failure_; }
  // Of heads and body. Grows with everything that comes.
  size_t bytes_seen() const { return bytes_seen_; }

  // The whole reply, without the headers that describe how the body was packed.
  [[nodiscard]] HttpReply Take();

 private:
  bool Refuse(HttpFailure failure);

  const HttpLimits& limits_;
  HttpReply reply_;
  size_t header_bytes_ = 0;
  size_t bytes_seen_ = 0;
  HttpFailure failure_ = HttpFailure::kNone;
};

}  // namespace stockd::http_client
