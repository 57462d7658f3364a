#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.h"

namespace stockd::ctl {

// A period as people name it.
struct Period {
  Timestamp begin{};
  Timestamp end{};
};

// "2026-10-01" (midnight in the zone), "2026-10" (the month's begin), "2026" (the year's), or an
// RFC 3339 instant. Throws UsageError naming `option`.
Timestamp ParsePeriodEdge(std::string_view option, const std::string& text,
                          const std::string& zone_name);

// What the options say: --period YEAR[-MONTH[-DAY]], --from and --to, or --last N days up to the
// next full hour. Without any: the last 30 days. Throws UsageError.
Period ParsePeriod(const std::string& period, const std::string& from, const std::string& to,
                   std::optional<Duration> last, const std::string& zone_name, Timestamp now);

}  // namespace stockd::ctl
