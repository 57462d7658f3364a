#include "daemon/base/time_text.h"

#include <gtest/gtest.h>

namespace stockd {
namespace {

constexpr Timestamp kDay = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

TEST(FormatTimestamp, WritesAsManyDecimalsAsAreNeeded) {
  EXPECT_EQ(FormatTimestamp(kDay), "2026-03-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(kDay + std::chrono::milliseconds(250)), "2026-03-01T00:00:00.25Z");
  EXPECT_EQ(FormatTimestamp(kDay + Duration(1)), "2026-03-01T00:00:00.000001Z");
  EXPECT_EQ(FormatTimestamp(kDay - Duration(1)), "2026-02-28T23:59:59.999999Z");
}

TEST(FormatTimestamp, SaysNeverForTheLimits) {
  EXPECT_EQ(FormatTimestamp(kTimestampMin), "never");
  EXPECT_EQ(FormatTimestamp(kTimestampMax), "never");
}

TEST(ParseTimestamp, ReadsUtcOffsetsAndDecimals) {
  struct Case {
    const char* text;
    Timestamp time;
  };
  const Case cases[] = {
      {"2026-03-01T00:00:00Z", kDay},
      {"2026-03-01T01:30:00+01:30", kDay},
      {"2026-02-28T19:00:00-05:00", kDay},
      {"2026-03-01T00:00:00.000001Z", kDay + Duration(1)},
      {"2026-03-01T00:00:00.0000019Z", kDay + Duration(1)},
      {"1969-12-31T23:59:59.999999Z", FromMicros(-1)},
      {"2024-02-29T00:00:00Z", std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)},
  };
  for (const Case& c : cases) EXPECT_EQ(ParseTimestamp(c.text), c.time) << c.text;
}

TEST(ParseTimestamp, RefusesWhatIsMalformed) {
  const char* const texts[] = {
      "",
      "now",
      "2026-03-01",
      "2026-03-01T00:00:00",
      "2026-03-01 00:00:00Z",
      " 2026-03-01T00:00:00Z",
      "2026-03-01T00:00:00Z\n",
      "2026-03-01T00:00:00Zulu",
      "2026-13-01T00:00:00Z",
      "2025-02-29T00:00:00Z",
      "2026-03-01T24:00:00Z",
      "2026-03-01T00:60:00Z",
      "infinite-future",
      "infinite-past",
  };
  for (const char* text : texts) EXPECT_EQ(ParseTimestamp(text), std::nullopt) << text;
}

// Beyond these years adding a duration could overflow.
TEST(ParseTimestamp, TakesTheYears1To9999Only) {
  EXPECT_NE(ParseTimestamp("0001-01-01T00:00:00Z"), std::nullopt);
  EXPECT_NE(ParseTimestamp("9999-12-31T23:59:59.999999Z"), std::nullopt);
  EXPECT_EQ(ParseTimestamp("0000-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(ParseTimestamp("-0001-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(ParseTimestamp("10000-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(ParseTimestamp("9999-12-31T23:59:59-01:00"), std::nullopt);
}

TEST(ParseTimestamp, ReadsWhatFormatTimestampWrote) {
  const Timestamp times[] = {kDay,
                             kDay + Duration(1),
                             FromMicros(0),
                             FromMicros(-1),
                             std::chrono::sys_days(std::chrono::year(1) / 1 / 1),
                             std::chrono::sys_days(std::chrono::year(9999) / 12 / 31)};
  for (const Timestamp time : times) {
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(time)), time) << FormatTimestamp(time);
  }
}

}  // namespace
}  // namespace stockd
