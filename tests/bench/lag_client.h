#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace stockd::bench {

// Sources that all are told every level, while one more tells facts at a steady rate.
struct LagSpec {
  std::string address;
  int listeners = 20;
  uint64_t items = 1;
  uint64_t run = 0;  // Makes this run's event ids its own.
  double facts_per_s = 1000;
  double warm_up_s = 0.5;
  double seconds = 2.5;
};

// From the moment a fact was handed to the stream to the moment a listener has its level: the
// commit in between is included, so the lag behind the commit is smaller.
struct LagResult {
  int64_t levels = 0;  // Level rows that arrived within `seconds`, at all listeners together.
  double facts_per_s = 0;
  double p50_us = 0;
  double p99_us = 0;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LagSpec, address, listeners, items, run, facts_per_s, warm_up_s,
                                   seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LagResult, levels, facts_per_s, p50_us, p99_us)

// The listeners are the sources "listener-0", "listener-1", ... Throws BenchError.
LagResult MeasureLag(const LagSpec& spec);

}  // namespace stockd::bench
