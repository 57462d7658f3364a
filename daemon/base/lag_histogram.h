#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "daemon/base/time.h"

namespace stockd {

// How long something took, many times over: counts in buckets that grow by a fifth from one to the
// next, so that a percentile is right to that, and two can be added up. Thread-compatible.
class LagHistogram {
 public:
  // Four for each doubling, up to 2^40 microseconds, which are twelve days; what took longer is in
  // the last one.
  static constexpr int kBuckets = 4 * 40;

  // What is below 0, by clocks that disagree, counts as 0.
  void Add(Duration lag) { AddCount(BucketOf(lag), 1); }
  void Add(const LagHistogram& other) {
    for (int i = 0; i < kBuckets; ++i) AddCount(i, other.counts_[static_cast<size_t>(i)]);
  }

  int64_t count() const { return count_; }
  // In each bucket; the limit of a bucket is LimitOf().
  const std::array<int64_t, kBuckets>& counts() const { return counts_; }

  // The limit of the bucket below which so many of 100 were; zero while there are none.
  Duration Percentile(int percent) const {
    const int64_t wanted = std::max<int64_t>(1, (count_ * percent + 99) / 100);
    int64_t seen = 0;
    for (int i = 0; i < kBuckets; ++i) {
      seen += counts_[static_cast<size_t>(i)];
      if (seen >= wanted) return LimitOf(i);
    }
    return Duration::zero();
  }

  // All of the bucket took less than this.
  static constexpr Duration LimitOf(int bucket) {
    const int64_t doubled = int64_t{1} << (bucket / 4);
    return Duration(doubled + (doubled * (bucket % 4 + 1) + 3) / 4);
  }

 private:
  static constexpr int BucketOf(Duration lag) {
    const auto micros = static_cast<uint64_t>(std::max<int64_t>(1, lag.count()));
    const int doublings = static_cast<int>(std::bit_width(micros)) - 1;
    int bucket = 4 * doublings + static_cast<int>((micros << 2 >> doublings) & 3);
    return std::min(bucket, kBuckets - 1);
  }

  void AddCount(int bucket, int64_t count) {
    counts_[static_cast<size_t>(bucket)] += count;
    count_ += count;
  }

  std::array<int64_t, kBuckets> counts_{};
  int64_t count_ = 0;
};

}  // namespace stockd
