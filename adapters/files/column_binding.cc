#include "adapters/files/column_binding.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/sdk/utf8.h"

namespace stockd::files {

std::string_view FieldSource::Value(const std::vector<std::string_view>& row) const {
  if (columns.empty()) return constant;
  const std::string_view value = sdk::TrimBlanks(row[columns.front()]);
  return value.empty() ? std::string_view(constant) : value;
}

std::string MatchingRule(const std::vector<SkipRule>& rules,
                         const std::vector<std::string_view>& row) {
  for (const SkipRule& rule : rules) {
    const std::string_view value = sdk::TrimBlanks(row[rule.column]);
    if (std::ranges::find(rule.values, value) != rule.values.end()) {
      return fmt::format("{}={}", rule.name, value);
    }
  }
  return {};
}

ColumnBinding::ColumnBinding(const RowReader& reader, const TableMapping& mapping)
    : reader_(reader), mapping_(mapping) {}

void ColumnBinding::Bind(const std::string& column, FieldSource& source) {
  const auto found = std::ranges::find(reader_.columns(), column);
  if (found == reader_.columns().end()) {
    missing_.push_back(column);
  } else {
    source.columns.push_back(static_cast<size_t>(found - reader_.columns().begin()));
  }
}

FieldSource ColumnBinding::Optional(std::string_view field) {
  FieldSource source;
  if (const auto constant = mapping_.constants.find(field); constant != mapping_.constants.end()) {
    source.constant = constant->second;
  }
  const auto mapped = mapping_.columns.find(field);
  if (mapped != mapping_.columns.end()) {
    for (const std::string& column : mapped->second) Bind(column, source);
  } else if (source.constant.empty() &&
             std::ranges::find(reader_.columns(), field) != reader_.columns().end()) {
    Bind(std::string(field), source);
  }
  return source;
}

FieldSource ColumnBinding::Required(std::string_view field) {
  FieldSource source = Optional(field);
  // What the configuration names and the file lacks has been noted already.
  if (!source.is_bound() && !mapping_.columns.contains(field)) missing_.emplace_back(field);
  return source;
}

std::vector<SkipRule> ColumnBinding::SkipRules() {
  std::vector<SkipRule> rules;
  for (const auto& [column, values] : mapping_.skip) {
    FieldSource source;
    Bind(column, source);
    if (source.columns.empty()) continue;
    rules.push_back({.column = source.columns.front(), .values = values, .name = column});
  }
  return rules;
}

absl::Status ColumnBinding::Finish() const {
  if (missing_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "these columns are missing: {}. The file has: {}. Either the file is of another kind, or "
      "the configuration's columns must name the file's ones",
      fmt::join(missing_, ", "), fmt::join(reader_.columns(), ", ")));
}

}  // namespace stockd::files
