#include "adapters/tryton/json_rpc.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <chrono>

namespace stockd::tryton {
namespace {

using Kind = RpcFailure::Kind;

RpcReply Failed(Kind kind, std::string message, std::string warning_name = {}) {
  return {
      .result = std::nullopt,
      .failure = {
          .kind = kind, .message = std::move(message), .warning_name = std::move(warning_name)}};
}

std::string TextAt(const JsonValue& list, size_t index) {
  return index < list.items().size() ? list.items()[index].text() : std::string();
}

// ["UserError", ["message", "description", null]], ["UserWarning", ["name", "message",
// "description"]],
// ["ConcurrencyException", ["message"]], or ["'a key'", "a trace"].
RpcReply ReadError(const JsonValue& error) {
  const std::string name = TextAt(error, 0);
  const JsonValue& details = error.items().size() > 1 ? error.items()[1] : error;
  if (name == "UserError") return Failed(Kind::kUserError, TextAt(details, 0));
  if (name == "UserWarning")
    return Failed(Kind::kUserWarning, TextAt(details, 1), TextAt(details, 0));
  if (name == "ConcurrencyException") return Failed(Kind::kConcurrency, TextAt(details, 0));
  const std::string text = error.kind() == JsonValue::Kind::kText ? error.text() : name;
  const bool is_locked = text.find("database is locked") != std::string::npos ||
                         text.find("could not serialize") != std::string::npos ||
                         text.find("deadlock detected") != std::string::npos;
  return Failed(is_locked ? Kind::kBusy : Kind::kOther, text);
}

int PartOf(const JsonValue& value, std::string_view name) {
  int part = 0;
  return absl::SimpleAtoi(value[name].text(), &part) ? part : 0;
}

JsonValue DateRecord(const char* type, sdk::Timestamp instant) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
  return JsonValue::Record({{"__class__", type},
                            {"year", static_cast<int>(date.year())},
                            {"month", static_cast<int>(static_cast<unsigned>(date.month()))},
                            {"day", static_cast<int>(static_cast<unsigned>(date.day()))}});
}

}  // namespace

std::string WriteRequest(int64_t id, std::string_view method, JsonValue parameters) {
  return JsonValue::Record({{"id", id}, {"method", method}, {"params", std::move(parameters)}})
      .Write();
}

RpcReply ReadReply(int http_status, std::string_view body) {
  constexpr int kOk = 200;
  if (http_status == 401) return Failed(Kind::kSession, "not logged in");
  if (http_status == 403) return Failed(Kind::kForbidden, "no such method, or no right to call it");
  if (http_status == 404) return Failed(Kind::kNoDatabase, "no such database");
  if (http_status == 429 || http_status >= 500) {
    return Failed(Kind::kBusy, fmt::format("the server answered HTTP {}", http_status));
  }
  if (http_status != kOk) {
    return Failed(Kind::kMalformed, fmt::format("the server answered HTTP {}", http_status));
  }
  absl::StatusOr<JsonValue> reply = JsonValue::Parse(body);
  if (!reply.ok()) return Failed(Kind::kMalformed, std::string(reply.status().message()));
  if (reply->kind() != JsonValue::Kind::kRecord) return Failed(Kind::kMalformed, "not a reply");
  if (const JsonValue& error = (*reply)["error"]; !error.is_null()) return ReadError(error);
  return {.result = (*reply)["result"], .failure = {}};
}

absl::Status ToStatus(const RpcFailure& failure, std::string_view call) {
  const std::string message = fmt::format("Tryton, {}: {}", call, failure.message);
  switch (failure.kind) {
    case Kind::kSession: return absl::UnauthenticatedError(message);
    case Kind::kForbidden: return absl::PermissionDeniedError(message);
    case Kind::kNoDatabase: return absl::NotFoundError(message);
    case Kind::kBusy: return absl::UnavailableError(message);
    case Kind::kMalformed: return absl::DataLossError(message);
    case Kind::kUserError:
    case Kind::kUserWarning: return absl::FailedPreconditionError(message);
    case Kind::kConcurrency: return absl::AbortedError(message);
    case Kind::kOther: break;
  }
  return absl::InternalError(message);
}

bool IsPassing(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:  // A password is changed in two places, one after the
                                              // other.
    case absl::StatusCode::kNotFound:         // The database is being put back.
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kDataLoss: return true;
    default: return false;
  }
}

JsonValue ToJsonDate(sdk::Timestamp instant) { return DateRecord("date", instant); }

JsonValue ToJsonInstant(sdk::Timestamp instant) {
  JsonValue value = DateRecord("datetime", instant);
  const std::chrono::hh_mm_ss time{instant - std::chrono::floor<std::chrono::days>(instant)};
  value.Set("hour", static_cast<int64_t>(time.hours().count()));
  value.Set("minute", static_cast<int64_t>(time.minutes().count()));
  value.Set("second", static_cast<int64_t>(time.seconds().count()));
  value.Set("microsecond", static_cast<int64_t>(time.subseconds().count()));
  return value;
}

JsonValue ToJsonDecimal(std::string text) {
  return JsonValue::Record({{"__class__", "Decimal"}, {"decimal", std::move(text)}});
}

std::optional<sdk::Timestamp> FromJsonInstant(const JsonValue& value) {
  if (value["__class__"].text() != "datetime") return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year{PartOf(value, "year")},
      std::chrono::month{static_cast<unsigned>(PartOf(value, "month"))},
      std::chrono::day{static_cast<unsigned>(PartOf(value, "day"))}};
  if (!date.ok()) return std::nullopt;
  return sdk::Timestamp(std::chrono::sys_days{date}) + std::chrono::hours(PartOf(value, "hour")) +
         std::chrono::minutes(PartOf(value, "minute")) +
         std::chrono::seconds(PartOf(value, "second")) +
         std::chrono::microseconds(PartOf(value, "microsecond"));
}

}  // namespace stockd::tryton
