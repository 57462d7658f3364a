#include "daemon/fulfilment/fill_search.h"

#include <algorithm>
#include <utility>

#include "daemon/fulfilment/cover_search.h"

namespace stockd::fulfilment {
namespace {

Quantity SumOfLargest(auto gains, size_t count) {
  Quantity sum = 0;
  for (const auto& gain : gains.first(std::min(count, gains.size()))) sum += gain.units;
  return sum;
}

}  // namespace

FillSearch::Result FillSearch::Search(size_t parcels_max) {
  parcels_max_ = parcels_max;
  chosen_.clear();
  std::vector<Quantity> needs(table_.lines());
  Quantity units = 0;
  for (size_t line = 0; line < needs.size(); ++line) {
    needs[line] = table_.need(line);
    units += table_.target(line) - needs[line];
  }
  result_ = {.units = units, .best = {.scarcity = table_.Scarcity({})}};
  LocationSet allowed(table_.size());
  for (size_t i = table_.open(); i < table_.size(); ++i) allowed.Add(i);
  Descend(needs, std::move(allowed), units, 0);
  return std::move(result_);
}

void FillSearch::Descend(const std::vector<Quantity>& needs, LocationSet allowed, Quantity units,
                         int64_t cost) {
  const std::vector<Gain> gains = Gains(needs, allowed);
  const size_t left = parcels_max_ - chosen_.size();
  // That they are used up is noticed, and told, when the first gain is judged.
  (void)budget_.Node(chosen_.size(), table_.figures());
  for (size_t place = 0; place < gains.size(); ++place) {
    const auto rest = std::span(gains).subspan(place);
    if (!budget_.Judge(chosen_.size())) {
      result_.complete = false;
      result_.units_max = std::max(result_.units_max, units + SumOfLargest(rest, left));
      return;
    }
    if (!MayImprove(rest, units, cost)) return;
    const uint32_t i = gains[place].i;
    // What follows does without it, so that no set is met twice.
    allowed.Remove(i);
    chosen_.push_back(i);
    Offer(units + gains[place].units, cost + table_.cost(i));
    if (left > 1) {
      std::vector<Quantity> next = needs;
      for (size_t line = 0; line < next.size(); ++line) {
        next[line] = std::max<Quantity>(0, next[line] - table_.takes(line)[i]);
      }
      Descend(next, allowed, units + gains[place].units, cost + table_.cost(i));
    }
    chosen_.pop_back();
  }
}

std::vector<FillSearch::Gain> FillSearch::Gains(const std::vector<Quantity>& needs,
                                                const LocationSet& allowed) const {
  std::vector<Gain> gains;
  allowed.ForEach([&](size_t i) {
    Gain gain{.i = static_cast<uint32_t>(i)};
    for (size_t line = 0; line < needs.size(); ++line) {
      gain.units += std::min(needs[line], table_.takes(line)[i]);
    }
    if (gain.units > 0) gains.push_back(gain);
    return true;
  });
  std::ranges::sort(gains, {}, [](const Gain& gain) { return std::pair(-gain.units, gain.i); });
  return gains;
}

bool FillSearch::MayImprove(std::span<const Gain> gains, Quantity units, int64_t cost) const {
  const size_t left = parcels_max_ - chosen_.size();
  const Quantity most = units + SumOfLargest(gains, left);
  if (most != result_.units) return most > result_.units;
  // Not more units; but perhaps as many with fewer parcels, or at less cost.
  size_t count = 0;
  while (units + SumOfLargest(gains, count) < result_.units) ++count;
  const size_t parcels = chosen_.size() + std::max<size_t>(count, 1);
  if (parcels != result_.best.chosen.size()) return parcels < result_.best.chosen.size();
  const auto further = static_cast<int64_t>(parcels - chosen_.size());
  const int64_t cheapest = table_.cost(table_.open());
  return cost + further * cheapest <= result_.best.cost_micros;
}

void FillSearch::Offer(Quantity units, int64_t cost) {
  if (units < result_.units) return;
  const Cover& best = result_.best;
  if (units == result_.units) {
    if (chosen_.size() > best.chosen.size()) return;
    if (chosen_.size() == best.chosen.size() && cost > best.cost_micros) return;
  }
  Cover cover{.chosen = chosen_, .cost_micros = cost, .scarcity = table_.Scarcity(chosen_)};
  std::ranges::sort(cover.chosen);
  if (units == result_.units && cover.chosen.size() == best.chosen.size() &&
      !Cheaper(cover, best)) {
    return;
  }
  result_.units = units;
  result_.best = std::move(cover);
}

}  // namespace stockd::fulfilment
