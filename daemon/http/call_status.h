#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::http {

// The canonical codes of gRPC and Connect; the numbers are the contract's.
enum class Code : uint8_t {
  kOk = 0,
  kCanceled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// How a call ended, as a gRPC status without gRPC.
struct CallStatus {
  Code code = Code::kOk;
  std::string message;
  std::string details;  // A serialised google.rpc.Status; may be empty.

  bool ok() const { return code == Code::kOk; }
};

// The code in Connect's words, for example "failed_precondition".
std::string_view CodeName(Code code);
// The HTTP status that Connect gives it.
int HttpStatus(Code code);

// A refusal by the gateway itself: ErrorInfo {reason, domain "stockd"} in the details.
CallStatus Refuse(Code code, std::string_view reason, std::string message);
// INVALID_ARGUMENT (FIELD_INVALID) about one field, with a BadRequest detail.
CallStatus RefuseField(std::string_view field, std::string_view what);

// The machine-readable reason in the details; empty when there is none.
std::string ReasonOf(const CallStatus& status);

// The error in Connect's JSON form: code, message, details each with type, base64 value and a
// readable form.
void WriteError(const CallStatus& status, std::string& out);

}  // namespace stockd::http
