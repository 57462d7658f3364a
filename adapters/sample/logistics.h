// How goods come to the shelves, and how they get lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sample/seeded_random.h"
#include "adapters/sample/world_parts.h"

namespace stockd::sample {

// Stores order from the warehouse, the warehouse orders from suppliers. Thread-compatible.
class Logistics {
 public:
  Logistics(WorldParts& parts, uint64_t seed);

  // What had been ordered before the sample began.
  const std::vector<SupplyPromise>& opening_promises() const { return opening_promises_; }

  // Puts on the agenda what happens in the minute that begins now.
  void PlanMinute();

 private:
  void PlanOpeningPromises();
  void PlanLaunches();
  void Review(size_t item, size_t site);
  void OrderFromSupplier(size_t item, int64_t quantity);
  void PlanDelivery(const SupplyPromise& promise);
  void Receive(const SupplyPromise& promise);
  void SendToStore(size_t item, size_t store, int64_t quantity);
  void Arrive(const Movement& arrival);
  void LoseSomething();
  std::string NextId(std::string_view prefix);

  WorldParts& parts_;
  SeededRandom random_;
  std::vector<SupplyPromise> opening_promises_;
  int64_t last_id_ = 0;
};

}  // namespace stockd::sample
