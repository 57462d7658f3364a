// What streams of random numbers are drawn for.
#pragma once

#include <cstdint>

namespace stockd::sample {

// Each makes a stream of its own, so that a change of one part of the sample leaves the others as
// they were.
inline constexpr uint64_t kAssortmentPurpose = 1;
inline constexpr uint64_t kStockPurpose = 2;
inline constexpr uint64_t kCustomerPurpose = 3;
inline constexpr uint64_t kSupplyPurpose = 4;
inline constexpr uint64_t kMishapPurpose = 5;
inline constexpr uint64_t kOnlinePurpose = 6;

}  // namespace stockd::sample
