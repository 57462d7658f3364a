#include "daemon/config/nearest_name.h"

#include <algorithm>

namespace stockd::config {
namespace {

// "warning" for "warn", "cert" for "certificate".
bool IsShortened(std::string_view a, std::string_view b) {
  const bool long_enough = std::min(a.size(), b.size()) >= 3;
  return long_enough && (a.starts_with(b) || b.starts_with(a));
}

}  // namespace

int EditDistance(std::string_view a, std::string_view b) {
  std::vector<int> before_last(b.size() + 1);
  std::vector<int> last(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string NearestName(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view nearest;
  int distance_min = std::max(2, static_cast<int>(name.size()) / 3) + 1;
  for (const std::string_view candidate : known) {
    const int distance = IsShortened(name, candidate) ? 1 : EditDistance(name, candidate);
    const bool all_replaced = distance >= static_cast<int>(candidate.size());
    if (distance >= distance_min || all_replaced) continue;
    distance_min = distance;
    nearest = candidate;
  }
  return std::string(nearest);
}

}  // namespace stockd::config
