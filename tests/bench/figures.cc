#include "tests/bench/figures.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace stockd::bench {

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Percentile(std::vector<double>& values, double rank) {
  if (values.empty()) return 0;
  const auto wanted = std::ceil(rank * static_cast<double>(values.size())) - 1;
  const auto index = static_cast<size_t>(std::max(0.0, wanted));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

double RowsPerSecond(double seconds, uint64_t rows, const std::function<void()>& once) {
  uint64_t done = 0;
  const auto begin = std::chrono::steady_clock::now();
  double elapsed = 0;
  do {
    once();
    done += rows;
    elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  } while (elapsed < seconds);
  return static_cast<double>(done) / elapsed;
}

void Outcome::Add(double measured, double against, bool inverse) {
  subjects.push_back(measured);
  yardsticks.push_back(against);
  const double above = inverse ? against : measured;
  const double below = inverse ? measured : against;
  ratios.push_back(below > 0 ? above / below : 0);
}

bool Outcome::reached() const {
  const double shown = std::round(ratio() * 100) / 100;
  switch (goal.kind) {
    case GoalKind::kNone: return true;
    case GoalKind::kAtLeast: return shown >= goal.ratio;
    case GoalKind::kAtMost: return shown <= goal.ratio;
  }
  return false;
}

}  // namespace stockd::bench
