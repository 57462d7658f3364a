#include "daemon/config/suggest_key.h"

#include <vector>

#include "daemon/config/keys.h"
#include "daemon/config/nearest_name.h"

namespace stockd::config {
namespace {

// The key of any table with exactly this name, as it is to be shown; else empty.
std::string KeyOfAnyTable(std::string_view name) {
  for (const Key<Config>& key : ConfigKeys()) {
    if (key.name == name) return std::string(name) + " below [" + std::string(key.table) + "]";
  }
  for (const Key<SourceConfig>& key : SourceKeys()) {
    if (key.name == name) return std::string(name) + " below [[source]]";
  }
  return "";
}

}  // namespace

std::string SuggestTable(std::string_view name) {
  const std::string misplaced = KeyOfAnyTable(name);
  if (!misplaced.empty()) return misplaced;
  std::vector<std::string_view> names;
  for (const Table& table : Tables()) names.push_back(table.name);
  const std::string nearest = NearestName(name, names);
  if (nearest.empty()) return "";
  return nearest == "source" ? "[[source]]" : "[" + nearest + "]";
}

std::string SuggestKey(std::string_view table, std::string_view name) {
  const std::string misplaced = KeyOfAnyTable(name);
  if (!misplaced.empty()) return misplaced;
  std::vector<std::string_view> own;
  std::vector<std::string_view> all;
  for (const Key<Config>& key : ConfigKeys()) {
    if (key.table == table) own.push_back(key.name);
    all.push_back(key.name);
  }
  for (const Key<SourceConfig>& key : SourceKeys()) {
    if (key.table == table) own.push_back(key.name);
    all.push_back(key.name);
  }
  const std::string nearest = NearestName(name, own);
  return nearest.empty() ? KeyOfAnyTable(NearestName(name, all)) : nearest;
}

}  // namespace stockd::config
