#include "adapters/sdk/fact_outbox.h"

#include <algorithm>
#include <utility>

namespace stockd::sdk {
namespace {

// gRPC refuses messages above 4 MiB by default.
constexpr size_t kBatchBytesMax = size_t{2} * 1024 * 1024;

}  // namespace

uint64_t FactOutbox::Add(v1::Fact fact) { return Add(Entry{.fact = std::move(fact)}); }

uint64_t FactOutbox::AddPassedNumber(std::string device, uint64_t number) {
  Entry entry{.is_passed_number = true};
  entry.fact.set_device(std::move(device));
  entry.fact.set_device_sequence(number);
  return Add(std::move(entry));
}

uint64_t FactOutbox::Add(Entry entry) {
  entry.bytes = entry.fact.ByteSizeLong();
  bytes_ += entry.bytes;
  facts_.push_back(std::move(entry));
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
    if (entry.is_passed_number) {
      v1::DeviceNumber* passed = batch->add_passed_numbers();
      passed->set_device(entry.fact.device());
      passed->set_number(entry.fact.device_sequence());
    } else {
      *batch->add_facts() = entry.fact;
    }
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
  acknowledged_.applied += batch.ack->applied();
  acknowledged_.duplicates += batch.ack->duplicates();
  if (batch.ack->set_aside_size() > 0) NoteSetAside(batch);
  for (const v1::DeviceMark& mark : batch.ack->devices()) {
    acknowledged_.devices[mark.device()] = mark;
  }
  for (size_t i = 0; i < batch.count; ++i) {
    bytes_ -= facts_.front().bytes;
    facts_.pop_front();
  }
  sent_ -= batch.count;
}

// The acknowledgement counts the facts of the batch, without the numbers between them.
void FactOutbox::NoteSetAside(const InFlight& batch) {
  const uint64_t first_sequence = acknowledged_up_to() + 1;
  std::vector<size_t> places;  // Of the batch's facts among its entries.
  for (size_t i = 0; i < batch.count; ++i) {
    if (!facts_[i].is_passed_number) places.push_back(i);
  }
  for (const v1::SetAside& set_aside : batch.ack->set_aside()) {
    const auto index = static_cast<size_t>(set_aside.index());
    if (set_aside.index() < 0 || index >= places.size()) continue;
    const size_t place = places[index];
    acknowledged_.set_aside.push_back({.sequence = first_sequence + place,
                                       .event_id = facts_[place].fact.event_id(),
                                       .reason = set_aside.reason(),
                                       .quarantine_id = set_aside.quarantine_id()});
  }
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
