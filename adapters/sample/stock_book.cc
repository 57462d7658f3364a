#include "adapters/sample/stock_book.h"

#include <algorithm>

#include "adapters/sample/chain.h"

namespace stockd::sample {

StockBook::StockBook(const StockPlan& plan, size_t item_count)
    : entries_(item_count * Sites().size()) {
  for (size_t item = 0; item < item_count; ++item) {
    for (size_t site = 0; site < Sites().size(); ++site)
      Add(item, site, plan.at(item, site).opening);
  }
}

size_t StockBook::Index(size_t item, size_t site) { return item * Sites().size() + site; }

int64_t StockBook::Take(size_t item, size_t site, int64_t quantity) {
  Entry& entry = entries_[Index(item, site)];
  const int64_t taken = std::min(quantity, entry.shelf);
  entry.shelf -= taken;
  entry.recorded -= taken;
  Touch(item, site);
  return taken;
}

void StockBook::Add(size_t item, size_t site, int64_t quantity) {
  Entry& entry = entries_[Index(item, site)];
  entry.shelf += quantity;
  entry.recorded += quantity;
}

void StockBook::Steal(size_t item, size_t site, int64_t quantity) {
  Entry& entry = entries_[Index(item, site)];
  entry.shelf -= std::min(quantity, entry.shelf);
}

int64_t StockBook::Count(size_t item, size_t site) {
  Entry& entry = entries_[Index(item, site)];
  entry.recorded = entry.shelf;
  Touch(item, site);
  return entry.recorded;
}

void StockBook::Order(size_t item, size_t site, int64_t quantity) {
  entries_[Index(item, site)].on_order += quantity;
}

std::vector<StockBook::Position> StockBook::TakeTouched() {
  for (const auto& [item, site] : touched_) entries_[Index(item, site)].is_touched = false;
  return std::exchange(touched_, {});
}

void StockBook::Touch(size_t item, size_t site) {
  bool& is_touched = entries_[Index(item, site)].is_touched;
  if (!is_touched) touched_.emplace_back(item, site);
  is_touched = true;
}

}  // namespace stockd::sample
