#include "adapters/sdk/order_fact_pump.h"

#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

namespace stockd::sdk {
namespace {

constexpr int kFactsAtOnce = 200;
// After the disk has failed.
constexpr std::chrono::milliseconds kRetryPause{1000};

}  // namespace

void OrderFactPump::Start(Session* session, Report report) {
  session_ = session;
  report_ = std::move(report);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void OrderFactPump::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void OrderFactPump::Wake() {
  const std::scoped_lock lock(mutex_);
  is_woken_ = true;
  changed_.notify_all();
}

void OrderFactPump::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const absl::StatusOr<bool> has_sent = SendSome(stop);
    if (absl::IsCancelled(has_sent.status()) || !session_->failure().ok()) return;
    std::unique_lock lock(mutex_);
    if (!has_sent.ok()) {
      spdlog::error("facts about orders cannot be read or removed, trying again retry_in_ms={} {}",
                    kRetryPause.count(), has_sent.status().ToString());
      changed_.wait_for(lock, stop, kRetryPause, [] { return false; });
      continue;
    }
    if (*has_sent) continue;
    changed_.wait(lock, stop, [this] { return is_woken_; });
    is_woken_ = false;
  }
}

// What waits is told before it is removed: after a crash it is sent and told again.
absl::StatusOr<bool> OrderFactPump::SendSome(const std::stop_token& stop) {
  const absl::StatusOr<std::vector<AdapterStore::StoredOrderFact>> facts =
      store_.FirstOrderFacts(kFactsAtOnce);
  if (!facts.ok()) return facts.status();
  if (facts->empty()) return false;
  v1::OrderFactBatch batch;
  for (const AdapterStore::StoredOrderFact& stored : *facts) *batch.add_facts() = stored.fact;
  const absl::StatusOr<v1::OrderFactAck> ack = session_->SendOrderFacts(std::move(batch), stop);
  if (!ack.ok()) return ack.status();
  for (const v1::OrderFactWaits& waits : ack->waiting()) {
    const auto index = static_cast<size_t>(waits.index());
    if (waits.index() < 0 || index >= facts->size()) continue;
    report_({.fact = (*facts)[index].fact, .reason = waits.reason()});
  }
  if (absl::Status status = store_.RemoveOrderFactsUpTo(facts->back().number); !status.ok()) {
    return status;
  }
  return true;
}

}  // namespace stockd::sdk
