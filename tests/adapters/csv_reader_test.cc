#include "adapters/sdk/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What one record or problem is, for comparing: fields joined with '|', or the reason.
struct Seen {
  std::string what;
  int64_t line = 0;
  friend bool operator==(const Seen&, const Seen&) = default;
};

class CsvReaderTest : public ::testing::Test {
 protected:
  CsvReader Open(const std::string& content, CsvOptions options = {}) {
    const std::filesystem::path path = folder_.path() / "file.csv";
    support::WriteFile(path, content);
    return CsvReader::Open(path, options).value();
  }

  static std::vector<Seen> ReadAll(CsvReader& reader) {
    std::vector<Seen> all;
    for (;;) {
      switch (reader.Next()) {
        case CsvOutcome::kRecord: {
          std::string joined;
          for (const std::string_view field : reader.record().fields) {
            if (!joined.empty()) joined += '|';
            joined += field;
          }
          all.push_back({joined, reader.record().line});
          break;
        }
        case CsvOutcome::kMalformed:
          all.push_back({std::string(reader.problem().reason), reader.problem().line});
          break;
        case CsvOutcome::kEnd: return all;
        case CsvOutcome::kReadFailed: ADD_FAILURE() << reader.read_error(); return all;
      }
    }
  }

  std::vector<Seen> Read(const std::string& content, CsvOptions options = {}) {
    CsvReader reader = Open(content, options);
    return ReadAll(reader);
  }

  support::TempDirectory folder_;
};

TEST_F(CsvReaderTest, PlainRecordsAreSplitAtCommas) {
  EXPECT_THAT(Read("a,b\nc,d\n"), ElementsAre(Seen{"a|b", 1}, Seen{"c|d", 2}));
}

TEST_F(CsvReaderTest, AByteOrderMarkIsNotPartOfTheFirstName) {
  EXPECT_THAT(Read("\xEF\xBB\xBFsku,n\n"), ElementsAre(Seen{"sku|n", 1}));
}

TEST_F(CsvReaderTest, CrlfEndsARecordLikeLf) {
  EXPECT_THAT(Read("a,b\r\nc,d\r\n"), ElementsAre(Seen{"a|b", 1}, Seen{"c|d", 2}));
}

TEST_F(CsvReaderTest, BlankLinesAreSkippedButCounted) {
  EXPECT_THAT(Read("a\n\r\n\nb\n"), ElementsAre(Seen{"a", 1}, Seen{"b", 4}));
}

TEST_F(CsvReaderTest, QuotesHideDelimitersQuotesAndLineBreaks) {
  EXPECT_THAT(Read("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\nnext\n"),
              ElementsAre(Seen{"a,b|say \"hi\"|two\nlines", 1}, Seen{"next", 3}));
}

TEST_F(CsvReaderTest, EmptyFieldsAreFields) {
  CsvReader reader = Open(",,\n\"\"\n");
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  EXPECT_EQ(reader.record().fields.size(), 3u);
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  EXPECT_THAT(reader.record().fields, ElementsAre(""));
}

TEST_F(CsvReaderTest, TheDelimiterIsAnOption) {
  EXPECT_THAT(Read("a;1,5\n", {.delimiter = ';'}), ElementsAre(Seen{"a|1,5", 1}));
}

TEST_F(CsvReaderTest, ALastLineWithoutBreakIsARecordThatSaysSo) {
  CsvReader reader = Open("a,b\nc,d");
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  EXPECT_TRUE(reader.record().has_line_break);
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  EXPECT_FALSE(reader.record().has_line_break);
  EXPECT_EQ(reader.Next(), CsvOutcome::kEnd);
}

// One stray quote must cost one row, not the rest of the file.
TEST_F(CsvReaderTest, AStrayQuoteCostsItsOwnLineOnly) {
  EXPECT_THAT(Read("a\n5\" pipe,1\nb\n"),
              ElementsAre(Seen{"a", 1}, Seen{"CSV_QUOTE_STRAY", 2}, Seen{"b", 3}));
  EXPECT_THAT(Read("\"a\"b,1\nc\n"), ElementsAre(Seen{"CSV_QUOTE_STRAY", 1}, Seen{"c", 2}));
}

