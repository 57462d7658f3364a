// What is sold by order only: picked up in a store, or sent. Apart from the rest of the assortment,
// so that a day of orders changes nothing of what the tills and the files tell.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace stockd::sample {

struct CollectItem {
  std::string_view sku;  // Begins with kCollectPrefix.
  std::string_view name;
  std::string_view category;
  int64_t price_cents = 0;
  std::string_view shelf;  // Where it stands in every store.
};

inline constexpr std::string_view kCollectPrefix = "CNC-";

[[nodiscard]] std::span<const CollectItem> CollectRange();

// Units that a site opens with.
[[nodiscard]] int64_t CollectOpening(bool is_warehouse);

}  // namespace stockd::sample
