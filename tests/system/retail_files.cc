#include "tests/system/retail_files.h"

#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace stockd::system_test {
namespace {

// Of the columns that tills and web shop share.
constexpr const char* kColumns = R"([quantity]
negative_quantity = "return"
[columns]
event_id = ["order_id", "line_no"]
occurred_at = "ordered_at"
reference = "order_id"
[kinds]
cancellation = "return"
stock_adjustment = "adjustment"
[skip]
kind = ["bad_debt"]
)";

std::string InQuotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

RetailFileText ErpFile(std::string name, std::string header) {
  return {.source = "erp", .name = std::move(name), .content = std::move(header) + "\n"};
}

void AddRow(RetailFileText& file, const std::string& row) {
  file.content += row + "\n";
  ++file.row_count;
}

std::string ToJsonLine(const RetailLine& line) {
  return nlohmann::json{{"order_id", line.order_id},
                        {"line_no", std::stoi(line.line_no)},
                        {"kind", line.kind},
                        {"sku", line.sku},
                        {"quantity", line.quantity},
                        {"unit_price", line.unit_price},
                        {"ordered_at", line.ordered_at},
                        {"country", line.country}}
      .dump();
}

RetailFileText Journal(const RetailData& data, const std::string& location,
                       const std::string& month, const std::vector<const RetailLine*>& lines) {
  const bool is_web = location == "W1";
  const bool is_json = location == "S5";
  RetailFileText file{.source = is_web ? "web" : "pos",
                      .name = (is_web ? "orders" : "till" + location.substr(1)) + "-" + month +
                              (is_json ? ".jsonl" : ".csv"),
                      .row_count = static_cast<int64_t>(lines.size())};
  if (!is_json) file.content = data.header + "\r\n";
  for (const RetailLine* line : lines) {
    file.content += is_json ? ToJsonLine(*line) + "\n" : line->text + "\r\n";
  }
  return file;
}

}  // namespace

std::vector<RetailFileText> ErpFiles(const RetailData& data) {
  RetailFileText items[] = {ErpFile("items-a.csv", "sku,name,category"),
                            ErpFile("items-b.csv", "sku,name,category")};
  RetailFileText locations = ErpFile("locations.csv", "code,name,kind");
  RetailFileText levels = ErpFile("levels-opening.csv", "sku,location,quantity,as_of");
  RetailFileText receipts =
      ErpFile("receipts-february.csv", "event_id,sku,location,quantity,occurred_at");
  RetailFileText counts = ErpFile("counts-april.csv", "event_id,sku,location,quantity,occurred_at");
  for (const std::string& location : kLocations) {
    const bool is_web = location == "W1";
    AddRow(locations, location + (is_web ? ",Web warehouse,warehouse" : ",Store,store"));
  }
  for (const auto& [sku, name] : data.items) {
    AddRow(items[sku.back() % 2], sku + "," + InQuotes(name) + ",gifts");
    for (const std::string& location : kLocations) {
      const PositionName position(sku, location);
      const std::string place = sku + "," + location + ",";
      AddRow(levels, place + std::to_string(OpeningQuantity(position)) + "," + kOpeningTime);
      const std::string id = sku + "@" + location + ",";
      if (const auto quantity = ReceivedQuantity(position)) {
        AddRow(receipts, "receipt-" + id + place + std::to_string(*quantity) + "," + kReceiptTime);
      }
      if (const auto quantity = CountedQuantity(position)) {
        AddRow(counts, "count-" + id + place + std::to_string(*quantity) + "," + kCountTime);
      }
    }
  }
  return {std::move(items[0]), std::move(items[1]), std::move(locations),
          std::move(levels),   std::move(receipts), std::move(counts)};
}

std::vector<RetailFileText> JournalFiles(const RetailData& data, support::Random* random) {
  std::map<std::pair<std::string, std::string>, std::vector<const RetailLine*>> journals;
  for (const RetailLine& line : data.lines) {
    journals[{LocationOf(line), line.ordered_at.substr(0, 7)}].push_back(&line);
  }
  std::vector<RetailFileText> files;
  for (auto& [place, lines] : journals) {
    if (random != nullptr) random->Shuffle(lines);
    files.push_back(Journal(data, place.first, place.second, lines));
  }
  return files;
}

std::string PosMapping() {
  return std::string(kColumns) +
         "[till_locations]\ntill1 = \"S1\"\ntill2 = \"S2\"\ntill3 = \"S3\"\ntill4 = \"S4\"\n"
         "till5 = \"S5\"\n";
}

std::string WebMapping() { return std::string(kColumns) + "[constants]\nlocation = \"W1\"\n"; }

}  // namespace stockd::system_test
