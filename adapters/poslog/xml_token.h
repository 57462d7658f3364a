// One piece of XML markup, checked and measured.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace stockd::poslog {

enum class TokenKind {
  kText,
  kStartTag,
  kEmptyTag,  // A start tag that ends in "/>".
  kEndTag,
  kComment,
  kCdata,
  kInstruction,  // The XML declaration too.
};

// Views into what was given to ReadToken().
struct Token {
  TokenKind kind = TokenKind::kText;
  size_t size = 0;        // Bytes, from its first.
  std::string_view name;  // Of tags, with the prefix; of instructions, the target.
  // Of start and empty tags, with their values as they were written.
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::string_view content;  // Between the delimiters of an instruction.
};

enum class TokenOutcome {
  kToken,
  kNeedsMore,  // Nothing is wrong so far; again from its first byte when there is more.
  kInvalid,
};

// Reads the token at the beginning of `text`, which is not empty. `is_whole` says that nothing
// follows `text`. Everything that XML 1.0 demands of a token is checked, but names beyond ASCII and
// UTF-8. DOCTYPE and entities other than the five of XML are invalid: nothing is ever expanded or
// fetched. `why` is for people.
[[nodiscard]] TokenOutcome ReadToken(std::string_view text, bool is_whole, Token* token,
                                     std::string_view* why);

// The part of a name behind its prefix, and the prefix; empty: there is none.
[[nodiscard]] std::string_view LocalName(std::string_view name);
[[nodiscard]] std::string_view PrefixOf(std::string_view name);

[[nodiscard]] constexpr bool IsXmlBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace stockd::poslog
