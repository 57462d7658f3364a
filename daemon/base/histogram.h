#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace stockd {

// How many values fell below each of some bounds, and their sum. Values are whole numbers in a unit
// of the owner's. Thread-safe: a value costs two additions and no lock; a reader may see one
// without the other.
template <size_t kBoundCount>
class Histogram {
 public:
  using Bounds = std::array<int64_t, kBoundCount>;

  // `bounds` rise; each is the largest value of its part.
  explicit constexpr Histogram(const Bounds& bounds) : bounds_(bounds) {}

  void Observe(int64_t value) {
    const auto part = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    counts_[static_cast<size_t>(part)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  const Bounds& bounds() const { return bounds_; }
  // Values of part `i`; the last part has those above all bounds.
  int64_t count(size_t i) const { return counts_[i].load(std::memory_order_relaxed); }
  int64_t sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const Bounds bounds_;
  std::array<std::atomic<int64_t>, kBoundCount + 1> counts_{};
  std::atomic<int64_t> sum_{0};
};

}  // namespace stockd
