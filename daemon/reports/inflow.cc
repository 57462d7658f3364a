#include "daemon/reports/inflow.h"

#include "daemon/reports/cell.h"

namespace stockd::reports {
namespace {

// Days are counted from 1970; facts are not older than the year 1.
constexpr int64_t kFirstDay = -719'162;

}  // namespace

std::string EncodeInflow(const Inflow& inflow) {
  std::string bytes;
  int64_t last = kFirstDay;
  for (const auto& [day, units] : inflow) {
    AppendVarint(bytes, static_cast<uint64_t>(day - last));
    AppendVarint(bytes, static_cast<uint64_t>(units));
    last = day;
  }
  return bytes;
}

bool AddInflow(std::string_view encoded, Inflow& inflow) {
  int64_t day = kFirstDay;
  for (size_t at = 0; at < encoded.size();) {
    unsigned __int128 step = 0;
    unsigned __int128 units = 0;
    if (!cell_internal::ReadVarint(encoded, at, step) ||
        !cell_internal::ReadVarint(encoded, at, units)) {
      return false;
    }
    day += static_cast<int64_t>(step);
    inflow[day] += static_cast<Quantity>(units);
  }
  return true;
}

}  // namespace stockd::reports
