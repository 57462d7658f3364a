#include "adapters/poslog/xml_token.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace stockd::poslog {
namespace {

constexpr size_t kAttributesMax = 256;

using Attribute = std::pair<std::string_view, std::string_view>;

bool IsNameStart(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         byte >= 0x80;
}

bool IsNameByte(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

// XML 1.0 has no other control characters.
bool IsForbidden(char c) { return static_cast<unsigned char>(c) < 0x20 && !IsXmlBlank(c); }

bool IsName(std::string_view name) {
  const size_t colon = name.find(':');
  const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
  return !name.empty() && IsNameStart(name.front()) && !local.empty() &&
         IsNameStart(local.front()) && local.find(':') == std::string_view::npos;
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// Between "&#" and ";".
bool IsCharacterNumber(std::string_view digits) {
  const int base = digits.starts_with('x') ? 16 : 10;
  if (base == 16) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 8) return false;
  int64_t code = 0;
  for (const char c : digits) {
    const int digit = DigitOf(c);
    if (digit >= base) return false;
    code = code * base + digit;
  }
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return !is_surrogate && code != 0xFFFE && code != 0xFFFF && code <= 0x10FFFF;
}

// Whether every "&" begins one of the five entities of XML or the number of a character.
bool HasOnlyKnownEntities(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"lt", "gt", "amp", "quot", "apos"};
  constexpr size_t kReferenceMax = 12;
  for (size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const std::string_view rest = text.substr(at + 1, kReferenceMax);
    const size_t end = rest.find(';');
    if (end == std::string_view::npos) return false;
    const std::string_view name = rest.substr(0, end);
    const bool is_known = name.starts_with('#') ? IsCharacterNumber(name.substr(1))
                                                : std::ranges::find(kNames, name) != kNames.end();
    if (!is_known) return false;
  }
  return true;
}

class TokenReader {
 public:
  TokenReader(std::string_view text, bool is_whole, Token* token, std::string_view* why)
      : text_(text), is_whole_(is_whole), token_(token), why_(why) {}

  TokenOutcome Read() {
    token_->name = {};
    token_->content = {};
    token_->attributes.clear();
    if (text_.front() != '<') return ReadText();
    if (text_.size() < 2) return More("a \"<\" at the very end");
    switch (text_[1]) {
      case '/': return ReadEndTag();
      case '?': return ReadInstruction();
      case '!': return ReadDeclaration();
      default: return ReadTag();
    }
  }

 private:
  TokenOutcome Invalid(std::string_view why) {
    *why_ = why;
    return TokenOutcome::kInvalid;
  }

  // Bytes are missing; when none follow, that is what is wrong.
  TokenOutcome More(std::string_view why) {
    return is_whole_ ? Invalid(why) : TokenOutcome::kNeedsMore;
  }

  TokenOutcome Done(TokenKind kind, size_t size) {
    token_->kind = kind;
    token_->size = size;
    return TokenOutcome::kToken;
  }

  TokenOutcome ReadText() {
    const size_t end = text_.find('<');
    if (end == std::string_view::npos && !is_whole_) return TokenOutcome::kNeedsMore;
    const std::string_view content = text_.substr(0, end);
    if (std::ranges::any_of(content, IsForbidden)) return Invalid("a control character");
    if (!HasOnlyKnownEntities(content)) return Invalid("an entity that XML does not know");
    if (content.find("]]>") != std::string_view::npos) return Invalid("\"]]>\" in a text");
    return Done(TokenKind::kText, content.size());
  }

  // From `begin` on; the size of the whole token is behind `closing`.
  TokenOutcome ReadUntil(TokenKind kind, size_t begin, std::string_view closing,
                         std::string_view why) {
    const size_t end = text_.find(closing, begin);
    if (end == std::string_view::npos) return More(why);
    token_->content = text_.substr(begin, end - begin);
    if (std::ranges::any_of(token_->content, IsForbidden)) return Invalid("a control character");
    return Done(kind, end + closing.size());
  }

  TokenOutcome ReadInstruction() {
    const TokenOutcome outcome =
        ReadUntil(TokenKind::kInstruction, 2, "?>", "an instruction that is not closed");
    if (outcome != TokenOutcome::kToken) return outcome;
    const auto* end = std::ranges::find_if_not(token_->content, IsNameByte);
    token_->name = std::string_view(token_->content.begin(), end);
    return IsName(token_->name) ? outcome : Invalid("an instruction without a name");
  }

