#include "adapters/sdk/backoff.h"

#include <algorithm>

namespace stockd::sdk {

Backoff::Backoff(Options options, uint64_t seed)
    : options_(options),
      step_(options.initial),
      random_(static_cast<std::minstd_rand::result_type>(seed)) {}

std::chrono::milliseconds Backoff::Next() {
  const int64_t whole = std::max<int64_t>(1, step_.count());
  const int64_t half = whole / 2;
  step_ = std::min(step_ * 2, options_.max);
  return std::chrono::milliseconds(
      whole - half + static_cast<int64_t>(random_() % static_cast<uint64_t>(half + 1)));
}

}  // namespace stockd::sdk
