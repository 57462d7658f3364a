#include "adapters/http_client/reply_collector.h"

#include <utility>

#include "adapters/http_client/field_text.h"

namespace stockd::http_client {
namespace {

// "HTTP/1.1 404 Not Found": 404; 0 when it is no status line.
int StatusOf(std::string_view line) {
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return 0;
  return static_cast<int>(ParseDigits(line.substr(blank + 1, 3)).value_or(0));
}

}  // namespace

bool ReplyCollector::Refuse(HttpFailure failure) {
  failure_ = failure;
  return false;
}

bool ReplyCollector::AddHeaderLine(std::string_view line) {
  bytes_seen_ += line.size();
  header_bytes_ += line.size();
  if (header_bytes_ > limits_.header_bytes_max) return Refuse(HttpFailure::kTooLarge);
  if (line.starts_with("HTTP/")) {
    reply_.headers.Clear();
    reply_.status = StatusOf(line);
    return reply_.status >= 100 || Refuse(HttpFailure::kMalformed);
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;  // The empty line at the end.
  if (std::cmp_greater_equal(reply_.headers.all().size(), limits_.header_count_max)) {
    return Refuse(HttpFailure::kTooLarge);
  }
  reply_.headers.Add(std::string(Trimmed(line.substr(0, colon))),
                     std::string(Trimmed(line.substr(colon + 1))));
  return true;
}

bool ReplyCollector::AddBody(std::string_view bytes) {
  bytes_seen_ += bytes.size();
  if (reply_.body.size() + bytes.size() > limits_.body_bytes_max) {
    return Refuse(HttpFailure::kTooLarge);
  }
  reply_.body.append(bytes);
  return true;
}

HttpReply ReplyCollector::Take() {
  if (const auto encoding = reply_.headers.Find("content-encoding");
      encoding && IsSameName(*encoding, "gzip")) {
    reply_.headers.Remove("content-encoding");
    reply_.headers.Remove("content-length");
  }
  return std::move(reply_);
}

}  // namespace stockd::http_client
