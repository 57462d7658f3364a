// What happens in the web shop, in the app and at marketplaces.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/sample/seeded_random.h"
#include "adapters/sample/world_parts.h"

namespace stockd::sample {

// Baskets that hold units and become orders or not, and orders without a basket. Thread-compatible.
class OnlineTrade {
 public:
  OnlineTrade(WorldParts& parts, uint64_t seed);

  // Puts on the agenda what happens in the minute that begins now.
  void PlanMinute();

 private:
  void OpenBasket();
  void CommitLater(const BasketStep& hold);
  void Ship(const BasketStep& hold);
  void OrderAtMarketplace();
  void ChaseLastUnit();

  size_t DrawSite();
  std::vector<BasketLine> DrawLines(size_t site);
  // The step of the same basket after some minutes.
  void PutStep(const BasketStep& hold, BasketStepKind kind, int64_t minutes);
  int64_t After(int64_t minutes_min, int64_t minutes_max);

  WorldParts& parts_;
  SeededRandom random_;
  std::vector<size_t> shipping_sites_;
  int64_t last_basket_ = 0;
  int64_t last_order_ = 0;
};

}  // namespace stockd::sample
