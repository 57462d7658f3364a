// The orders of a session: taken, acknowledged, and what is told of them.
#include <algorithm>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/session_core.h"

namespace stockd::sdk {

void SessionCore::OnOrderUpdate(const v1::OrderUpdate& update) {
  if (orders_ == nullptr) return;
  {
    // Before the sink sees it: from then on it may be acknowledged.
    const Lock lock(mutex_);
    stream_.order_cursors.push_back(update.cursor());
    ++health_.orders_received;
  }
  orders_->OnOrder(update);
}

void SessionCore::AcknowledgeOrder(uint64_t cursor) {
  const Lock lock(mutex_);
  std::deque<uint64_t>& waiting = stream_.order_cursors;
  // While open orders are told, several updates carry the same cursor; each has its own answer.
  const auto found = std::ranges::find(waiting, cursor);
  if (found == waiting.end()) return;
  waiting.erase(waiting.begin(), found + 1);
  stream_.order_acks.push_back(cursor);
  changed_.notify_all();
}

bool SessionCore::HasOrderFacts() const {
  return order_facts_ != nullptr && !order_facts_->is_sent && !order_facts_->ack;
}

void SessionCore::OnOrderFactAck(const v1::OrderFactAck& ack) {
  const Lock lock(mutex_);
  stream_.answered_at = SteadyNow();
  if (order_facts_ == nullptr || order_facts_->batch.batch() != ack.batch()) return;
  order_facts_->is_sent = false;
  order_facts_->ack = ack;
  health_.order_facts_applied += ack.applied();
  health_.order_facts_duplicate += ack.duplicates();
  health_.order_facts_waiting += ack.waiting_size();
  changed_.notify_all();
}

absl::StatusOr<v1::OrderFactAck> SessionCore::SendOrderFacts(v1::OrderFactBatch batch,
                                                             std::stop_token stop) {
  OutgoingOrderFacts facts{.batch = std::move(batch), .ack = {}};
  Lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return IsEnded() || order_facts_ == nullptr; });
  if (IsEnded()) return EndStatus();
  if (stop.stop_requested()) return absl::CancelledError("stop was requested");
  order_facts_ = &facts;
  changed_.notify_all();
  changed_.wait(lock, stop, [&] { return IsEnded() || facts.ack; });
  order_facts_ = nullptr;
  changed_.notify_all();
  if (facts.ack) return *facts.ack;
  return IsEnded() ? EndStatus() : absl::CancelledError("stop was requested");
}

}  // namespace stockd::sdk
