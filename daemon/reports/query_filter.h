#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/reports/report_query.h"

namespace stockd::reports {

inline bool Groups(const ReportQuery& query, Dimension dimension) {
  return std::ranges::find(query.group_by, dimension) != query.group_by.end();
}

// An empty filter lets everything through.
template <typename T>
bool Lets(const std::vector<T>& filter, const T& value) {
  return filter.empty() || std::ranges::find(filter, value) != filter.end();
}

// Under which names the query counts the location: its own, or those of its groups. None: not at
// all.
std::vector<std::string> NamesOf(const ReportQuery& query, const engine::Catalogue& catalogue,
                                 const storage::Location& location);

}  // namespace stockd::reports
