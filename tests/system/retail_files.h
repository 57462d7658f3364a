#pragma once

#include <string>
#include <vector>

#include "tests/support/random.h"
#include "tests/system/retail_lines.h"

namespace stockd::system_test {

// A file for one of the three adapters.
struct RetailFileText {
  std::string source;  // "erp", "pos" or "web".
  std::string name;
  std::string content;
  int64_t row_count = 0;
};

// The ERP's files: items in two parts, locations, opening stock, deliveries, the stock-take.
[[nodiscard]] std::vector<RetailFileText> ErpFiles(const RetailData& data);

// A journal for each till and month, as CSV but for the last till, which writes JSON lines; and the
// web shop's orders, a CSV file for each month. With `random`, lines are in any order within their
// file.
[[nodiscard]] std::vector<RetailFileText> JournalFiles(const RetailData& data,
                                                       support::Random* random);

// TOML for the adapters of these files: see RetailLine for what they do.
[[nodiscard]] std::string PosMapping();
[[nodiscard]] std::string WebMapping();

}  // namespace stockd::system_test
