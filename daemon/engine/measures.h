#pragma once

#include <atomic>
#include <cstdint>

#include "daemon/base/histogram.h"
#include "daemon/base/time.h"

namespace stockd::engine {

// What the writer notes about itself, once a batch. Thread-safe.
struct Measures {
  // Commands in one commit.
  Histogram<11> batch_commands{{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000}};
  // From the decision to the disk, in microseconds.
  Histogram<13> commit_micros{{100, 200, 500, 1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000,
                               200'000, 500'000, 1'000'000}};
  // Deltas that came after a count had already seen them.
  std::atomic<int64_t> late_facts{0};
  // The earliest deadline of a hold that is not cleared yet; kTimestampMax: there is none.
  std::atomic<Timestamp> next_deadline{kTimestampMax};
};

}  // namespace stockd::engine
