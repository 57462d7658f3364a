#include "adapters/sample/demand.h"

#include <algorithm>
#include <array>

#include "adapters/sample/chain.h"

namespace stockd::sample {
namespace {

// The sample begins at a time that is no quiet one, whatever the clock on the wall says. 1000 is
// the average.
constexpr std::array<int64_t, 24> kRushByHour = {950,  1050, 1150, 1300, 1250, 1100, 1000, 950,
                                                 1050, 1250, 1400, 1350, 1150, 950,  800,  700,
                                                 650,  600,  650,  750,  850,  950,  1050, 1100};

}  // namespace

Demand::Demand(const std::vector<Item>& items, const StockPlan& plan)
    : items_(items), choices_(Sites().size()) {
  for (size_t site = 0; site < Sites().size(); ++site) {
    int64_t popularity = 0;
    for (size_t item = 0; item < items.size(); ++item) {
      if (!plan.at(item, site).is_ranged && !items[item].is_launch) continue;
      popularity += items[item].popularity;
      choices_[site].push_back({.item = item, .popularity_end = popularity});
    }
  }
}

size_t Demand::DrawItem(size_t site, SeededRandom& random) const {
  const std::vector<Choice>& choices = choices_[site];
  const int64_t drawn = random.Below(choices.back().popularity_end);
  return std::ranges::upper_bound(choices, drawn, {}, &Choice::popularity_end)->item;
}

int64_t Demand::DrawQuantity(size_t item, SeededRandom& random) const {
  if (items_[item].by_weight) {
    return random.Between(kGramsPerLine / 7, 2 * kGramsPerLine - kGramsPerLine / 7);
  }
  const int64_t draw = random.Below(100);
  if (draw < 75) return 1;
  if (draw < 93) return 2;
  return random.Between(3, 5);
}

int64_t Demand::Rush(int64_t minute) { return kRushByHour[static_cast<size_t>(minute / 60 % 24)]; }

}  // namespace stockd::sample
