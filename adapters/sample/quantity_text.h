// Numbers as files show them.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/sample/assortment.h"

namespace stockd::sample {

// Pieces as they are, grams as kilograms: "3", "0.734", "-1.200".
[[nodiscard]] std::string QuantityText(const Item& item, int64_t quantity);

// "12.99".
[[nodiscard]] std::string PriceText(int64_t cents);

}  // namespace stockd::sample
