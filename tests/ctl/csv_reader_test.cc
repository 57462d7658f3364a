#include "daemon/ctl/csv_reader.h"

#include <gtest/gtest.h>

#include <sstream>

namespace stockd::ctl {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records ReadAll(const std::string& text) {
  std::istringstream input(text);
  CsvReader reader(input);
  Records records;
  CsvRecord record;
  while (reader.Read(record)) records.push_back(record.fields);
  return records;
}

TEST(CsvReader, PlainAndQuotedFieldsAreRead) {
  EXPECT_EQ(ReadAll("a,b\n1,2\n"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(ReadAll("\"a,b\",\"say \"\"hi\"\"\"\n"), (Records{{"a,b", "say \"hi\""}}));
  EXPECT_EQ(ReadAll("\"two\nlines\",x\n"), (Records{{"two\nlines", "x"}}));
  EXPECT_EQ(ReadAll("a,,\n"), (Records{{"a", "", ""}}));
  EXPECT_EQ(ReadAll("\"\"\n"), (Records{{""}}));
}

TEST(CsvReader, MarkLineEndsAndEmptyLinesOfOtherSystemsAreTaken) {
  EXPECT_EQ(ReadAll("\xef\xbb\xbf"
                    "a,b\r\n\r\n1,2\r\n"),
            (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(ReadAll("a,b"), (Records{{"a", "b"}}));
  EXPECT_EQ(ReadAll("a,\"b\"\r\n"), (Records{{"a", "b"}}));
  EXPECT_EQ(ReadAll("a\rb,c\n"), (Records{{"a\rb", "c"}}));
  EXPECT_EQ(ReadAll(""), Records{});
  EXPECT_EQ(ReadAll("\n\n"), Records{});
}

TEST(CsvReader, LinesAreCountedThroughQuotedBreaks) {
  std::istringstream input("h\n\"a\nb\"\nc\n");
  CsvReader reader(input);
  CsvRecord record;
  ASSERT_TRUE(reader.Read(record));
  EXPECT_EQ(record.line, 1);
  ASSERT_TRUE(reader.Read(record));
  EXPECT_EQ(record.line, 2);
  ASSERT_TRUE(reader.Read(record));
  EXPECT_EQ(record.line, 4);
}

TEST(CsvReader, WhatIsNotCsvIsRefusedWithItsLine) {
  const auto line_of = [](const std::string& text) {
    try {
      ReadAll(text);
      return int64_t{0};
    } catch (const CsvError& error) {
      return error.line;
    }
  };
  EXPECT_EQ(line_of("a\n\"never closed\n\n\n"), 2);
  EXPECT_EQ(line_of("a\n\"b\"c\n"), 2);
  EXPECT_EQ(line_of("a\n" + std::string((1 << 20) + 1, 'x') + "\n"), 2);
  EXPECT_EQ(line_of("\xef\xbb"
                    "a\n"),
            1);
}

}  // namespace
}  // namespace stockd::ctl
