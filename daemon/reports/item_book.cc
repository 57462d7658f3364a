#include "daemon/reports/item_book.h"

#include <algorithm>

namespace stockd::reports {
namespace {

constexpr ItemState kUnknownState[] = {{}};

}  // namespace

void ItemBook::Add(ItemId item, int32_t scale, const ItemState& state) {
  History& history = items_[item];
  if (history.states.empty()) {
    for (int32_t i = 0; i < scale; ++i) history.micro_units /= 10;
  }
  history.states.push_back(state);
  if (history.states.size() == 1) {
    history.states.front().from = kTimestampMin;
  } else {
    // Time never goes back within the daemon; a clock set back between two runs may seem to.
    history.states.back().from =
        std::max(state.from, history.states[history.states.size() - 2].from);
  }
}

std::span<const ItemState> ItemBook::StatesOf(ItemId item) const {
  const auto found = items_.find(item);
  return found == items_.end() ? std::span<const ItemState>(kUnknownState) : found->second.states;
}

size_t ItemBook::IndexAt(std::span<const ItemState> states, Timestamp instant) {
  const auto after = std::ranges::upper_bound(states, instant, {}, &ItemState::from);
  return after == states.begin() ? 0 : static_cast<size_t>(after - states.begin()) - 1;
}

int64_t ItemBook::MicroUnits(ItemId item) const {
  const auto found = items_.find(item);
  return found == items_.end() ? 1'000'000 : found->second.micro_units;
}

}  // namespace stockd::reports
