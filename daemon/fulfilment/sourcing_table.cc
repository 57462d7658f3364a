#include "daemon/fulfilment/sourcing_table.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace stockd::fulfilment {
namespace {

constexpr int64_t kRateScale = 1'000'000;
// Comparisons before dominated locations are no longer looked for. Leaving one in costs time, not
// truth.
constexpr int64_t kComparisonsMax = 4'000'000;
// Figures that are looked at for the weights of the lines.
constexpr size_t kWeighingsMax = 4'000'000;
constexpr size_t kDominatedAlone = std::numeric_limits<size_t>::max();

int64_t Rate(const Candidate& candidate, size_t line) {
  const Quantity available = candidate.available[line];
  if (available <= 0) return SourcingTable::kRateNone;
  return candidate.scarcity_weight * kRateScale / available;
}

bool HasAny(const Candidate& candidate) {
  return std::ranges::any_of(candidate.available, [](Quantity units) { return units > 0; });
}

}  // namespace

SourcingTable::SourcingTable(std::span<const CartLine> cart,
                             std::span<const Candidate> candidates) {
  std::vector<uint32_t> order;
  std::vector<int64_t> rate_sums(candidates.size(), 0);
  for (uint32_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    if (!HasAny(candidate)) continue;
    order.push_back(i);
    if (candidate.has_parcel) {
      ++open_;
      continue;
    }
    for (size_t line = 0; line < cart.size(); ++line) rate_sums[i] += Rate(candidate, line);
  }
  std::ranges::sort(order, {}, [&](uint32_t i) {
    const Candidate& candidate = candidates[i];
    const bool is_open = candidate.has_parcel;
    return std::tuple(!is_open, is_open ? 0 : candidate.parcel_cost_micros, rate_sums[i],
                      candidate.location);
  });
  for (const uint32_t i : order) {
    locations_.push_back(candidates[i].location);
    costs_.push_back(candidates[i].has_parcel ? 0 : candidates[i].parcel_cost_micros);
  }
  for (const CartLine& line : cart) targets_.push_back(line.quantity);
  FillFigures(candidates, order);
  for (size_t line = 0; line < lines(); ++line) scarcity_floor_ += ScarcityFloor(line);
}

// Fills the line from the lowest rates of all. Past some locations that would take long; what is
// then left weighs no less than at the last rate.
int64_t SourcingTable::ScarcityFloor(size_t line) const {
  constexpr int kPassesMax = 8;
  int64_t floor = 0;
  Quantity left = targets_[line];
  std::pair<int64_t, size_t> last{-1, 0};
  for (int pass = 0; left > 0 && pass < kPassesMax; ++pass) {
    std::pair<int64_t, size_t> next{kRateNone, 0};
    for (size_t i = 0; i < size(); ++i) {
      const std::pair here{rates(line)[i], i};
      if (here > last && here < next) next = here;
    }
    const Quantity units = std::min(left, takes(line)[next.second]);
    floor += units * next.first;
    left -= units;
    last = next;
  }
  // What is left may be more than stands at any one location: the product need not fit.
  const auto rest = static_cast<unsigned __int128>(left) * static_cast<uint64_t>(last.first);
  constexpr auto kMost = static_cast<unsigned __int128>(std::numeric_limits<int32_t>::max());
  return floor + static_cast<int64_t>(std::min(rest, kMost));
}

void SourcingTable::FillFigures(std::span<const Candidate> candidates,
                                std::span<const uint32_t> order) {
  const size_t count = size();
  takes_.resize(lines() * count);
  rates_.resize(lines() * count);
  parts_.resize(lines() * count);
  weights_.assign(lines(), 1);
  needs_.resize(lines());
  by_take_.resize(lines());
  covers_.assign(lines(), LocationSet(count));
  for (size_t line = 0; line < lines(); ++line) {
    Quantity& target = targets_[line];
    Quantity* const takes = takes_.data() + line * count;
    Quantity sum = 0;  // At most kCandidatesMax times kFigureMax, which fits.
    for (size_t i = 0; i < count; ++i) {
      takes[i] = std::clamp<Quantity>(candidates[order[i]].available[line], 0, target);
      rates_[line * count + i] = Rate(candidates[order[i]], line);
      sum += takes[i];
    }
    target = std::min(target, sum);
    needs_[line] = target - std::min(target, std::accumulate(takes, takes + open_, Quantity{0}));
    const Quantity need = needs_[line];
    for (size_t i = 0; i < count; ++i) {
      takes[i] = std::min(takes[i], target);
      if (need == 0 || takes[i] == 0) continue;
      // At most kFigureMax times kParts, which fits.
      const Quantity scaled = std::min(takes[i], need) * kParts;
      parts_[line * count + i] = static_cast<int32_t>((scaled + need - 1) / need);
      if (i < open_) continue;
      by_take_[line].push_back(static_cast<uint32_t>(i));
      if (takes[i] >= need) covers_[line].Add(i);
    }
    std::ranges::sort(by_take_[line], {}, [takes](uint32_t i) { return std::pair(-takes[i], i); });
  }
}

int32_t SourcingTable::PartsOf(size_t line, Quantity units) const {
  const Quantity need = needs_[line];
  const int64_t parts = units == need ? kParts : units * kParts / need;
  return static_cast<int32_t>(parts) * weights_[line];
}

