#include "adapters/sdk/fact_pump.h"

#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

namespace stockd::sdk {
namespace {

constexpr int kFactsAtOnce = 500;
// After the disk has failed.
constexpr std::chrono::milliseconds kRetryPause{1000};

}  // namespace

void FactPump::Start(Session* session, Report report) {
  session_ = session;
  report_ = std::move(report);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void FactPump::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void FactPump::Wake() {
  const std::scoped_lock lock(mutex_);
  is_woken_ = true;
  changed_.notify_all();
}

void FactPump::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    absl::StatusOr<bool> has_sent = SendSome(stop);
    absl::Status status = has_sent.status();
    if (status.ok()) status = Settle();
    if (absl::IsCancelled(status)) return;
    std::unique_lock lock(mutex_);
    if (!session_->failure().ok()) {
      changed_.notify_all();
      return;
    }
    if (!status.ok()) {
      spdlog::error("facts cannot be read or removed, trying again retry_in_ms={} {}",
                    kRetryPause.count(), status.ToString());
      changed_.wait_for(lock, stop, kRetryPause, [] { return false; });
      continue;
    }
    changed_.notify_all();
    if (*has_sent) continue;
    changed_.wait(lock, stop, [this] { return is_woken_; });
    is_woken_ = false;
  }
}

absl::StatusOr<bool> FactPump::SendSome(const std::stop_token& stop) {
  absl::StatusOr<std::vector<AdapterStore::StoredFact>> facts =
      store_.FactsAfter(sent_number_, kFactsAtOnce);
  if (!facts.ok()) return facts.status();
  for (AdapterStore::StoredFact& stored : *facts) {
    const absl::StatusOr<uint64_t> sequence = session_->SendFact(std::move(stored.fact), stop);
    if (!sequence.ok()) return sequence.status();
    sent_number_ = stored.number;
    number_offset_ = stored.number - static_cast<int64_t>(*sequence);
  }
  return !facts->empty();
}

// What is set aside is told before it is removed: after a crash it is sent and told again.
absl::Status FactPump::Settle() {
  const Acknowledged acknowledged = session_->TakeAcknowledged();
  if (acknowledged.up_to == settled_sequence_) return absl::OkStatus();
  report_(acknowledged);
  absl::Status status =
      store_.RemoveUpTo(static_cast<int64_t>(acknowledged.up_to) + number_offset_);
  if (status.ok()) settled_sequence_ = acknowledged.up_to;
  return status;
}

absl::StatusOr<bool> FactPump::WaitUntilEmpty(std::chrono::milliseconds patience,
                                              std::stop_token stop) {
  const auto is_empty = [this] { return store_.backlog().depth == 0; };
  const auto failure = [this] {
    return session_ == nullptr ? absl::OkStatus() : session_->failure();
  };
  std::unique_lock lock(mutex_);
  const bool is_over =
      changed_.wait_for(lock, stop, patience, [&] { return !failure().ok() || is_empty(); });
  if (is_empty()) return true;
  if (!failure().ok()) return failure();
  if (!is_over && stop.stop_requested()) return absl::CancelledError("stop was requested");
  return false;
}

}  // namespace stockd::sdk
