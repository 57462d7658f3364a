#include "adapters/poslog/transaction_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "adapters/sdk/utf8.h"

namespace stockd::poslog {
namespace {

constexpr std::string_view kMarkupInvalid = "MARKUP_INVALID";
constexpr std::string_view kFileEndsEarly = "FILE_ENDS_EARLY";
// Between the name in an end tag and its end, where markup cannot be trusted.
constexpr size_t kTagBlanksMax = 64;
// The outcome of a step after which the scan goes on.
constexpr auto kGoOn = static_cast<ScanOutcome>(-1);

// Whether nothing is wrong with a token but that it does not end.
bool NeedsMore(std::string_view text) {
  Token token;
  std::string_view why;
  return ReadToken(text, false, &token, &why) == TokenOutcome::kNeedsMore;
}

// The value of `encoding` in an XML declaration, in lower case; empty: none is named.
std::string EncodingOf(std::string_view declaration) {
  const size_t name = declaration.find("encoding");
  if (name == std::string_view::npos) return {};
  const size_t open = declaration.find_first_of("\"'", name);
  if (open == std::string_view::npos) return {};
  const size_t close = declaration.find(declaration[open], open + 1);
  if (close == std::string_view::npos) return {};
  std::string encoding(declaration.substr(open + 1, close - open - 1));
  for (char& c : encoding) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return encoding;
}

}  // namespace

TransactionScanner::TransactionScanner(std::unique_ptr<ByteWindow> bytes, ScanLimits limits)
    : bytes_(std::move(bytes)), limits_(limits) {}

std::string_view TransactionScanner::text() const {
  const size_t size = std::min(size_, limits_.transaction_bytes_max);
  return cut_.empty() ? bytes_->data().substr(0, size) : std::string_view(cut_);
}

ScanOutcome TransactionScanner::Next() {
  bytes_->Consume(std::exchange(size_, 0));
  cut_.clear();
  is_cut_off_ = false;
  if (!std::exchange(has_begun_, true)) {
    if (const ScanOutcome outcome = CheckBeginning(); outcome != kGoOn) return outcome;
  }
  for (;;) {
    if (const ScanOutcome outcome = NextOutside(); outcome != kGoOn) return outcome;
  }
}

ScanOutcome TransactionScanner::Found(ScanOutcome outcome, size_t size) {
  size_ = size;
  begin_offset_ = bytes_->offset();
  end_offset_ = begin_offset_ + size;
  return outcome;
}

ScanOutcome TransactionScanner::Refuse(std::string_view reason, std::string detail) {
  problem_ = {.reason = reason, .detail = std::move(detail)};
  return ScanOutcome::kRefused;
}

ScanOutcome TransactionScanner::ReadFailed(absl::Status status) {
  read_error_ = std::move(status);
  return ScanOutcome::kReadFailed;
}

// A mark at the beginning says how the file is encoded.
ScanOutcome TransactionScanner::CheckBeginning() {
  constexpr size_t kLook = 4;
  while (bytes_->data().size() < kLook) {
    const absl::StatusOr<bool> has_more = bytes_->Grow();
    if (!has_more.ok()) return ReadFailed(has_more.status());
    if (!*has_more) break;
  }
  const std::string_view data = bytes_->data();
  if (data.empty()) return Refuse("FILE_EMPTY", "the file is empty");
  const bool is_wide = data.starts_with("\xFE\xFF") || data.starts_with("\xFF\xFE") ||
                       data.substr(0, kLook).find('\0') != std::string_view::npos;
  if (is_wide) {
    return Refuse("ENCODING_UNKNOWN", "the file is in UTF-16 or UTF-32; have it written in UTF-8");
  }
  if (data.starts_with("\xEF\xBB\xBF")) bytes_->Consume(3);
  return kGoOn;
}

ScanOutcome TransactionScanner::SkipBlanks() {
  for (;;) {
    const std::string_view data = bytes_->data();
    const auto* end = std::ranges::find_if_not(data, IsXmlBlank);
    bytes_->Consume(static_cast<size_t>(end - data.begin()));
    if (!bytes_->data().empty()) return kGoOn;
    const absl::StatusOr<bool> has_more = bytes_->Grow();
    if (!has_more.ok()) return ReadFailed(has_more.status());
    if (!*has_more) return AtEnd();
  }
}

ScanOutcome TransactionScanner::AtEnd() {
  if (transaction_name_.empty()) {
    return Refuse("POSLOG_MISSING", "there is no POSLog in it, nor a single Transaction");
  }
  if (!is_over_ && !scope_.elements().empty()) {
    is_over_ = true;
    problem_ = {.reason = kFileEndsEarly,
                .detail = fmt::format("the file ends before <{}> is closed; its rest is missing",
                                      sdk::ToUtf8(scope_.elements().back().name.substr(0, 64)))};
    return Found(ScanOutcome::kBad, 0);
  }
  return ScanOutcome::kEnd;
}

ScanOutcome TransactionScanner::NextOutside() {
  if (const ScanOutcome outcome = SkipBlanks(); outcome != kGoOn) return outcome;
  for (bool is_whole = false;;) {
    std::string_view why;
    switch (ReadToken(bytes_->data(), is_whole, &token_, &why)) {
      case TokenOutcome::kToken:
        return token_.size > limits_.transaction_bytes_max ? TooLarge(1) : TakeOutside(token_);
      case TokenOutcome::kInvalid:
        is_cut_off_ = is_whole && NeedsMore(bytes_->data());
        return Recover(kMarkupInvalid, why, 1);
      case TokenOutcome::kNeedsMore: break;
    }
    if (bytes_->data().size() > limits_.transaction_bytes_max) return TooLarge(1);
    const absl::StatusOr<bool> has_more = bytes_->Grow();
    if (!has_more.ok()) return ReadFailed(has_more.status());
    is_whole = !*has_more;
  }
}

ScanOutcome TransactionScanner::TakeOutside(const Token& token) {
  switch (token.kind) {
    case TokenKind::kStartTag:
    case TokenKind::kEmptyTag: return TakeStart(token);
    case TokenKind::kEndTag: return TakeEnd(token);
    case TokenKind::kText:
    case TokenKind::kCdata:
      if (scope_.elements().empty()) {
        return Recover(kMarkupInvalid, "text outside of all elements", 1);
      }
      break;
    case TokenKind::kInstruction:
      if (token.name == "xml" && !TakesEncoding(token)) {
        if (!has_transactions_) {
          return Refuse("ENCODING_UNKNOWN",
                        fmt::format("the encoding \"{}\" is not known; have it written in UTF-8",
                                    sdk::ToUtf8(EncodingOf(token.content).substr(0, 64))));
        }
        return Recover(kMarkupInvalid, "an encoding that is not known", 1);
      }
      break;
    case TokenKind::kComment: break;
  }
  bytes_->Consume(token.size);
  return kGoOn;
}

// Encodings in which markup is ASCII. What a value holds beyond ASCII is looked at when it is used.
bool TransactionScanner::TakesEncoding(const Token& declaration) {
  constexpr std::array<std::string_view, 5> kLikeAscii = {"iso-8859-", "windows-125", "us-ascii",
                                                          "ascii", "latin"};
  const std::string encoding = EncodingOf(declaration.content);
  is_utf8_ = encoding.empty() || encoding == "utf-8" || encoding == "utf8";
  return is_utf8_ || std::ranges::any_of(kLikeAscii, [&](std::string_view known) {
           return encoding.starts_with(known);
         });
}

bool TransactionScanner::IsTransaction(const Token& tag) const {
  if (LocalName(tag.name) != "Transaction") return false;
  if (scope_.elements().empty()) return true;
  for (const OpenElement& element : scope_.elements()) {
    if (LocalName(element.name) == "POSLog") return scope_.NamespaceOf(tag) == element.name_space;
  }
  return false;
}

ScanOutcome TransactionScanner::TakeStart(const Token& token) {
  if (IsTransaction(token)) {
    transaction_name_ = token.name;
    return ScanTransaction(token);
  }
  if (LocalName(token.name) == "POSLog") {
    const std::string_view prefix = PrefixOf(token.name);
    transaction_name_ = prefix.empty() ? "Transaction" : fmt::format("{}:Transaction", prefix);
  }
  if (token.kind == TokenKind::kStartTag) {
    if (scope_.elements().size() == limits_.depth_max) {
      return Recover("DEPTH_EXCEEDED",
                     fmt::format("elements inside one another deeper than {}", limits_.depth_max),
                     1);
    }
    scope_.Open(token);
  }
  bytes_->Consume(token.size);
  return kGoOn;
}

ScanOutcome TransactionScanner::TakeEnd(const Token& token) {
  if (scope_.elements().empty() || scope_.elements().back().name != token.name) {
    return Recover(kMarkupInvalid, "an end tag that closes nothing", 1);
  }
  scope_.Close();
  bytes_->Consume(token.size);
  return kGoOn;
}

ScanOutcome TransactionScanner::ScanTransaction(const Token& start) {
  has_transactions_ = true;
  if (start.kind == TokenKind::kEmptyTag) return Found(ScanOutcome::kTransaction, start.size);
  open_.assign(1, Span{.begin = 1, .size = start.name.size()});
  at_ = start.size;
  bool is_whole = false;
  while (!open_.empty()) {
    if (const ScanOutcome outcome = StepInside(&is_whole); outcome != kGoOn) return outcome;
  }
  return Found(ScanOutcome::kTransaction, at_);
}

// Takes the next token, or reads more.
ScanOutcome TransactionScanner::StepInside(bool* is_whole) {
  const std::string_view rest = bytes_->data().substr(at_);
  std::string_view why = "an element that is not closed";
  const TokenOutcome outcome = rest.empty()
                                   ? (*is_whole ? TokenOutcome::kInvalid : TokenOutcome::kNeedsMore)
                                   : ReadToken(rest, *is_whole, &token_, &why);
  if (outcome == TokenOutcome::kToken) {
    return at_ + token_.size > limits_.transaction_bytes_max ? TooLarge(at_) : TakeInside(token_);
  }
  if (outcome == TokenOutcome::kInvalid) {
    is_cut_off_ = rest.empty() || (*is_whole && NeedsMore(rest));
    return Recover(kMarkupInvalid, why, at_);
  }
  if (bytes_->data().size() > limits_.transaction_bytes_max) return TooLarge(at_);
  const absl::StatusOr<bool> has_more = bytes_->Grow();
  if (!has_more.ok()) return ReadFailed(has_more.status());
  *is_whole = !*has_more;
  return kGoOn;
}

ScanOutcome TransactionScanner::TakeInside(const Token& token) {
  if (token.kind == TokenKind::kStartTag || token.kind == TokenKind::kEmptyTag) {
    // No transaction stands in another: the end of this one is missing.
    if (token.name == transaction_name_) {
      return Recover(kMarkupInvalid, "another transaction begins before this one ends", at_);
    }
    if (scope_.elements().size() + open_.size() >= limits_.depth_max) {
      return Recover("DEPTH_EXCEEDED",
                     fmt::format("elements inside one another deeper than {}", limits_.depth_max),
                     at_);
    }
    if (token.kind == TokenKind::kStartTag) {
      open_.push_back({.begin = at_ + 1, .size = token.name.size()});
    }
  } else if (token.kind == TokenKind::kEndTag) {
    const Span name = open_.back();
    if (bytes_->data().substr(name.begin, name.size) != token.name) {
      return Recover(kMarkupInvalid, "an end tag that closes another element", at_);
    }
    open_.pop_back();
  }
  at_ += token.size;
  return kGoOn;
}

ScanOutcome TransactionScanner::TooLarge(size_t from) {
  return Recover(
      "TRANSACTION_TOO_LARGE",
      fmt::format("more than {} bytes; see transaction_bytes_max", limits_.transaction_bytes_max),
      std::min(from, bytes_->data().size()));
}

// The first tag of a transaction at or behind `from`, whatever stands around it. npos: there is
// none that can be seen. An end tag belongs to what is skipped: `size` is where that ends.
size_t TransactionScanner::FindBoundary(size_t from, size_t* size) const {
  const std::string_view data = bytes_->data();
  for (size_t at = data.find('<', from); at != std::string_view::npos;
       at = data.find('<', at + 1)) {
    std::string_view rest = data.substr(at + 1);
    const bool is_end = rest.starts_with('/');
    if (is_end) rest.remove_prefix(1);
    if (!rest.starts_with(transaction_name_)) continue;
    rest.remove_prefix(transaction_name_.size());
    if (!is_end && !rest.empty()) {
      const bool is_tag = IsXmlBlank(rest.front()) || rest.front() == '>' || rest.front() == '/';
      if (is_tag) return *size = at;
      continue;
    }
    const size_t blanks = static_cast<size_t>(
        std::ranges::find_if_not(rest.substr(0, kTagBlanksMax), IsXmlBlank) - rest.begin());
    if (blanks == rest.size()) return std::string_view::npos;  // More will tell.
    if (rest[blanks] != '>') continue;
    *size = data.size() - rest.size() + blanks + 1;
    return at;
  }
  return std::string_view::npos;
}

// Skips what is bad. Markup cannot be trusted any more, so that only the bytes of the tags of
// transactions count.
ScanOutcome TransactionScanner::Recover(std::string_view reason, std::string_view what,
                                        size_t from) {
  problem_ = {.reason = reason,
              .detail = fmt::format("{} at byte {}", what, bytes_->offset() + from)};
  if (transaction_name_.empty()) return Refuse(reason, problem_.detail);
  const uint64_t begin = bytes_->offset();
  size_t skipped = 0;  // Bytes of it that were consumed.
  size_t size = 0;
  while (FindBoundary(from, &size) == std::string_view::npos) {
    // A tag may be cut off at the end of what can be seen.
    const size_t tag_bytes = transaction_name_.size() + kTagBlanksMax + 4;
    const size_t seen = bytes_->data().size();
    from = std::max(from, seen - std::min(seen, tag_bytes));
    if (seen > limits_.transaction_bytes_max) {
      const size_t keep =
          limits_.transaction_bytes_max - std::min(limits_.transaction_bytes_max, cut_.size());
      cut_.append(bytes_->data().substr(0, std::min(from, keep)));
      bytes_->Consume(from);
      skipped += from;
      from = 0;
    }
    const absl::StatusOr<bool> has_more = bytes_->Grow();
    if (!has_more.ok()) return ReadFailed(has_more.status());
    if (*has_more) continue;
    size = bytes_->data().size();
    is_over_ = true;
    if (is_cut_off_) problem_.reason = kFileEndsEarly;
    break;
  }
  if (!cut_.empty() && cut_.size() < limits_.transaction_bytes_max) {
    cut_.append(
        bytes_->data().substr(0, std::min(size, limits_.transaction_bytes_max - cut_.size())));
  }
  size_ = size;
  begin_offset_ = begin;
  end_offset_ = begin + skipped + size;
  return ScanOutcome::kBad;
}

}  // namespace stockd::poslog
