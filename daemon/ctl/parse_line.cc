#include "daemon/ctl/parse_line.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "daemon/ctl/command.h"

namespace stockd::ctl {
namespace {

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

v1::Position ParsePosition(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) {
    throw UsageError("\"" + std::string(text) + "\" is not a position; write SKU@LOCATION");
  }
  v1::Position position;
  position.set_sku(std::string(text.substr(0, at)));
  position.set_location(std::string(text.substr(at + 1)));
  return position;
}

v1::LineRequest ParseLine(std::string_view text, int64_t quantity_min) {
  const size_t colon = text.rfind(':');
  const std::string shown = "\"" + std::string(text) + "\"";
  if (colon == std::string_view::npos || text.find('@') > colon) {
    throw UsageError(shown +
                     " is not a line; write SKU@LOCATION:QUANTITY, for example MUG-1@S01:2");
  }
  const std::optional<int64_t> quantity = ParseNumber<int64_t>(text.substr(colon + 1));
  if (!quantity || *quantity < quantity_min) {
    throw UsageError(shown + " has no quantity of at least " + std::to_string(quantity_min) +
                     " behind the colon; quantities are whole numbers of the item's smallest unit");
  }
  v1::LineRequest line;
  *line.mutable_position() = ParsePosition(text.substr(0, colon));
  line.set_quantity(*quantity);
  return line;
}

v1::Coordinate ParseCoordinate(std::string_view text) {
  const size_t comma = text.find(',');
  std::optional<double> latitude;
  std::optional<double> longitude;
  if (comma != std::string_view::npos) {
    latitude = ParseNumber<double>(text.substr(0, comma));
    longitude = ParseNumber<double>(text.substr(comma + 1));
  }
  const bool in_range = latitude && longitude && *latitude >= -90 && *latitude <= 90 &&
                        *longitude >= -180 && *longitude <= 180;
  if (!in_range) {
    throw UsageError("\"" + std::string(text) +
                     "\" is not a coordinate; write degrees north, a comma and degrees east, for "
                     "example 41.03,28.98");
  }
  v1::Coordinate coordinate;
  coordinate.set_latitude(*latitude);
  coordinate.set_longitude(*longitude);
  return coordinate;
}

std::optional<int64_t> ParseMicros(std::string_view text) {
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  if (decimals.size() > 6 || (point + 1 == text.size())) return std::nullopt;
  const bool all_digits =
      std::all_of(decimals.begin(), decimals.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!all_digits || digits.empty()) return std::nullopt;
  digits += std::string(decimals) + std::string(6 - decimals.size(), '0');
  return ParseNumber<int64_t>(digits);
}

}  // namespace stockd::ctl
