#include "adapters/tryton/id_ranges.h"

#include <algorithm>
#include <iterator>

namespace stockd::tryton {

bool IdRanges::Contains(int64_t id) const {
  const auto after = ranges_.upper_bound(id);
  return after != ranges_.begin() && std::prev(after)->second >= id;
}

IdRanges::Change IdRanges::Add(int64_t first, int64_t last) {
  Change change{.removed = {}, .first = first, .last = last};
  auto at = ranges_.upper_bound(first);
  if (at != ranges_.begin() && std::prev(at)->second >= first - 1) --at;
  while (at != ranges_.end() && at->first <= last + 1) {
    change.first = std::min(change.first, at->first);
    change.last = std::max(change.last, at->second);
    change.removed.push_back(at->first);
    at = ranges_.erase(at);
  }
  ranges_[change.first] = change.last;
  return change;
}

}  // namespace stockd::tryton
