#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stockd::http {

// Reads JSON (RFC 8259, nothing more lenient) piece by piece. After the first failure every read
// fails, and error() and offset() say what was wrong and where. Pure; thread-compatible.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  // The first character of the next value or mark, white space skipped; '\0' at the end of the text
  // and after a failure.
  char Peek();
  // Takes this mark; fails when something else comes.
  bool Take(char mark);
  // Takes this mark if it comes next.
  bool TakeIf(char mark);
  // Takes true, false or null; fails when something else comes.
  bool TakeWord(std::string_view word);
  // Reads a string and decodes it. What is not UTF-8, and a half of a surrogate pair, is a failure.
  bool String(std::string& value);
  // Reads a number and gives its text.
  bool Number(std::string_view& text);
  // Reads any value and gives its text; fails below `depth_max` levels.
  bool Raw(int depth_max, std::string_view& text);
  // Whether nothing but white space is left; a failure otherwise.
  bool AtEnd();

  // Notes a failure here, unless there was one before. Returns false.
  bool Fail(std::string_view what);
  bool failed() const { return failed_; }
  const std::string& error() const { return error_; }
  // In bytes, from 0.
  size_t offset() const { return at_; }

 private:
  void SkipSpace();
  bool Escape(std::string& value);
  bool HexUnit(unsigned& unit);
  bool MultiByte(std::string& value);
  size_t Digits();

  std::string_view text_;
  size_t at_ = 0;
  bool failed_ = false;
  std::string error_;
};

}  // namespace stockd::http
