#include "adapters/webhook/webhook_adapter.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/random_seed.h"
#include "adapters/sdk/stop_signals.h"
#include "adapters/webhook/cloud_event.h"
#include "adapters/webhook/delivery_store.h"
#include "adapters/webhook/endpoint_sender.h"
#include "adapters/webhook/event_stream.h"
#include "adapters/webhook/letter_folder.h"

namespace stockd::webhook {
namespace {

using std::chrono::milliseconds;

// How often the folder of letters is looked at.
constexpr milliseconds kLookForCommands{1000};

v1::WatchOrderEventsRequest RequestOf(const EndpointConfig& endpoint,
                                      std::optional<uint64_t> cursor) {
  v1::WatchOrderEventsRequest request;
  if (cursor) {
    request.set_cursor(*cursor);
  } else if (endpoint.starts_at_beginning) {
    request.set_cursor(0);
  }
  for (const std::string& location : endpoint.locations) request.add_locations(location);
  for (const v1::OrderEventKind kind : endpoint.kinds) request.add_kinds(kind);
  request.set_channel(endpoint.channel);
  request.set_include_codes(endpoint.include_codes);
  return request;
}

// Everything of one run.
class Run {
 public:
  Run(const WebhookConfig& config, std::stop_source stop)
      : config_(config), stop_(std::move(stop)), letters_(config.letter_folder) {}

  absl::Status Go();

 private:
  void Follow(EndpointSender& sender);
  // One stream to its end.
  absl::Status Read(EndpointSender& sender, sdk::Backoff& backoff);
  void Obey();
  void LogHealth();
  void Fail(const absl::Status& status);

  const WebhookConfig& config_;
  std::stop_source stop_;
  const LetterFolder letters_;
  std::unique_ptr<DeliveryStore> store_;
  std::shared_ptr<grpc::Channel> channel_;
  std::vector<std::unique_ptr<EndpointSender>> senders_;
  std::mutex mutex_;
  absl::Status failure_;
};

void Run::Fail(const absl::Status& status) {
  {
    const std::scoped_lock lock(mutex_);
    if (failure_.ok()) failure_ = status;
  }
  stop_.request_stop();
}

absl::Status Run::Read(EndpointSender& sender, sdk::Backoff& backoff) {
  const auto cursor = store_->Cursor(sender.config().name);
  if (!cursor.ok()) return cursor.status();
  const auto stream = OpenEventStream(channel_, RequestOf(sender.config(), *cursor));
  const std::stop_callback cancel(stop_.get_token(), [&stream] { stream->Cancel(); });
  v1::WatchOrderEventsResponse message;
  absl::Status taken;
  while (taken.ok() && stream->Read(&message)) {
    backoff.Reset();
    std::vector<NewDelivery> deliveries;
    for (const v1::WatchedOrderEvent& watched : message.events()) {
      deliveries.push_back({.number = watched.event().number(),
                            .order = watched.event().order_id(),
                            .body = CloudEventOf(watched, sender.config().style)});
    }
    taken = sender.Take(message.cursor(), std::move(deliveries), stop_.get_token());
  }
  if (taken.ok()) return stream->Finish();
  stream->Cancel();
  while (stream->Read(&message)) {
  }
  (void)stream->Finish();
  return taken;
}

void Run::Follow(EndpointSender& sender) {
  sdk::Backoff backoff(config_.retry, sdk::RandomSeed());
  const std::stop_token stop = stop_.get_token();
  while (!stop.stop_requested()) {
    const absl::Status status = Read(sender, backoff);
    if (stop.stop_requested()) return;
    // What needs a person may be mended while we run: a location that is put, a full disk.
    const milliseconds pause =
        sdk::IsWorthRetrying(status.code()) ? backoff.Next() : config_.retry.max;
    spdlog::log(sdk::IsWorthRetrying(status.code()) ? spdlog::level::warn : spdlog::level::err,
                "events broke off endpoint={} retry_in_ms={} status={}{}", sender.config().name,
                pause.count(), sdk::LogValue(status.ToString()),
                sdk::ReasonOf(status) == "CURSOR_AHEAD"
                    ? " advice=\"the daemon has another database; rename the endpoint to begin "
                      "anew\""
                    : "");
    if (!sdk::SystemClock().Sleep(pause, stop)) return;
  }
}

void Run::Obey() {
  for (const LetterCommand& command : letters_.Commands()) {
    for (const auto& sender : senders_) {
      if (sender->config().name == command.endpoint) sender->Obey(command);
    }
    std::error_code ignored;  // It is there again at the next look, and then means nothing.
    std::filesystem::remove(command.file, ignored);
  }
}

void Run::LogHealth() {
  for (const auto& sender : senders_) {
    const EndpointHealth health = sender->health();
    spdlog::info(
        "endpoint={} state={} waiting={} orders_held={} delivered={} failures={} "
        "given_up={} {}",
        sender->config().name,
        health.is_closed ? "closed"
        : health.is_down ? "down"
                         : "fine",
        health.waiting, health.orders_held, health.delivered, health.failures, health.given_up,
        http_client::ToLogLine(health.http));
  }
}

absl::Status Run::Go() {
  if (absl::Status status = letters_.Prepare(); !status.ok()) return status;
  auto store = DeliveryStore::Open(config_.state_file);
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  auto channel = sdk::OpenChannel(config_.daemon);
  if (!channel.ok()) return channel.status();
  channel_ = *std::move(channel);
  for (const EndpointConfig& endpoint : config_.endpoints) {
    senders_.push_back(
        std::make_unique<EndpointSender>(endpoint, store_.get(), &letters_, &sdk::SystemClock(),
                                         [this](const absl::Status& status) { Fail(status); }));
    if (absl::Status status = senders_.back()->Load(); !status.ok()) return status;
  }
  boost::asio::io_context context;
  const sdk::StopSignals signals(context, stop_);
  std::jthread signal_thread([&context] { context.run(); });
  std::vector<std::jthread> followers;
  for (const auto& sender : senders_) {
    sender->Start();
    followers.emplace_back([this, &sender = *sender] { Follow(sender); });
  }
  sdk::SteadyTime logged_at = sdk::SteadyNow();
  do {
    Obey();
    if (sdk::SteadyNow() - logged_at >= config_.health_interval) {
      LogHealth();
      logged_at = sdk::SteadyNow();
    }
  } while (sdk::SystemClock().Sleep(kLookForCommands, stop_.get_token()));
  followers.clear();
  for (const auto& sender : senders_) sender->Stop();
  LogHealth();
  context.stop();
  const std::scoped_lock lock(mutex_);
  return failure_;
}

}  // namespace

absl::Status RunWebhookAdapter(const WebhookConfig& config, std::stop_source stop) {
  Run run(config, std::move(stop));
  return run.Go();
}

}  // namespace stockd::webhook
