// The orders of a session: taken, acknowledged, and what is told of them.
#include <algorithm>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/session_core.h"

namespace stockd::sdk {
namespace {

// Of one batch of more than one fact: half of the smallest limit that a daemon may be given.
constexpr size_t kOrderFactBytesMax = 32 * 1024;

}  // namespace

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
  return order_facts_ != nullptr && order_facts_->under_way == 0 && !order_facts_->is_over();
}

// As many as the daemon takes at once; a fact may name hundreds of lines.
void SessionCore::FillOrderFacts(v1::OrderFactBatch* batch) {
  batch->Clear();
  OutgoingOrderFacts& facts = *order_facts_;
  size_t bytes = 0;
  for (int i = facts.acknowledged; i < facts.batch.facts_size(); ++i) {
    const v1::OrderFact& fact = facts.batch.facts(i);
    bytes += fact.ByteSizeLong();
    const bool is_full =
        batch->facts_size() == limits().batch_size_max || bytes > kOrderFactBytesMax;
    if (is_full && batch->facts_size() > 0) break;
    *batch->add_facts() = fact;
  }
  facts.under_way = batch->facts_size();
  facts.batch.set_batch(++order_batch_);
  batch->set_batch(order_batch_);
  stream_.answered_at = SteadyNow();
}

void SessionCore::OnOrderFactAck(const v1::OrderFactAck& ack) {
  const Lock lock(mutex_);
  stream_.answered_at = SteadyNow();
  if (order_facts_ == nullptr || order_facts_->under_way == 0 ||
      order_facts_->batch.batch() != ack.batch()) {
    return;
  }
  v1::OrderFactAck& sum = order_facts_->ack;
  sum.set_applied(sum.applied() + ack.applied());
  sum.set_duplicates(sum.duplicates() + ack.duplicates());
  for (v1::OrderFactWaits waits : ack.waiting()) {
    waits.set_index(waits.index() + order_facts_->acknowledged);
    *sum.add_waiting() = std::move(waits);
  }
  order_facts_->acknowledged += order_facts_->under_way;
  order_facts_->under_way = 0;
  health_.order_facts_applied += ack.applied();
  health_.order_facts_duplicate += ack.duplicates();
  health_.order_facts_waiting += ack.waiting_size();
  changed_.notify_all();
}

absl::StatusOr<v1::OrderFactAck> SessionCore::SendOrderFacts(v1::OrderFactBatch batch,
                                                             std::stop_token stop) {
  OutgoingOrderFacts facts;
  facts.batch = std::move(batch);
  Lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return IsEnded() || order_facts_ == nullptr; });
  if (IsEnded()) return EndStatus();
  if (stop.stop_requested()) return absl::CancelledError("stop was requested");
  order_facts_ = &facts;
  changed_.notify_all();
  changed_.wait(lock, stop, [&] { return IsEnded() || facts.is_over(); });
  order_facts_ = nullptr;
  changed_.notify_all();
  if (facts.is_over()) return facts.ack;
  return IsEnded() ? EndStatus() : absl::CancelledError("stop was requested");
}

}  // namespace stockd::sdk
