#include "adapters/sdk/timestamp_text.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <optional>

#include <google/protobuf/timestamp.pb.h>

namespace stockd::sdk {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr int kMicrosecondDigits = 6;

// Takes parts off the front of a stamp; after the first part that does not fit, all further ones
// fail too.
class StampScanner {
 public:
  explicit StampScanner(std::string_view rest) : rest_(rest) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  int Number(size_t digits) {
    if (rest_.size() < digits) ok_ = false;
    int number = 0;
    for (size_t i = 0; ok_ && i < digits; ++i) {
      ok_ = rest_[i] >= '0' && rest_[i] <= '9';
      number = number * 10 + (rest_[i] - '0');
    }
    if (ok_) rest_.remove_prefix(digits);
    return number;
  }

  void Literal(char expected) {
    if (!Take(expected)) ok_ = false;
  }

  bool Take(char wanted) {
    if (!ok_ || rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // The digits after the point, cut off at the microsecond.
  int64_t Fraction() {
    int64_t micros = 0;
    int digits = 0;
    while (next() >= '0' && next() <= '9') {
      if (digits < kMicrosecondDigits) micros = micros * 10 + (next() - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) ok_ = false;
    for (; digits < kMicrosecondDigits; ++digits) micros *= 10;
    return micros;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// What a stamp says, before its zone is applied.
struct CivilStamp {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int64_t micros = 0;
  std::optional<seconds> offset;  // East of Greenwich; unset when the stamp names none.
};

std::optional<seconds> ScanOffset(StampScanner& scan) {
  if (scan.Take('Z') || scan.Take('z')) return seconds(0);
  const bool is_west = scan.next() == '-';
  if (!scan.Take('+') && !scan.Take('-')) return std::nullopt;
  const int hours = scan.Number(2);
  scan.Take(':');
  const int minutes = scan.Number(2);
  if (hours > 23 || minutes > 59) scan.Literal('\1');  // Never there: marks the stamp as wrong.
  const seconds offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return is_west ? -offset : offset;
}

std::optional<CivilStamp> ScanStamp(std::string_view text) {
  StampScanner scan(text);
  CivilStamp stamp;
  stamp.year = scan.Number(4);
  scan.Literal('-');
  stamp.month = scan.Number(2);
  scan.Literal('-');
  stamp.day = scan.Number(2);
  if (scan.ok() && !scan.at_end()) {
    if (!scan.Take('T') && !scan.Take('t')) scan.Literal(' ');
    stamp.hour = scan.Number(2);
    scan.Literal(':');
    stamp.minute = scan.Number(2);
    if (scan.Take(':')) {
      stamp.second = scan.Number(2);
      if (scan.Take('.')) stamp.micros = scan.Fraction();
    }
    stamp.offset = ScanOffset(scan);
  }
  if (!scan.ok() || !scan.at_end()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(stamp.year),
                                         std::chrono::month(static_cast<unsigned>(stamp.month)),
                                         std::chrono::day(static_cast<unsigned>(stamp.day))};
  const bool exists = stamp.year >= 1 && date.ok() && stamp.hour <= 23 && stamp.minute <= 59 &&
                      stamp.second <= 60;  // 60 is a leap second.
  if (!exists) return std::nullopt;
  return stamp;
}

Timestamp ApplyOffset(const CivilStamp& stamp, seconds offset) {
  const std::chrono::sys_days day = std::chrono::year(stamp.year) /
                                    std::chrono::month(static_cast<unsigned>(stamp.month)) /
                                    std::chrono::day(static_cast<unsigned>(stamp.day));
  return Timestamp(day) + std::chrono::hours(stamp.hour) + std::chrono::minutes(stamp.minute) +
         seconds(stamp.second) + microseconds(stamp.micros) - offset;
}

Timestamp ApplyZone(const CivilStamp& stamp, const absl::TimeZone& zone) {
  const absl::CivilSecond local(stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute,
                                stamp.second);
  return Timestamp(seconds(absl::ToUnixSeconds(zone.At(local).pre))) + microseconds(stamp.micros);
}

absl::Status NotAStamp(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("\"{}\" is not {}", text.substr(0, 64), what));
}

}  // namespace

struct TimestampReader::Rules {
  std::string format;  // Empty: RFC 3339.
  absl::TimeZone zone;
  bool is_utc = false;
};

TimestampReader::TimestampReader(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
TimestampReader::TimestampReader(TimestampReader&&) noexcept = default;
TimestampReader& TimestampReader::operator=(TimestampReader&&) noexcept = default;
TimestampReader::~TimestampReader() = default;

absl::StatusOr<TimestampReader> TimestampReader::Make(std::string_view format,
                                                      std::string_view zone) {
  auto rules = std::make_unique<Rules>();
  if (format != "rfc3339") rules->format = std::string(format);
  rules->is_utc = zone == "UTC";
  if (!absl::LoadTimeZone(std::string(zone), &rules->zone)) {
    return absl::InvalidArgumentError(fmt::format(
        "\"{}\" is not a known time zone; take an IANA name such as \"Europe/Istanbul\" (and see "
        "whether the machine has the package tzdata)",
        zone));
  }
  return TimestampReader(std::move(rules));
}

absl::StatusOr<Timestamp> TimestampReader::Parse(std::string_view text) const {
  if (!rules_->format.empty()) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(rules_->format, std::string(text), rules_->zone, &time, &error)) {
      return NotAStamp(text, fmt::format("a time of the form \"{}\": {}", rules_->format, error));
    }
    if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
      return NotAStamp(text, "an instant");
    }
    return Timestamp(microseconds(absl::ToUnixMicros(time)));
  }
  const std::optional<CivilStamp> stamp = ScanStamp(text);
  if (!stamp) return NotAStamp(text, "a time of the form 2011-01-05T06:00:00Z");
  if (stamp->offset) return ApplyOffset(*stamp, *stamp->offset);
  if (rules_->is_utc) return ApplyOffset(*stamp, seconds(0));
  return ApplyZone(*stamp, rules_->zone);
}

namespace {

struct CalendarParts {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<microseconds> time;
};

CalendarParts Split(Timestamp instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<microseconds>(instant - day)};
}

}  // namespace

std::string FormatTimestamp(Timestamp instant) {
  const auto [date, time] = Split(instant);
  const auto micros = time.subseconds().count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     micros == 0 ? "" : fmt::format(".{:06}", micros));
}

std::string FormatCompactTimestamp(Timestamp instant) {
  const auto [date, time] = Split(instant);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

void SetProto(Timestamp instant, google::protobuf::Timestamp* proto) {
  const auto whole = std::chrono::floor<seconds>(instant);
  proto->set_seconds(whole.time_since_epoch().count());
  proto->set_nanos(static_cast<int32_t>(std::chrono::nanoseconds(instant - whole).count()));
}

Timestamp FromProto(const google::protobuf::Timestamp& proto) {
  return Timestamp(seconds(proto.seconds())) + microseconds(proto.nanos() / 1000);
}

}  // namespace stockd::sdk
