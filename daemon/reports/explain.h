#pragma once

#include <string>
#include <vector>

#include "daemon/reports/report_query.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// A place in the list of facts behind a figure; after which one to go on.
struct FactCursor {
  uint32_t location = 0;
  int64_t day = INT64_MIN;
  Sequence sequence = 0;

  friend auto operator<=>(const FactCursor&, const FactCursor&) = default;
};

struct FactPage {
  std::vector<ledger::JournalEntry> facts;  // By location, day and sequence.
  FactCursor next;                          // The last one looked at.
  bool more = false;
};

// Facts looked at for one page; a page that ends there may hold fewer facts than asked for, and
// says that there are more.
inline constexpr int kFactsLookedAtMax = 50'000;

// Which locations the query is about, by number.
std::vector<LocationId> LocationsOf(const ReportQuery& query, const engine::Catalogue& catalogue);

// Which kinds of facts the figure adds up, as bits by EntryKind.
uint32_t KindsBehind(const Figure& figure);

// The facts behind the query's only figure: those of its period that pass its filters, at most
// `limit` after `after`. Its buckets and groups play no part. Throws ReportRefused, RollupError and
// ReadError.
FactPage ExplainFigure(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       storage::JournalFeed& feed, const FactCursor& after, size_t limit);

}  // namespace stockd::reports
