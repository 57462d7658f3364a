// Numbers that a seed determines.
#pragma once

#include <cstdint>
#include <span>

namespace stockd::sample {

// The same seed and purpose give the same numbers on every machine, which the distributions of
// <random> do not promise. Streams of different purposes have nothing in common. Not for secrets.
// Thread-compatible.
class SeededRandom {
 public:
  SeededRandom(uint64_t seed, uint64_t purpose)
      : state_(Scramble(seed + kStep) ^ Scramble(~purpose)) {}

  // Any 64 bits.
  uint64_t Next() { return Scramble(state_ += kStep); }

  // In [0, bound). REQUIRES: bound > 0.
  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(bound));
  }

  // In [low, high]. REQUIRES: low <= high.
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }

  // True in `count` of 1000 cases.
  bool PerMille(int64_t count) { return Below(1000) < count; }

  // One of the values. REQUIRES: there is one.
  template <typename Value>
  const Value& Pick(std::span<const Value> values) {
    return values[static_cast<size_t>(Below(static_cast<int64_t>(values.size())))];
  }

 private:
  static constexpr uint64_t kStep = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio.

  // A bijection in which each bit of the input moves half of the output's bits.
  static constexpr uint64_t Scramble(uint64_t bits) {
    bits = (bits ^ (bits >> 32)) * 0xD6E8'FEB8'6659'FD93;
    bits = (bits ^ (bits >> 32)) * 0xD6E8'FEB8'6659'FD93;
    return bits ^ (bits >> 32);
  }

  uint64_t state_;
};

}  // namespace stockd::sample
