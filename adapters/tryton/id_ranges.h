// A set of record ids that are mostly next to each other.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace stockd::tryton {

// Whole ranges of ids, so that millions of them cost next to nothing.
class IdRanges {
 public:
  bool Contains(int64_t id) const;

  // What adding changes in the ranges, for whoever keeps them: `removed` by their first ids.
  struct Change {
    std::vector<int64_t> removed;
    int64_t first = 0;
    int64_t last = 0;
  };
  // Adds all ids from `first` to `last`. REQUIRES: first <= last.
  Change Add(int64_t first, int64_t last);

  // First id to last id of each range.
  const std::map<int64_t, int64_t>& ranges() const { return ranges_; }

 private:
  std::map<int64_t, int64_t> ranges_;
};

}  // namespace stockd::tryton
