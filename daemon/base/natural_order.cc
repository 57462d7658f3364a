#include "daemon/base/natural_order.h"

namespace stockd {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// A number becomes its count of digits, in as many digits as that takes and with their own count in
// front, and then its digits: of two numbers the longer one is the larger.
std::string NaturalKey(std::string_view text) {
  std::string key;
  for (size_t i = 0; i < text.size();) {
    if (!IsDigit(text[i])) {
      const char c = text[i++];
      key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      continue;
    }
    while (i < text.size() && text[i] == '0') ++i;
    const size_t begin = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    const std::string count = std::to_string(i - begin);
    key += static_cast<char>('0' + count.size());
    key += count;
    key += text.substr(begin, i - begin);
  }
  return key;
}

}  // namespace stockd
