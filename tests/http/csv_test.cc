// Tables for spreadsheets.
#include <gmock/gmock.h>

#include "daemon/http/csv_writer.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string Row(const std::vector<std::string>& texts) {
  std::string out;
  http::CsvWriter row(out);
  for (const std::string& text : texts) row.Text(text);
  row.EndRow();
  return out;
}

TEST(CsvWriter, FollowsTheStandard) {
  EXPECT_EQ(Row({"a", "b c", ""}), "a,b c,\r\n");
  EXPECT_EQ(Row({"a,b", "\"q\"", "x\ny"}), "\"a,b\",\"\"\"q\"\"\",\"x\ny\"\r\n");
  std::string out;
  http::CsvWriter row(out);
  row.Number(int64_t{-5}).Number(0.25).Empty().Text("\xC4\x9F").EndRow();
  EXPECT_EQ(out, "-5,0.25,,\xC4\x9F\r\n");
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

class Csv : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    DaemonFixture::SetUp();
  }

  HttpResponse Get(const std::string& target) {
    HttpConnection connection(daemon().http_address());
    return connection.Call("GET", target);
  }
};

TEST_F(Csv, AvailabilityIsATable) {
  Stock("MUG", "S01", 5);
  Stock("TEA", "S02", 7);
  const HttpResponse all = Get("/csv/v1/availability");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.header("content-type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(all.header("content-disposition"), "attachment; filename=\"availability.csv\"");
  EXPECT_THAT(all.body, StartsWith("sku,location,available,on_hand,reserved,committed,"));
  EXPECT_THAT(all.body, HasSubstr("\r\nMUG,S01,5,5,0,0,"));
  EXPECT_THAT(all.body, HasSubstr("\r\nTEA,S02,7,7,0,0,"));
  EXPECT_THAT(Get("/csv/v1/availability?location=S02").body, testing::Not(HasSubstr("MUG")));
  // Pages are followed to the end.
  EXPECT_EQ(Get("/csv/v1/availability?page_size=1").body, all.body);
}

TEST_F(Csv, WhatCannotBeAskedIsSaid) {
  EXPECT_EQ(Get("/csv/v1/nothing").status, 404);
  HttpResponse response = Get("/csv/v1/availability?colour=red");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("colour"));
  EXPECT_EQ(Get("/csv/v1/availability?location=%zz").status, 400);
  EXPECT_EQ(Get("/csv/v1/availability?location=NOWHERE").status, 404);
  EXPECT_EQ(Get("/csv/v1/availability?page_size=-1").status, 400);
}

}  // namespace
}  // namespace stockd::support
