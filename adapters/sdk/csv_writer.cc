#include "adapters/sdk/csv_writer.h"

namespace stockd::sdk {

void AppendCsvField(std::string& text, std::string_view field) {
  // The semicolon too: spreadsheets of many countries split there.
  if (field.find_first_of("\",;\r\n\t") == std::string_view::npos) {
    text += field;
    return;
  }
  text += '"';
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

void AppendCsvRow(std::string& text, std::span<const std::string_view> fields) {
  bool is_first = true;
  for (const std::string_view field : fields) {
    if (!is_first) text += ',';
    is_first = false;
    AppendCsvField(text, field);
  }
  text += '\n';
}

void AppendCsvRow(std::string& text, std::initializer_list<std::string_view> fields) {
  AppendCsvRow(text, std::span(fields.begin(), fields.size()));
}

}  // namespace stockd::sdk
