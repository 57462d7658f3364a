#include "daemon/fulfilment/greedy_cover.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/fulfilment/cover_search.h"

namespace stockd::fulfilment {
namespace {

std::vector<Quantity> Needs(const SourcingTable& table) {
  std::vector<Quantity> needs(table.lines());
  for (size_t line = 0; line < needs.size(); ++line) needs[line] = table.need(line);
  return needs;
}

bool AllFilled(const std::vector<Quantity>& needs) {
  return std::ranges::all_of(needs, [](Quantity need) { return need <= 0; });
}

// Negative: more than needed.
void Change(const SourcingTable& table, size_t i, Quantity sign, std::vector<Quantity>& needs) {
  for (size_t line = 0; line < needs.size(); ++line) needs[line] -= sign * table.takes(line)[i];
}

// The part of what is needed that the location brings.
int64_t Gain(const SourcingTable& table, const std::vector<Quantity>& needs, size_t i) {
  int64_t gain = 0;
  for (size_t line = 0; line < needs.size(); ++line) {
    if (needs[line] <= 0) continue;
    gain += std::min(table.parts(line)[i], std::max(1, table.PartsOf(line, needs[line])));
  }
  return gain;
}

// The locations by what they bring, the most first, of equals the first in the table. A location
// never brings more than when it was last looked at, so that only the foremost are looked at anew.
class ByGain {
 public:
  ByGain(const SourcingTable& table, const std::vector<Quantity>& needs) : table_(table) {
    for (size_t i = table.open(); i < table.size(); ++i) {
      places_.emplace_back(Gain(table, needs, i), -static_cast<int64_t>(i));
    }
    std::ranges::make_heap(places_);
  }

  // Takes the foremost out. REQUIRES: one brings something.
  uint32_t Take(const std::vector<Quantity>& needs) {
    while (true) {
      STOCKD_CHECK(!places_.empty());
      std::ranges::pop_heap(places_);
      Place place = places_.back();
      places_.pop_back();
      place.first = Gain(table_, needs, static_cast<size_t>(-place.second));
      if (places_.empty() || place >= places_.front()) {
        STOCKD_CHECK(place.first > 0);  // All locations together fill the targets.
        return static_cast<uint32_t>(-place.second);
      }
      places_.push_back(place);
      std::ranges::push_heap(places_);
    }
  }

 private:
  using Place = std::pair<int64_t, int64_t>;

  const SourcingTable& table_;
  std::vector<Place> places_;
};

void Judge(const SourcingTable& table, Cover& cover) {
  std::ranges::sort(cover.chosen);
  cover.cost_micros = 0;
  for (const uint32_t i : cover.chosen) cover.cost_micros += table.cost(i);
  cover.scarcity = table.Scarcity(cover.chosen);
}

}  // namespace

Cover GreedyCover(const SourcingTable& table) {
  Cover cover;
  std::vector<Quantity> needs = Needs(table);
  ByGain by_gain(table, needs);
  while (!AllFilled(needs)) {
    const uint32_t i = by_gain.Take(needs);
    Change(table, i, 1, needs);
    cover.chosen.push_back(i);
  }
  // The dearest first.
  std::ranges::sort(cover.chosen, std::greater());
  std::erase_if(cover.chosen, [&](uint32_t i) {
    Change(table, i, -1, needs);
    if (AllFilled(needs)) return true;
    Change(table, i, 1, needs);
    return false;
  });
  Judge(table, cover);
  return cover;
}

Cover Exchanged(const SourcingTable& table, Cover cover, StepBudget& budget) {
  std::vector<Quantity> needs = Needs(table);
  for (const uint32_t i : cover.chosen) Change(table, i, 1, needs);
  bool better = true;
  while (better) {
    better = false;
    for (size_t place = 0; place < cover.chosen.size(); ++place) {
      const uint32_t old = cover.chosen[place];
      Change(table, old, -1, needs);
      for (auto i = static_cast<uint32_t>(table.open()); i < table.size(); ++i) {
        if (table.cost(i) > table.cost(old)) break;
        if (std::ranges::find(cover.chosen, i) != cover.chosen.end()) continue;
        if (!budget.Judge(cover.chosen.size())) return cover;
        Change(table, i, 1, needs);
        Cover other = cover;
        other.chosen[place] = i;
        if (AllFilled(needs)) {
          Judge(table, other);
          if (Cheaper(other, cover)) {
            cover = std::move(other);
            better = true;
            break;
          }
        }
        Change(table, i, -1, needs);
      }
      if (better) break;
      Change(table, old, 1, needs);
    }
  }
  return cover;
}

}  // namespace stockd::fulfilment
