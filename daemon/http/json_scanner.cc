#include "daemon/http/json_scanner.h"

namespace stockd::http {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr unsigned kSurrogateMin = 0xD800;
constexpr unsigned kLowSurrogateMin = 0xDC00;
constexpr unsigned kSurrogateMax = 0xDFFF;

void AppendUtf8(unsigned point, std::string& value) {
  if (point < 0x80) {
    value += static_cast<char>(point);
    return;
  }
  if (point < 0x800) {
    value += static_cast<char>(0xC0 | point >> 6);
  } else {
    if (point < 0x10000) {
      value += static_cast<char>(0xE0 | point >> 12);
    } else {
      value += static_cast<char>(0xF0 | point >> 18);
      value += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    }
    value += static_cast<char>(0x80 | (point >> 6 & 0x3F));
  }
  value += static_cast<char>(0x80 | (point & 0x3F));
}

}  // namespace

bool JsonScanner::Fail(std::string_view what) {
  if (!failed_) error_ = what;
  failed_ = true;
  return false;
}

void JsonScanner::SkipSpace() {
  while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
}

char JsonScanner::Peek() {
  SkipSpace();
  return failed_ || at_ == text_.size() ? '\0' : text_[at_];
}

bool JsonScanner::TakeIf(char mark) {
  if (Peek() != mark) return false;
  ++at_;
  return true;
}

bool JsonScanner::Take(char mark) {
  if (TakeIf(mark)) return true;
  return Fail(std::string("expected ") + mark);
}

bool JsonScanner::TakeWord(std::string_view word) {
  SkipSpace();
  if (failed_ || text_.substr(at_, word.size()) != word) return Fail("expected a value");
  at_ += word.size();
  return true;
}

bool JsonScanner::AtEnd() {
  SkipSpace();
  if (failed_) return false;
  return at_ == text_.size() || Fail("something follows the value");
}

bool JsonScanner::String(std::string& value) {
  value.clear();
  if (Peek() != '"') return Fail("expected a string");
  ++at_;
  while (true) {
    const size_t begin = at_;
    while (at_ < text_.size()) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte == '"' || byte == '\\' || byte < 0x20 || byte >= 0x80) break;
      ++at_;
    }
    value.append(text_, begin, at_ - begin);
    if (at_ == text_.size()) return Fail("the text ends within a string");
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c == '\\') {
      if (!Escape(value)) return false;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return Fail("a control character stands in a string; write it as \\u00XX");
    } else if (!MultiByte(value)) {
      return false;
    }
  }
}

bool JsonScanner::Escape(std::string& value) {
  ++at_;
  if (at_ == text_.size()) return Fail("the text ends within a string");
  const char c = text_[at_++];
  switch (c) {
    case '"':
    case '\\':
    case '/': value += c; return true;
    case 'b': value += '\b'; return true;
    case 'f': value += '\f'; return true;
    case 'n': value += '\n'; return true;
    case 'r': value += '\r'; return true;
    case 't': value += '\t'; return true;
    case 'u': break;
    default: return Fail("there is no such escape in a string");
  }
  unsigned unit = 0;
  if (!HexUnit(unit)) return false;
  if (unit >= kLowSurrogateMin && unit <= kSurrogateMax) return Fail("half of a surrogate pair");
  if (unit >= kSurrogateMin && unit < kLowSurrogateMin) {
    unsigned low = 0;
    if (text_.substr(at_, 2) != "\\u") return Fail("half of a surrogate pair");
    at_ += 2;
    if (!HexUnit(low)) return false;
    if (low < kLowSurrogateMin || low > kSurrogateMax) return Fail("half of a surrogate pair");
    unit = 0x10000 + ((unit - kSurrogateMin) << 10) + (low - kLowSurrogateMin);
  }
  AppendUtf8(unit, value);
  return true;
}

bool JsonScanner::HexUnit(unsigned& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    unsigned digit = 0;
    if (IsDigit(c)) {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return Fail("\\u takes four hexadecimal digits");
    }
    unit = unit << 4 | digit;
  }
  return true;
}

// Takes one character of two to four bytes, in its shortest form and within Unicode.
bool JsonScanner::MultiByte(std::string& value) {
  const auto lead = static_cast<unsigned char>(text_[at_]);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at_ + length > text_.size()) return Fail("this is not UTF-8");
  unsigned point = lead & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text_[at_ + i]);
    if ((next & 0xC0) != 0x80) return Fail("this is not UTF-8");
    point = point << 6 | (next & 0x3FU);
  }
  constexpr unsigned kLeast[] = {0x80, 0x800, 0x10000};
  if (point < kLeast[length - 2] || point > 0x10FFFF ||
      (point >= kSurrogateMin && point <= kSurrogateMax)) {
    return Fail("this is not UTF-8");
  }
  value.append(text_, at_, length);
  at_ += length;
  return true;
}

size_t JsonScanner::Digits() {
  const size_t begin = at_;
  while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  return at_ - begin;
}

bool JsonScanner::Number(std::string_view& text) {
  SkipSpace();
  if (failed_) return false;
  const size_t begin = at_;
  if (at_ < text_.size() && text_[at_] == '-') ++at_;
  const size_t whole = at_;
  const size_t whole_digits = Digits();
  if (whole_digits == 0) return Fail("expected a number");
  if (whole_digits > 1 && text_[whole] == '0') return Fail("a number begins with 0");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (Digits() == 0) return Fail("a number ends with its point");
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (Digits() == 0) return Fail("a number ends within its exponent");
  }
  text = text_.substr(begin, at_ - begin);
  return true;
}

bool JsonScanner::Raw(int depth_max, std::string_view& text) {
  if (depth_max < 0) return Fail("too deeply nested");
  const char first = Peek();
  const size_t begin = at_;
  std::string ignored;
  std::string_view inner;
  if (first == '"') {
    if (!String(ignored)) return false;
  } else if (first == 't' || first == 'f' || first == 'n') {
    if (!TakeWord(first == 't' ? "true" : first == 'f' ? "false" : "null")) return false;
  } else if (first == '[' || first == '{') {
    const char last = first == '[' ? ']' : '}';
    ++at_;
    for (bool more = !TakeIf(last); more;) {
      if (first == '{' && !(String(ignored) && Take(':'))) return false;
      if (!Raw(depth_max - 1, inner)) return false;
      more = TakeIf(',');
      if (!more && !Take(last)) return false;
    }
  } else if (!Number(inner)) {
    return Fail("expected a value");
  }
  text = text_.substr(begin, at_ - begin);
  return true;
}

}  // namespace stockd::http
