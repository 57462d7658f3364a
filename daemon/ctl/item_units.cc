#include "daemon/ctl/item_units.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/parse_line.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

constexpr size_t kSkusMax = 1000;  // In one call.

// "1.5" as 1500 with three decimals; nothing when it is no number, or has more decimals.
std::optional<int64_t> ParseDecimal(std::string_view text, int decimals) {
  const size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (fraction.empty() || fraction.size() > static_cast<size_t>(decimals)) return std::nullopt;
  digits += fraction;
  digits.append(static_cast<size_t>(decimals) - fraction.size(), '0');
  int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

std::string FormatDecimal(int64_t quantity, int decimals) {
  if (decimals <= 0) return std::to_string(quantity);
  // Of the absolute value as unsigned: it exists for the smallest number, too.
  std::string digits = std::to_string(quantity < 0 ? -static_cast<uint64_t>(quantity)
                                                   : static_cast<uint64_t>(quantity));
  const auto places = static_cast<size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  return (quantity < 0 ? "-" : "") + digits;
}

void ItemUnits::Learn(const std::vector<std::string>& skus) {
  std::vector<std::string> unknown;
  for (const std::string& sku : skus) {
    if (decimals_.try_emplace(sku, 0).second) unknown.push_back(sku);
  }
  for (size_t begin = 0; begin < unknown.size(); begin += kSkusMax) {
    v1::BatchGetItemsRequest request;
    for (size_t i = begin; i < std::min(begin + kSkusMax, unknown.size()); ++i) {
      request.add_skus(unknown[i]);
    }
    try {
      const v1::BatchGetItemsResponse response =
          session_.client.Call(&v1::CatalogueService::Stub::BatchGetItems, request);
      for (const v1::Item& item : response.items()) decimals_[item.sku()] = item.scale();
    } catch (const CallFailed&) {
      return;  // An older daemon: figures are shown as they are.
    }
  }
}

int ItemUnits::DecimalsOf(const std::string& sku) {
  if (!decimals_.contains(sku)) Learn({sku});
  return decimals_[sku];
}

std::string ItemUnits::Format(const std::string& sku, int64_t quantity) {
  return FormatDecimal(quantity, DecimalsOf(sku));
}

v1::LineRequest ItemUnits::ParseLine(std::string_view text, int64_t quantity_min) {
  const size_t colon = text.rfind(':');
  const bool has_point = colon != std::string_view::npos && text.find('.', colon) != text.npos;
  if (!has_point) {
    v1::LineRequest line = ctl::ParseLine(text, quantity_min);
    NoteSmallestUnits(line.position().sku(), line.quantity());
    return line;
  }
  v1::LineRequest line;
  *line.mutable_position() = ParsePosition(text.substr(0, colon));
  line.set_quantity(
      ParseDecimalOf(line.position().sku(), text, text.substr(colon + 1), quantity_min));
  return line;
}

v1::PlanLine ItemUnits::ParsePlanLine(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    throw UsageError("\"" + std::string(text) +
                     "\" is not a line of a cart; write SKU:QUANTITY, for example MUG-1:2");
  }
  v1::PlanLine line;
  line.set_sku(std::string(text.substr(0, colon)));
  const std::string_view quantity = text.substr(colon + 1);
  if (quantity.find('.') != std::string_view::npos) {
    line.set_quantity(ParseDecimalOf(line.sku(), text, quantity, 1));
    return line;
  }
  int64_t units = 0;
  const char* const end = quantity.data() + quantity.size();
  const auto parsed = std::from_chars(quantity.data(), end, units);
  if (parsed.ec != std::errc{} || parsed.ptr != end || units < 1) {
    throw UsageError("\"" + std::string(text) +
                     "\" has no quantity of at least 1 behind the colon");
  }
  line.set_quantity(units);
  NoteSmallestUnits(line.sku(), units);
  return line;
}

int64_t ItemUnits::ParseDecimalOf(const std::string& sku, std::string_view line,
                                  std::string_view quantity, int64_t quantity_min) {
  const int decimals = DecimalsOf(sku);
  const std::optional<int64_t> units = ParseDecimal(quantity, decimals);
  if (units && *units >= quantity_min) return *units;
  throw UsageError("\"" + std::string(line) + "\" has no quantity with at most " +
                   std::to_string(decimals) + " decimals behind the colon");
}

// A program that asks for JSON knows what it says.
void ItemUnits::NoteSmallestUnits(const std::string& sku, int64_t quantity) {
  if (session_.json) return;
  const int decimals = DecimalsOf(sku);
  if (decimals == 0) return;
  session_.err << quantity << " of " << sku << " are " << FormatDecimal(quantity, decimals)
               << ": a quantity without a decimal point counts smallest units\n";
}

}  // namespace stockd::ctl
