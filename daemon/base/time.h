#pragma once

#include <chrono>
#include <cstdint>

namespace stockd {

// An instant, UTC, in whole microseconds since 1970. The range is limited to years 1 to 9999 at the
// edges of the daemon, so that adding a Duration never overflows.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// "Never" on either side; both compare as expected with every real instant.
inline constexpr Timestamp kTimestampMin{Duration{INT64_MIN}};
inline constexpr Timestamp kTimestampMax{Duration{INT64_MAX}};

constexpr int64_t ToMicros(Timestamp time) { return time.time_since_epoch().count(); }
constexpr Timestamp FromMicros(int64_t micros) { return Timestamp{Duration{micros}}; }

}  // namespace stockd
