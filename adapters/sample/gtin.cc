#include "adapters/sample/gtin.h"

#include <fmt/format.h>

#include <ranges>

namespace stockd::sample {

char GtinCheckDigit(std::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (const char digit : std::views::reverse(digits)) {
    sum += (digit - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string OwnUseGtin(int64_t number) {
  std::string gtin = fmt::format("20{:010}", number);
  gtin += GtinCheckDigit(gtin);
  return gtin;
}

}  // namespace stockd::sample
