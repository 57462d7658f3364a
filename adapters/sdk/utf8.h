// Text that may go into a message.
#pragma once

#include <string>
#include <string_view>

namespace stockd::sdk {

// Whether `text` is well-formed UTF-8: no overlong forms, surrogates or numbers beyond U+10FFFF. A
// protobuf message with other text is refused as a whole by the other side.
[[nodiscard]] bool IsUtf8(std::string_view text);

// Whether `text` holds an ASCII control character.
[[nodiscard]] bool HasControlCharacter(std::string_view text);

// `text` without blanks and tabs at both ends.
[[nodiscard]] std::string_view TrimBlanks(std::string_view text);

// `text` as UTF-8 whatever it is: each byte that does not belong becomes '?'. For messages to
// people.
[[nodiscard]] std::string ToUtf8(std::string_view text);

// The same for a field of the contract that is for people: cut at `bytes_max`, control characters
// become blanks.
[[nodiscard]] std::string ToPlainText(std::string_view text, size_t bytes_max);

}  // namespace stockd::sdk
