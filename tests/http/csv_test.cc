// Tables for spreadsheets.
#include <gmock/gmock.h>

#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

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

// A stream of rows, whose columns depend on what is asked.
TEST_F(Csv, AReportIsATable) {
  Stock("MUG", "S01", 5);
  Stock("TEA", "S02", 7);
  const std::string period = "&begin_time=2026-01-01T00:00:00Z&end_time=2027-01-01T00:00:00Z";
  const HttpResponse all =
      Get("/csv/v1/report?figures=on_hand&figures=units_received&group_by=location&"
          "up_to_date=true" +
          period);
  EXPECT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.header("content-disposition"), "attachment; filename=\"report.csv\"");
  EXPECT_THAT(all.body, StartsWith("figure,begin,end,location,currency,value,numerator,"));
  EXPECT_THAT(all.body,
              HasSubstr("\r\non_hand,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,S01,,5,5,,"));
  EXPECT_THAT(all.body,
              HasSubstr("units_received,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,S02,,7,"));
  const HttpResponse refused = Get("/csv/v1/report?figures=happiness" + period);
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.body, HasSubstr("FIGURE_UNKNOWN"));
  EXPECT_EQ(Get("/csv/v1/report").status, 400);
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
