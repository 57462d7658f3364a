// Requests that may be sent, and where redirects lead.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>

#include "adapters/http_client/http_message.h"

namespace stockd::http_client {

// Where a URL leads, without its path.
struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;    // In lower case.
  std::string port;

  bool operator==(const Origin&) const = default;
  // For the log: "shop.example:443".
  [[nodiscard]] std::string HostAndPort() const { return host + ":" + port; }
};

// INVALID_ARGUMENT with what is wrong, not with the URL itself: it is no http or https URL, carries
// a user or a password, or is http to another machine although that is not allowed.
[[nodiscard]] absl::StatusOr<Origin> CheckUrl(const std::string& url, bool is_plain_http_allowed);

// INVALID_ARGUMENT when the method or a header could say something else than it seems to.
[[nodiscard]] absl::Status CheckRequest(const HttpRequest& request);

// The URL to go on with after this reply; unset: the redirect is not ours to follow, or it is none.
[[nodiscard]] std::optional<std::string> RedirectOf(const HttpRequest& request,
                                                    const std::string& url, const Origin& origin,
                                                    const HttpReply& reply);

}  // namespace stockd::http_client
