#include "adapters/sample/quantity_text.h"

#include <fmt/format.h>

#include <cstdlib>

namespace stockd::sample {

std::string QuantityText(const Item& item, int64_t quantity) {
  if (!item.by_weight) return std::to_string(quantity);
  constexpr int64_t kGramsPerKilogram = 1000;
  const int64_t grams = std::abs(quantity);
  return fmt::format("{}{}.{:03}", quantity < 0 ? "-" : "", grams / kGramsPerKilogram,
                     grams % kGramsPerKilogram);
}

std::string PriceText(int64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

}  // namespace stockd::sample
