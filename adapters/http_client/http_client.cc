#include "adapters/http_client/http_client.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/cord.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "adapters/http_client/host_rate.h"
#include "adapters/http_client/request_check.h"
#include "adapters/http_client/retry_rules.h"
#include "adapters/http_client/transfer.h"
#include "adapters/http_client/transfer_pool.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/random_seed.h"

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;

constexpr char kNothingSent[] = "stockd.http/nothing_sent";

absl::Status CheckOptions(const HttpClientOptions& options) {
  const HttpTimeouts& timeouts = options.timeouts;
  const milliseconds shortest =
      std::min({timeouts.connect, timeouts.first_byte, timeouts.idle, timeouts.whole});
  if (shortest <= milliseconds(0)) return absl::InvalidArgumentError("a time-out is not positive");
  if (options.retries.attempts_max < 1) return absl::InvalidArgumentError("no attempt is allowed");
  if (options.rate.requests_per_s < 0) return absl::InvalidArgumentError("a rate is negative");
  if (options.client_certificate.empty() != options.client_key.empty()) {
    return absl::InvalidArgumentError("a client certificate and its key go together");
  }
  return absl::OkStatus();
}

absl::StatusCode CodeOf(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::kNone: return absl::StatusCode::kOk;
    case HttpFailure::kInvalid: return absl::StatusCode::kInvalidArgument;
    case HttpFailure::kCertificate: return absl::StatusCode::kUnauthenticated;
    case HttpFailure::kConnectTimeout:
    case HttpFailure::kFirstByteTimeout:
    case HttpFailure::kIdleTimeout:
    case HttpFailure::kWholeTimeout: return absl::StatusCode::kDeadlineExceeded;
    case HttpFailure::kTooLarge: return absl::StatusCode::kResourceExhausted;
    case HttpFailure::kMalformed: return absl::StatusCode::kDataLoss;
    case HttpFailure::kStopped: return absl::StatusCode::kCancelled;
    case HttpFailure::kResolve:
    case HttpFailure::kConnect:
    case HttpFailure::kTls:
    case HttpFailure::kConnectionLost:
    case HttpFailure::kTruncated:
    case HttpFailure::kTurnTooLate: return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kInternal;
}

absl::Status Failed(const HttpRequest& request, const Origin& origin,
                    const AttemptOutcome& outcome) {
  absl::Status status(
      CodeOf(outcome.failure),
      fmt::format("{} to {}: {}{}{}", request.name, origin.HostAndPort(), NameOf(outcome.failure),
                  outcome.explanation.empty() ? "" : ", ", outcome.explanation));
  if (outcome.is_nothing_sent) status.SetPayload(kNothingSent, absl::Cord("1"));
  return status;
}

}  // namespace

