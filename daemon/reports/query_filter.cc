#include "daemon/reports/query_filter.h"

namespace stockd::reports {

std::vector<std::string> NamesOf(const ReportQuery& query, const engine::Catalogue& catalogue,
                                 const storage::Location& location) {
  const bool by_group = Groups(query, Dimension::kGroup);
  if (!by_group && query.groups.empty()) return {location.code};
  std::vector<std::string> names;
  for (const storage::Group& group : catalogue.Groups()) {
    if (Lets(query.groups, group.id) &&
        std::ranges::find(group.locations, location.id) != group.locations.end()) {
      names.push_back(group.group_id);
    }
  }
  if (!by_group && !names.empty()) return {location.code};
  return names;
}

}  // namespace stockd::reports
