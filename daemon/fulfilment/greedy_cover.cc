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

size_t MostUseful(const SourcingTable& table, const std::vector<Quantity>& needs,
                  std::span<const uint32_t> taken) {
  std::vector<int32_t> gains(table.size(), 0);
  for (size_t line = 0; line < needs.size(); ++line) {
    if (needs[line] <= 0) continue;
    const int32_t need = std::max(1, table.PartsOf(line, needs[line]));
    for (size_t i = table.open(); i < gains.size(); ++i) {
      gains[i] += std::min(table.parts(line)[i], need);
    }
  }
  for (const uint32_t i : taken) gains[i] = 0;
  const auto most = std::ranges::max_element(gains);
  STOCKD_CHECK(most != gains.end() && *most > 0);  // All locations together fill the targets.
  return static_cast<size_t>(most - gains.begin());
}

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
  while (!AllFilled(needs)) {
    const size_t i = MostUseful(table, needs, cover.chosen);
    Change(table, i, 1, needs);
    cover.chosen.push_back(static_cast<uint32_t>(i));
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
