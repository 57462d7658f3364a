// Decimals, times, UTF-8, names, CSV writing: small things that must be exact.
#include <gtest/gtest.h>

#include <google/protobuf/timestamp.pb.h>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/csv_writer.h"
#include "adapters/sdk/decimal.h"
#include "adapters/sdk/nearest_name.h"
#include "adapters/sdk/timestamp_text.h"
#include "adapters/sdk/utf8.h"

namespace stockd::sdk {
namespace {

struct DecimalCase {
  std::string text;
  DecimalFormat format;
  int64_t expected;
};

TEST(Decimal, ExactTextBecomesTheSmallestUnit) {
  const DecimalCase cases[] = {
      {"0", {}, 0},
      {"-0", {}, 0},
      {"12", {}, 12},
      {"+12", {}, 12},
      {"12.000", {}, 12},
      {"12.375", {.scale = 3}, 12375},
      {"12.3", {.scale = 3}, 12300},
      {".5", {.scale = 1}, 5},
      {"5.", {.scale = 1}, 50},
      {"-0.001", {.scale = 3}, -1},
      {"1,5", {.scale = 1, .separator = ','}, 15},
      {"9223372036854775807", {}, INT64_MAX},
      {"-9223372036854775808", {}, INT64_MIN},
      {"9223372036854.775807", {.scale = 6}, INT64_MAX},
  };
  for (const DecimalCase& c : cases) {
    const auto value = ParseDecimal(c.text, c.format);
    ASSERT_TRUE(value.ok()) << c.text << ": " << value.status();
    EXPECT_EQ(*value, c.expected) << c.text;
  }
}

// Rounding a quantity or a price would make stock or turnover wrong without a trace.
TEST(Decimal, WhatIsNotExactIsRefused) {
  const char* const wrong[] = {"",   "-",   ".",   "1.2.3", "1e3",  "1,000",  " 1",
                               "1 ", "0x1", "--1", "NaN",   "1.25", "12.0001"};
  for (const char* text : wrong) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseDecimal(text, {.scale = 1}).status())) << text;
  }
}

TEST(Decimal, WhatDoesNotFitIsOutOfRange) {
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "99999999999999999999999999"}) {
    EXPECT_TRUE(absl::IsOutOfRange(ParseDecimal(text, {}).status())) << text;
  }
  EXPECT_TRUE(absl::IsOutOfRange(ParseDecimal("9223372036855", {.scale = 6}).status()));
}

