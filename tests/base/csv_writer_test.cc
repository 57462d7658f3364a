#include "daemon/base/csv_writer.h"

#include <gmock/gmock.h>

#include <vector>

namespace stockd {
namespace {

using testing::StartsWith;

std::string Row(const std::vector<std::string>& texts) {
  std::string out;
  CsvWriter row(out);
  for (const std::string& text : texts) row.Text(text);
  row.EndRow();
  return out;
}

TEST(CsvWriter, FollowsTheStandard) {
  EXPECT_EQ(Row({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(Row({"a,b", "\"q\"", "x\ny"}), "\"a,b\",\"\"\"q\"\"\",\"x\ny\"\r\n");
  std::string out;
  CsvWriter row(out);
  row.Number(int64_t{-5}).Number(0.25).Empty().Decimal("-1.50").Text("\xC4\x9F").EndRow();
  EXPECT_EQ(out, "-5,0.25,,-1.50,\xC4\x9F\r\n");
}

// A name that somebody put into an ERP must not run on the desk of whoever opens the file.
TEST(CsvWriter, LetsNoTextBeAFormula) {
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                           "=HYPERLINK(\"http://evil.example\")",
                           "\xEF\xBC\x9D"
                           "1"}) {
    EXPECT_THAT(Row({text}), StartsWith("\"'")) << text;
  }
  EXPECT_EQ(Row({"a=1", "1-2"}), "a=1,1-2\r\n");
}

}  // namespace
}  // namespace stockd
