#include "daemon/config/values.h"

#include <array>
#include <charconv>
#include <limits>

namespace stockd::config {
namespace {

struct Unit {
  std::string_view name;
  int64_t size;
};

// Largest first, so that formatting takes the first that divides.
constexpr std::array<Unit, 6> kDurationUnits = {{{"d", 86'400'000'000},
                                                 {"h", 3'600'000'000},
                                                 {"m", 60'000'000},
                                                 {"s", 1'000'000},
                                                 {"ms", 1'000},
                                                 {"us", 1}}};
constexpr std::array<Unit, 3> kByteUnits = {
    {{"GiB", int64_t{1} << 30}, {"MiB", int64_t{1} << 20}, {"KiB", int64_t{1} << 10}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front of `text`.
std::optional<int64_t> TakeNumber(std::string_view& text) {
  int64_t number = 0;
  if (text.empty() || !IsDigit(text.front())) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

template <size_t kCount>
std::optional<int64_t> UnitSize(const std::array<Unit, kCount>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit.size;
  }
  return std::nullopt;
}

std::optional<int64_t> Multiply(int64_t number, int64_t size) {
  if (number > std::numeric_limits<int64_t>::max() / size) return std::nullopt;
  return number * size;
}

}  // namespace

std::optional<std::chrono::microseconds> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int64_t total = 0;
  while (!text.empty()) {
    const std::optional<int64_t> number = TakeNumber(text);
    if (!number) return std::nullopt;
    size_t length = 0;
    while (length < text.size() && !IsDigit(text[length])) ++length;
    const std::optional<int64_t> size = UnitSize(kDurationUnits, text.substr(0, length));
    if (!size) return std::nullopt;
    text.remove_prefix(length);
    const std::optional<int64_t> part = Multiply(*number, *size);
    if (!part || *part > std::numeric_limits<int64_t>::max() - total) return std::nullopt;
    total += *part;
  }
  return std::chrono::microseconds(total);
}

std::string FormatDuration(std::chrono::microseconds duration) {
  const int64_t count = duration.count();
  if (count == 0) return "0s";
  for (const Unit& unit : kDurationUnits) {
    if (count % unit.size == 0) return std::to_string(count / unit.size) + std::string(unit.name);
  }
  return std::to_string(count) + "us";
}

std::optional<int64_t> ParseBytes(std::string_view text) {
  const std::optional<int64_t> number = TakeNumber(text);
  if (!number || text.empty()) return number;
  if (text.front() == ' ') text.remove_prefix(1);
  const std::optional<int64_t> size = UnitSize(kByteUnits, text);
  return size ? Multiply(*number, *size) : std::nullopt;
}

std::string FormatBytes(int64_t bytes) {
  for (const Unit& unit : kByteUnits) {
    if (bytes != 0 && bytes % unit.size == 0) {
      return std::to_string(bytes / unit.size) + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  std::string_view port_text = text.substr(colon + 1);
  const std::optional<int64_t> port = TakeNumber(port_text);
  if (!port || !port_text.empty() || *port > 65535) return std::nullopt;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool has_colon = host.find(':') != std::string_view::npos;
  if (has_colon != bracketed) return std::nullopt;  // An IPv6 address needs its brackets.
  for (const char c : host) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '[' || c == ']') {
      return std::nullopt;
    }
  }
  return HostPort{.host = std::string(host), .port = static_cast<int>(*port)};
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // "127." alone is not enough: 127.example.com is a name that may lead anywhere.
  if (!host.starts_with("127.")) return false;
  return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace stockd::config
