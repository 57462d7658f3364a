#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stockd::system_test {

// A reader of CSV that owes nothing to the code under test: fields may be quoted, but no field
// holds a line end.

// The lines without their ends, LF or CR LF. They point into `text`.
[[nodiscard]] std::vector<std::string_view> LinesOf(std::string_view text);

// The fields of one line.
[[nodiscard]] std::vector<std::string> FieldsOf(std::string_view line);

}  // namespace stockd::system_test
