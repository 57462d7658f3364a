// Article numbers as barcodes carry them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::sample {

// The last digit of a GTIN whose other digits are given: the weights 3 and 1 alternate from the
// right. REQUIRES: digits only.
[[nodiscard]] char GtinCheckDigit(std::string_view digits);

// A GTIN-13 that belongs to no real product: it begins with 20, which GS1 leaves to shops for their
// own use. `number` is below 10,000,000,000.
[[nodiscard]] std::string OwnUseGtin(int64_t number);

}  // namespace stockd::sample
