#include "daemon/fulfilment/cover_search.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace stockd::fulfilment {

bool Cheaper(const Cover& left, const Cover& right) {
  return std::tie(left.cost_micros, left.scarcity, left.chosen) <
         std::tie(right.cost_micros, right.scarcity, right.chosen);
}

CoverSearch::Result CoverSearch::Search(size_t parcels, std::optional<Cover> to_beat,
                                        StepBudget& budget) {
  budget_ = &budget;
  parcels_ = parcels;
  result_ = {.best = std::move(to_beat)};
  chosen_.clear();
  frames_.resize(parcels);
  frames_[0].needs.resize(table_.lines());
  for (size_t line = 0; line < table_.lines(); ++line) frames_[0].needs[line] = table_.need(line);
  frames_[0].allowed = table_.Undominated(parcels);
  nodes_ = 0;
  Descend(0, 0);
  return std::move(result_);
}

void CoverSearch::Descend(size_t depth, int64_t cost) {
  Frame& frame = frames_[depth];
  const size_t left = parcels_ - depth;
  if (!budget_->Node(parcels_, table_.figures()))
    return Abandon(cost + CheapestSum(frame.allowed, left).value_or(0));
  if (left == 1) return Close(frame, cost);
  // Weighing costs as much as that many nodes, and most searches end before.
  if (++nodes_ == 64) table_.WeighLines();
  const std::optional<size_t> line = HardestLine(frame, left);
  if (!line || !KeepUseful(frame, left)) return;
  if (!MayImprove(frame.allowed, left, cost)) return;
  Branch(frame, *line, depth, cost);
}

void CoverSearch::Branch(Frame& frame, size_t line, size_t depth, int64_t cost) {
  const auto left = static_cast<Quantity>(parcels_ - depth);
  const Quantity* const takes = table_.takes(line);
  const Quantity least = (frame.needs[line] + left - 1) / left;
  Frame& next = frames_[depth + 1];
  frame.allowed.ForEach([&](size_t i) {
    if (takes[i] < least) return true;
    frame.allowed.Remove(i);
    const auto rest = CheapestSum(frame.allowed, parcels_ - depth - 1);
    if (!rest) return false;
    const int64_t floor = cost + table_.cost(i) + *rest;
    if (!result_.complete) {
      Abandon(floor);
      return false;
    }
    if (result_.best && floor > result_.best->cost_micros) return false;  // So are all that follow.
    next.allowed = frame.allowed;
    next.needs = frame.needs;
    for (size_t other = 0; other < table_.lines(); ++other) {
      next.needs[other] = std::max<Quantity>(0, next.needs[other] - table_.takes(other)[i]);
    }
    chosen_.push_back(static_cast<uint32_t>(i));
    Descend(depth + 1, cost + table_.cost(i));
    chosen_.pop_back();
    return true;
  });
}

// One location must bring all that is missing.
void CoverSearch::Close(const Frame& frame, int64_t cost) {
  if (std::ranges::all_of(frame.needs, [](Quantity need) { return need == 0; })) return;
  LocationSet fitting = frame.allowed;
  for (size_t line = 0; line < table_.lines(); ++line) {
    const Quantity need = frame.needs[line];
    // Where something is chosen already, less may do than what the set of the table tells.
    if (need > 0 && need == table_.need(line)) fitting.Intersect(table_.covers(line));
  }
  fitting.ForEach([&](size_t i) {
    const int64_t cost_here = cost + table_.cost(i);
    if (result_.best && cost_here > result_.best->cost_micros) return false;
    for (size_t line = 0; line < table_.lines(); ++line) {
      if (table_.takes(line)[i] < frame.needs[line]) return true;
    }
    if (!budget_->Judge(parcels_)) {
      Abandon(cost_here);
      return false;
    }
    chosen_.push_back(static_cast<uint32_t>(i));
    Offer(cost_here);
    chosen_.pop_back();
    return true;
  });
}

void CoverSearch::Offer(int64_t cost) {
  Cover cover{.chosen = chosen_, .cost_micros = cost, .scarcity = table_.Scarcity(chosen_)};
  std::ranges::sort(cover.chosen);
  if (!result_.best || Cheaper(cover, *result_.best)) result_.best = std::move(cover);
}

