#include "daemon/ctl/report_period.h"

#include <absl/time/time.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "daemon/base/time_text.h"
#include "daemon/ctl/command.h"

namespace stockd::ctl {
namespace {

constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kLastDefault = std::chrono::hours(30 * 24);

absl::TimeZone FindZone(const std::string& name) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!name.empty() && !absl::LoadTimeZone(name, &zone)) {
    throw UsageError("--zone: \"" + name + "\" is not a time zone such as Europe/Warsaw");
  }
  return zone;
}

// The numbers of YEAR[-MONTH[-DAY]]; empty when it is something else.
std::vector<int> DateParts(std::string_view text) {
  std::vector<int> parts;
  while (parts.size() < 3) {
    const size_t dash = text.find('-');
    const std::string_view part = text.substr(0, dash);
    int number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const size_t digits = parts.empty() ? 4 : 2;
    if (error != std::errc{} || end != part.data() + part.size() || part.size() != digits) {
      return {};
    }
    parts.push_back(number);
    if (dash == std::string_view::npos) return parts;
    text.remove_prefix(dash + 1);
  }
  return {};
}

absl::CivilDay FirstDay(const std::vector<int>& parts) {
  return absl::CivilDay(parts[0], parts.size() > 1 ? parts[1] : 1, parts.size() > 2 ? parts[2] : 1);
}

Timestamp BeginOf(absl::CivilDay day, const absl::TimeZone& zone) {
  return FromMicros(absl::ToUnixMicros(absl::FromCivil(day, zone)));
}

// Whether the parts are a date that exists.
bool Exists(const std::vector<int>& parts) {
  if (parts.empty()) return false;
  const absl::CivilDay day = FirstDay(parts);
  return day.year() == parts[0] && (parts.size() < 2 || day.month() == parts[1]) &&
         (parts.size() < 3 || day.day() == parts[2]);
}

}  // namespace

Timestamp ParsePeriodEdge(std::string_view option, const std::string& text,
                          const std::string& zone_name) {
  const absl::TimeZone zone = FindZone(zone_name);
  if (const auto parts = DateParts(text); Exists(parts)) return BeginOf(FirstDay(parts), zone);
  if (const auto instant = ParseTimestamp(text)) return *instant;
  throw UsageError("--" + std::string(option) + ": \"" + text +
                   "\" is neither a date such as 2026-10-01 nor an instant such as "
                   "2026-10-01T08:00:00Z");
}

Period ParsePeriod(const std::string& period, const std::string& from, const std::string& to,
                   std::optional<Duration> last, const std::string& zone_name, Timestamp now) {
  if (!period.empty()) {
    const auto parts = DateParts(period);
    if (!Exists(parts)) {
      throw UsageError("--period: \"" + period + "\" is not a year, month or day such as 2026-10");
    }
    const absl::TimeZone zone = FindZone(zone_name);
    const absl::CivilDay first = FirstDay(parts);
    absl::CivilDay next = first + 1;
    if (parts.size() == 1) next = absl::CivilDay(absl::CivilYear(first) + 1);
    if (parts.size() == 2) next = absl::CivilDay(absl::CivilMonth(first) + 1);
    return {BeginOf(first, zone), BeginOf(next, zone)};
  }
  Period parsed;
  parsed.end = to.empty() ? std::chrono::ceil<std::chrono::hours>(now)
                          : ParsePeriodEdge("to", to, zone_name);
  if (!from.empty()) {
    parsed.begin = ParsePeriodEdge("from", from, zone_name);
  } else {
    const Duration length = last.value_or(kLastDefault);
    const Duration hours = std::chrono::ceil<std::chrono::hours>(length);
    parsed.begin = parsed.end - std::max(kHour, hours);
  }
  if (parsed.end <= parsed.begin) throw UsageError("the period ends before it begins");
  return parsed;
}

}  // namespace stockd::ctl
