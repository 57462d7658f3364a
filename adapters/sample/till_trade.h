// What happens at the tills.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sample/seeded_random.h"
#include "adapters/sample/world_parts.h"

namespace stockd::sample {

// Sales, returns, and the counts that somebody types into a till. Thread-compatible.
class TillTrade {
 public:
  TillTrade(WorldParts& parts, uint64_t seed);

  // Puts on the agenda what happens in the minute that begins now.
  void PlanMinute();

  // The next number of the till's receipts; 1 is the first.
  int64_t NextNumber(size_t site, int till);

 private:
  void Sell(size_t site, int till);
  void TakeBack(size_t site, int till, TillLine line);
  void CountShelf(size_t site);
  int64_t DrawInstant();

  WorldParts& parts_;
  SeededRandom random_;
  std::vector<std::vector<int64_t>> last_numbers_;  // By site and till.
};

}  // namespace stockd::sample
