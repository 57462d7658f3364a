#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stockd {

// Writes rows as CSV (RFC 4180: comma, CRLF, quotes where needed). A text that a spreadsheet would
// take for a formula gets an apostrophe in front, so that nobody's SKU runs code on the desk of
// whoever opens the file. Thread-compatible.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}

  // The next fields of the row. A figure is never taken for a formula; Empty() is "not known".
  CsvWriter& Text(std::string_view text);
  CsvWriter& Number(int64_t number);
  CsvWriter& Number(double number);
  // A number as text, which the program made itself; empty: not known.
  CsvWriter& Decimal(std::string_view digits);
  CsvWriter& Empty();
  void EndRow();

 private:
  void Separate();

  std::string& out_;
  bool is_row_begun_ = false;
};

}  // namespace stockd
