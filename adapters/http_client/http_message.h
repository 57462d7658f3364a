// What goes to a server and what comes back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http_client/secret.h"

namespace stockd::http_client {

struct HttpHeader {
  std::string name;
  std::string value;
};

// A header that nobody may read in a log: Authorization, an API key.
struct SecretHeader {
  std::string name;
  Secret value;
};

struct HttpRequest {
  std::string method = "GET";
  // http:// or https://, without user and password. http:// reaches only this machine, unless
  // HttpClientOptions::is_plain_http_allowed.
  std::string url;
  std::vector<HttpHeader> headers;
  std::vector<SecretHeader> secret_headers;
  std::string body;
  // The server takes it twice as it takes it once: a read, or a write that it recognises by a key.
  // Only such a request is tried again after it may have reached the server.
  bool is_repeatable = false;
  // The call's name in the log and the error, for example "put_levels". URLs are not logged: paths
  // and queries carry keys.
  std::string name;
};

// Names in any case.
class HttpHeaders {
 public:
  void Add(std::string name, std::string value);
  void Remove(std::string_view name);
  void Clear() { headers_.clear(); }

  // The first of this name.
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;
  // All, in the order of the reply.
  [[nodiscard]] const std::vector<HttpHeader>& all() const { return headers_; }

 private:
  std::vector<HttpHeader> headers_;
};

struct HttpReply {
  int status = 0;  // 100 to 599
  HttpHeaders headers;
  std::string body;  // Unpacked.

  bool is_success() const { return status >= 200 && status < 300; }
};

// Whether the names are the same but for case.
[[nodiscard]] bool IsSameName(std::string_view a, std::string_view b);

}  // namespace stockd::http_client