TEST(Decimal, APriceIsInMillionths) {
  EXPECT_EQ(*ParseMicros("2.55", '.'), 2'550'000);
  EXPECT_EQ(*ParseMicros("0.001", '.'), 1'000);
  EXPECT_FALSE(ParseMicros("0.0000001", '.').ok());
}

std::string Parsed(std::string_view format, std::string_view zone, std::string_view text) {
  const auto reader = TimestampReader::Make(format, zone);
  if (!reader.ok()) return std::string(reader.status().message());
  const auto instant = reader->Parse(text);
  return instant.ok() ? FormatTimestamp(*instant) : "refused";
}

TEST(TimestampText, Rfc3339IsReadInAllItsForms) {
  const std::pair<const char*, const char*> cases[] = {
      {"2011-01-05T06:00:00Z", "2011-01-05T06:00:00Z"},
      {"2011-01-05t06:00:00z", "2011-01-05T06:00:00Z"},
      {"2011-01-05 06:00:00.5Z", "2011-01-05T06:00:00.500000Z"},
      {"2011-01-05T06:00:00.1234567Z", "2011-01-05T06:00:00.123456Z"},
      {"2011-01-05T06:00:00+03:00", "2011-01-05T03:00:00Z"},
      {"2011-01-05T06:00:00-0330", "2011-01-05T09:30:00Z"},
      {"2011-01-05T06:00", "2011-01-05T06:00:00Z"},
      {"2011-01-05", "2011-01-05T00:00:00Z"},
      {"2012-02-29T00:00:00Z", "2012-02-29T00:00:00Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"1960-01-01T00:00:00.25Z", "1960-01-01T00:00:00.250000Z"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(Parsed("rfc3339", "UTC", text), expected) << text;
  }
}

TEST(TimestampText, WhatIsNoInstantIsRefused) {
  for (const char* text :
       {"", "now", "2011-1-5", "2011-13-01", "2011-02-29", "2011-01-05T24:00:00Z",
        "2011-01-05T06:60:00Z", "2011-01-05T06:00:0", "2011-01-05T06:00:00Zx",
        "2011-01-05T06:00:00+25:00", "05/01/2011", "0000-01-01", "2011-01-05T06:00:00."}) {
    EXPECT_EQ(Parsed("rfc3339", "UTC", text), "refused") << text;
  }
}

TEST(TimestampText, AStampWithoutZoneIsMeantInTheConfiguredOne) {
  EXPECT_EQ(Parsed("rfc3339", "America/New_York", "2011-01-05T06:00:00"), "2011-01-05T11:00:00Z");
  EXPECT_EQ(Parsed("rfc3339", "America/New_York", "2011-07-05T06:00:00"), "2011-07-05T10:00:00Z");
  EXPECT_EQ(Parsed("rfc3339", "America/New_York", "2011-07-05T06:00:00Z"), "2011-07-05T06:00:00Z");
}

// Tills write local time: an hour that happens twice must mean one instant, always the same.
TEST(TimestampText, ARepeatedHourMeansItsFirstOccurrence) {
  EXPECT_EQ(Parsed("rfc3339", "Europe/Berlin", "2011-10-30T02:30:00"), "2011-10-30T00:30:00Z");
  EXPECT_EQ(Parsed("rfc3339", "Europe/Berlin", "2011-03-27T02:30:00"), "2011-03-27T01:30:00Z");
}

TEST(TimestampText, OtherFormatsAreReadAsTheySay) {
  EXPECT_EQ(Parsed("%d/%m/%Y %H:%M", "Europe/London", "05/07/2011 09:15"), "2011-07-05T08:15:00Z");
  EXPECT_EQ(Parsed("%d/%m/%Y %H:%M", "Europe/London", "2011-07-05 09:15"), "refused");
}

TEST(TimestampText, AnUnknownZoneIsRefusedWithAdvice) {
  EXPECT_NE(Parsed("rfc3339", "Europe/Nowhere", "x").find("IANA"), std::string::npos);
}

TEST(TimestampText, MessagesCarryTheSameInstant) {
  for (const char* text : {"2011-01-05T06:00:00.123456Z", "1960-01-01T00:00:00.250000Z"}) {
    const Timestamp instant = *TimestampReader::Make("rfc3339", "UTC")->Parse(text);
    google::protobuf::Timestamp proto;
    SetProto(instant, &proto);
    EXPECT_GE(proto.nanos(), 0);
    EXPECT_EQ(FromProto(proto), instant);
    EXPECT_EQ(FormatTimestamp(instant), text);
  }
}

TEST(TimestampText, CompactStampsSortLikeInstants) {
  const Timestamp instant = *TimestampReader::Make("rfc3339", "UTC")->Parse("2011-01-05T06:00:00Z");
  EXPECT_EQ(FormatCompactTimestamp(instant), "20110105T060000.000000Z");
}

TEST(Utf8, OnlyWellFormedTextPasses) {
  for (const char* text : {"", "plain", "Côte d'Ivoire", "日本", "\xF0\x9F\x98\x80"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
    EXPECT_EQ(ToUtf8(text), text);
  }
  for (const char* text :
       {"\xE9", "a\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_TRUE(IsUtf8(ToUtf8(text)));
  }
}

TEST(NearestName, AMisspeltNameFindsTheOneThatWasMeant) {
  const std::vector<std::string> known = {"poll_interval_ms", "level_file", "role"};
  EXPECT_EQ(NearestName("pol_interval_ms", known), "poll_interval_ms");
  EXPECT_EQ(NearestName("levelfile", known), "level_file");
  EXPECT_EQ(NearestName("rloe", known), "role");
  EXPECT_EQ(NearestName("x", {}), "");
}

TEST(CsvWriter, FieldsAreQuotedOnlyWhereTheyMustBe) {
  std::string text;
  AppendCsvRow(text, {"plain", "a,b", "say \"hi\"", "two\nlines", ""});
  EXPECT_EQ(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\n");
}

TEST(Backoff, PausesGrowToTheBoundAndKeepSomeChance) {
  using std::chrono::milliseconds;
  Backoff backoff({.initial = milliseconds(100), .max = milliseconds(350)}, 7);
  const milliseconds expected[] = {milliseconds(100), milliseconds(200), milliseconds(350),
                                   milliseconds(350)};
  for (const milliseconds whole : expected) {
    const milliseconds pause = backoff.Next();
    EXPECT_GE(pause, whole / 2);
    EXPECT_LE(pause, whole);
  }
  backoff.Reset();
  EXPECT_LE(backoff.Next(), milliseconds(100));
}

}  // namespace
}  // namespace stockd::sdk
