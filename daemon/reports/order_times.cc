#include "daemon/reports/order_times.h"

#include <optional>
#include <set>

#include "daemon/reports/report_query.h"

namespace stockd::reports {
namespace {

// The distribution of the times that a measure adds up.
std::optional<Distribution> DistributionFor(Measure sum) {
  switch (sum) {
    case Measure::kCycleMicros: return Distribution::kCycleMicros;
    case Measure::kNetCycleMicros: return Distribution::kNetCycleMicros;
    case Measure::kReleaseMicros: return Distribution::kReleaseMicros;
    case Measure::kPickingMicros: return Distribution::kPickingMicros;
    case Measure::kPackingMicros: return Distribution::kPackingMicros;
    case Measure::kTransitMicros: return Distribution::kTransitMicros;
    case Measure::kReadyMicros: return Distribution::kReadyMicros;
    case Measure::kDwellMicros: return Distribution::kDwellMicros;
    case Measure::kWaitMicros: return Distribution::kWaitMicros;
    case Measure::kDeliveryLateMicros: return Distribution::kDeliveryLateMicros;
    default: return std::nullopt;
  }
}

}  // namespace

bool ReadOrderTimes(RollupView& view, const TimeGrid& grid, std::span<const uint32_t> locations,
                    Timestamp begin, Timestamp end,
                    const std::function<void(const LifePart& part, Distribution distribution,
                                             int64_t micros)>& each) {
  const int64_t first = grid.BucketAt(Level::kDay, begin);
  const int64_t last = grid.BucketAt(Level::kDay, end - Duration(1));
  std::set<uint64_t> numbers;
  for (const uint32_t location : locations) {
    view.ScanOrders(location, first, last, [&](int64_t, uint64_t number) {
      numbers.insert(number);
      return numbers.size() <= kOrdersReadMax;
    });
    if (numbers.size() > kOrdersReadMax) return false;
  }
  std::vector<LifePart> parts;
  for (const uint64_t number : numbers) {
    parts.clear();
    if (!DecodeLife(view.OrderLife(number), parts)) {
      throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
    }
    for (const LifePart& part : parts) {
      if (part.at < begin || part.at >= end) continue;
      for (const Amount& amount : part.amounts) {
        // A time of nothing adds nothing to its sum, but has its place in the first bin.
        if (!IsBin(amount.measure)) continue;
        const Distribution distribution = DistributionOf(amount.measure);
        int64_t micros = 0;
        for (const Amount& sum : part.amounts) {
          if (DistributionFor(sum.measure) == distribution) {
            micros = static_cast<int64_t>(sum.amount);
          }
        }
        each(part, distribution, micros);
      }
    }
  }
  return true;
}

}  // namespace stockd::reports
