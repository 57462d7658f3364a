// How a client behaves. One configuration table for every adapter: see http_config.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "adapters/http_client/secret.h"
#include "adapters/sdk/backoff.h"

namespace stockd::http_client {

// Of one attempt; measured by the machine's clock.
struct HttpTimeouts {
  // Looking the name up, connecting, TLS.
  std::chrono::milliseconds connect{10'000};
  // From the last byte that was sent to the first of the reply.
  std::chrono::milliseconds first_byte{30'000};
  // Between two bytes of the reply.
  std::chrono::milliseconds idle{30'000};
  // The whole attempt.
  std::chrono::milliseconds whole{120'000};
};

struct HttpRetries {
  int attempts_max = 4;  // 1: never again.
  sdk::Backoff::Options pauses{.initial = std::chrono::milliseconds(500),
                               .max = std::chrono::milliseconds(30'000)};
  // What a server may ask us to wait; it is asked again after this much.
  std::chrono::milliseconds retry_after_max{120'000};
  // No attempt begins so long after the call did, not even the first, which may wait its turn.
  std::chrono::milliseconds call_max{300'000};
};

// Requests to one host. A 429 halves the rate, down to a sixteenth; replies let it grow again.
struct HttpRate {
  double requests_per_s = 50;  // 0: no limit.
  double burst = 50;           // At once, after a quiet time; at least 1.
};

struct HttpLimits {
  size_t body_bytes_max = size_t{32} * 1024 * 1024;  // Unpacked.
  size_t header_bytes_max = size_t{64} * 1024;
  int header_count_max = 200;
  int redirects_max = 5;
};

struct HttpClientOptions {
  std::string user_agent = "stockd/1.0";
  HttpTimeouts timeouts;
  HttpRetries retries;
  HttpRate rate;
  HttpLimits limits;
  // PEM. Empty: the certificates that the machine trusts; else only these.
  std::filesystem::path ca_file;
  // PEM, for servers that ask who calls. Both or none.
  std::filesystem::path client_certificate;
  std::filesystem::path client_key;
  // Empty: as http_proxy, https_proxy and no_proxy of the environment say. "none": no proxy. Else
  // its URL.
  std::string proxy;
  std::string no_proxy;  // Hosts that are called directly, with commas. Empty: the environment's.
  std::string proxy_user;
  Secret proxy_password;
  // Lets http:// reach other machines: whoever is on the way reads and changes everything.
  bool is_plain_http_allowed = false;
  uint64_t seed = 0;  // Of the chance in pauses. 0: another one in each process.
};

}  // namespace stockd::http_client
