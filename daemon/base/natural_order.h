#pragma once

#include <string>
#include <string_view>

namespace stockd {

// A key whose byte order is the order in which people count: digits in a row are one number,
// whatever its length and leading zeros, and ASCII letters are compared without their case. "a-2"
// comes before "A-10". Texts that differ in case or leading zeros alone have the same key. At most
// three times as long as the text.
std::string NaturalKey(std::string_view text);

}  // namespace stockd
