#include "adapters/tryton/tryton_client.h"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "adapters/sdk/log.h"
#include "adapters/tryton/json_rpc.h"

namespace stockd::tryton {
namespace {

using http_client::Secret;

constexpr std::chrono::seconds kPauseAfterRefusal{30};
constexpr size_t kPageSize = 200;
constexpr int64_t kIdsMax = 10'000'000;
constexpr int kQuestionsMax = 5;

// "a89f….done": moves without an origin. Ours have none: nobody ordered them in Tryton.
bool IsAboutMissingOrigin(std::string_view warning_name) { return warning_name.ends_with(".done"); }

}  // namespace

JsonValue Clause(std::string_view field, std::string_view comparison, JsonValue value) {
  return JsonValue::List({field, comparison, std::move(value)});
}

JsonValue ToJsonList(const std::vector<int64_t>& ids) {
  JsonValue list = JsonValue::List();
  for (const int64_t id : ids) list.Append(id);
  return list;
}

JsonValue ToJsonList(const std::vector<std::string>& texts) {
  JsonValue list = JsonValue::List();
  for (const std::string& text : texts) list.Append(text);
  return list;
}

absl::StatusOr<http_client::HttpReply> TrytonClient::Post(std::string_view method,
                                                          JsonValue parameters,
                                                          const Secret& authorization,
                                                          Repeatable repeatable) {
  http_client::HttpRequest request;
  request.method = "POST";
  request.url = fmt::format("{}/{}/", access_.url, access_.database);
  request.headers.push_back({"Content-Type", "application/json"});
  if (!authorization.empty()) request.secret_headers.push_back({"Authorization", authorization});
  request.body = WriteRequest(++calls_, method, std::move(parameters));
  request.is_repeatable = repeatable == Repeatable::kYes;
  request.name = std::string(method);
  return http_.Call(request);
}

absl::Status TrytonClient::Refused() const {
  return absl::UnauthenticatedError(
      fmt::format("Tryton refused user \"{}\" or the password", access_.user));
}

absl::StatusOr<TrytonClient::Session> TrytonClient::Login() {
  if (refused_until_ && sdk::SteadyNow() < *refused_until_) {
    return Refused();
  }
  JsonValue password = JsonValue::Record({{"password", access_.password.Reveal()}});
  const absl::StatusOr<http_client::HttpReply> answer =
      Post("common.db.login", JsonValue::List({access_.user, std::move(password)}), Secret(),
           Repeatable::kNo);
  if (!answer.ok()) return answer.status();
  const RpcReply reply = ReadReply(answer->status, answer->body);
  Session session;
  if (reply.result && reply.result->items().size() >= 2) {
    const std::string& user = reply.result->items()[0].text();
    const std::string& token = reply.result->items()[1].text();
    std::string encoded;
    absl::Base64Escape(fmt::format("{}:{}:{}", access_.user, user, token), &encoded);
    session.authorization = Secret("Session " + encoded);
    if (!absl::SimpleAtoi(user, &session.user)) session.user = 0;
  }
  if (session.user == 0) {
    refused_until_ = sdk::SteadyNow() + kPauseAfterRefusal;
    if (!reply.result && reply.failure.kind != RpcFailure::Kind::kSession) {
      return ToStatus(reply.failure, "login");
    }
    return Refused();
  }
  ++logins_;
  const absl::StatusOr<http_client::HttpReply> preferences =
      Post("model.res.user.get_preferences",
           JsonValue::List({JsonValue::Flag(true), JsonValue::Record()}), session.authorization,
           Repeatable::kYes);
  if (!preferences.ok()) return preferences.status();
  RpcReply context = ReadReply(preferences->status, preferences->body);
  if (!context.result) return ToStatus(context.failure, "get_preferences");
  session.context = *std::move(context.result);
  session.number = ++sessions_;
  int64_t company = 0;
  if (absl::SimpleAtoi(session.context["company"].text(), &company)) company_ = company;
  spdlog::info("logged in to Tryton user={} company={}", sdk::LogValue(access_.user), company);
  return session;
}

absl::StatusOr<TrytonClient::Session> TrytonClient::OpenSession() {
  const std::scoped_lock lock(mutex_);
  if (session_) return *session_;
  absl::StatusOr<Session> session = Login();
  if (session.ok()) session_ = *session;
  return session;
}

void TrytonClient::Forget(int64_t session_number) {
  const std::scoped_lock lock(mutex_);
  // Another thread may have logged in again already.
  if (session_ && session_->number == session_number) session_.reset();
}

absl::StatusOr<JsonValue> TrytonClient::Call(
    std::string_view method, std::vector<JsonValue> parameters, Repeatable repeatable,
    std::vector<std::pair<std::string, JsonValue>> more_context) {
  const std::string full_name = fmt::format("model.{}", method);
  for (int attempt = 0;; ++attempt) {
    const absl::StatusOr<Session> session = OpenSession();
    if (!session.ok()) return session.status();
    JsonValue context = session->context;
    for (const auto& [name, value] : more_context) context.Set(name, value);
    JsonValue all = JsonValue::List(parameters);
    all.Append(std::move(context));
    const absl::StatusOr<http_client::HttpReply> answer =
        Post(full_name, std::move(all), session->authorization, repeatable);
    if (!answer.ok()) return answer.status();
    RpcReply reply = ReadReply(answer->status, answer->body);
    if (reply.result) return *std::move(reply.result);
    if (reply.failure.kind == RpcFailure::Kind::kSession) {
      Forget(session->number);
      if (attempt == 0) continue;
    }
    return ToStatus(reply.failure, method);
  }
}

absl::StatusOr<std::vector<int64_t>> TrytonClient::Search(std::string_view model, JsonValue domain,
                                                          int64_t count_max,
                                                          const std::vector<std::string>& order) {
  JsonValue orders = JsonValue::List();
  for (const std::string& field : order) orders.Append(JsonValue::List({field, "ASC"}));
  const absl::StatusOr<JsonValue> result =
      Call(fmt::format("{}.search", model), {std::move(domain), 0, count_max, std::move(orders)},
           Repeatable::kYes);
  if (!result.ok()) return result.status();
  std::vector<int64_t> ids;
  for (const JsonValue& item : result->items()) {
    int64_t id = 0;
    if (!absl::SimpleAtoi(item.text(), &id)) {
      return absl::DataLossError(fmt::format("Tryton, {}.search: not a list of ids", model));
    }
    ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<std::vector<JsonValue>> TrytonClient::Read(
    std::string_view model, const std::vector<int64_t>& ids, const std::vector<std::string>& fields,
    std::vector<std::pair<std::string, JsonValue>> more_context) {
  std::vector<JsonValue> records;
  for (size_t begin = 0; begin < ids.size(); begin += kPageSize) {
    const size_t end = std::min(ids.size(), begin + kPageSize);
    const std::vector<int64_t> page(ids.begin() + static_cast<ptrdiff_t>(begin),
                                    ids.begin() + static_cast<ptrdiff_t>(end));
    // Not `read`, which fails as a whole when somebody deletes one of them.
    const absl::StatusOr<JsonValue> result =
        Call(fmt::format("{}.search_read", model),
             {JsonValue::List({Clause("id", "in", ToJsonList(page))}), 0, JsonValue(),
              JsonValue::List({JsonValue::List({"id", "ASC"})}), ToJsonList(fields)},
             Repeatable::kYes, more_context);
    if (!result.ok()) return result.status();
    records.insert(records.end(), result->items().begin(), result->items().end());
  }
  return records;
}

absl::StatusOr<std::vector<JsonValue>> TrytonClient::ReadAll(
    std::string_view model, JsonValue domain, const std::vector<std::string>& fields,
    std::vector<std::pair<std::string, JsonValue>> more_context) {
  const absl::StatusOr<std::vector<int64_t>> ids =
      Search(model, std::move(domain), kIdsMax, {"id"});
  if (!ids.ok()) return ids.status();
  return Read(model, *ids, fields, std::move(more_context));
}

absl::StatusOr<JsonValue> TrytonClient::Press(std::string_view model, std::string_view button,
                                              const std::vector<int64_t>& ids) {
  const std::string method = fmt::format("{}.{}", model, button);
  for (int question = 0;; ++question) {
    absl::StatusOr<Session> session = OpenSession();
    if (!session.ok()) return session.status();
    const absl::StatusOr<http_client::HttpReply> answer =
        Post("model." + method, JsonValue::List({ToJsonList(ids), session->context}),
             session->authorization, Repeatable::kNo);
    if (!answer.ok()) return answer.status();
    RpcReply reply = ReadReply(answer->status, answer->body);
    if (reply.result) return *std::move(reply.result);
    if (reply.failure.kind == RpcFailure::Kind::kSession && question == 0) {
      Forget(session->number);
      continue;
    }
    if (reply.failure.kind != RpcFailure::Kind::kUserWarning || question >= kQuestionsMax ||
        !IsAboutMissingOrigin(reply.failure.warning_name)) {
      return ToStatus(reply.failure, method);
    }
    // Good for one call: Tryton forgets it then.
    const JsonValue yes = JsonValue::Record({{"user", session->user},
                                             {"name", reply.failure.warning_name},
                                             {"always", JsonValue::Flag(false)}});
    const absl::StatusOr<JsonValue> confirmed =
        Call("res.user.warning.create", {JsonValue::List({yes})}, Repeatable::kYes);
    if (!confirmed.ok()) return confirmed.status();
    ++warnings_;
  }
}

int64_t TrytonClient::company() const { return company_; }

TrytonMetrics TrytonClient::metrics() const {
  return {.calls = calls_, .logins = logins_, .warnings_confirmed = warnings_};
}

}  // namespace stockd::tryton
