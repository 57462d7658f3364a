#include "daemon/ctl/table.h"

#include <gtest/gtest.h>

#include <sstream>

namespace stockd::ctl {
namespace {

std::string Shown(const Table& table, bool colours = false) {
  std::ostringstream out;
  table.Print(out, colours);
  return out.str();
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCellAndLinesHaveNoTail) {
  Table table({{"SKU"}, {"ON HAND", Align::kRight}, {"NOTE"}});
  table.Add({"MUG-1", int64_t{7}, ""});
  table.Add({"A-LONG-SKU", int64_t{-12345678}, "x"});
  EXPECT_EQ(Shown(table),
            "SKU           ON HAND  NOTE\n"
            "MUG-1               7\n"
            "A-LONG-SKU  -12345678  x\n");
}

// Bytes and columns differ for nearly every name that is not English.
TEST(Table, WidthIsWhatTheTerminalShows) {
  Table table({{"NAME"}, {"N"}});
  table.Add({"K\xc3\xbc\xc3\xa7\xc3\xbck", "1"});
  table.Add({"\xe6\x9d\xaf", "2"});
  EXPECT_EQ(Shown(table), "NAME   N\nK\xc3\xbc\xc3\xa7\xc3\xbck  1\n\xe6\x9d\xaf     2\n");
}

TEST(Table, ColoursDoNotMoveColumns) {
  Table table({{"A"}, {"B"}});
  table.Add({Cell("x", Colour::kBad), "y"});
  EXPECT_EQ(Shown(table, true), "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31mx\x1b[0m  y\n");
}

// A name in the catalogue must not be able to rewrite the screen of whoever lists it.
TEST(Text, ControlCharactersAndBrokenBytesAreReplaced) {
  EXPECT_EQ(Printable("a\x1b[31mb\n\t"), "a\xef\xbf\xbd[31mb\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(Printable("a\xff"), "a\xef\xbf\xbd");
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\xef\xbf\xbd");  // Right-to-left override.
  EXPECT_EQ(Printable("\xc2\x9b"), "\xef\xbf\xbd");      // C1: another way to begin an escape.
  EXPECT_EQ(Printable("\xc3\xbc"), "\xc3\xbc");
}

TEST(Text, Utf8IsCheckedStrictly) {
  for (const char* good : {"", "abc", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad : {"\xc3", "\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
                          "\xf5\x80\x80\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(Text, WidthCountsColumns) {
  EXPECT_EQ(WidthOf("abc"), 3);
  EXPECT_EQ(WidthOf("\xc3\xbc"), 1);
  EXPECT_EQ(WidthOf("u\xcc\x88"), 1);
  EXPECT_EQ(WidthOf("\xe6\x9d\xaf"), 2);
  EXPECT_EQ(WidthOf("\xff"), 1);
}

}  // namespace
}  // namespace stockd::ctl
