#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace stockd::bench {

// One session of an adapter.
struct FeedSpec {
  std::string address;
  std::string source;
  uint64_t items = 1;
  uint64_t locations = 1;
  int batch = 1000;  // Facts in a batch, rows in a chunk.
  uint64_t run = 0;  // Makes this run's event ids and snapshot id its own.
  // Facts only.
  double warm_up_s = 0.5;
  double seconds = 2.5;
  // Facts only: the first instant they are dated at, in microseconds since 1970, and how much later
  // they may be. 0: now.
  int64_t dated_from_us = 0;
  int64_t dated_within_us = 0;
  // Snapshot only: a row states `base`, and one unit more for every hundredth position from each
  // of the rounds 0 to `run`. So 1 % of the positions differ from the snapshot before.
  int64_t base = 0;
};

// What the daemon acknowledged.
struct FeedResult {
  int64_t rows = 0;  // Facts applied within `seconds`, or rows of the snapshot.
  double seconds = 0;
  int64_t changed = 0;    // Snapshot only.
  int64_t unchanged = 0;  // Snapshot only.
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FeedSpec, address, source, items, locations, batch, run,
                                   warm_up_s, seconds, dated_from_us, dated_within_us, base)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FeedResult, rows, seconds, changed, unchanged)

// Sends sales as fast as the daemon acknowledges them. Throws BenchError.
FeedResult SendFacts(const FeedSpec& spec);

// Sends one snapshot of all positions; the time is from its begin to its acknowledgement.
FeedResult SendSnapshot(const FeedSpec& spec);

}  // namespace stockd::bench
