#pragma once

#include <bit>
#include <cstdint>

#include "daemon/reports/measure.h"

namespace stockd::reports {

// What is kept as a distribution, from which percentiles are read. Values are stored.
enum class Distribution : uint8_t {
  kStockOutMicros = 0,  // How long positions had nothing on hand, by the begin.
  kCycleMicros = 1,     // Of fulfilments, by completion, as are
  kNetCycleMicros = 2,
  kReleaseMicros = 3,
  kPickingMicros = 4,
  kPackingMicros = 5,
  kTransitMicros = 6,
  kReadyMicros = 7,
  kDwellMicros = 8,
  kWaitMicros = 9,
  kLatenessMicros = 10,  // Of facts, by when they occurred.
  kDeliveryLateMicros = 11,
};

// Bins that are 1/64 of a power of two wide: a percentile read from them is off by at most 1/128 of
// itself. Whole numbers only, so that they are the same on every machine.
inline constexpr int kBinBits = 6;
inline constexpr int kBinsMax = 4096;
inline constexpr double kBinErrorMax = 1.0 / 128;

// The bin of a value; negative values count as 0.
constexpr int BinOf(int64_t value) {
  if (value < 0) value = 0;
  const auto bits = static_cast<uint64_t>(value);
  if (bits < (1U << kBinBits)) return static_cast<int>(bits);
  const int exponent = static_cast<int>(std::bit_width(bits)) - 1 - kBinBits;
  return (exponent + 1) * (1 << kBinBits) + static_cast<int>((bits >> exponent) - (1U << kBinBits));
}

// The middle of a bin.
constexpr int64_t ValueOf(int bin) {
  if (bin < (1 << kBinBits)) return bin;
  const int exponent = bin / (1 << kBinBits) - 1;
  const int64_t low = (int64_t{1} << kBinBits) + bin % (1 << kBinBits);
  return (low << exponent) + ((int64_t{1} << exponent) - 1) / 2;
}

constexpr Measure BinMeasure(Distribution distribution, int bin) {
  return static_cast<Measure>(
      static_cast<int>(Measure::kFirstBin) * (1 + static_cast<int>(distribution)) + bin);
}
constexpr bool IsBin(Measure measure) { return measure >= Measure::kFirstBin; }
constexpr Distribution DistributionOf(Measure measure) {
  return static_cast<Distribution>(static_cast<int>(measure) / kBinsMax - 1);
}
constexpr int BinOf(Measure measure) { return static_cast<int>(measure) % kBinsMax; }

static_assert(static_cast<int>(Measure::kFirstBin) == kBinsMax);
static_assert(BinOf(INT64_MAX) < kBinsMax);

}  // namespace stockd::reports
