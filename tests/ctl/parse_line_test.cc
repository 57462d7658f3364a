#include "daemon/ctl/parse_line.h"

#include <gtest/gtest.h>

#include "daemon/ctl/command.h"

namespace stockd::ctl {
namespace {

TEST(ParseLine, ASkuMayContainTheSeparators) {
  const v1::LineRequest line = ParseLine("A@B:C@S01:12", 1);
  EXPECT_EQ(line.position().sku(), "A@B:C");
  EXPECT_EQ(line.position().location(), "S01");
  EXPECT_EQ(line.quantity(), 12);
}

TEST(ParseLine, WhatIsNotALineIsRefused) {
  for (const char* text :
       {"", "MUG", "MUG@S01", "MUG:2", "@S01:2", "MUG@:2", "MUG@S01:", "MUG@S01:x", "MUG@S01:1.5",
        "MUG@S01:0", "MUG@S01:-1", "MUG:2@S01", "MUG@S01:99999999999999999999"}) {
    EXPECT_THROW(ParseLine(text, 1), UsageError) << text;
  }
  EXPECT_EQ(ParseLine("MUG@S01:0", 0).quantity(), 0);
}

TEST(ParsePosition, TheLastAtSeparates) {
  const v1::Position position = ParsePosition("A@B@S01");
  EXPECT_EQ(position.sku(), "A@B");
  EXPECT_EQ(position.location(), "S01");
  EXPECT_THROW(ParsePosition("A"), UsageError);
  EXPECT_THROW(ParsePosition("@A"), UsageError);
  EXPECT_THROW(ParsePosition("A@"), UsageError);
}

TEST(ParseCoordinate, DegreesAreCheckedAgainstTheEarth) {
  EXPECT_EQ(ParseCoordinate("-33.9,18.4").latitude(), -33.9);
  EXPECT_EQ(ParseCoordinate("-33.9,18.4").longitude(), 18.4);
  for (const char* text : {"", "1", "1,", ",1", "91,0", "0,181", "a,b", "1;2", "nan,0"}) {
    EXPECT_THROW(ParseCoordinate(text), UsageError) << text;
  }
}

}  // namespace
}  // namespace stockd::ctl
