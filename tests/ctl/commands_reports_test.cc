// The commands about figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/ctl/format.h"
#include "daemon/ctl/report_period.h"
#include "stockd/v1/experiment_service.pb.h"
#include "stockd/v1/report_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReportCommands : public testing::Test {
 protected:
  ReportCommands() {
    v1::ListFiguresResponse figures;
    v1::Figure& figure = *figures.add_figures();
    figure.set_key("net_sales");
    figure.set_name("Net sales");
    figure.set_name_polish("Przychody netto");
    figure.set_unit("money");
    figure.set_formula("sales - returns");
    figure.add_dimensions("channel");
    v1::Figure& of_orders = *figures.add_figures();
    of_orders.set_key("on_time_delivery");
    of_orders.set_behind("orders");
    figures.set_time_zone("Europe/Warsaw");
    server_.Answer("ListFigures", figures);
  }

  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }

  // Two rows: one with a value, one with nothing.
  void AnswerRows() {
    v1::QueryReportResponse response;
    response.set_sequence(77);
    v1::ReportRow& row = *response.add_rows();
    row.set_figure("net_sales");
    *row.mutable_begin_time() = ToProto(*ParseTimestamp("2026-10-01T00:00:00Z"));
    *row.mutable_end_time() = ToProto(*ParseTimestamp("2026-11-01T00:00:00Z"));
    row.add_group("=web");
    row.set_currency("EUR");
    row.set_numerator("-1234.5");
    row.set_value(-1234.5);
    row.set_coverage(0.5);
    v1::ReportExclusion& exclusion = *row.add_exclusions();
    exclusion.set_reason("PRICE_UNKNOWN");
    exclusion.set_count(3);
    v1::ReportRow& nothing = *response.add_rows();
    nothing = row;
    nothing.set_group(0, "app");
    nothing.clear_value();
    nothing.set_numerator("0");
    nothing.clear_exclusions();
    nothing.add_missing("unit price of sales");
    server_.Answer("QueryReport", response);
  }

  ScriptedServer server_;
};

TEST_F(ReportCommands, FiguresAreListedAndExplained) {
  EXPECT_THAT(Run({"figures"}).out, HasSubstr("Net sales"));
  const Ran one = Run({"figures", "net_sales"});
  EXPECT_THAT(one.out, HasSubstr("sales - returns"));
  EXPECT_THAT(one.out, HasSubstr("Przychody netto"));
  EXPECT_EQ(Run({"figures", "happiness"}).exit_code, ExitCode::kUsage);
}

