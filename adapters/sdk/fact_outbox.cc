#include "adapters/sdk/fact_outbox.h"

#include <algorithm>
#include <utility>

namespace stockd::sdk {
namespace {

// gRPC refuses messages above 4 MiB by default.
constexpr size_t kBatchBytesMax = size_t{2} * 1024 * 1024;

}  // namespace

uint64_t FactOutbox::Add(v1::Fact fact) {
  const size_t bytes = fact.ByteSizeLong();
  facts_.push_back({.fact = std::move(fact), .bytes = bytes});
  bytes_ += bytes;
  return next_sequence_++;
}

bool FactOutbox::HasBatch(const Limits& limits) const {
  const size_t unsent = facts_.size() - sent_;
  if (unsent == 0 || in_flight_.size() >= static_cast<size_t>(limits.batches_in_flight_max)) {
    return false;
  }
  return in_flight_.empty() || unsent >= static_cast<size_t>(limits.batch_size_max);
}

void FactOutbox::TakeBatch(const Limits& limits, v1::FactBatch* batch) {
  batch->Clear();
  batch->set_batch(next_batch_);
  size_t bytes = 0;
  size_t count = 0;
  while (sent_ + count < facts_.size() && count < static_cast<size_t>(limits.batch_size_max)) {
    const Entry& entry = facts_[sent_ + count];
    if (count > 0 && bytes + entry.bytes > kBatchBytesMax) break;
    *batch->add_facts() = entry.fact;
    bytes += entry.bytes;
    ++count;
  }
  sent_ += count;
  in_flight_.push_back({.batch = next_batch_++, .count = count});
}

bool FactOutbox::Acknowledge(const v1::BatchAck& ack) {
  const auto found = std::ranges::find(in_flight_, ack.batch(), &InFlight::batch);
  if (found == in_flight_.end() || found->ack) return false;
  found->ack = ack;
  while (!in_flight_.empty() && in_flight_.front().ack) {
    Settle(in_flight_.front());
    in_flight_.pop_front();
  }
  return true;
}

// The batch is the oldest one and acknowledged: its facts are the first ones.
void FactOutbox::Settle(const InFlight& batch) {
  const uint64_t first_sequence = acknowledged_up_to() + 1;
  acknowledged_.applied += batch.ack->applied();
  acknowledged_.duplicates += batch.ack->duplicates();
  for (const v1::SetAside& set_aside : batch.ack->set_aside()) {
    const auto index = static_cast<size_t>(set_aside.index());
    if (set_aside.index() < 0 || index >= batch.count) continue;
    acknowledged_.set_aside.push_back({.sequence = first_sequence + index,
                                       .event_id = facts_[index].fact.event_id(),
                                       .reason = set_aside.reason(),
                                       .quarantine_id = set_aside.quarantine_id()});
  }
  for (const v1::DeviceMark& mark : batch.ack->devices()) {
    acknowledged_.devices[mark.device()] = mark;
  }
  for (size_t i = 0; i < batch.count; ++i) {
    bytes_ -= facts_.front().bytes;
    facts_.pop_front();
  }
  sent_ -= batch.count;
}

void FactOutbox::Restart(uint64_t batch_acknowledged) {
  in_flight_.clear();
  sent_ = 0;
  next_batch_ = std::max(next_batch_, batch_acknowledged + 1);
}

Acknowledged FactOutbox::TakeAcknowledged() {
  Acknowledged taken = std::exchange(acknowledged_, {});
  taken.up_to = acknowledged_up_to();
  return taken;
}

}  // namespace stockd::sdk
