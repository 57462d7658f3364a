#include "daemon/reports/position_figures.h"

#include <algorithm>
#include <cmath>

namespace stockd::reports {
namespace {

constexpr std::string_view kStockOuts = "stock_out_rate";
constexpr std::string_view kSold = "units_sold";

// Percent of the time since anything was known of the position.
std::optional<double> OutShare(PositionKey key, Timestamp begin, Timestamp end, RollupView& view) {
  const auto first_at = view.FirstAt(key);
  if (!first_at || *first_at >= end) return std::nullopt;
  const Timestamp from = std::max(begin, *first_at);
  Duration out{0};
  std::optional<Timestamp> since;
  view.ScanFlips(key, end, [&](Timestamp at, bool is_out) {
    if (is_out) {
      since = at;
    } else if (since) {
      out += std::max(Duration{0}, at - std::max(from, *since));
      since.reset();
    }
  });
  if (since) out += end - std::max(from, *since);
  return 100 * static_cast<double>(out.count()) / static_cast<double>((end - from).count());
}

double UnitsSold(PositionKey key, Timestamp begin, Timestamp end, int32_t scale, Sequence until,
                 storage::JournalFeed& feed) {
  Quantity sold = 0;
  for (const storage::FactMark& mark : feed.FactsBetween(key, begin, end - Duration{1}, until)) {
    if (mark.kind == ledger::EntryKind::kSale) sold -= mark.stated;
  }
  return static_cast<double>(sold) / std::pow(10.0, scale);
}

}  // namespace

bool IsOfPositions(const Figure& figure) { return figure.key == kStockOuts || figure.key == kSold; }

std::vector<std::optional<double>> PositionValues(const Figure& figure,
                                                  std::span<const PositionKey> positions,
                                                  Timestamp begin, Timestamp end,
                                                  const engine::Catalogue& catalogue,
                                                  RollupView& view, storage::JournalFeed& feed) {
  const Sequence until = view.ReadProgress().sequence;
  std::vector<std::optional<double>> values;
  values.reserve(positions.size());
  for (const PositionKey key : positions) {
    if (figure.key == kStockOuts) {
      values.push_back(OutShare(key, begin, end, view));
      continue;
    }
    const auto first_at = view.FirstAt(key);
    const auto item = catalogue.Item(catalogue.Sku(key.item));
    if (!first_at || *first_at >= end || !item) {
      values.emplace_back();
    } else {
      values.push_back(UnitsSold(key, begin, end, item->scale, until, feed));
    }
  }
  return values;
}

}  // namespace stockd::reports
