// Which column of one file gives which field.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/adapter_config.h"
#include "adapters/files/row_reader.h"

namespace stockd::files {

// Where one field comes from.
struct FieldSource {
  std::vector<size_t> columns;  // Indexes into the row.
  std::string constant;         // Taken where the column gives nothing.

  bool is_bound() const { return !columns.empty() || !constant.empty(); }

  // The value without blanks around it; empty when there is none. For fields of one column.
  std::string_view Value(const std::vector<std::string_view>& row) const;
};

// Values of one column whose rows are left out.
struct SkipRule {
  size_t column = 0;
  std::vector<std::string> values;
  std::string name;  // Of the column.
};

// The first rule that leaves the row out, as "kind=bad_debt"; empty when none does.
[[nodiscard]] std::string MatchingRule(const std::vector<SkipRule>& rules,
                                       const std::vector<std::string_view>& row);

// Finds the columns of one file. A column that the configuration names must be there; a field that
// it does not name takes the column of its own name, if any.
class ColumnBinding {
 public:
  ColumnBinding(const RowReader& reader, const TableMapping& mapping);

  FieldSource Optional(std::string_view field);
  // The field must have a column or a constant.
  FieldSource Required(std::string_view field);
  std::vector<SkipRule> SkipRules();

  // INVALID_ARGUMENT that names all columns that are missing, and those that are there.
  [[nodiscard]] absl::Status Finish() const;

 private:
  // Adds the column's index, or notes that it is missing.
  void Bind(const std::string& column, FieldSource& source);

  const RowReader& reader_;
  const TableMapping& mapping_;
  std::vector<std::string> missing_;
};

}  // namespace stockd::files
