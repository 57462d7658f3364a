#include "adapters/webhook/endpoint_sender.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <utility>

#include "adapters/http_client/retry_rules.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/random_seed.h"
#include "adapters/webhook/signature.h"

namespace stockd::webhook {
namespace {

// What an endpoint may ask us to wait.
constexpr std::chrono::milliseconds kRetryAfterMax{3'600'000};

}  // namespace

EndpointSender::EndpointSender(EndpointConfig config, DeliveryStore* store,
                               const LetterFolder* letters, sdk::Clock* clock,
                               std::function<void(const absl::Status&)> fail)
    : config_(std::move(config)),
      store_(*store),
      letters_(*letters),
      clock_(*clock),
      fail_(std::move(fail)),
      queue_(config_.queue),
      random_(static_cast<std::minstd_rand::result_type>(sdk::RandomSeed())) {}

absl::Status EndpointSender::Load() {
  auto client = http_client::HttpClient::Make(config_.http);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  const auto waiting = store_.Waiting(config_.name);
  if (!waiting.ok()) return waiting.status();
  const auto closed = store_.Closed(config_.name);
  if (!closed.ok()) return closed.status();
  const std::scoped_lock lock(mutex_);
  for (const WaitingDelivery& delivery : *waiting) {
    queue_.Add(delivery.order, delivery.number, clock_.SteadyNow());
    if (delivery.attempts > 0) tried_.emplace(delivery.number, delivery);
    if (!delivery.is_dead) continue;
    queue_.HoldIdle(delivery.order);  // The first of its order: those behind it were not sent.
    const auto body = store_.Body(config_.name, delivery.number);
    if (!body.ok()) return body.status();
    if (absl::Status status = letters_.Put(config_.name, delivery, *body); !status.ok()) {
      return status;
    }
  }
  if (closed->empty()) return absl::OkStatus();
  queue_.Close();
  return letters_.PutClosed(config_.name, *closed);
}

void EndpointSender::Start() {
  for (int i = 0; i < config_.queue.calls_in_flight_max; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { Run(stop); });
  }
}

void EndpointSender::Stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  if (client_ != nullptr) client_->Stop();
  threads_.clear();
}

absl::Status EndpointSender::Take(uint64_t cursor, std::vector<NewDelivery> deliveries,
                                  const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [this] { return queue_.depth() < config_.backlog_max; })) {
    return absl::CancelledError("stop was requested");
  }
  const auto old_cursor = store_.Cursor(config_.name);
  if (!old_cursor.ok()) return old_cursor.status();
  if (absl::Status status = store_.Append(config_.name, cursor, deliveries); !status.ok()) {
    return status;
  }
  for (const NewDelivery& delivery : deliveries) {
    if (delivery.number <= old_cursor->value_or(0)) continue;
    queue_.Add(delivery.order, delivery.number, clock_.SteadyNow());
  }
  changed_.notify_all();
  return absl::OkStatus();
}

void EndpointSender::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::optional<DeliveryQueue::Job> job;
    {
      std::unique_lock lock(mutex_);
      job = queue_.Take(clock_.SteadyNow());
      if (!job) {
        const std::optional<sdk::SteadyTime> due = queue_.NextDue();
        if (due) {
          changed_.wait_until(lock, stop, *due, [this, due] {
            const std::optional<sdk::SteadyTime> next = queue_.NextDue();
            return next && *next < *due;
          });
        } else {
          changed_.wait(lock, stop, [this] { return queue_.NextDue().has_value(); });
        }
        continue;
      }
    }
    const absl::StatusOr<std::string> body = store_.Body(config_.name, job->number);
    absl::Status status = body.status();
    if (status.ok()) {
      const auto reply = Send(job->number, *body);
      const std::scoped_lock lock(mutex_);
      status = Settle(*job, *body, reply);
      changed_.notify_all();
    }
    if (!status.ok()) {
      fail_(status);
      return;
    }
  }
}

absl::StatusOr<http_client::HttpReply> EndpointSender::Send(uint64_t number,
                                                            const std::string& body) {
  const std::string id = std::to_string(number);
  const int64_t timestamp_s =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.Now().time_since_epoch()).count();
  http_client::HttpRequest request{
      .method = "POST",
      .url = config_.url,
      .headers = {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                  {"Webhook-Id", id},
                  {"Webhook-Timestamp", std::to_string(timestamp_s)},
                  {"Webhook-Signature", SignatureOf(config_.keys, id, timestamp_s, body)}},
      .body = body,
      .is_repeatable = true,  // The receiver knows it by its id.
      .name = config_.name};
  if (!config_.authorization.empty()) {
    request.secret_headers.push_back({.name = "Authorization", .value = config_.authorization});
  }
  return client_->Call(request);
}

sdk::SteadyTime EndpointSender::AskAt(const absl::StatusOr<http_client::HttpReply>& reply) {
  if (!reply.ok()) return {};
  const auto header = reply->headers.Find("retry-after");
  if (!header) return {};
  const auto wait = http_client::RetryAfter(*header, clock_.Now(), kRetryAfterMax);
  return wait ? clock_.SteadyNow() + *wait : sdk::SteadyTime{};
}

