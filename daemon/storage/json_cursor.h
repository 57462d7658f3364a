#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::storage {

// Appends a number in decimal.
template <typename Integer>
void AppendNumber(std::string& text, Integer value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  text.append(digits, end);
}

// Appends a JSON string with its quotes.
void AppendQuoted(std::string& text, std::string_view value);

// Reads JSON whose shape is known beforehand, because only this folder writes it: without blanks,
// keys in a fixed order. The first mismatch sticks.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : rest_(text) {}

  // Skips exactly these characters.
  void Expect(std::string_view literal);
  // Skips the character if it comes next.
  bool Accept(char character);
  int64_t Integer();
  uint64_t Number();
  std::string Text();

  // Whether everything matched and nothing is left.
  bool Finished() const { return ok_ && rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  template <typename Value>
  Value Parse();
  // The character after a backslash, appended as UTF-8.
  void AppendEscaped(std::string& text);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace stockd::storage
