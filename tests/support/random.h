#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/check.h"

namespace stockd::support {

// A stream of numbers that a seed determines on every machine: integers only, because the standard
// library's distributions differ between implementations. Not for secrets. Thread-compatible.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  // Any 64 bits. A Weyl sequence whose steps are scrambled, so that neighbouring seeds have nothing
  // in common.
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t bits = state_;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return bits ^ (bits >> 31);
  }

  // In [0, bound). The bias of the remainder does not matter to a test. REQUIRES: bound > 0.
  uint64_t Below(uint64_t bound) {
    STOCKD_CHECK(bound > 0);
    return Next() % bound;
  }

  // In [low, high]. REQUIRES: low <= high, and fewer than 2^63 numbers between them.
  int64_t Between(int64_t low, int64_t high) {
    STOCKD_CHECK(low <= high);
    return low + static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }

  // True in `percent` of 100 cases.
  bool Percent(uint64_t percent) { return Below(100) < percent; }

  // One of the values. REQUIRES: there is one.
  template <typename T>
  const T& Pick(const std::vector<T>& values) {
    return values[Below(values.size())];
  }

  // An index, each as often as its weight says. REQUIRES: a weight above zero.
  size_t Weighted(std::span<const uint64_t> weights) {
    uint64_t total = 0;
    for (const uint64_t weight : weights) total += weight;
    uint64_t left = Below(total);
    size_t index = 0;
    while (left >= weights[index]) left -= weights[index++];
    return index;
  }

  template <typename T>
  void Shuffle(std::vector<T>& values) {
    for (size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[Below(left)]);
    }
  }

 private:
  uint64_t state_;
};

}  // namespace stockd::support