void CoverSearch::Abandon(int64_t cost_floor) {
  result_.cost_floor = result_.complete ? cost_floor : std::min(result_.cost_floor, cost_floor);
  result_.complete = false;
}

std::optional<size_t> CoverSearch::HardestLine(const Frame& frame, size_t left) const {
  std::optional<size_t> hardest;
  size_t fewest = table_.size() + 1;
  for (size_t line = 0; line < table_.lines(); ++line) {
    const Quantity need = frame.needs[line];
    if (need == 0) continue;
    const auto parts = static_cast<Quantity>(left);
    const Quantity least = (need + parts - 1) / parts;
    const Quantity* const takes = table_.takes(line);
    Quantity most = 0;  // What the `left` largest bring.
    size_t summed = 0;
    size_t helpful = 0;
    for (const uint32_t i : table_.by_take(line)) {
      const bool helps = takes[i] >= least;
      if ((summed == left || most >= need) && (!helps || helpful >= fewest)) break;
      if (!frame.allowed.Has(i)) continue;
      if (summed < left && most < need) {
        most += takes[i];
        ++summed;
      }
      if (helps) ++helpful;
    }
    if (most < need) return std::nullopt;
    if (helpful < fewest) {
      fewest = helpful;
      hardest = line;
    }
  }
  return hardest;
}

// Takes away the locations that bring too little: even with the best others they would not do.
// False when nobody is left who would.
bool CoverSearch::KeepUseful(Frame& frame, size_t left) {
  const size_t size = table_.size();
  gains_.assign(size, 0);
  int64_t total = 0;
  for (size_t line = 0; line < table_.lines(); ++line) {
    if (frame.needs[line] == 0) continue;
    const int32_t need = table_.PartsOf(line, frame.needs[line]);
    const int32_t* const parts = table_.parts(line);
    for (size_t i = 0; i < size; ++i) gains_[i] += std::min(parts[i], need);
    total += need;
  }
  const int64_t best_others = LargestSum(frame.allowed, left - 1);
  const int64_t least = total - best_others;
  bool any = false;
  frame.allowed.ForEach([&](size_t i) {
    if (gains_[i] < least) frame.allowed.Remove(i);
    any = any || gains_[i] >= least;
    return true;
  });
  return any;
}

// An upper bound of what the `count` largest gains add up to.
int64_t CoverSearch::LargestSum(const LocationSet& allowed, size_t count) const {
  constexpr size_t kExactMax = 16;
  std::array<int32_t, kExactMax> largest{};  // Descending.
  const size_t kept = std::min(count, kExactMax);
  allowed.ForEach([&](size_t i) {
    if (gains_[i] <= largest[kept - 1]) return true;
    size_t place = kept - 1;
    for (; place > 0 && largest[place - 1] < gains_[i]; --place)
      largest[place] = largest[place - 1];
    largest[place] = gains_[i];
    return true;
  });
  int64_t sum = 0;
  for (size_t place = 0; place < kept; ++place) sum += largest[place];
  return sum + static_cast<int64_t>(count - kept) * largest[kept - 1];
}

bool CoverSearch::MayImprove(const LocationSet& allowed, size_t left, int64_t cost) const {
  if (!result_.best) return true;
  const Cover& best = *result_.best;
  const std::optional<int64_t> rest = CheapestSum(allowed, left);
  if (!rest) return false;
  if (cost + *rest != best.cost_micros) return cost + *rest < best.cost_micros;
  if (table_.scarcity_floor() != best.scarcity) return table_.scarcity_floor() < best.scarcity;
  // Could only come earlier in the order of locations.
  std::vector<uint32_t> earliest = chosen_;
  allowed.ForEach([&](size_t i) {
    earliest.push_back(static_cast<uint32_t>(i));
    return earliest.size() < parcels_;
  });
  std::ranges::sort(earliest);
  return earliest < best.chosen;
}

std::optional<int64_t> CoverSearch::CheapestSum(const LocationSet& allowed, size_t left) const {
  int64_t sum = 0;
  if (left == 0) return sum;
  allowed.ForEach([&](size_t i) {
    sum += table_.cost(i);
    return --left > 0;
  });
  if (left > 0) return std::nullopt;
  return sum;
}

}  // namespace stockd::fulfilment
