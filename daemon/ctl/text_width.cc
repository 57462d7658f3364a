#include "daemon/ctl/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace stockd::ctl {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct Range {
  char32_t first;
  char32_t last;
};

// The common blocks; an exotic script may be a column off, which only bends a table.
constexpr std::array<Range, 8> kZeroWidth = {{{0x0300, 0x036f},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05bd},
                                              {0x064b, 0x065f},
                                              {0x1ab0, 0x1aff},
                                              {0x200b, 0x200f},
                                              {0x20d0, 0x20ff},
                                              {0xfe00, 0xfe0f}}};
constexpr std::array<Range, 8> kDoubleWidth = {{{0x1100, 0x115f},
                                                {0x2e80, 0x303e},
                                                {0x3041, 0xa4cf},
                                                {0xac00, 0xd7a3},
                                                {0xf900, 0xfaff},
                                                {0xff00, 0xff60},
                                                {0x1f300, 0x1faff},
                                                {0x20000, 0x3fffd}}};

template <size_t kCount>
bool Contains(const std::array<Range, kCount>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](Range range) { return c >= range.first && c <= range.last; });
}

struct Decoded {
  char32_t character = 0;
  size_t size = 1;
  bool valid = false;
};

size_t SequenceSize(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

// The character at the front of a text that is not empty.
Decoded DecodeFront(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t size = SequenceSize(byte(0));
  if (size == 0 || size > text.size()) return {};
  if (size == 1) return {byte(0), 1, true};
  char32_t character = byte(0) & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    character = (character << 6) | (byte(i) & 0x3fu);
  }
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < kSmallest[size] || character > 0x10ffff || surrogate) return {};
  return {character, size, true};
}

bool IsControl(char32_t c) {
  // C0, DEL, C1, and the marks that turn the direction of writing around.
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded decoded = DecodeFront(text);
    if (!decoded.valid) return false;
    text.remove_prefix(decoded.size);
  }
  return true;
}

int WidthOf(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Decoded decoded = DecodeFront(text);
    if (!Contains(kZeroWidth, decoded.character)) {
      width += Contains(kDoubleWidth, decoded.character) ? 2 : 1;
    }
    text.remove_prefix(decoded.size);
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = DecodeFront(text);
    const bool shown = decoded.valid && !IsControl(decoded.character);
    printable += shown ? text.substr(0, decoded.size) : kReplacement;
    text.remove_prefix(decoded.size);
  }
  return printable;
}

}  // namespace stockd::ctl