  TokenOutcome ReadDeclaration() {
    constexpr std::string_view kComment = "<!--";
    constexpr std::string_view kCdata = "<![CDATA[";
    if (text_.starts_with(kComment)) {
      return ReadUntil(TokenKind::kComment, kComment.size(), "-->", "a comment that is not closed");
    }
    if (text_.starts_with(kCdata)) {
      return ReadUntil(TokenKind::kCdata, kCdata.size(), "]]>",
                       "a CDATA section that is not closed");
    }
    if (kComment.starts_with(text_) || kCdata.starts_with(text_)) return More("markup cut off");
    return Invalid(
        "a DOCTYPE, or markup that begins like one; entities of one's own are not taken");
  }

  TokenOutcome ReadEndTag() {
    const size_t end = text_.find('>');
    if (end == std::string_view::npos) {
      constexpr size_t kTagBytesMax = 4096;
      if (text_.size() > kTagBytesMax) return Invalid("an end tag that is not closed");
      return More("an end tag that is not closed");
    }
    std::string_view name = text_.substr(2, end - 2);
    while (!name.empty() && IsXmlBlank(name.back())) name.remove_suffix(1);
    if (!IsName(name) || !std::ranges::all_of(name, IsNameByte)) {
      return Invalid("an end tag that is none");
    }
    token_->name = name;
    return Done(TokenKind::kEndTag, end + 1);
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool AtEnd() const { return at_ >= text_.size(); }

  bool SkipBlanks() {
    const size_t begin = at_;
    while (!AtEnd() && IsXmlBlank(text_[at_])) ++at_;
    return at_ > begin;
  }

  std::string_view TakeName() {
    const size_t begin = at_;
    while (!AtEnd() && IsNameByte(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  TokenOutcome ReadTag() {
    constexpr std::string_view kOpen = "a tag that is not closed";
    at_ = 1;
    const std::string_view name = TakeName();
    if (AtEnd() && (name.empty() || IsNameStart(name.front()))) return More(kOpen);
    if (!IsName(name)) return Invalid("a \"<\" that begins no tag");
    token_->name = name;
    for (;;) {
      const bool has_blank = SkipBlanks();
      if (AtEnd()) return More(kOpen);
      if (Peek() == '>') return Done(TokenKind::kStartTag, at_ + 1);
      if (Peek() == '/') {
        if (at_ + 1 == text_.size()) return More(kOpen);
        if (text_[at_ + 1] != '>') return Invalid("a \"/\" inside a tag");
        return Done(TokenKind::kEmptyTag, at_ + 2);
      }
      if (!has_blank) return Invalid("no blank before an attribute");
      const TokenOutcome outcome = ReadAttribute();
      if (outcome != TokenOutcome::kToken) return outcome;
    }
  }

  TokenOutcome ReadAttribute() {
    constexpr std::string_view kOpen = "an attribute that is not closed";
    const std::string_view name = TakeName();
    SkipBlanks();
    if (AtEnd()) return More(kOpen);
    if (!IsName(name) || Peek() != '=') return Invalid("an attribute without a value");
    ++at_;
    SkipBlanks();
    if (AtEnd()) return More(kOpen);
    const char quote = Peek();
    if (quote != '"' && quote != '\'') return Invalid("an attribute without quotes");
    const size_t end = text_.find(quote, at_ + 1);
    const std::string_view value = text_.substr(
        at_ + 1, end == std::string_view::npos ? std::string_view::npos : end - at_ - 1);
    if (value.find('<') != std::string_view::npos) return Invalid("a \"<\" inside an attribute");
    if (end == std::string_view::npos) return More(kOpen);
    if (std::ranges::any_of(value, IsForbidden)) return Invalid("a control character");
    if (!HasOnlyKnownEntities(value)) return Invalid("an entity that XML does not know");
    if (std::ranges::find(token_->attributes, name, &Attribute::first) != token_->attributes.end())
      return Invalid("an attribute twice");
    if (token_->attributes.size() == kAttributesMax) return Invalid("too many attributes");
    token_->attributes.emplace_back(name, value);
    at_ = end + 1;
    return TokenOutcome::kToken;
  }

  const std::string_view text_;
  const bool is_whole_;
  Token* const token_;
  std::string_view* const why_;
  size_t at_ = 0;
};

}  // namespace

TokenOutcome ReadToken(std::string_view text, bool is_whole, Token* token, std::string_view* why) {
  return TokenReader(text, is_whole, token, why).Read();
}

std::string_view LocalName(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view PrefixOf(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

}  // namespace stockd::poslog
