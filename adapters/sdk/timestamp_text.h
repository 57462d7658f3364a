// Instants as people and files write them.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace google::protobuf {
class Timestamp;
}

namespace stockd::sdk {

// An instant in UTC, to the microsecond.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

// Reads the stamps of one file. Immutable, so it may be shared between threads.
class TimestampReader {
 public:
  // `format` is "rfc3339" or a strptime format such as "%d/%m/%Y %H:%M". "rfc3339" also takes a
  // blank instead of the T, stamps without seconds, bare dates (midnight) and stamps without a
  // zone. `zone` is the IANA zone of stamps that carry none, for example "Europe/Istanbul".
  //   INVALID_ARGUMENT   the zone is unknown (or the machine has no tzdata).
  [[nodiscard]] static absl::StatusOr<TimestampReader> Make(std::string_view format,
                                                            std::string_view zone);

  TimestampReader(TimestampReader&&) noexcept;
  TimestampReader& operator=(TimestampReader&&) noexcept;
  ~TimestampReader();

  // Digits beyond the microsecond are cut off. A local time that a change of the clock repeats
  // means its first occurrence; one that it skips is read with the offset before the change.
  //   INVALID_ARGUMENT   not a stamp of this format, or no such date; the message quotes the text.
  [[nodiscard]] absl::StatusOr<Timestamp> Parse(std::string_view text) const;

 private:
  struct Rules;
  explicit TimestampReader(std::unique_ptr<const Rules> rules);

  std::unique_ptr<const Rules> rules_;
};

// "2011-01-05T06:00:00Z", with six decimals when there are microseconds.
[[nodiscard]] std::string FormatTimestamp(Timestamp instant);

// "20110105T060000.123456Z", for names of files.
[[nodiscard]] std::string FormatCompactTimestamp(Timestamp instant);

// To and from the form that messages carry.
void SetProto(Timestamp instant, google::protobuf::Timestamp* proto);
[[nodiscard]] Timestamp FromProto(const google::protobuf::Timestamp& proto);

}  // namespace stockd::sdk
