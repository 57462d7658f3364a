#include "adapters/sdk/nearest_name.h"

#include <algorithm>
#include <limits>

namespace stockd::sdk {
namespace {

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> distance(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) distance[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) distance[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = distance[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      const size_t inserted_or_deleted = std::min(distance[i - 1][j], distance[i][j - 1]) + 1;
      distance[i][j] = std::min(replaced, inserted_or_deleted);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[a.size()][b.size()];
}

}  // namespace

std::string NearestName(std::string_view wrong, const std::vector<std::string>& known) {
  constexpr size_t kLengthMax = 128;  // Keeps a hostile name from costing seconds.
  std::string nearest;
  size_t least = std::numeric_limits<size_t>::max();
  for (const std::string& name : known) {
    const size_t edits = EditDistance(wrong.substr(0, kLengthMax), name);
    if (edits < least) {
      least = edits;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace stockd::sdk
