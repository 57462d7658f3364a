#include "tests/system/reference_data.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/temp_directory.h"
#include "tests/system/csv_text.h"

namespace stockd::system_test {

std::optional<std::filesystem::path> ReferenceFolder() {
  const char* shared = std::getenv("STOCKD_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : "../shared") / "data";
  if (!std::filesystem::exists(folder / "reference.json")) return std::nullopt;
  return folder;
}

nlohmann::json ReferenceFigures(const std::string& data_set) {
  std::ifstream file(ReferenceFolder().value() / data_set / "reference.json");
  return nlohmann::json::parse(file).at("metrics");
}

CsvTable::CsvTable(const std::filesystem::path& path) {
  std::string text;
  if (path.extension() == ".gz") {
    support::CommandResult unzipped =
        support::RunCommand("/bin/gzip", {"-dc", path.string()}, std::chrono::minutes(1));
    if (unzipped.exit != support::ExitStatus{}) throw std::runtime_error(unzipped.error_output);
    text = std::move(unzipped.output);
  } else {
    text = support::ReadFile(path);
  }
  for (const std::string_view line : LinesOf(text)) {
    std::vector<std::string> fields = FieldsOf(line);
    if (columns_.empty()) {
      for (size_t i = 0; i < fields.size(); ++i) columns_[fields[i]] = i;
    } else if (fields.size() != columns_.size()) {
      throw std::runtime_error(path.string() + ": other columns: " + std::string(line));
    } else {
      rows_.push_back(std::move(fields));
    }
  }
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

int64_t Millionths(std::string_view decimal) {
  int64_t value = 0;
  int decimals = -1;
  const bool negative = decimal.starts_with('-');
  for (const char c : decimal.substr(negative ? 1 : 0)) {
    if (c == '.') {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    } else {
      throw std::runtime_error("no decimal: " + std::string(decimal));
    }
  }
  for (decimals = std::max(decimals, 0); decimals < 6; ++decimals) value *= 10;
  if (decimals > 6) throw std::runtime_error("more than six decimals: " + std::string(decimal));
  return negative ? -value : value;
}

std::string FromMillionths(int64_t millionths) {
  std::string digits = std::to_string(std::abs(millionths));
  if (digits.size() < 7) digits.insert(0, 7 - digits.size(), '0');
  digits.insert(digits.size() - 6, 1, '.');
  return (millionths < 0 ? "-" : "") + digits;
}

}  // namespace stockd::system_test
