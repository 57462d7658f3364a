#pragma once

#include <optional>
#include <vector>

#include "daemon/reports/explain.h"

namespace stockd::reports {

// Which orders of those behind a figure.
enum class OrderShare : uint8_t {
  kAll,
  kCounted,     // What they add to the numerator is not 0.
  kNotCounted,  // They do not add to the numerator all that they add to the denominator.
};

// An order behind a figure, and what it adds to it.
struct OrderBehind {
  Outcome outcome;
  // As it stands now, which may be later than the roll-ups.
  storage::OrderStory story;
};

struct OrderPage {
  std::vector<OrderBehind> orders;  // Each once, by its first location, day and number.
  FactCursor next;                  // The last one looked at; `sequence` is the order's number.
  bool more = false;
};

// Whether the figure is made of customers' orders rather than of facts.
bool IsAboutOrders(const Figure& figure);

// The orders behind the query's only figure, at most `limit` after `after`; as ExplainFigure().
OrderPage ExplainOrders(const ReportQuery& query, const TimeGrid& grid,
                        const engine::Catalogue& catalogue, RollupView& view,
                        storage::JournalFeed& feed, OrderShare share, const FactCursor& after,
                        size_t limit);

}  // namespace stockd::reports
