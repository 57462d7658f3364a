#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace stockd::fulfilment {

// A set of small numbers as bits; iterates in ascending order. All sets that meet have one size.
class LocationSet {
 public:
  LocationSet() = default;
  explicit LocationSet(size_t size) : words_((size + 63) / 64, 0) {}

  void Add(size_t i) { words_[i / 64] |= uint64_t{1} << (i % 64); }
  void Remove(size_t i) { words_[i / 64] &= ~(uint64_t{1} << (i % 64)); }
  bool Has(size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  void Intersect(const LocationSet& other) {
    for (size_t word = 0; word < words_.size(); ++word) words_[word] &= other.words_[word];
  }

  // Calls `visit(i)` for each member until it returns false. `visit` may remove what it has seen.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t word = 0; word < words_.size(); ++word) {
      for (uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        if (!visit(word * 64 + static_cast<size_t>(std::countr_zero(bits)))) return;
      }
    }
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace stockd::fulfilment
