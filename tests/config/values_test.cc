#include "daemon/config/values.h"

#include <gtest/gtest.h>

namespace stockd::config {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(Duration, EveryUnitIsUnderstood) {
  EXPECT_EQ(ParseDuration("7us"), microseconds(7));
  EXPECT_EQ(ParseDuration("250ms"), milliseconds(250));
  EXPECT_EQ(ParseDuration("10s"), milliseconds(10000));
  EXPECT_EQ(ParseDuration("15m"), minutes(15));
  EXPECT_EQ(ParseDuration("2h"), hours(2));
  EXPECT_EQ(ParseDuration("30d"), hours(720));
  EXPECT_EQ(ParseDuration("1h30m"), minutes(90));
  EXPECT_EQ(ParseDuration("0s"), microseconds(0));
}

TEST(Duration, WhatIsNotADurationIsRefused) {
  for (const char* text : {"", "15", "m", "-1s", "1.5h", "15 m", "15min", "1h 30m", "1y", "s15",
                           "99999999999999999999s", "9223372036854775807s", "106751992d"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(Duration, FormattingIsTheShortestExactFormAndReadsBack) {
  for (const char* text : {"0s", "1us", "1500us", "1ms", "15m", "90m", "36500d", "25h"}) {
    EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
  }
  EXPECT_EQ(FormatDuration(minutes(60)), "1h");
}

TEST(Bytes, NumbersAndBinaryUnitsAreUnderstood) {
  EXPECT_EQ(ParseBytes("4194304"), 4194304);
  EXPECT_EQ(ParseBytes("4MiB"), 4194304);
  EXPECT_EQ(ParseBytes("4 MiB"), 4194304);
  EXPECT_EQ(ParseBytes("64KiB"), 65536);
  EXPECT_EQ(ParseBytes("16GiB"), int64_t{16} << 30);
}

TEST(Bytes, WhatIsNotASizeIsRefused) {
  for (const char* text : {"", "MiB", "4MB", "4M", "-1", "4.5MiB", "4  MiB", "99999999999GiB"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

TEST(Bytes, FormattingIsExact) {
  EXPECT_EQ(FormatBytes(65536), "64KiB");
  EXPECT_EQ(FormatBytes(int64_t{64} << 20), "64MiB");
  EXPECT_EQ(FormatBytes(1000), "1000");
  EXPECT_EQ(FormatBytes(0), "0");
}

TEST(Address, HostsAndPortsAreTakenApart) {
  EXPECT_EQ(ParseHostPort("127.0.0.1:7450")->port, 7450);
  EXPECT_EQ(ParseHostPort("localhost:0")->port, 0);
  EXPECT_EQ(ParseHostPort("[::1]:65535")->host, "::1");
  EXPECT_EQ(ParseHostPort("stock.example:1")->host, "stock.example");
}

TEST(Address, WhatIsNotAnAddressIsRefused) {
  for (const char* text :
       {"", ":7450", "7450", "localhost", "localhost:", "localhost:65536", "localhost:-1",
        "localhost:80x", "::1:7450", "a b:1", "http://a:1", "[]:1", "[host]:1"}) {
    EXPECT_FALSE(ParseHostPort(text)) << text;
  }
}

// A wrong yes here would open the daemon to a network without anybody having asked for it.
TEST(Address, OnlyThisMachineIsLoopback) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.10", "::1"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "127.example.com", "127.0.0.1.nip.io",
                           "localhost.example.com", "1270.0.0.1", ""}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

}  // namespace
}  // namespace stockd::config