absl::Status EndpointSender::Settle(const DeliveryQueue::Job& job, const std::string& body,
                                    const absl::StatusOr<http_client::HttpReply>& reply) {
  const Verdict verdict = Judge(reply);
  switch (verdict) {
    case Verdict::kDelivered: {
      if (absl::Status status = store_.Remove(config_.name, job.number); !status.ok()) {
        return status;
      }
      const bool was_down = queue_.is_down();
      queue_.Delivered(job.order, clock_.SteadyNow());
      tried_.erase(job.number);
      ++counts_.delivered;
      if (was_down) spdlog::info("endpoint is back endpoint={}", config_.name);
      return absl::OkStatus();
    }
    case Verdict::kCutOff: queue_.PutBack(job.order, clock_.SteadyNow()); return absl::OkStatus();
    case Verdict::kGone: return CloseEndpoint(job, ErrorOf(reply));
    case Verdict::kRefused:
    case Verdict::kEndpoint: break;
  }
  return SettleFailure(job, body, reply, verdict);
}

absl::Status EndpointSender::SettleFailure(const DeliveryQueue::Job& job, const std::string& body,
                                           const absl::StatusOr<http_client::HttpReply>& reply,
                                           Verdict verdict) {
  const sdk::Timestamp now = clock_.Now();
  const CallFailure failure{.now = clock_.SteadyNow(),
                            .is_endpoint = verdict == Verdict::kEndpoint,
                            .ask_at = AskAt(reply)};
  WaitingDelivery& tried = tried_.try_emplace(job.number).first->second;
  if (tried.attempts == 0) tried.first_attempt = now;
  tried.number = job.number;
  tried.order = job.order;
  ++tried.attempts;
  tried.error = ErrorOf(reply);
  tried.is_dead = IsGivenUp(config_.patience, verdict, tried.attempts, tried.first_attempt, now);
  ++counts_.failures;
  if (absl::Status status = store_.Update(config_.name, tried); !status.ok()) return status;
  const bool was_down = queue_.is_down();
  if (tried.is_dead) {
    queue_.Hold(job.order, failure);
    ++counts_.given_up;
    spdlog::warn("message given up endpoint={} number={} order={} attempts={} error={}",
                 config_.name, job.number, sdk::LogValue(job.order), tried.attempts,
                 sdk::LogValue(tried.error));
    return letters_.Put(config_.name, tried, body);
  }
  const std::chrono::milliseconds pause = PauseAfter(config_.patience, tried.attempts, random_());
  queue_.Failed(job.order, failure, failure.now + pause);
  spdlog::info(
      "message not taken endpoint={} number={} order={} attempts={} retry_in_ms={} "
      "error={}",
      config_.name, job.number, sdk::LogValue(job.order), tried.attempts, pause.count(),
      sdk::LogValue(tried.error));
  if (!was_down && queue_.is_down()) {
    spdlog::warn("endpoint is down endpoint={} waiting={} error={}", config_.name, queue_.depth(),
                 sdk::LogValue(tried.error));
  }
  return absl::OkStatus();
}

absl::Status EndpointSender::CloseEndpoint(const DeliveryQueue::Job& job, const std::string& why) {
  queue_.PutBack(job.order, clock_.SteadyNow());
  if (queue_.is_closed()) return absl::OkStatus();
  queue_.Close();
  spdlog::warn("endpoint wants no more messages endpoint={} error={}", config_.name,
               sdk::LogValue(why));
  if (absl::Status status = store_.SetClosed(config_.name, why); !status.ok()) return status;
  return letters_.PutClosed(config_.name, why);
}

void EndpointSender::Obey(const LetterCommand& command) {
  const std::scoped_lock lock(mutex_);
  const bool forget = command.action == LetterCommand::Action::kDrop;
  absl::Status status;
  if (command.number == 0) {
    if (forget) return;  // An endpoint is dropped in the configuration.
    status = store_.SetClosed(config_.name, "");
    if (status.ok()) queue_.Open(clock_.SteadyNow());
    letters_.Remove(config_.name, 0);
    spdlog::info("endpoint opened endpoint={}", config_.name);
  } else if (const auto letter = tried_.find(command.number);
             letter != tried_.end() && letter->second.is_dead) {
    WaitingDelivery anew = letter->second;
    anew.attempts = 0;
    anew.is_dead = false;
    status =
        forget ? store_.Remove(config_.name, command.number) : store_.Update(config_.name, anew);
    if (status.ok()) {
      queue_.Release(anew.order, command.number, forget, clock_.SteadyNow());
      letters_.Remove(config_.name, command.number);
      tried_.erase(letter);
    }
    spdlog::info("message {} endpoint={} number={} order={}", forget ? "dropped" : "sent again",
                 config_.name, command.number, sdk::LogValue(anew.order));
  }
  if (!status.ok()) fail_(status);
  changed_.notify_all();
}

EndpointHealth EndpointSender::health() {
  const std::scoped_lock lock(mutex_);
  EndpointHealth health = counts_;
  health.waiting = queue_.depth();
  health.orders_held = queue_.orders_held();
  health.is_down = queue_.is_down();
  health.is_closed = queue_.is_closed();
  health.http = client_->metrics();
  return health;
}

}  // namespace stockd::webhook
