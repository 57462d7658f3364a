#include "adapters/http_client/http_message.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <utility>

namespace stockd::http_client {

bool IsSameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) {
    return absl::ascii_tolower(x) == absl::ascii_tolower(y);
  });
}

void HttpHeaders::Add(std::string name, std::string value) {
  headers_.push_back({.name = std::move(name), .value = std::move(value)});
}

void HttpHeaders::Remove(std::string_view name) {
  std::erase_if(headers_,
                [name](const HttpHeader& header) { return IsSameName(header.name, name); });
}

std::optional<std::string_view> HttpHeaders::Find(std::string_view name) const {
  for (const HttpHeader& header : headers_) {
    if (IsSameName(header.name, name)) return header.value;
  }
  return std::nullopt;
}

}  // namespace stockd::http_client
