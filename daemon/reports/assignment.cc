#include "daemon/reports/assignment.h"

#include <algorithm>
#include <utility>

namespace stockd::reports {
namespace {

// FNV-1a, then spread (the last steps of SplitMix64), so that neighbouring names and seeds have
// nothing in common.
uint64_t HashOf(std::string_view experiment, uint64_t seed, std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    hash = (hash ^ 0x1f) * 0x100000001b3;
  };
  mix(experiment);
  mix(std::to_string(seed));
  mix(name);
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

}  // namespace

std::vector<bool> AssignArms(std::span<const std::string> names, std::string_view experiment,
                             uint64_t seed) {
  std::vector<std::pair<uint64_t, size_t>> order;
  order.reserve(names.size());
  for (size_t i = 0; i < names.size(); ++i)
    order.emplace_back(HashOf(experiment, seed, names[i]), i);
  std::ranges::sort(order, {}, [&](const auto& entry) {
    return std::pair<uint64_t, std::string_view>(entry.first, names[entry.second]);
  });
  std::vector<bool> is_b(names.size());
  for (size_t i = names.size() / 2; i < order.size(); ++i) is_b[order[i].second] = true;
  return is_b;
}

}  // namespace stockd::reports
