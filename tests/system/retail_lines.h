#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace stockd::system_test {

// Nine months of a real shop's invoice lines, and the rule by which this test splits them:
//   United Kingdom   the till of store S1 to S5: 1 + the digits of the invoice number, modulo 5
//   anywhere else    the web shop, which ships from W1
// What becomes of a line, by its kind:
//   sale, cancellation, stock_adjustment   a sale, return, adjustment; a line of a service code
//                                          (postage, fees, vouchers), which is no item, waits in
//                                          quarantine with SKU_UNKNOWN
//   unpriced                               the adapter sets it aside with KIND_UNKNOWN
//   bad_debt                               skipped by a rule of the adapter's configuration
struct RetailLine {
  std::string text;  // As it stands in the file.
  std::string order_id;
  std::string line_no;
  std::string kind;
  std::string sku;
  int64_t quantity = 0;
  std::string unit_price;
  std::string ordered_at;  // "2010-12-01T08:26:00Z"; sorts as time does.
  std::string country;
  bool is_product = false;
};

struct RetailData {
  std::string header;
  std::vector<RetailLine> lines;
  // Every SKU that a product line names; these become items, with a line's description.
  std::map<std::string, std::string> items;
};

using PositionName = std::pair<std::string, std::string>;  // SKU, location.

inline const std::vector<std::string> kLocations = {"S1", "S2", "S3", "S4", "S5", "W1"};

// Where the file is: data/online-retail-2010-12_2011-08 below the folder that the environment
// variable STOCKD_SHARED names, or else below ../shared. Unset when it is not there.
[[nodiscard]] std::optional<std::filesystem::path> RetailFile();

// Throws std::runtime_error when it is not as its description says.
[[nodiscard]] RetailData ReadRetailData(const std::filesystem::path& path);

// The location that a line is about.
[[nodiscard]] std::string LocationOf(const RetailLine& line);

enum class LineFate { kApplied, kQuarantined, kRejected, kSkipped };

[[nodiscard]] LineFate FateOf(const RetailLine& line, const RetailData& data);

// What the ERP says besides, by rules that look arbitrary on purpose.

inline constexpr const char* kOpeningTime = "2010-11-30T18:00:00Z";  // Before the first sale.
inline constexpr const char* kReceiptTime = "2011-02-15T06:00:00Z";
inline constexpr const char* kCountTime = "2011-04-01T06:00:00Z";

// Opening stock, of every item at every location. Never negative.
[[nodiscard]] int64_t OpeningQuantity(const PositionName& position);
// A delivery on 15 February, to a third of the positions.
[[nodiscard]] std::optional<int64_t> ReceivedQuantity(const PositionName& position);
// A stock-take on 1 April, of a seventh of the positions.
[[nodiscard]] std::optional<int64_t> CountedQuantity(const PositionName& position);

// On hand of every position in the end, worked out here: the latest count, plus what happened after
// it.
[[nodiscard]] std::map<PositionName, int64_t> ExpectedOnHand(const RetailData& data);

}  // namespace stockd::system_test
