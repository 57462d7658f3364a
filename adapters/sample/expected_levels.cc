#include "adapters/sample/expected_levels.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/sample/chain.h"
#include "adapters/sample/world.h"

namespace stockd::sample {

absl::Status PrintExpectedLevels(const SampleDirectory& directory, int64_t minutes) {
  const absl::StatusOr<SampleStory> story = SampleStory::Load(directory);
  if (!story.ok()) return story.status();
  World world(story->seed);
  std::vector<bool> is_known(world.items().size());
  for (size_t item = 0; item < is_known.size(); ++item) {
    is_known[item] = !world.items()[item].is_launch;
  }
  for (int64_t minute = 0; minute < minutes; ++minute) {
    for (const TradeEvent& event : world.NextMinute()) {
      const auto* data = std::get_if<LateMasterData>(&event.what);
      if (data != nullptr) is_known[data->item] = true;
    }
  }

  std::map<std::pair<std::string_view, std::string_view>, int64_t> levels;
  for (size_t item = 0; item < is_known.size(); ++item) {
    for (size_t site = 0; site < Sites().size() && is_known[item]; ++site) {
      // Launches are in no plan, and everywhere.
      if (!world.plan().at(item, site).is_ranged && !world.items()[item].is_launch) continue;
      levels[{world.items()[item].sku, Sites()[site].code}] = world.recorded(item, site);
    }
  }
  fmt::print("sku,location,on_hand\n");
  for (const auto& [position, on_hand] : levels) {
    fmt::print("{},{},{}\n", position.first, position.second, on_hand);
  }
  return absl::OkStatus();
}

}  // namespace stockd::sample
