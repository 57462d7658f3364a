// The items of the sample.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::sample {

struct Item {
  std::string sku;
  std::string name;
  std::string_view category;
  bool by_weight = false;  // Counted in grams, shown in kilograms; else counted in pieces.
  std::string gtin;
  int64_t price_cents = 0;
  int64_t cost_cents = 0;
  int64_t popularity = 1;  // How often it sells, against the other items.
  bool is_launch = false;  // Sold before anybody has told stockd about it.
};

inline constexpr size_t kItemCount = 3000;
// The last items of the assortment are the launches.
inline constexpr size_t kLaunchCount = 6;

// A few items sell very often, most rarely. The same seed gives the same items.
[[nodiscard]] std::vector<Item> MakeAssortment(uint64_t seed);

}  // namespace stockd::sample
