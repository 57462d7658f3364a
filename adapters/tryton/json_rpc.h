// Tryton's JSON-RPC: what goes to the server and what comes back.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sdk/timestamp_text.h"
#include "adapters/tryton/json_value.h"

namespace stockd::tryton {

// The body of a request.
[[nodiscard]] std::string WriteRequest(int64_t id, std::string_view method, JsonValue parameters);

// Why there is no result.
struct RpcFailure {
  enum class Kind : uint8_t {
    kSession,      // HTTP 401: not logged in, the session is over, or a wrong password.
    kForbidden,    // HTTP 403: no such method, or the user may not.
    kNoDatabase,   // HTTP 404.
    kBusy,         // HTTP 429 or 5xx, or the database was locked: later.
    kMalformed,    // Not what a Tryton server answers.
    kUserError,    // Tryton refuses the content.
    kUserWarning,  // Tryton asks whether it is meant so; see warning_name.
    kConcurrency,  // The record has changed since it was read.
    kOther,        // An error inside Tryton: an unknown model or field, or a bug.
  };
  Kind kind = Kind::kOther;
  std::string message;       // For people.
  std::string warning_name;  // kUserWarning only: what to name when saying yes.
};

// A result, or why there is none.
struct RpcReply {
  std::optional<JsonValue> result;
  RpcFailure failure;
};

// Application errors come with HTTP 200; a reply without result and error has the result null.
[[nodiscard]] RpcReply ReadReply(int http_status, std::string_view body);

// UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, UNAVAILABLE, DATA_LOSS, FAILED_PRECONDITION (user
// errors and warnings), ABORTED (concurrency), INTERNAL. `call` names the call in the message.
[[nodiscard]] absl::Status ToStatus(const RpcFailure& failure, std::string_view call);

// Whether the same call may succeed later without anybody doing something in Tryton.
[[nodiscard]] bool IsPassing(const absl::Status& status);

// Values that JSON has no form for.
[[nodiscard]] JsonValue ToJsonDate(sdk::Timestamp instant);
[[nodiscard]] JsonValue ToJsonInstant(sdk::Timestamp instant);
[[nodiscard]] JsonValue ToJsonDecimal(std::string text);
// Unset when it is not an instant.
[[nodiscard]] std::optional<sdk::Timestamp> FromJsonInstant(const JsonValue& value);

}  // namespace stockd::tryton
