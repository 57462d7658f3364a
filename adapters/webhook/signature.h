// Signatures that let a receiver know who sent a message, and that nobody changed it.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http_client/secret.h"

namespace stockd::webhook {

// The key in a secret as it is given to both sides: "whsec_" and base64, or any text of 16 bytes
// and more, which is the key itself.
//   INVALID_ARGUMENT   it is shorter, or not base64.
[[nodiscard]] absl::StatusOr<http_client::Secret> SigningKey(const http_client::Secret& secret);

// "v1," and the HMAC-SHA256 over "ID.TIMESTAMP.BODY" as base64, once for each key, separated by
// blanks. `timestamp_s` is in seconds since 1970.
[[nodiscard]] std::string SignatureOf(const std::vector<http_client::Secret>& keys,
                                      std::string_view id, int64_t timestamp_s,
                                      std::string_view body);

}  // namespace stockd::webhook
