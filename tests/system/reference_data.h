#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace stockd::system_test {

// Real and sample retail data with figures that others worked out from it: the folder `data` of
// what the environment names as STOCKD_SHARED, or of ../shared. Empty: it is not here.
std::optional<std::filesystem::path> ReferenceFolder();

// The figures of one data set: `metrics` of its reference.json.
nlohmann::json ReferenceFigures(const std::string& data_set);

// A CSV file with a row of column names; .gz files are unpacked.
class CsvTable {
 public:
  explicit CsvTable(const std::filesystem::path& path);

  size_t size() const { return rows_.size(); }
  // Throws std::out_of_range when there is no such column.
  const std::string& At(size_t row, const std::string& column) const {
    return rows_[row][columns_.at(column)];
  }

 private:
  std::map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// A field of a CSV file, in quotes.
std::string Quoted(std::string_view text);

// A decimal with at most six decimals in millionths.
int64_t Millionths(std::string_view decimal);
// The other way round, with six decimals.
std::string FromMillionths(int64_t millionths);

}  // namespace stockd::system_test
