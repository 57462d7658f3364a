#include "adapters/files/row_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "adapters/sdk/decimal.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

constexpr size_t kIdBytesMax = 128;

std::string Shown(std::string_view value) { return sdk::ToUtf8(value.substr(0, 64)); }

}  // namespace

void RowValues::Refuse(std::string_view reason, std::string detail) {
  if (!problem_) problem_ = RowProblem{.reason = reason, .detail = std::move(detail)};
}

std::string RowValues::Text(std::string_view field, std::string_view value, size_t bytes_max) {
  if (value.size() > bytes_max) {
    Refuse("TEXT_TOO_LONG", fmt::format("{} has {} bytes, at most {} are taken: \"{}\"", field,
                                        value.size(), bytes_max, Shown(value)));
    return {};
  }
  if (!sdk::IsUtf8(value)) {
    Refuse("UTF8_INVALID", fmt::format("{} is not UTF-8: \"{}\"", field, Shown(value)));
    return {};
  }
  return std::string(value);
}

std::string RowValues::OptionalId(std::string_view field, std::string_view value) {
  if (sdk::HasControlCharacter(value)) {
    Refuse("ID_INVALID", fmt::format("{} holds a control character", field));
    return {};
  }
  return Text(field, value, kIdBytesMax);
}

std::string RowValues::Id(std::string_view field, std::string_view value) {
  if (value.empty()) Refuse("VALUE_MISSING", fmt::format("{} is empty", field));
  return OptionalId(field, value);
}

int64_t RowValues::Quantity(std::string_view value, int scale, char separator) {
  if (value.empty()) {
    Refuse("VALUE_MISSING", "quantity is empty");
    return 0;
  }
  const absl::StatusOr<int64_t> quantity =
      sdk::ParseDecimal(value, {.scale = scale, .separator = separator});
  if (!quantity.ok()) {
    Refuse("QUANTITY_INVALID", sdk::ToUtf8(std::string(quantity.status().message())));
    return 0;
  }
  if (*quantity > kQuantityMax || *quantity < -kQuantityMax) {
    Refuse("QUANTITY_OUT_OF_RANGE",
           fmt::format("\"{}\" is beyond {} of the smallest unit", Shown(value), kQuantityMax));
    return 0;
  }
  return *quantity;
}

int64_t RowValues::Price(std::string_view field, std::string_view value, char separator) {
  if (value.empty()) return 0;
  const absl::StatusOr<int64_t> price = sdk::ParseMicros(value, separator);
  if (price.ok()) return *price;
  Refuse("PRICE_INVALID",
         fmt::format("{}: {}", field, sdk::ToUtf8(std::string(price.status().message()))));
  return 0;
}

std::string RowValues::Currency(std::string_view value) {
  const bool is_code =
      value.size() == 3 && std::ranges::all_of(value, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (value.empty() || is_code) return std::string(value);
  Refuse("CURRENCY_INVALID",
         fmt::format("\"{}\" is not a currency code of three upper-case letters", Shown(value)));
  return {};
}

int64_t RowValues::Number(std::string_view field, std::string_view value, int64_t min, int64_t max,
                          int64_t fallback) {
  if (value.empty()) return fallback;
  const absl::StatusOr<int64_t> number = sdk::ParseDecimal(value, {});
  if (number.ok() && *number >= min && *number <= max) return *number;
  Refuse("NUMBER_INVALID", fmt::format("{}: \"{}\" is not a whole number from {} to {}", field,
                                       Shown(value), min, max));
  return fallback;
}

bool RowValues::Flag(std::string_view field, std::string_view value, bool fallback) {
  constexpr std::array<std::string_view, 5> kTrue = {"true", "yes", "1", "TRUE", "Y"};
  constexpr std::array<std::string_view, 5> kFalse = {"false", "no", "0", "FALSE", "N"};
  if (value.empty()) return fallback;
  if (std::ranges::find(kTrue, value) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, value) != kFalse.end()) return false;
  Refuse("FLAG_INVALID", fmt::format("{}: \"{}\" is neither true nor false", field, Shown(value)));
  return fallback;
}

}  // namespace stockd::files
