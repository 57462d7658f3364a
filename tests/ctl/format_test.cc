#include "daemon/ctl/format.h"

#include <gtest/gtest.h>

#include <limits>

#include "daemon/base/time_text.h"
#include "daemon/ctl/request_id.h"

namespace stockd::ctl {
namespace {

using std::chrono::seconds;

TEST(Format, LengthsShowTheirTwoLargestUnits) {
  EXPECT_EQ(FormatLength(seconds(0)), "0s");
  EXPECT_EQ(FormatLength(seconds(899)), "14m 59s");
  EXPECT_EQ(FormatLength(seconds(900)), "15m");
  EXPECT_EQ(FormatLength(seconds(12000)), "3h 20m");
  EXPECT_EQ(FormatLength(seconds(12 * 86400 + 4 * 3600)), "12d 4h");
}

TEST(Format, DeadlinesSayHowFarAwayTheyAre) {
  const Timestamp now = *ParseTimestamp("2026-11-22T12:00:00Z");
  EXPECT_EQ(FormatDeadline(ToProto(now + seconds(90)), now), "2026-11-22T12:01:30Z (in 1m 30s)");
  EXPECT_EQ(FormatDeadline(ToProto(now - seconds(5)), now), "2026-11-22T11:59:55Z (5s ago)");
  EXPECT_EQ(FormatDeadline({}, now), "");
}

TEST(Format, InstantsSurviveTheRoundTripAlsoBefore1970) {
  for (const char* text :
       {"2026-11-22T12:00:00.123456Z", "1969-12-31T23:59:59.5Z", "1900-01-01T00:00:00Z"}) {
    EXPECT_EQ(FormatTimestamp(ToTimestamp(ToProto(*ParseTimestamp(text)))), text);
  }
}

TEST(Format, MoneyIsExact) {
  EXPECT_EQ(FormatMoney(12500000, "EUR"), "12.50 EUR");
  EXPECT_EQ(FormatMoney(1, "TRY"), "0.000001 TRY");
  EXPECT_EQ(FormatMoney(-1234500, ""), "-1.2345");
  EXPECT_EQ(FormatMoney(std::numeric_limits<int64_t>::max(), ""), "9223372036854.775807");
  EXPECT_EQ(FormatMoney(std::numeric_limits<int64_t>::min(), ""), "-9223372036854.775808");
}

TEST(Format, DistancesAndSizesAreRounded) {
  EXPECT_EQ(FormatDistance(420.4), "420 m");
  EXPECT_EQ(FormatDistance(12345), "12.3 km");
  EXPECT_EQ(FormatSize(512), "512 B");
  EXPECT_EQ(FormatSize(3355443), "3.2 MiB");
}

TEST(RequestId, IsAUuidOfVersion7ThatSortsByTime) {
  const Timestamp now = *ParseTimestamp("2026-11-22T12:00:00Z");
  const std::string id = MakeUuid7(now, {255, 255, 255, 255, 255, 255, 255, 255, 255, 255});
  EXPECT_EQ(id, "01a20320-a200-7fff-bfff-ffffffffffff");
  EXPECT_LT(id, MakeUuid7(now + std::chrono::milliseconds(1), {}));
}

}  // namespace
}  // namespace stockd::ctl
