#include "daemon/base/time_text.h"

#include <absl/strings/ascii.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace stockd {

std::string FormatTimestamp(Timestamp time) {
  if (time == kTimestampMin || time == kTimestampMax) return "never";
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixMicros(ToMicros(time)),
                          absl::UTCTimeZone());
}

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  // Abseil would skip white space at either end.
  if (text.empty() || absl::ascii_isspace(static_cast<unsigned char>(text.front())) ||
      absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    return std::nullopt;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       &error)) {
    return std::nullopt;
  }
  const absl::TimeZone utc = absl::UTCTimeZone();
  if (time < absl::FromCivil(absl::CivilYear(1), utc) ||
      time >= absl::FromCivil(absl::CivilYear(10000), utc)) {
    return std::nullopt;
  }
  return FromMicros(absl::ToUnixMicros(time));
}

}  // namespace stockd