// A game against the locations, played by multiplicative weights: in each round the lines that the
// strongest location has lose weight, and the average over the rounds tends to the best weights.
void SourcingTable::WeighLines() {
  constexpr size_t kRoundsMax = 100;
  constexpr int64_t kStart = 1 << 20;
  constexpr int64_t kWeightMax = 256;
  if (weights_ != std::vector<int32_t>(lines(), 1)) return;
  std::vector<int64_t> now(lines(), kStart);
  std::vector<int64_t> sums(lines(), 0);
  std::vector<int64_t> strengths(size());
  const size_t rounds = std::min(kRoundsMax, kWeighingsMax / figures());
  for (size_t round = 0; round < rounds; ++round) {
    std::ranges::fill(strengths, 0);
    for (size_t line = 0; line < lines(); ++line) {
      sums[line] += now[line];
      for (size_t i = open_; i < size(); ++i) strengths[i] += now[line] * parts(line)[i];
    }
    const auto strongest =
        static_cast<size_t>(std::ranges::max_element(strengths) - strengths.begin());
    for (size_t line = 0; line < lines(); ++line) {
      now[line] -= now[line] * parts(line)[strongest] / (8 * kParts);
    }
    // Keeps the figures from dwindling away.
    if (*std::ranges::max_element(now) < kStart / 2) {
      for (int64_t& weight : now) weight *= 2;
      for (int64_t& sum : sums) sum *= 2;
    }
  }
  const int64_t largest = *std::ranges::max_element(sums);
  for (size_t line = 0; line < lines(); ++line) {
    weights_[line] = static_cast<int32_t>(std::max<int64_t>(1, sums[line] * kWeightMax / largest));
    for (size_t i = 0; i < size(); ++i) parts_[line * size() + i] *= weights_[line];
  }
}

// Calls `take(i, units)` for each share, in the order of rate and number. Mostly the first location
// is enough: looks for the next one by one, and sorts only when that would take long.
template <typename Take>
void SourcingTable::Fill(size_t line, std::span<const uint32_t> chosen, Take take) const {
  constexpr int kScansMax = 8;
  using Place = std::pair<int64_t, uint32_t>;
  Quantity left = targets_[line];
  const auto use = [&](uint32_t i) {
    const Quantity units = std::min(left, takes(line)[i]);
    take(i, units);
    left -= units;
  };
  const auto for_each = [&](auto consider) {
    const auto consider_stock = [&](uint32_t i) {
      if (takes(line)[i] > 0) consider(Place(rates(line)[i], i));
    };
    for (uint32_t i = 0; i < open_; ++i) consider_stock(i);
    for (const uint32_t i : chosen) consider_stock(i);
  };
  Place last{-1, 0};
  for (int scan = 0; left > 0 && scan < kScansMax; ++scan) {
    Place next{kRateNone, 0};
    for_each([&](Place here) {
      if (here > last && here < next) next = here;
    });
    if (next.first == kRateNone) return;
    use(next.second);
    last = next;
  }
  if (left == 0) return;
  std::vector<Place> rest;
  for_each([&](Place here) {
    if (here > last) rest.push_back(here);
  });
  std::ranges::sort(rest);
  for (const Place& here : rest) {
    if (left == 0) return;
    use(here.second);
  }
}

int64_t SourcingTable::Scarcity(std::span<const uint32_t> chosen) const {
  int64_t sum = 0;  // At most 10^9 a share.
  for (size_t line = 0; line < lines(); ++line) {
    Fill(line, chosen,
         [&sum, here = rates(line)](uint32_t i, Quantity units) { sum += units * here[i]; });
  }
  return sum;
}

std::vector<SourcingTable::TableShare> SourcingTable::Allocate(
    std::span<const uint32_t> chosen) const {
  std::vector<TableShare> shares;
  for (size_t line = 0; line < lines(); ++line) {
    Fill(line, chosen, [&shares, line](uint32_t i, Quantity units) {
      shares.push_back({.i = i, .line = line, .quantity = units});
    });
  }
  return shares;
}

size_t SourcingTable::parcels_floor() const {
  size_t floor = 0;
  for (size_t line = 0; line < lines(); ++line) {
    Quantity left = needs_[line];
    size_t count = 0;
    while (left > 0) left -= takes(line)[by_take_[line][count++]];
    floor = std::max(floor, count);
  }
  return floor;
}

// `alone`: the left one makes the right one useless beside it.
bool SourcingTable::Surpasses(size_t left, size_t right, bool& alone, int64_t& comparisons) const {
  alone = true;
  for (size_t line = 0; line < lines(); ++line) {
    ++comparisons;
    const Quantity* const here = takes(line);
    if (here[left] < here[right] || rates(line)[left] > rates(line)[right]) return false;
    alone = alone && (here[right] == 0 || here[left] >= needs_[line]);
  }
  return true;
}

void SourcingTable::CountDominators() {
  dominators_.assign(size(), 0);
  int64_t comparisons = 0;
  for (size_t right = open_; right < size(); ++right) {
    // The order of the locations lets none stand before one that surpasses it.
    for (size_t left = open_; left < right; ++left) {
      if (comparisons > kComparisonsMax) return;
      bool alone = false;
      if (!Surpasses(left, right, alone, comparisons)) continue;
      if (alone) {
        dominators_[right] = kDominatedAlone;
        break;
      }
      ++dominators_[right];
    }
  }
}

LocationSet SourcingTable::Undominated(size_t parcels) {
  if (parcels > 1 && dominators_.empty()) CountDominators();
  LocationSet set(size());
  for (size_t i = open_; i < size(); ++i) {
    if (dominators_.empty() || dominators_[i] < parcels) set.Add(i);
  }
  return set;
}

}  // namespace stockd::fulfilment
