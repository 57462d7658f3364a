#include "daemon/engine/availability_index.h"

#include <numeric>

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

// Spreads neighbours over the parts; independent of the hash that the tables inside a part use.
size_t PartNumber(PositionKey key) { return (key.packed() * 0x9E3779B97F4A7C15u) >> 58; }

// The numbers of rows by part, in their order. Whoever works part by part, and calls for the memory
// of all rows before the first is needed, does not wait for memory at every row.
class ByPart {
 public:
  template <typename Row>
  explicit ByPart(std::span<const Row> rows) : numbers_(rows.size()) {
    for (const Row& row : rows) ++begins_[PartNumber(row.position) + 1];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    std::array<uint32_t, AvailabilityIndex::kParts + 1> next = begins_;
    for (uint32_t i = 0; i < rows.size(); ++i) numbers_[next[PartNumber(rows[i].position)]++] = i;
  }

  std::span<const uint32_t> operator[](size_t part) const {
    return std::span(numbers_).subspan(begins_[part], begins_[part + 1] - begins_[part]);
  }

 private:
  std::vector<uint32_t> numbers_;
  std::array<uint32_t, AvailabilityIndex::kParts + 1> begins_{};  // Of each part, and the end.
};

}  // namespace

AvailabilityIndex::AvailabilityIndex() {
  static_assert(kParts == 1 << 6, "PartNumber() takes six bits");
}

AvailabilityIndex::Part& AvailabilityIndex::PartOf(PositionKey key) {
  return parts_[PartNumber(key)];
}
const AvailabilityIndex::Part& AvailabilityIndex::PartOf(PositionKey key) const {
  return parts_[PartNumber(key)];
}

std::optional<ledger::WorkingPosition> AvailabilityIndex::Find(PositionKey key,
                                                               Timestamp now) const {
  const Part& part = PartOf(key);
  const absl::ReaderMutexLock lock(&part.mutex);
  const auto found = part.entries.find(key);
  if (found == part.entries.end()) return std::nullopt;
  ledger::WorkingPosition position{.row = found->second.row};
  if (found->second.next_deadline <= now) {
    for (const auto& [deadline, quantity] : part.held.at(key)) {
      if (deadline > now) break;
      position.lapsed += quantity;
    }
  }
  return position;
}

void AvailabilityIndex::Put(Part& part, const RowChange& change) {
  part.entries[change.position].row = change.row;
  if (change.row.free() < 0) {
    part.shortfalls[change.position] = -change.row.free();
  } else if (!part.shortfalls.empty()) {
    part.shortfalls.erase(change.position);
  }
}

void AvailabilityIndex::Publish(std::span<const RowChange> rows, std::span<const HeldChange> held) {
  for (const RowChange& change : rows) {
    Part& part = PartOf(change.position);
    const absl::MutexLock lock(&part.mutex);
    Put(part, change);
  }
  for (const HeldChange& change : held) {
    Part& part = PartOf(change.position);
    const absl::MutexLock lock(&part.mutex);
    HeldByDeadline& by_deadline = part.held[change.position];
    const auto [at, is_new] = by_deadline.try_emplace(change.deadline, 0);
    at->second += change.change;
    if (at->second == 0) by_deadline.erase(at);
    const Timestamp next = by_deadline.empty() ? kTimestampMax : by_deadline.begin()->first;
    if (by_deadline.empty()) part.held.erase(change.position);
    part.entries[change.position].next_deadline = next;
  }
}

void AvailabilityIndex::Reserve(int64_t positions) {
  // The hash spreads them evenly, but not exactly so.
  const auto share = static_cast<size_t>(static_cast<double>(positions) / kParts * 1.05);
  for (Part& part : parts_) {
    const absl::MutexLock lock(&part.mutex);
    part.entries.reserve(share);
  }
}

void AvailabilityIndex::Load(std::span<const RowChange> rows) {
  const ByPart by_part(rows);
  for (size_t i = 0; i < kParts; ++i) {
    const absl::MutexLock lock(&parts_[i].mutex);
    for (const uint32_t row : by_part[i]) parts_[i].entries.prefetch(rows[row].position);
    for (const uint32_t row : by_part[i]) Put(parts_[i], rows[row]);
  }
}

void AvailabilityIndex::NoteCounted(PositionKey key, Timestamp counted_at) {
  Part& part = PartOf(key);
  const absl::MutexLock lock(&part.mutex);
  // Also where nothing was ever booked: that nothing is there is a count like any other, and what
  // is told later and happened before it must not add to it.
  Timestamp& known = part.entries[key].row.counted_at;
  if (counted_at > known) known = counted_at;
}

void AvailabilityIndex::ConfirmCounts(std::span<const CountedRow> rows, Timestamp as_of,
                                      std::vector<PositionKey>& confirmed,
                                      std::vector<CountedRow>& rest) {
  const ByPart by_part(rows);
  std::vector<bool> confirms(rows.size());
  for (size_t i = 0; i < kParts; ++i) {
    Part& part = parts_[i];
    const absl::MutexLock lock(&part.mutex);
    for (const uint32_t row : by_part[i]) part.entries.prefetch(rows[row].position);
    for (const uint32_t row : by_part[i]) {
      const auto found = part.entries.find(rows[row].position);
      if (found == part.entries.end()) continue;
      ledger::Position& known = found->second.row;
      if (known.on_hand != rows[row].quantity || known.counted_at >= as_of ||
          known.last_delta_at > as_of) {
        continue;
      }
      known.counted_at = as_of;
      confirms[row] = true;
    }
  }
  for (size_t row = 0; row < rows.size(); ++row) {
    if (confirms[row]) {
      confirmed.push_back(rows[row].position);
    } else {
      rest.push_back(rows[row]);
    }
  }
}

std::vector<PositionKey> AvailabilityIndex::ChangedAfter(int part_number, Sequence after) const {
  STOCKD_CHECK(part_number >= 0 && part_number < kParts);
  const Part& part = parts_[static_cast<size_t>(part_number)];
  std::vector<PositionKey> keys;
  const absl::ReaderMutexLock lock(&part.mutex);
  for (const auto& [key, entry] : part.entries) {
    if (entry.row.version > after) keys.push_back(key);
  }
  return keys;
}

std::vector<PositionKey> AvailabilityIndex::Shortfalls() const {
  std::vector<PositionKey> keys;
  for (const Part& part : parts_) {
    const absl::ReaderMutexLock lock(&part.mutex);
    for (const auto& [key, missing] : part.shortfalls) keys.push_back(key);
  }
  return keys;
}

int64_t AvailabilityIndex::size() const {
  int64_t size = 0;
  for (const Part& part : parts_) {
    const absl::ReaderMutexLock lock(&part.mutex);
    size += static_cast<int64_t>(part.entries.size());
  }
  return size;
}

int64_t AvailabilityIndex::memory_bytes() const {
  size_t bytes = sizeof(*this);
  for (const Part& part : parts_) {
    const absl::ReaderMutexLock lock(&part.mutex);
    // One control byte beside each slot.
    bytes += part.entries.capacity() * (sizeof(PositionKey) + sizeof(Entry) + 1);
    bytes += part.held.capacity() * (sizeof(PositionKey) + sizeof(HeldByDeadline) + 1);
  }
  return static_cast<int64_t>(bytes);
}

}  // namespace stockd::engine
