#include "adapters/sample/world.h"

#include <utility>

namespace stockd::sample {

World::World(uint64_t seed)
    : items_(MakeAssortment(seed)),
      plan_(items_, seed),
      demand_(items_, plan_),
      stock_(plan_, items_.size()),
      parts_{.items = items_,
             .plan = plan_,
             .demand = demand_,
             .stock = stock_,
             .agenda = agenda_,
             .happened = happened_},
      logistics_(parts_, seed),
      tills_(parts_, seed),
      online_(parts_, seed),
      mishaps_(parts_, tills_, seed) {}

std::vector<TradeEvent> World::NextMinute() {
  logistics_.PlanMinute();
  tills_.PlanMinute();
  online_.PlanMinute();
  mishaps_.PlanMinute();
  agenda_.RunUntil(agenda_.now_ms() + kMsPerMinute);
  return std::exchange(happened_, {});
}

}  // namespace stockd::sample
