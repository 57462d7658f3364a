// Facts on their way to the daemon.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sdk {

// A fact that the daemon keeps in quarantine.
struct SetAsideFact {
  uint64_t sequence = 0;  // What SendFact() returned for it.
  std::string event_id;
  std::string reason;  // UPPER_SNAKE, for example SKU_UNKNOWN.
  int64_t quarantine_id = 0;
};

// What the daemon has said about facts since it was last asked for.
struct Acknowledged {
  uint64_t up_to = 0;  // Every fact up to this sequence number is on the daemon's disk.
  int64_t applied = 0;
  int64_t duplicates = 0;
  std::vector<SetAsideFact> set_aside;
  // How far the sequences of devices are complete; the newest word for each device.
  std::map<std::string, v1::DeviceMark> devices;
};

// Keeps facts in order until they are acknowledged, cuts them into batches and knows which batches
// are under way. No threads, no I/O; Session guards it.
class FactOutbox {
 public:
  struct Limits {
    int batch_size_max = 0;
    int batches_in_flight_max = 0;
  };

  // Takes a fact; returns its sequence number, from 1 without gaps.
  uint64_t Add(v1::Fact fact);
  // Takes a number that a device gave to something that is no fact; it counts as one here.
  uint64_t AddPassedNumber(std::string device, uint64_t number);

  // The oldest that is not acknowledged; null: none.
  const v1::Fact* oldest() const { return facts_.empty() ? nullptr : &facts_.front().fact; }

  size_t size() const { return facts_.size(); }
  size_t bytes() const { return bytes_; }
  size_t batches_in_flight() const { return in_flight_.size(); }
  uint64_t next_sequence() const { return next_sequence_; }
  // Every fact up to this one is acknowledged.
  uint64_t acknowledged_up_to() const { return next_sequence_ - facts_.size() - 1; }

  // Whether a batch may go now: there is room in flight, and the batch is full or nothing else is
  // under way, so that small batches go at once when the line is idle and grow when it is busy.
  bool HasBatch(const Limits& limits) const;

  // Fills the next batch. REQUIRES: HasBatch(limits).
  void TakeBatch(const Limits& limits, v1::FactBatch* batch);

  // Notes an acknowledgement. False: no such batch is under way.
  bool Acknowledge(const v1::BatchAck& ack);

  // A new stream begins: what was not acknowledged goes again, with batch numbers above
  // `batch_acknowledged`.
  void Restart(uint64_t batch_acknowledged);

  // Everything acknowledged since the last call.
  Acknowledged TakeAcknowledged();

 private:
  struct Entry {
    v1::Fact fact;
    size_t bytes = 0;
    bool is_passed_number = false;  // Of `fact` only the device and its number count.
  };
  struct InFlight {
    uint64_t batch = 0;
    size_t count = 0;
    std::optional<v1::BatchAck> ack;  // Set while an earlier batch is still open.
  };

  uint64_t Add(Entry entry);
  void Settle(const InFlight& batch);
  void NoteSetAside(const InFlight& batch);

  std::deque<Entry> facts_;  // Unacknowledged, oldest first; the first sent_ of them are under way.
  size_t sent_ = 0;
  size_t bytes_ = 0;
  uint64_t next_sequence_ = 1;
  uint64_t next_batch_ = 1;
  std::deque<InFlight> in_flight_;
  Acknowledged acknowledged_;
};

}  // namespace stockd::sdk
