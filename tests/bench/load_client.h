#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace stockd::bench {

// Which call is made.
enum class Call {
  kGetAvailability,
  kCreateReservation,
  kListAvailability,
  kBatchCreateReservations
};

// One run of callers against one server.
// Rows of a page in a list.
constexpr int kPageRows = 10;

struct LoadSpec {
  std::string address;
  bool echo = false;  // The server is the yardstick's.
  bool http = false;  // As JSON over HTTP; `channels` means nothing then.
  Call call = Call::kGetAvailability;
  int callers = 128;  // Calls under way at any time, when `calls_per_s` is 0.
  int channels = 4;   // Connections that they share.
  int batch = 1;      // kBatchCreateReservations: reservations in one call.
  double warm_up_s = 0.5;
  double seconds = 2.5;
  double calls_per_s = 0;  // Above 0: a call begins on schedule, however the server fares.
  uint64_t items = 1;      // The calls are spread over the first so many items ...
  uint64_t locations = 1;  // ... at each of the first so many locations.
  uint64_t run = 0;        // Makes this run's reservation ids its own; below 2^24.
  bool ordered_ids = true;
};

// What came of it. Latencies are those of calls that began after the warm-up; those of scheduled
// calls count from the instant of the schedule.
struct LoadResult {
  double calls_per_s = 0;
  int64_t calls = 0;  // All, with those of the warm-up.
  int64_t failures = 0;
  std::string failure;  // The first one.
  double p50_us = 0;
  double p99_us = 0;
  double max_us = 0;
  double cpu_s = 0;  // Processor time of the client for all its calls.
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadSpec, address, echo, http, call, callers, channels, batch,
                                   warm_up_s, seconds, calls_per_s, items, locations, run,
                                   ordered_ids)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadResult, calls_per_s, calls, failures, failure, p50_us,
                                   p99_us, max_us, cpu_s)

// Runs the load in this process. Throws BenchError when the server cannot be reached.
LoadResult RunLoad(const LoadSpec& spec);

}  // namespace stockd::bench
