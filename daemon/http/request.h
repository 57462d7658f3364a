#pragma once

#include <string_view>

namespace stockd::http {

// A request as it came, with the headers that anything here looks at; what was not sent is empty.
// Views are valid until the next request of the connection is read.
struct Request {
  std::string_view method;  // "GET"
  std::string_view path;    // Begins with '/'; not decoded.
  std::string_view query;   // Behind the '?'; not decoded.
  std::string_view body;
  bool is_http_1_0 = false;
  bool keep_alive = true;  // Whether the client wants to send more.
  bool expects_continue = false;

  std::string_view host;
  std::string_view origin;
  std::string_view fetch_site;  // Sec-Fetch-Site
  std::string_view fetch_mode;  // Sec-Fetch-Mode
  std::string_view content_type;
  std::string_view content_encoding;
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view if_none_match;
  std::string_view preflight_method;   // Access-Control-Request-Method
  std::string_view connect_version;    // Connect-Protocol-Version
  std::string_view connect_timeout;    // Connect-Timeout-Ms
  std::string_view connect_encoding;   // Connect-Content-Encoding
  std::string_view connect_accepting;  // Connect-Accept-Encoding
};

}  // namespace stockd::http