TEST_F(CsvReaderTest, AQuoteThatNeverClosesCostsItsOwnLineOnly) {
  EXPECT_THAT(Read("a\n\"open,1\nb\nc\n"),
              ElementsAre(Seen{"a", 1}, Seen{"CSV_QUOTE_OPEN", 2}, Seen{"b", 3}, Seen{"c", 4}));
}

TEST_F(CsvReaderTest, AProblemSaysLineAndFieldAndKeepsTheText) {
  CsvReader reader = Open("a,b\r\nx,5\" pipe\r\n");
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  ASSERT_EQ(reader.Next(), CsvOutcome::kMalformed);
  EXPECT_THAT(reader.problem().detail, HasSubstr("line 2, field 2"));
  EXPECT_EQ(reader.problem().raw, "x,5\" pipe");
}

// Otherwise a file without line breaks would be read into memory as a whole.
TEST_F(CsvReaderTest, ARecordLongerThanTheLimitIsSetAside) {
  const std::string long_line(kRecordBytesMax + 1, 'x');
  EXPECT_THAT(Read("a\n" + long_line + "\nb\n"),
              ElementsAre(Seen{"a", 1}, Seen{"RECORD_TOO_LONG", 2}, Seen{"b", 3}));
  EXPECT_THAT(Read(std::string(kRecordBytesMax + 1, ',') + "\nb\n"),
              ElementsAre(Seen{"RECORD_TOO_LONG", 1}, Seen{"b", 2}));
  EXPECT_THAT(Read("\"" + long_line + "\"\nb\n"),
              ElementsAre(Seen{"CSV_QUOTE_OPEN", 1}, Seen{"b", 2}));
}

TEST_F(CsvReaderTest, ARecordOfExactlyTheLimitIsRead) {
  const std::string line(kRecordBytesMax, 'x');
  EXPECT_THAT(Read(line + "\nb\n"), ElementsAre(Seen{line, 1}, Seen{"b", 2}));
}

TEST_F(CsvReaderTest, RecordsAcrossReadsOfTheFileAreWhole) {
  std::string content;
  std::vector<Seen> expected;
  for (int i = 1; i <= 50'000; ++i) {
    const std::string number = std::to_string(i);
    content += number + ",\"quoted " + number + "\"\r\n";
    expected.push_back({number + "|quoted " + number, i});
  }
  EXPECT_EQ(Read(content), expected);
}

TEST_F(CsvReaderTest, SeekGoesOnFromTheEndOfARecord) {
  CsvReader reader = Open(
      "\xEF\xBB\xBF"
      "a\n\"b\nb\"\nc\n");
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  ASSERT_EQ(reader.Next(), CsvOutcome::kRecord);
  const uint64_t offset = reader.offset();
  const int64_t line = reader.line();
  ReadAll(reader);
  reader.Seek(offset, line);
  EXPECT_THAT(ReadAll(reader), ElementsAre(Seen{"c", 4}));
}

TEST_F(CsvReaderTest, Utf16IsRefusedWithAdvice) {
  const std::filesystem::path path = folder_.path() / "utf16.csv";
  support::WriteFile(path, std::string_view("\xFF\xFE"
                                            "a\0",
                                            4));
  EXPECT_THAT(std::string(CsvReader::Open(path, {}).status().message()), HasSubstr("UTF-8"));
}

TEST_F(CsvReaderTest, OnlyRegularFilesAreOpened) {
  EXPECT_TRUE(absl::IsNotFound(CsvReader::Open(folder_.path() / "none", {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(CsvReader::Open(folder_.path(), {}).status()));
}

}  // namespace
}  // namespace stockd::sdk
