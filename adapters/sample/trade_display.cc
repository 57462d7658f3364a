#include "adapters/sample/trade_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace stockd::sample {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTerminalInterval{500};
constexpr milliseconds kLogInterval{15'000};

// "14:05": the minute in UTC.
std::string ClockText(sdk::Timestamp instant) {
  return sdk::FormatTimestamp(std::chrono::floor<std::chrono::minutes>(instant)).substr(11, 5);
}

// A longer line would wrap, and could not be written over.
size_t TerminalColumns() {
  constexpr size_t kUsual = 80;
  winsize size{};
  const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsual;
}

}  // namespace

TradeDisplay::TradeDisplay(sdk::Timestamp began_at)
    : began_at_(began_at), is_terminal_(::isatty(STDOUT_FILENO) == 1) {}

void TradeDisplay::Show(const Status& status, sdk::Timestamp real_now) {
  if (real_now - shown_at_ < (is_terminal_ ? kTerminalInterval : kLogInterval)) return;
  shown_at_ = real_now;
  const sdk::Timestamp now = began_at_ + milliseconds(status.now_ms);
  const std::string line = fmt::format(
      "{} UTC{}: sold {} returned {} counted {}, orders {}, moved {}, baskets held {} refused {}",
      ClockText(now), status.has_caught_up ? " (now)" : "", status.files.sold_lines,
      status.files.returned_lines, status.files.counted_lines, status.files.order_lines,
      status.files.movements, status.checkout.held, status.checkout.refused);
  if (is_terminal_) {
    fmt::print("\r{}\x1b[K", line.substr(0, TerminalColumns() - 1));
  } else {
    fmt::print("{}\n", line);
  }
  std::fflush(stdout);
}

void TradeDisplay::End() {
  if (is_terminal_) fmt::print("\n");
  std::fflush(stdout);
}

}  // namespace stockd::sample
