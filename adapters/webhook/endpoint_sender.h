// Sends one endpoint's messages.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "adapters/http_client/http_client.h"
#include "adapters/sdk/clock.h"
#include "adapters/webhook/delivery_queue.h"
#include "adapters/webhook/delivery_rules.h"
#include "adapters/webhook/delivery_store.h"
#include "adapters/webhook/letter_folder.h"
#include "adapters/webhook/webhook_config.h"

namespace stockd::webhook {

// How an endpoint fares.
struct EndpointHealth {
  size_t waiting = 0;
  size_t orders_held = 0;
  bool is_down = false;
  bool is_closed = false;
  int64_t delivered = 0;  // Since the start of the process, as are the two below.
  int64_t failures = 0;
  int64_t given_up = 0;
  http_client::HttpMetrics http;
};

// Stores messages and sends them on threads of its own. Methods may be called from any thread.
class EndpointSender {
 public:
  // `store`, `letters` and `clock` outlive it. `fail` is called, once or more, when the disk
  // refuses: nothing is certain then, and a restart finds out.
  EndpointSender(EndpointConfig config, DeliveryStore* store, const LetterFolder* letters,
                 sdk::Clock* clock, std::function<void(const absl::Status&)> fail);
  ~EndpointSender() { Stop(); }

  // Reads what waits.
  [[nodiscard]] absl::Status Load();
  void Start();
  // Ends the calls under way; what they carried is sent again after the next start.
  void Stop();

  // Stores messages with the cursor behind them; they will arrive. Blocks while backlog_max wait.
  //   CANCELLED   `stop` was requested.
  //   any other   as DeliveryStore::Append(); nothing was stored.
  [[nodiscard]] absl::Status Take(uint64_t cursor, std::vector<NewDelivery> deliveries,
                                  const std::stop_token& stop);

  // Does what a person wants with a letter. Letters that are none are passed over.
  void Obey(const LetterCommand& command);

  const EndpointConfig& config() const { return config_; }
  [[nodiscard]] EndpointHealth health();

 private:
  void Run(const std::stop_token& stop);
  absl::StatusOr<http_client::HttpReply> Send(uint64_t number, const std::string& body);
  // What the answer means, on disk and in the queue.
  absl::Status Settle(const DeliveryQueue::Job& job, const std::string& body,
                      const absl::StatusOr<http_client::HttpReply>& reply);
  absl::Status SettleFailure(const DeliveryQueue::Job& job, const std::string& body,
                             const absl::StatusOr<http_client::HttpReply>& reply, Verdict verdict);
  absl::Status CloseEndpoint(const DeliveryQueue::Job& job, const std::string& why);
  sdk::SteadyTime AskAt(const absl::StatusOr<http_client::HttpReply>& reply);

  const EndpointConfig config_;
  DeliveryStore& store_;
  const LetterFolder& letters_;
  sdk::Clock& clock_;
  const std::function<void(const absl::Status&)> fail_;
  std::unique_ptr<http_client::HttpClient> client_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  DeliveryQueue queue_;
  std::unordered_map<uint64_t, WaitingDelivery> tried_;  // Those that failed before.
  std::minstd_rand random_;
  EndpointHealth counts_;
  std::vector<std::jthread> threads_;
};

}  // namespace stockd::webhook
