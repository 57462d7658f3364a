#include "adapters/http_client/request_check.h"

#include <absl/strings/ascii.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>

namespace stockd::http_client {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

// Empty when the URL has no such part.
std::string Part(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string result = text;
  curl_free(text);
  return result;
}

bool IsThisMachine(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";

// As RFC 9110 has tokens.
bool IsToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kSigns.find(c) != std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return std::ranges::none_of(text,
                              [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool CarriesCredentials(const HttpRequest& request) {
  constexpr std::array<std::string_view, 3> kNames = {"authorization", "cookie",
                                                      "proxy-authorization"};
  return !request.secret_headers.empty() ||
         std::ranges::any_of(request.headers, [&](const HttpHeader& header) {
           return std::ranges::any_of(
               kNames, [&](std::string_view name) { return IsSameName(header.name, name); });
         });
}

}  // namespace

absl::StatusOr<Origin> CheckUrl(const std::string& url, bool is_plain_http_allowed) {
  const Url parsed(curl_url());
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("it is no URL");
  }
  Origin origin{.scheme = absl::AsciiStrToLower(Part(parsed, CURLUPART_SCHEME)),
                .host = absl::AsciiStrToLower(Part(parsed, CURLUPART_HOST)),
                .port = Part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  if (origin.scheme != "http" && origin.scheme != "https") {
    return absl::InvalidArgumentError("its URL begins neither with http:// nor with https://");
  }
  if (!Part(parsed, CURLUPART_USER).empty() || !Part(parsed, CURLUPART_PASSWORD).empty()) {
    return absl::InvalidArgumentError("its URL carries a user or password; they belong in a file");
  }
  if (origin.scheme == "http" && !is_plain_http_allowed && !IsThisMachine(origin.host)) {
    return absl::InvalidArgumentError(
        "http:// to another machine can be read and changed on the way; use https://, or allow "
        "plain_http");
  }
  return origin;
}

absl::Status CheckRequest(const HttpRequest& request) {
  if (!IsToken(request.method)) return absl::InvalidArgumentError("its method is no token");
  for (const HttpHeader& header : request.headers) {
    if (!IsToken(header.name) || !IsFieldValue(header.value)) {
      return absl::InvalidArgumentError("a header has a character that no header may have");
    }
  }
  for (const SecretHeader& header : request.secret_headers) {
    if (!IsToken(header.name) || !IsFieldValue(header.value.Reveal())) {
      return absl::InvalidArgumentError("a header has a character that no header may have");
    }
  }
  return absl::OkStatus();
}

std::optional<std::string> RedirectOf(const HttpRequest& request, const std::string& url,
                                      const Origin& origin, const HttpReply& reply) {
  const bool is_redirect = reply.status == 301 || reply.status == 302 || reply.status == 303 ||
                           reply.status == 307 || reply.status == 308;
  const auto location = reply.headers.Find("location");
  if (!is_redirect || !location || CarriesCredentials(request) ||
      (request.method != "GET" && request.method != "HEAD")) {
    return std::nullopt;
  }
  const Url target(curl_url());
  if (target == nullptr || curl_url_set(target.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_set(target.get(), CURLUPART_URL, std::string(*location).c_str(), 0) != CURLUE_OK) {
    return std::nullopt;
  }
  std::string next = Part(target, CURLUPART_URL);
  const absl::StatusOr<Origin> next_origin = CheckUrl(next, true);
  if (!next_origin.ok() || *next_origin != origin) return std::nullopt;
  return next;
}

}  // namespace stockd::http_client
