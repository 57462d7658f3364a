// RFC 4180 rows.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace stockd::sdk {

// Appends one field, in quotes only where it needs them.
void AppendCsvField(std::string& text, std::string_view field);

// Appends one row with its line break (LF).
void AppendCsvRow(std::string& text, std::span<const std::string_view> fields);
void AppendCsvRow(std::string& text, std::initializer_list<std::string_view> fields);

}  // namespace stockd::sdk
