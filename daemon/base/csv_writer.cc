#include "daemon/base/csv_writer.h"

#include <charconv>

namespace stockd {
namespace {

// How formulas begin in the spreadsheets of today; a tab or a line end is skipped by some.
constexpr std::string_view kFormulaBeginnings = "=+-@\t\r\n";
// The same signs in full width, which some take for them.
constexpr std::string_view kWideBeginnings[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                                "\xEF\xBC\xA0"};

bool LooksLikeFormula(std::string_view text) {
  if (text.empty()) return false;
  if (kFormulaBeginnings.find(text.front()) != std::string_view::npos) return true;
  for (const std::string_view wide : kWideBeginnings) {
    if (text.starts_with(wide)) return true;
  }
  return false;
}

template <typename Number>
void Append(Number number, std::string& out) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

void CsvWriter::Separate() {
  if (is_row_begun_) out_ += ',';
  is_row_begun_ = true;
}

CsvWriter& CsvWriter::Text(std::string_view text) {
  Separate();
  const bool is_escaped = LooksLikeFormula(text);
  if (!is_escaped && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out_ += text;
    return *this;
  }
  out_ += '"';
  if (is_escaped) out_ += '\'';
  for (const char c : text) {
    if (c == '"') out_ += '"';
    out_ += c;
  }
  out_ += '"';
  return *this;
}

CsvWriter& CsvWriter::Number(int64_t number) {
  Separate();
  Append(number, out_);
  return *this;
}

CsvWriter& CsvWriter::Number(double number) {
  Separate();
  Append(number, out_);
  return *this;
}

CsvWriter& CsvWriter::Decimal(std::string_view digits) {
  Separate();
  out_ += digits;
  return *this;
}

CsvWriter& CsvWriter::Empty() {
  Separate();
  return *this;
}

void CsvWriter::EndRow() {
  out_ += "\r\n";
  is_row_begun_ = false;
}

}  // namespace stockd
