#include "tests/system/retail_lines.h"

#include <cstdlib>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/system/csv_text.h"

namespace stockd::system_test {
namespace {

constexpr const char* kHeader =
    "order_id,line_no,kind,is_product,sku,description,quantity,unit_price,ordered_at,customer_id,"
    "country";

// A number that the names determine on every machine (FNV-1a).
uint64_t HashOf(const PositionName& position) {
  uint64_t hash = 14695981039346656037U;
  for (const char c : position.first + "@" + position.second) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash ^ (hash >> 29);
}

RetailLine ToLine(std::string_view text, std::vector<std::string> fields) {
  if (fields.size() != 11) throw std::runtime_error("not 11 fields: " + std::string(text));
  return {.text = std::string(text),
          .order_id = std::move(fields[0]),
          .line_no = std::move(fields[1]),
          .kind = std::move(fields[2]),
          .sku = std::move(fields[4]),
          .quantity = std::stoll(fields[6]),
          .unit_price = std::move(fields[7]),
          .ordered_at = std::move(fields[8]),
          .country = std::move(fields[10]),
          .is_product = fields[3] == "1"};
}

}  // namespace

std::optional<std::filesystem::path> RetailFile() {
  const char* shared = std::getenv("STOCKD_SHARED");
  const std::filesystem::path folder = shared != nullptr ? shared : "../shared";
  std::filesystem::path path = folder / "data/online-retail-2010-12_2011-08/sales_lines.csv.gz";
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

RetailData ReadRetailData(const std::filesystem::path& path) {
  const support::CommandResult unzipped =
      support::RunCommand("/bin/gzip", {"-dc", path.string()}, std::chrono::minutes(1));
  if (unzipped.exit != support::ExitStatus{}) throw std::runtime_error(unzipped.error_output);
  RetailData data;
  for (const std::string_view text : LinesOf(unzipped.output)) {
    if (data.header.empty()) {
      data.header = text;
      if (data.header != kHeader) throw std::runtime_error("other columns: " + data.header);
      continue;
    }
    std::vector<std::string> fields = FieldsOf(text);
    const std::string description = fields.size() > 5 ? fields[5] : "";
    data.lines.push_back(ToLine(text, std::move(fields)));
    const RetailLine& line = data.lines.back();
    if (!line.is_product) continue;
    std::string& name = data.items[line.sku];
    // On adjustments it is the clerk's remark.
    if (name.empty() && line.kind == "sale") name = description;
  }
  return data;
}

std::string LocationOf(const RetailLine& line) {
  if (line.country != "United Kingdom") return "W1";
  int64_t number = 0;
  for (const char c : line.order_id) {
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
  }
  return "S" + std::to_string(1 + number % 5);
}

LineFate FateOf(const RetailLine& line, const RetailData& data) {
  if (line.kind == "bad_debt") return LineFate::kSkipped;
  if (line.kind == "unpriced") return LineFate::kRejected;
  return data.items.contains(line.sku) ? LineFate::kApplied : LineFate::kQuarantined;
}

int64_t OpeningQuantity(const PositionName& position) {
  return 100 + static_cast<int64_t>(HashOf(position) % 900);
}

std::optional<int64_t> ReceivedQuantity(const PositionName& position) {
  const uint64_t hash = HashOf(position) >> 16;
  if (hash % 3 != 0) return std::nullopt;
  return 1 + static_cast<int64_t>(hash % 500);
}

std::optional<int64_t> CountedQuantity(const PositionName& position) {
  const uint64_t hash = HashOf(position) >> 32;
  if (hash % 7 != 0) return std::nullopt;
  return static_cast<int64_t>(hash % 400);
}

std::map<PositionName, int64_t> ExpectedOnHand(const RetailData& data) {
  std::map<PositionName, int64_t> on_hand;
  const std::string count_time = kCountTime;
  for (const auto& [sku, name] : data.items) {
    for (const std::string& location : kLocations) {
      const PositionName position(sku, location);
      const std::optional<int64_t> counted = CountedQuantity(position);
      on_hand[position] =
          counted.value_or(OpeningQuantity(position) + ReceivedQuantity(position).value_or(0));
    }
  }
  for (const RetailLine& line : data.lines) {
    if (FateOf(line, data) != LineFate::kApplied) continue;
    const PositionName position(line.sku, LocationOf(line));
    if (CountedQuantity(position) && line.ordered_at <= count_time) continue;
    // Cancelled quantities are negative in the data, and so are lost ones of adjustments.
    on_hand[position] += line.kind == "stock_adjustment" ? line.quantity : -line.quantity;
  }
  return on_hand;
}

}  // namespace stockd::system_test
