#pragma once

#include <optional>
#include <span>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/reports/figure.h"
#include "daemon/reports/rollup_reader.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// Whether the figure can be told of single positions, of which no sums are kept.
bool IsOfPositions(const Figure& figure);

// The figure's value of each position within begin <= time < end: `stock_out_rate` from the times
// without stock, `units_sold` from the facts themselves. Empty: nothing is known of the position
// then. Costs the facts of the positions. REQUIRES: IsOfPositions(figure).
std::vector<std::optional<double>> PositionValues(const Figure& figure,
                                                  std::span<const PositionKey> positions,
                                                  Timestamp begin, Timestamp end,
                                                  const engine::Catalogue& catalogue,
                                                  RollupView& view, storage::JournalFeed& feed);

}  // namespace stockd::reports
