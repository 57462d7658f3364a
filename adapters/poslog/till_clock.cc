#include "adapters/poslog/till_clock.h"

#include <absl/time/civil_time.h>

#include <utility>

namespace stockd::poslog {
namespace {

bool HasOffset(std::string_view stamp) {
  const size_t time = stamp.find_first_of("Tt ");
  return time != std::string_view::npos &&
         stamp.find_first_of("Zz+-", time + 1) != std::string_view::npos;
}

}  // namespace

TillClock::TillClock(sdk::TimestampReader reader, absl::TimeZone zone)
    : reader_(std::move(reader)), zone_(zone) {}

absl::StatusOr<TillClock> TillClock::Make(const std::string& zone) {
  absl::StatusOr<sdk::TimestampReader> reader = sdk::TimestampReader::Make("rfc3339", zone);
  if (!reader.ok()) return reader.status();
  absl::TimeZone loaded;
  absl::LoadTimeZone(zone, &loaded);  // The reader has found it.
  return TillClock(*std::move(reader), loaded);
}

absl::StatusOr<TillClock::Reading> TillClock::Read(std::string_view stamp) const {
  const absl::StatusOr<sdk::Timestamp> instant = reader_.Parse(stamp);
  if (!instant.ok()) return instant.status();
  Reading reading{.instant = *instant};
  if (HasOffset(stamp)) return reading;
  const absl::Time time = absl::FromUnixMicros(instant->time_since_epoch().count());
  const absl::CivilSecond shown = absl::ToCivilSecond(time, zone_);
  reading.is_repeated = zone_.At(shown).kind == absl::TimeZone::TimeInfo::REPEATED;
  return reading;
}

}  // namespace stockd::poslog
