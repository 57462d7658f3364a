// How long to wait before the next try.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace stockd::sdk {

// Doubles from try to try up to a bound, with chance in it so that many adapters do not come back
// at the same moment after the daemon restarts.
class Backoff {
 public:
  struct Options {
    std::chrono::milliseconds initial{200};
    std::chrono::milliseconds max{10'000};
  };

  Backoff(Options options, uint64_t seed);

  // Between half of the present step and the whole of it.
  [[nodiscard]] std::chrono::milliseconds Next();

  // The last try succeeded.
  void Reset() { step_ = options_.initial; }

 private:
  Options options_;
  std::chrono::milliseconds step_;
  std::minstd_rand random_;
};

}  // namespace stockd::sdk
