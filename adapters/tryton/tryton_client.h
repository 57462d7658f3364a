// Calls to one Tryton database as one user.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http_client/http_client.h"
#include "adapters/http_client/secret.h"
#include "adapters/sdk/clock.h"
#include "adapters/tryton/json_value.h"

namespace stockd::tryton {

// Where and as whom.
struct TrytonAccess {
  std::string url;       // Without the database, for example "http://127.0.0.1:8000".
  std::string database;  // Its name.
  std::string user;
  http_client::Secret password;
};

// Whether a call may be sent again when nobody knows what became of it.
enum class Repeatable : uint8_t { kNo, kYes };

// Since the start of the process.
struct TrytonMetrics {
  int64_t calls = 0;
  int64_t logins = 0;
  int64_t warnings_confirmed = 0;
};

// Logs in by itself, and again when the session is over (HTTP 401), which is answered before
// anything is done, so that the call may be made again. May be called from any thread; calls block.
class TrytonClient {
 public:
  // `http` outlives it.
  TrytonClient(TrytonAccess access, http_client::HttpClient* http)
      : access_(std::move(access)), http_(*http) {}

  // What `method`, for example "stock.move.search", says to the parameters; the context follows
  // them. `more_context` is added to the user's own.
  //   as ToStatus() says; what the HTTP client says.
  [[nodiscard]] absl::StatusOr<JsonValue> Call(
      std::string_view method, std::vector<JsonValue> parameters, Repeatable repeatable,
      std::vector<std::pair<std::string, JsonValue>> more_context = {});

  // `model.search_read`: the records that `domain` selects, by their ids, all of them. Asked for in
  // pages of `page_size`; the ids come first, so that records that change meanwhile shift nothing.
  [[nodiscard]] absl::StatusOr<std::vector<JsonValue>> ReadAll(
      std::string_view model, JsonValue domain, const std::vector<std::string>& fields,
      std::vector<std::pair<std::string, JsonValue>> more_context = {});
  // The ids that `domain` selects, at most `count_max`, in the order of `order`, for example
  // {"write_date", "id"}.
  [[nodiscard]] absl::StatusOr<std::vector<int64_t>> Search(std::string_view model,
                                                            JsonValue domain, int64_t count_max,
                                                            const std::vector<std::string>& order);
  // The records of these ids that still exist.
  [[nodiscard]] absl::StatusOr<std::vector<JsonValue>> Read(
      std::string_view model, const std::vector<int64_t>& ids,
      const std::vector<std::string>& fields,
      std::vector<std::pair<std::string, JsonValue>> more_context = {});

  // Calls a button of records, for example "stock.shipment.out" and "pick". When Tryton asks about
  // moves without an origin ("<hash>.done"), the answer is yes, and the button is called again.
  // Any other question is refused as FAILED_PRECONDITION with its text: a person should read it.
  // An OK does not say that the state has changed: Tryton leaves out records in another state.
  [[nodiscard]] absl::StatusOr<JsonValue> Press(std::string_view model, std::string_view button,
                                                const std::vector<int64_t>& ids);

  // The company of the user; 0 when there is none. REQUIRES: a call has succeeded.
  int64_t company() const;
  TrytonMetrics metrics() const;

 private:
  struct Session {
    http_client::Secret authorization;
    int64_t user = 0;
    JsonValue context;
    int64_t number = 0;  // Grows with every login.
  };

  absl::StatusOr<Session> OpenSession();
  absl::StatusOr<Session> Login();
  absl::Status Refused() const;
  void Forget(int64_t session_number);
  absl::StatusOr<http_client::HttpReply> Post(std::string_view method, JsonValue parameters,
                                              const http_client::Secret& authorization,
                                              Repeatable repeatable);

  const TrytonAccess access_;
  http_client::HttpClient& http_;
  std::atomic<int64_t> calls_{0};
  std::atomic<int64_t> logins_{0};
  std::atomic<int64_t> warnings_{0};
  std::atomic<int64_t> company_{0};

  std::mutex mutex_;
  std::optional<Session> session_;
  int64_t sessions_ = 0;
  // A wrong password is not tried again before: Tryton makes those wait who guess.
  std::optional<sdk::SteadyTime> refused_until_;
};

// A domain that selects records with `field` `comparison` `value`.
[[nodiscard]] JsonValue Clause(std::string_view field, std::string_view comparison,
                               JsonValue value);
[[nodiscard]] JsonValue ToJsonList(const std::vector<int64_t>& ids);
[[nodiscard]] JsonValue ToJsonList(const std::vector<std::string>& texts);

}  // namespace stockd::tryton
