// UTF-8 as a terminal shows it.
#pragma once

#include <string>
#include <string_view>

namespace stockd::ctl {

// Whether the text is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool IsUtf8(std::string_view text);

// Columns that the text takes: 0 for combining marks, 2 for wide characters such as CJK, else 1.
// Malformed bytes count 1 each.
int WidthOf(std::string_view text);

// The text with control characters and malformed bytes replaced by U+FFFD, so that data can
// neither break a table nor command the terminal.
std::string Printable(std::string_view text);

}  // namespace stockd::ctl
