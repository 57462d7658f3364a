#include "adapters/sdk/utf8.h"

#include <algorithm>
#include <cstdint>

namespace stockd::sdk {
namespace {

uint8_t ByteAt(std::string_view text, size_t index) { return static_cast<uint8_t>(text[index]); }

// Length of the well-formed character at `begin`, 0 when there is none.
size_t CharacterLength(std::string_view text, size_t begin) {
  const uint8_t lead = ByteAt(text, begin);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || begin + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((ByteAt(text, begin + i) & 0xC0) != 0x80) return 0;
  }
  const uint8_t second = ByteAt(text, begin + 1);
  if (lead == 0xE0 && second < 0xA0) return 0;   // Overlong.
  if (lead == 0xED && second >= 0xA0) return 0;  // A surrogate.
  if (lead == 0xF0 && second < 0x90) return 0;   // Overlong.
  if (lead == 0xF4 && second >= 0x90) return 0;  // Beyond U+10FFFF.
  return length;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

bool HasControlCharacter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string ToUtf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterLength(text, i);
    if (length == 0) {
      clean.push_back('?');
      ++i;
    } else {
      clean.append(text.substr(i, length));
      i += length;
    }
  }
  return clean;
}

std::string ToPlainText(std::string_view text, size_t bytes_max) {
  std::string plain = ToUtf8(text.substr(0, bytes_max));  // A cut may split a letter.
  for (char& letter : plain) {
    if (HasControlCharacter(std::string_view(&letter, 1))) letter = ' ';
  }
  return plain;
}

}  // namespace stockd::sdk
