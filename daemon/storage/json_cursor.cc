#include "daemon/storage/json_cursor.h"

namespace stockd::storage {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

}  // namespace

void AppendQuoted(std::string& text, std::string_view value) {
  text += '"';
  for (const char character : value) {
    const auto code = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      text += '\\';
      text += character;
    } else if (code < 0x20) {
      text += "\\u00";
      text += kHex[code >> 4];
      text += kHex[code & 15];
    } else {
      text += character;
    }
  }
  text += '"';
}

void JsonCursor::Expect(std::string_view literal) {
  if (!ok_ || !rest_.starts_with(literal)) {
    ok_ = false;
    return;
  }
  rest_.remove_prefix(literal.size());
}

bool JsonCursor::Accept(char character) {
  if (!ok_ || !rest_.starts_with(character)) return false;
  rest_.remove_prefix(1);
  return true;
}

template <typename Value>
Value JsonCursor::Parse() {
  Value value = 0;
  if (!ok_) return 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  if (error != std::errc()) {
    ok_ = false;
    return 0;
  }
  rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
  return value;
}

int64_t JsonCursor::Integer() { return Parse<int64_t>(); }
uint64_t JsonCursor::Number() { return Parse<uint64_t>(); }

std::string JsonCursor::Text() {
  std::string text;
  Expect("\"");
  while (ok_) {
    const size_t plain = rest_.find_first_of("\"\\");
    if (plain == std::string_view::npos) {
      ok_ = false;
      break;
    }
    text.append(rest_.substr(0, plain));
    const bool ends = rest_[plain] == '"';
    rest_.remove_prefix(plain + 1);
    if (ends) break;
    AppendEscaped(text);
  }
  return text;
}

void JsonCursor::AppendEscaped(std::string& text) {
  if (Accept('"')) {
    text += '"';
  } else if (Accept('\\')) {
    text += '\\';
  } else {
    // AppendQuoted() escapes nothing else but control characters.
    Expect("u00");
    if (!ok_ || rest_.size() < 2) {
      ok_ = false;
      return;
    }
    const size_t high = kHex.find(rest_[0]);
    const size_t low = kHex.find(rest_[1]);
    if (high > 1 || low == std::string_view::npos) {
      ok_ = false;
      return;
    }
    text += static_cast<char>(high * 16 + low);
    rest_.remove_prefix(2);
  }
}

}  // namespace stockd::storage
