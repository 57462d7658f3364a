#include "adapters/poslog/sold_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ranges>
#include <span>

#include "adapters/sdk/utf8.h"

namespace stockd::poslog {
namespace {

// What left the store by the line, were it no void. Returns are written with either sign.
int64_t Written(const SoldLine& line) {
  return line.is_return ? -std::abs(line.quantity) : line.quantity;
}

bool IsOpposite(int64_t one, int64_t other) {
  return (one > 0 && other < 0) || (one < 0 && other > 0);
}

std::string Shown(const SoldLine& line) {
  return fmt::format("line {} takes item {} back",
                     line.number.empty() ? "without a number" : sdk::ToUtf8(line.number),
                     sdk::ToUtf8(line.item.substr(0, 64)));
}

// Takes as much of `rest` from the line as it has.
void TakeBack(SoldLine& line, int64_t& rest) {
  if (!IsOpposite(line.units, rest)) return;
  const int64_t taken = std::min(std::abs(line.units), std::abs(rest));
  const int64_t change = rest < 0 ? -taken : taken;
  line.units += change;
  rest -= change;
}

// The change that a void makes to what left the store; unset: nobody can tell.
std::optional<int64_t> ChangeOf(VoidRule rule, const SoldLine& line, std::span<SoldLine> before) {
  const int64_t as_written = line.is_return ? -line.quantity : line.quantity;
  switch (rule) {
    case VoidRule::kNegative: return as_written;
    case VoidRule::kPositive: return -as_written;
    case VoidRule::kMarked: return 0;
    case VoidRule::kAuto: break;
  }
  if (line.quantity < 0) return as_written;
  if (!line.linked_number.empty()) return -as_written;
  const bool undoes_return = std::ranges::any_of(before, [&](const SoldLine& earlier) {
    return earlier.item == line.item && IsOpposite(earlier.units, as_written);
  });
  if (undoes_return) return as_written;
  return std::nullopt;
}

std::optional<Flaw> TakeBack(const SoldLine& line, int64_t change, std::span<SoldLine> before) {
  int64_t rest = change;
  if (!line.linked_number.empty()) {
    for (SoldLine& earlier : before) {
      if (earlier.number == line.linked_number && earlier.item == line.item) {
        TakeBack(earlier, rest);
      }
    }
  } else {
    for (SoldLine& earlier : before | std::views::reverse) {
      if (earlier.item != line.item || earlier.units != -rest) continue;
      TakeBack(earlier, rest);
      break;
    }
    for (SoldLine& earlier : before | std::views::reverse) {
      if (earlier.item == line.item) TakeBack(earlier, rest);
    }
  }
  if (rest == 0) return std::nullopt;
  return Flaw{.reason = "VOID_UNMATCHED",
              .detail = Shown(line) + ", more than was sold before it, or of another line"};
}

}  // namespace

std::optional<Flaw> ApplyVoids(VoidRule rule, std::vector<SoldLine>& lines) {
  for (size_t at = 0; at < lines.size(); ++at) {
    SoldLine& line = lines[at];
    line.units = line.is_void ? 0 : Written(line);
    if (!line.is_void) continue;
    const std::span<SoldLine> before(lines.data(), at);
    const std::optional<int64_t> change = ChangeOf(rule, line, before);
    if (!change) {
      return Flaw{.reason = "VOID_AMBIGUOUS",
                  .detail = Shown(line) +
                            " with a positive quantity and without naming a line: set "
                            "`dialect` to say what this means"};
    }
    if (auto flaw = TakeBack(line, *change, before)) return flaw;
  }
  return std::nullopt;
}

}  // namespace stockd::poslog
