// What the names of the invented items are made of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace stockd::sample {

struct Category {
  std::string_view prefix;  // Of its SKUs.
  std::string_view path;
  int share = 0;           // Hundredths of the assortment.
  int demand = 1;          // How often its items sell, against others of the same rank.
  bool by_weight = false;  // Sold in kilograms with three decimals.
  int64_t price_low_cents = 0;
  int64_t price_high_cents = 0;
  std::span<const std::string_view> brands;
  std::span<const std::string_view> qualities;
  std::span<const std::string_view> things;
  std::span<const std::string_view> sizes;  // Empty when sold by weight.
};

[[nodiscard]] std::span<const Category> Categories();

}  // namespace stockd::sample