TEST_F(ReportCommands, AQuestionSaysAllThatTheOptionsSay) {
  AnswerRows();
  const Ran ran = Run({"report", "net_sales", "--period", "2026-10", "--zone", "Europe/Warsaw",
                       "--every", "month", "--by", "channel", "--location", "S01", "--category",
                       "tea", "--currency", "EUR", "--as-it-is"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  const auto request = server_.Requests<v1::QueryReportRequest>("QueryReport").back();
  EXPECT_EQ(request.figures(0), "net_sales");
  EXPECT_EQ(FormatInstant(request.begin_time()), "2026-09-30T22:00:00Z");
  EXPECT_EQ(FormatInstant(request.end_time()), "2026-10-31T23:00:00Z");
  EXPECT_EQ(request.time_zone(), "Europe/Warsaw");
  EXPECT_EQ(request.bucket(), v1::REPORT_BUCKET_MONTH);
  EXPECT_EQ(request.group_by(0), "channel");
  EXPECT_EQ(request.locations(0), "S01");
  EXPECT_EQ(request.categories(0), "tea");
  EXPECT_EQ(request.currencies(0), "EUR");
  EXPECT_FALSE(request.up_to_date());
}

TEST_F(ReportCommands, TheTableShowsValuesAndWhatTheyLeaveOut) {
  AnswerRows();
  const Ran ran = Run({"report", "net_sales", "--by", "channel"});
  EXPECT_THAT(ran.out, HasSubstr("-1234.50"));
  EXPECT_THAT(ran.out, HasSubstr("EUR"));
  EXPECT_THAT(ran.out, HasSubstr("PRICE_UNKNOWN 3"));
  EXPECT_THAT(ran.out, HasSubstr("never told: unit price of sales"));
  EXPECT_THAT(ran.out, HasSubstr("journal up to 77"));
  EXPECT_TRUE(server_.Requests<v1::QueryReportRequest>("QueryReport").back().up_to_date());
}

TEST_F(ReportCommands, CsvIsSafeToOpen) {
  AnswerRows();
  const Ran ran = Run({"report", "net_sales", "--by", "channel", "--csv"});
  EXPECT_EQ(ran.out,
            "figure,begin,end,channel,currency,value,numerator,denominator,coverage,"
            "interval_low,interval_high,exclusions,missing,p50,p90,p95,p99,sequence\r\n"
            "net_sales,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,\"'=web\",EUR,-1234.5,-1234.5,,"
            "0.5,,,PRICE_UNKNOWN=3,,,,,,77\r\n"
            "net_sales,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,app,EUR,,0,,0.5,,,,"
            "unit price of sales,,,,,77\r\n");
}

TEST_F(ReportCommands, TheOrdersBehindAFigureSayHowLateTheyWere) {
  v1::ExplainFigureResponse response;
  v1::ReportOrder& order = *response.add_orders();
  order.set_order_id("web-7");
  v1::ReportFulfilment& part = *order.add_fulfilments();
  part.set_number(1);
  part.set_location("W01");
  part.set_carrier("ups");
  part.set_state(v1::ORDER_STATE_DELIVERED);
  part.mutable_late_by()->set_seconds(6 * 3600);
  part.add_reasons("LATE");
  server_.Answer("ExplainFigure", response);
  const Ran ran = Run({"behind", "on_time_delivery", "--carrier", "ups", "--missed"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  for (const char* text : {"web-7", "ups", "delivered", "6h", "LATE"}) {
    EXPECT_THAT(ran.out, HasSubstr(text));
  }
  const auto request = server_.Requests<v1::ExplainFigureRequest>("ExplainFigure").back();
  EXPECT_EQ(request.query().figures(0), "on_time_delivery");
  EXPECT_EQ(request.query().carriers(0), "ups");
  EXPECT_EQ(request.orders(), v1::REPORT_ORDER_SHARE_NOT_COUNTED);
  EXPECT_EQ(Run({"behind", "happiness"}).exit_code, ExitCode::kUsage);
}

TEST_F(ReportCommands, AnExperimentIsStartedAndSaysWhoFollowsWhichPolicy) {
  v1::StartExperimentResponse response;
  v1::Experiment& experiment = *response.mutable_experiment();
  experiment.set_value_b(2);
  for (const char* code : {"S1", "S2", "S3", "S4"}) {
    v1::ExperimentSubject& subject = *experiment.add_subjects();
    subject.set_location(code);
    subject.set_is_b(code[1] == '2');
  }
  server_.Answer("StartExperiment", response);
  const Ran ran = Run({"experiment", "start", "trial", "--group", "stores", "--policy",
                       "safety-stock", "--a", "0", "--b", "2", "--seed", "7"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("b        2  all  S2"));
  const auto request = server_.Requests<v1::StartExperimentRequest>("StartExperiment").back();
  EXPECT_EQ(request.policy(), v1::EXPERIMENT_POLICY_SAFETY_STOCK);
  EXPECT_EQ(request.value_b(), 2);
  EXPECT_EQ(request.seed(), 7u);
  EXPECT_EQ(Run({"experiment", "start", "trial", "--group", "stores", "--policy", "luck", "--a",
                 "0", "--b", "2"})
                .exit_code,
            ExitCode::kUsage);
}

TEST_F(ReportCommands, AnExperimentSaysWhetherItMayBeChance) {
  v1::CompareExperimentResponse response;
  response.mutable_a()->set_observations(12);
  response.set_difference(-1.5);
  response.set_interval_low(-2.5);
  response.set_interval_high(-0.5);
  response.set_observations_needed(31);
  server_.Answer("CompareExperiment", response);
  Ran ran = Run({"experiment", "compare", "trial", "stock_out_rate"});
  EXPECT_THAT(ran.out, HasSubstr("from -2.5000 to -0.5000: the policies differ"));
  EXPECT_THAT(ran.out, HasSubstr("each arm takes 31 observations"));
  response.set_interval_high(0.5);
  server_.Answer("CompareExperiment", response);
  ran = Run({"experiment", "compare", "trial", "stock_out_rate", "--from", "2026-10-01"});
  EXPECT_THAT(ran.out, HasSubstr("that may be chance"));
  const auto request = server_.Requests<v1::CompareExperimentRequest>("CompareExperiment").back();
  EXPECT_EQ(request.experiment_id(), "trial");
  EXPECT_EQ(request.figure(), "stock_out_rate");
  EXPECT_TRUE(request.has_begin_time());
  EXPECT_FALSE(request.has_end_time());
}

TEST_F(ReportCommands, VisitsAndContactsAreRecorded) {
  server_.Answer("RecordVisits", v1::RecordVisitsResponse());
  server_.Answer("RecordContacts", v1::RecordContactsResponse());
  EXPECT_EQ(Run({"visits", "web", "2026-10-01T14:00:00Z", "1834"}).out, "Recorded.\n");
  EXPECT_EQ(server_.Requests<v1::RecordVisitsRequest>("RecordVisits").back().counts(0).visits(),
            1834);
  EXPECT_EQ(Run({"contact", "c1", "MUG", "web", "2026-10-01T14:03:20Z"}).out, "Recorded.\n");
  const auto contact =
      server_.Requests<v1::RecordContactsRequest>("RecordContacts").back().contacts(0);
  EXPECT_EQ(contact.sku(), "MUG");
  EXPECT_EQ(contact.customer_reference(), "c1");
  EXPECT_EQ(Run({"visits", "web", "2026-10-01T14:00:00Z", "-1"}).exit_code, ExitCode::kUsage);
}

TEST_F(ReportCommands, ARefusalSaysWhy) {
  server_.Refuse("QueryReport", grpc::StatusCode::FAILED_PRECONDITION, "PERIOD_UNALIGNED",
                 "begin and end at midnight", {});
  const Ran ran = Run({"report", "net_sales"});
  EXPECT_NE(ran.exit_code, ExitCode::kOk);
  EXPECT_THAT(ran.err, HasSubstr("midnight"));
  EXPECT_THAT(ran.out, Not(HasSubstr("VALUE")));
}

TEST(ReportPeriod, IsAPartOfTheCalendarOrTheTimeJustPassed) {
  const Timestamp now = *ParseTimestamp("2026-11-22T12:00:01Z");
  const auto text = [](const Period& period) {
    return FormatTimestamp(period.begin) + " " + FormatTimestamp(period.end);
  };
  EXPECT_EQ(text(ParsePeriod("2026", "", "", {}, "", now)),
            "2026-01-01T00:00:00Z 2027-01-01T00:00:00Z");
  EXPECT_EQ(text(ParsePeriod("2026-02-28", "", "", {}, "Europe/Istanbul", now)),
            "2026-02-27T21:00:00Z 2026-02-28T21:00:00Z");
  EXPECT_EQ(text(ParsePeriod("", "2026-11-01", "2026-11-02T10:00:00Z", {}, "", now)),
            "2026-11-01T00:00:00Z 2026-11-02T10:00:00Z");
  EXPECT_EQ(text(ParsePeriod("", "", "", std::chrono::hours(24), "", now)),
            "2026-11-21T13:00:00Z 2026-11-22T13:00:00Z");
  EXPECT_EQ(text(ParsePeriod("", "", "", {}, "", now)),
            "2026-10-23T13:00:00Z 2026-11-22T13:00:00Z");
}

TEST(ReportPeriod, RefusesWhatIsNoPeriod) {
  for (const char* period : {"2026-13", "2026-02-30", "26", "October", "2026-1"}) {
    EXPECT_THROW(ParsePeriod(period, "", "", {}, "", Timestamp{}), UsageError) << period;
  }
  EXPECT_THROW(ParsePeriod("", "2026-01-02", "2026-01-01", {}, "", Timestamp{}), UsageError);
  EXPECT_THROW(ParsePeriod("2026", "", "", {}, "Mars/Olympus", Timestamp{}), UsageError);
}

}  // namespace
}  // namespace stockd::ctl