class HttpClient::Core {
 public:
  Core(HttpClientOptions options, sdk::Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        seed_(options_.seed != 0 ? options_.seed : sdk::RandomSeed()),
        pool_(options_) {}

  absl::StatusOr<HttpReply> Call(const HttpRequest& request);
  void Stop() { stop_.request_stop(); }
  HttpMetrics metrics() const;

 private:
  // Attempts of one call, redirects among them.
  struct Course {
    const HttpRequest& request;
    Origin origin;
    std::string url;
    sdk::SteadyTime begin;
    sdk::Backoff backoff;
    int attempts = 0;
    int redirects = 0;
  };

  AttemptOutcome Attempt(Course& course);
  // Waits for the host's turn; kNone, or why there is none.
  HttpFailure WaitForTurn(const Course& course);
  // How long to wait for another attempt; unset: there shall be none.
  std::optional<milliseconds> PauseAfter(Course& course, const AttemptOutcome& outcome);
  // Counts, and lets the host's rate follow.
  void Note(const Course& course, const AttemptOutcome& outcome);
  HostRate& RateOf(const Origin& origin, sdk::SteadyTime now);
  milliseconds Elapsed(const Course& course) {
    return std::chrono::duration_cast<milliseconds>(clock_.SteadyNow() - course.begin);
  }

  const HttpClientOptions options_;
  sdk::Clock& clock_;
  const uint64_t seed_;
  TransferPool pool_;
  std::stop_source stop_;
  std::atomic<uint64_t> calls_{0};

  mutable std::mutex mutex_;
  HttpMetrics metrics_;
  absl::flat_hash_map<std::string, HostRate> rates_;  // By host and port.
};

HostRate& HttpClient::Core::RateOf(const Origin& origin, sdk::SteadyTime now) {
  return rates_.try_emplace(origin.HostAndPort(), options_.rate, now).first->second;
}

HttpFailure HttpClient::Core::WaitForTurn(const Course& course) {
  const milliseconds left = options_.retries.call_max - Elapsed(course);
  std::optional<milliseconds> wait;
  {
    const std::scoped_lock lock(mutex_);
    const sdk::SteadyTime now = clock_.SteadyNow();
    wait = RateOf(course.origin, now).TakeTurn(now, left);
    if (!wait) return HttpFailure::kTurnTooLate;
    if (*wait > milliseconds(0)) ++metrics_.waits;
  }
  if (*wait <= milliseconds(0) || clock_.Sleep(*wait, stop_.get_token())) {
    return HttpFailure::kNone;
  }
  return HttpFailure::kStopped;
}

void HttpClient::Core::Note(const Course& course, const AttemptOutcome& outcome) {
  const int status = outcome.reply.status;
  milliseconds asked = options_.retries.pauses.initial;
  if (const auto header = outcome.reply.headers.Find("retry-after")) {
    asked = RetryAfter(*header, clock_.Now(), options_.retries.retry_after_max).value_or(asked);
  }
  const std::scoped_lock lock(mutex_);
  ++metrics_.attempts;
  if (course.attempts > 1) ++metrics_.retries;
  ++metrics_.failures[static_cast<size_t>(outcome.failure)];
  if (outcome.failure != HttpFailure::kNone) return;
  metrics_.replies_2xx += status / 100 == 2;
  metrics_.replies_3xx += status / 100 == 3;
  metrics_.replies_4xx += status / 100 == 4;
  metrics_.replies_5xx += status / 100 == 5;
  metrics_.replies_429 += status == 429;
  const sdk::SteadyTime now = clock_.SteadyNow();
  HostRate& rate = RateOf(course.origin, now);
  if (status == 429) {
    rate.SlowDown(now, asked);
  } else {
    rate.SpeedUp();
  }
}

AttemptOutcome HttpClient::Core::Attempt(Course& course) {
  for (;;) {
    ++course.attempts;
    const std::string origin = course.origin.scheme + course.origin.HostAndPort();
    std::unique_ptr<Transfer> transfer = pool_.Take(origin);
    AttemptOutcome outcome = transfer->Run(course.request, course.url, stop_.get_token());
    pool_.GiveBack(origin, std::move(transfer));
    Note(course, outcome);
    if (outcome.failure != HttpFailure::kNone) return outcome;
    std::optional<std::string> next =
        RedirectOf(course.request, course.url, course.origin, outcome.reply);
    if (!next || ++course.redirects > options_.limits.redirects_max) return outcome;
    course.url = *std::move(next);
    --course.attempts;  // A redirect is a step of the same attempt.
    const HttpFailure failure = WaitForTurn(course);
    if (failure != HttpFailure::kNone) return {.failure = failure};
  }
}

std::optional<milliseconds> HttpClient::Core::PauseAfter(Course& course,
                                                         const AttemptOutcome& outcome) {
  if (course.attempts >= options_.retries.attempts_max ||
      !MayTryAgain(outcome, course.request.is_repeatable)) {
    return std::nullopt;
  }
  milliseconds pause = course.backoff.Next();
  if (const auto header = outcome.reply.headers.Find("retry-after")) {
    pause = std::max(pause, RetryAfter(*header, clock_.Now(), options_.retries.retry_after_max)
                                .value_or(milliseconds(0)));
  }
  if (Elapsed(course) + pause > options_.retries.call_max) return std::nullopt;
  return pause;
}

absl::StatusOr<HttpReply> HttpClient::Core::Call(const HttpRequest& request) {
  absl::Status fine = CheckRequest(request);
  const absl::StatusOr<Origin> origin = CheckUrl(request.url, options_.is_plain_http_allowed);
  if (fine.ok()) fine = origin.status();
  if (!fine.ok()) {
    absl::Status status(fine.code(),
                        fmt::format("{}: {}", request.name, std::string(fine.message())));
    status.SetPayload(kNothingSent, absl::Cord("1"));
    const std::scoped_lock lock(mutex_);
    ++metrics_.calls;
    ++metrics_.failures[static_cast<size_t>(HttpFailure::kInvalid)];
    return status;
  }
  const uint64_t number = ++calls_;
  Course course{.request = request,
                .origin = *origin,
                .url = request.url,
                .begin = clock_.SteadyNow(),
                .backoff = sdk::Backoff(options_.retries.pauses, seed_ + number)};
  {
    const std::scoped_lock lock(mutex_);
    ++metrics_.calls;
  }
  bool is_nothing_sent = true;  // In any attempt so far.
  for (;;) {
    const HttpFailure no_turn = WaitForTurn(course);
    if (no_turn != HttpFailure::kNone) {
      const std::scoped_lock lock(mutex_);
      ++metrics_.failures[static_cast<size_t>(no_turn)];
      return Failed(request, course.origin,
                    {.failure = no_turn, .is_nothing_sent = is_nothing_sent});
    }
    AttemptOutcome outcome = Attempt(course);
    is_nothing_sent = is_nothing_sent && outcome.is_nothing_sent;
    outcome.is_nothing_sent = is_nothing_sent;
    const std::optional<milliseconds> pause = PauseAfter(course, outcome);
    if (outcome.failure != HttpFailure::kNone || pause) {
      spdlog::log(pause ? spdlog::level::info : spdlog::level::warn,
                  "http call {} call={} host={} attempt={} reason={} status={} explanation={}{}",
                  pause ? "tried again" : "failed", sdk::LogValue(request.name),
                  course.origin.HostAndPort(), course.attempts, NameOf(outcome.failure),
                  outcome.reply.status, sdk::LogValue(outcome.explanation),
                  pause ? fmt::format(" retry_in_ms={}", pause->count()) : "");
    }
    if (!pause) {
      if (outcome.failure != HttpFailure::kNone) return Failed(request, course.origin, outcome);
      return std::move(outcome.reply);
    }
    if (!clock_.Sleep(*pause, stop_.get_token())) {
      return Failed(request, course.origin,
                    {.failure = HttpFailure::kStopped, .is_nothing_sent = is_nothing_sent});
    }
  }
}

HttpMetrics HttpClient::Core::metrics() const {
  const std::scoped_lock lock(mutex_);
  return metrics_;
}

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Make(HttpClientOptions options,
                                                             sdk::Clock* clock) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  return std::unique_ptr<HttpClient>(new HttpClient(
      std::make_unique<Core>(std::move(options), clock != nullptr ? *clock : sdk::SystemClock())));
}

HttpClient::HttpClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpClient::~HttpClient() = default;

absl::StatusOr<HttpReply> HttpClient::Call(const HttpRequest& request) {
  return core_->Call(request);
}

void HttpClient::Stop() { core_->Stop(); }

HttpMetrics HttpClient::metrics() const { return core_->metrics(); }

bool NothingWasSent(const absl::Status& failure) {
  return failure.GetPayload(kNothingSent).has_value();
}

}  // namespace stockd::http_client
