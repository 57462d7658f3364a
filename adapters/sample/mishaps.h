// What goes wrong, so that it can be seen to do no harm.
#pragma once

#include <cstdint>

#include "adapters/sample/seeded_random.h"
#include "adapters/sample/till_trade.h"
#include "adapters/sample/world_parts.h"

namespace stockd::sample {

// Late files, files sent twice, rows that nobody can read, article numbers that do not exist.
// Thread-compatible.
class Mishaps {
 public:
  Mishaps(WorldParts& parts, TillTrade& tills, uint64_t seed);

  // Puts on the agenda what happens in the minute that begins now.
  void PlanMinute();

 private:
  void Happen(TillMishapKind kind);

  WorldParts& parts_;
  TillTrade& tills_;
  SeededRandom random_;
};

}  // namespace stockd::sample
