#include "adapters/files/row_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/csv_rows.h"
#include "adapters/files/json_rows.h"

namespace stockd::files {
namespace {

// Every member that the mapping could ask for.
std::vector<std::string> NamesOfInterest(FileKind kind, const TableMapping& mapping) {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const std::string& field : FieldsOf(kind)) {
    const auto mapped = mapping.columns.find(field);
    if (mapped == mapping.columns.end()) {
      add(field);
    } else {
      std::ranges::for_each(mapped->second, add);
    }
  }
  for (const auto& [column, values] : mapping.skip) add(column);
  return names;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(const std::filesystem::path& path,
                                                    const AdapterConfig& config, FileKind kind,
                                                    const TableMapping& mapping) {
  const std::string extension = path.extension();
  if (extension == ".csv") return OpenCsvRows(path, config);
  if (extension == ".jsonl") return OpenJsonRows(path, NamesOfInterest(kind, mapping));
  return absl::InvalidArgumentError(
      fmt::format("the name ends in \"{}\"; known are .csv and .jsonl", extension));
}

}  // namespace stockd::files
