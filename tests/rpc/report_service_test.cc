// Figures, over the wire.
#include <gmock/gmock.h>

#include <filesystem>

#include "stockd/v1/report_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Stub = v1::ReportService::Stub;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::seconds kPatience{10};
constexpr Duration kHour = std::chrono::hours(1);

class ReportCalls : public DaemonFixture {
 protected:
  // Facts as they are, in one batch; the last may have happened before the first.
  void Tell(const std::vector<v1::Fact>& facts) {
    AdapterStream stream(client(), kPatience);
    ASSERT_TRUE(stream.Open("till"));
    const auto ack = stream.Send(++batch_, facts);
    ASSERT_TRUE(ack.has_value());
    ASSERT_EQ(ack->applied(), static_cast<int64_t>(facts.size())) << ack->ShortDebugString();
    stream.WritesDone();
    ASSERT_TRUE(stream.Finish().ok());
  }

  v1::Fact At(Timestamp when, v1::FactKind kind, const std::string& location, int64_t quantity) {
    v1::Fact fact = ToFact({.kind = kind,
                            .event_id = "e" + std::to_string(++events_),
                            .sku = "MUG",
                            .location = location,
                            .quantity = quantity});
    const int64_t micros = ToMicros(when);
    fact.mutable_occurred_at()->set_seconds(micros / 1'000'000);
    fact.mutable_occurred_at()->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
    return fact;
  }
  v1::Fact SaleAt(Timestamp when, const std::string& location, int64_t quantity,
                  const std::string& reference, int64_t price_micros) {
    v1::Fact sale = At(when, v1::FACT_KIND_SALE, location, quantity);
    sale.set_reference(reference);
    sale.set_channel(location == "W01" ? "web" : "pos");
    sale.set_unit_price_micros(price_micros);
    sale.set_currency("EUR");
    return sale;
  }

  // The hour that the fixture's clock is in.
  Timestamp ThisHour() const { return std::chrono::floor<std::chrono::hours>(clock.Now()); }

  v1::QueryReportRequest Ask(const std::vector<std::string>& figures, Timestamp begin,
                             Timestamp end) {
    v1::QueryReportRequest request;
    for (const std::string& figure : figures) request.add_figures(figure);
    request.mutable_begin_time()->set_seconds(ToMicros(begin) / 1'000'000);
    request.mutable_end_time()->set_seconds(ToMicros(end) / 1'000'000);
    request.set_up_to_date(true);
    return request;
  }

  grpc::Status Query(const v1::QueryReportRequest& request, std::vector<v1::ReportRow>& rows,
                     uint64_t* sequence = nullptr) {
    Stub stub(client().channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::time_point::max());
    const auto stream = stub.QueryReport(&context, request);
    v1::QueryReportResponse message;
    rows.clear();
    while (stream->Read(&message)) {
      rows.insert(rows.end(), message.rows().begin(), message.rows().end());
      if (sequence != nullptr) *sequence = message.sequence();
    }
    return stream->Finish();
  }
  std::vector<v1::ReportRow> MustQuery(const v1::QueryReportRequest& request) {
    std::vector<v1::ReportRow> rows;
    const grpc::Status status = Query(request, rows);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return rows;
  }
  std::string ReasonFor(const v1::QueryReportRequest& request) {
    std::vector<v1::ReportRow> rows;
    const grpc::Status status = Query(request, rows);
    EXPECT_FALSE(status.ok());
    EXPECT_TRUE(rows.empty());
    return ReasonOf(status);
  }

 private:
  uint64_t batch_ = 100;
  int events_ = 0;
};

TEST_F(ReportCalls, FiguresSayWhatTheyAre) {
  v1::ListFiguresResponse response;
  Stub stub(client().channel());
  ASSERT_TRUE(client().Call(stub, &Stub::ListFigures, {}, response).ok());
  EXPECT_EQ(response.time_zone(), "UTC");
  EXPECT_GT(response.figures_size(), 20);
  for (const v1::Figure& figure : response.figures()) {
    EXPECT_FALSE(figure.name_polish().empty()) << figure.key();
    EXPECT_NE(figure.phase(), v1::JOURNEY_PHASE_UNSPECIFIED) << figure.key();
  }
}

TEST_F(ReportCalls, SalesAndTurnoverByLocationAndHour) {
  const Timestamp hour = ThisHour() - 3 * kHour;
  // 20 mugs for four hours, 15 of them from half way through the second.
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20),
        SaleAt(hour + kHour + kHour / 2, "S01", 5, "r1", 2'500'000),
        At(hour, v1::FACT_KIND_RECEIPT, "W01", 4), SaleAt(hour, "W01", 1, "r2", 1'000)});
  auto request = Ask({"net_sales", "on_hand_average"}, hour, hour + 2 * kHour);
  request.set_bucket(v1::REPORT_BUCKET_HOUR);
  request.add_group_by("location");
  const auto rows = MustQuery(request);
  std::vector<std::string> texts;
  for (const auto& row : rows) {
    texts.push_back(row.figure() + " " + row.group(0) + " " + row.currency() + " " +
                    row.numerator());
  }
  EXPECT_THAT(texts, ElementsAre("net_sales W01 EUR 0.001", "net_sales S01 EUR 12.5",
                                 "on_hand_average S01  20", "on_hand_average W01  3",
                                 "on_hand_average S01  17.5", "on_hand_average W01  3"));
}

// A shop that was offline tells its day late: the hour it happened in is restated, others are not.
TEST_F(ReportCalls, ALateFactRestatesItsOwnBucketOnly) {
  const Timestamp hour = ThisHour() - 5 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20),
        SaleAt(hour + 2 * kHour, "S01", 1, "r1", 1'000'000)});
  auto request = Ask({"units_sold", "on_hand"}, hour, hour + 3 * kHour);
  request.set_bucket(v1::REPORT_BUCKET_HOUR);
  const auto before = MustQuery(request);
  Tell({SaleAt(hour + kHour, "S01", 3, "r0", 1'000'000)});
  const auto after = MustQuery(request);
  ASSERT_EQ(before.size(), 6u);
  ASSERT_EQ(after.size(), 6u);
  EXPECT_EQ(before[1].numerator(), "0");
  EXPECT_EQ(after[1].numerator(), "3");
  EXPECT_EQ(after[0].numerator(), before[0].numerator());
  EXPECT_EQ(after[2].numerator(), before[2].numerator());
  EXPECT_EQ(before[4].numerator(), "20");
  EXPECT_EQ(after[4].numerator(), "17");
  EXPECT_EQ(after[5].numerator(), "16");
}

TEST_F(ReportCalls, OrdersAreReferencesAndNothingByNothingIsNoValue) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20), SaleAt(hour, "S01", 1, "r1", 3'000'000),
        SaleAt(hour, "S01", 2, "r1", 1'000'000), SaleAt(hour, "S01", 1, "r2", 1'000'000)});
  auto request = Ask({"average_order_value", "units_per_order"}, hour, hour + 2 * kHour);
  request.set_bucket(v1::REPORT_BUCKET_HOUR);
  const auto rows = MustQuery(request);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].numerator(), "6");
  EXPECT_EQ(rows[0].denominator(), "2");
  EXPECT_DOUBLE_EQ(rows[0].value(), 3);
  EXPECT_EQ(rows[1].denominator(), "0");
  EXPECT_FALSE(rows[1].has_value());
  EXPECT_DOUBLE_EQ(rows[2].value(), 2);
  EXPECT_FALSE(rows[3].has_value());
}

TEST_F(ReportCalls, WhatWasNeverToldIsNamed) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20)});
  const auto rows = MustQuery(Ask({"turnover_cost", "customer_retention"},
                                  std::chrono::floor<std::chrono::days>(hour),
                                  std::chrono::floor<std::chrono::days>(hour) + 24 * kHour));
  ASSERT_EQ(rows.size(), 2u);
  for (const auto& row : rows) EXPECT_FALSE(row.has_value()) << row.ShortDebugString();
  EXPECT_THAT(rows[0].missing(),
              ElementsAre("sale", "reference of sales", "customer reference of sales"));
  EXPECT_THAT(rows[1].missing(), ElementsAre("sale", "unit cost of items"));
}

// A shop tells its visits by the hour, and again when it knows better.
TEST_F(ReportCalls, OrdersByVisitsAreConversion) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "W01", 20), SaleAt(hour, "W01", 1, "r1", 3'000'000),
        SaleAt(hour, "W01", 1, "r2", 3'000'000)});
  const auto question = [&] {
    auto request = Ask({"conversion"}, hour, hour + kHour);
    request.add_group_by("channel");
    return request;
  };
  EXPECT_THAT(MustQuery(question()).at(0).missing(), ElementsAre("visits"));
  v1::RecordVisitsRequest request;
  v1::VisitCount& count = *request.add_counts();
  count.set_channel("web");
  count.mutable_begin_time()->set_seconds(ToMicros(hour) / 1'000'000);
  Stub stub(client().channel());
  v1::RecordVisitsResponse response;
  for (const int64_t visits : {70, 50, 50}) {
    count.set_visits(visits);
    ASSERT_TRUE(client().Call(stub, &Stub::RecordVisits, request, response).ok());
  }
  const auto rows = MustQuery(question());
  EXPECT_EQ(rows.at(0).group(0), "web");
  EXPECT_EQ(rows.at(0).numerator(), "2");
  EXPECT_EQ(rows.at(0).denominator(), "50");
  EXPECT_DOUBLE_EQ(rows.at(0).value(), 4);
  EXPECT_LT(rows.at(0).interval_low(), 4);
  EXPECT_GT(rows.at(0).interval_high(), 4);
  count.mutable_begin_time()->set_seconds(count.begin_time().seconds() + 60);
  EXPECT_EQ(ReasonOf(client().Call(stub, &Stub::RecordVisits, request, response)), "FIELD_INVALID");
}

TEST_F(ReportCalls, BadVisitsAndContactsChangeNothing) {
  Stub stub(client().channel());
  v1::RecordVisitsResponse visits_recorded;
  const auto visits = [&](const auto& change) {
    v1::RecordVisitsRequest request;
    v1::VisitCount good;
    good.set_channel("web");
    good.mutable_begin_time()->set_seconds(ToMicros(ThisHour()) / 1'000'000);
    good.set_visits(7);
    *request.add_counts() = good;
    change(good);
    *request.add_counts() = good;
    return ReasonOf(client().Call(stub, &Stub::RecordVisits, request, visits_recorded));
  };
  EXPECT_EQ(visits([](auto& count) { count.clear_channel(); }), "FIELD_INVALID");
  EXPECT_EQ(visits([](auto& count) { count.set_location("S99"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(visits([](auto& count) { count.clear_begin_time(); }), "FIELD_INVALID");
  EXPECT_EQ(visits([](auto& count) { count.mutable_begin_time()->set_nanos(1000); }),
            "FIELD_INVALID");
  EXPECT_EQ(visits([](auto& count) { count.set_visits(-1); }), "FIELD_INVALID");
  EXPECT_EQ(visits([](auto& count) { count.set_visits(1'000'000'000'001); }), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(client().Call(stub, &Stub::RecordVisits, {}, visits_recorded)),
            "FIELD_INVALID");
  v1::RecordContactsResponse contacts_recorded;
  const auto contacts = [&](const auto& change) {
    v1::RecordContactsRequest request;
    v1::OnlineContact good;
    good.set_customer_reference("c1");
    good.set_sku("MUG");
    good.set_channel("web");
    good.mutable_time()->set_seconds(ToMicros(clock.Now()) / 1'000'000);
    *request.add_contacts() = good;
    change(good);
    *request.add_contacts() = good;
    return ReasonOf(client().Call(stub, &Stub::RecordContacts, request, contacts_recorded));
  };
  EXPECT_EQ(contacts([](auto& contact) { contact.clear_customer_reference(); }), "FIELD_INVALID");
  EXPECT_EQ(contacts([](auto& contact) { contact.set_sku("CUP"); }), "SKU_UNKNOWN");
  EXPECT_EQ(contacts([](auto& contact) { contact.clear_channel(); }), "FIELD_INVALID");
  EXPECT_EQ(contacts([](auto& contact) { contact.clear_time(); }), "FIELD_INVALID");
  EXPECT_EQ(contacts([](auto& contact) {
              contact.mutable_time()->set_seconds(contact.time().seconds() + 3600);
            }),
            "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(client().Call(stub, &Stub::RecordContacts, {}, contacts_recorded)),
            "FIELD_INVALID");
  for (const auto& row : MustQuery(Ask({"visits", "ropo_share"}, ThisHour(), ThisHour() + kHour))) {
    EXPECT_FALSE(row.has_value());
    EXPECT_FALSE(row.missing().empty());
  }
  EXPECT_EQ(contacts([](auto&) {}), "");
  EXPECT_EQ(visits([](auto&) {}), "");
}

// Bought in the shop after a look online, however late somebody tells of the look.
TEST_F(ReportCalls, ShopSalesAfterAnOnlineContact) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  std::vector<v1::Fact> facts = {At(hour, v1::FACT_KIND_RECEIPT, "S01", 20),
                                 At(hour, v1::FACT_KIND_RECEIPT, "W01", 20)};
  for (const char* customer : {"c1", "c2", ""}) {
    facts.push_back(SaleAt(hour + kHour / 2, "S01", 1, std::string("r") + customer, 4'000'000));
    facts.back().set_customer_reference(customer);
  }
  facts.push_back(SaleAt(hour + kHour / 2, "W01", 1, "r9", 9'000'000));
  facts.back().set_customer_reference("c1");
  Tell(facts);
  const auto question = Ask({"ropo_share"}, hour, hour + kHour);
  EXPECT_THAT(MustQuery(question).at(0).missing(), ElementsAre("online contact of customers"));
  Stub stub(client().channel());
  const auto contact = [&](const std::string& customer, Timestamp at) {
    v1::RecordContactsRequest request;
    v1::OnlineContact& contact = *request.add_contacts();
    contact.set_customer_reference(customer);
    contact.set_sku("MUG");
    contact.set_channel("web");
    contact.mutable_time()->set_seconds(ToMicros(at) / 1'000'000);
    v1::RecordContactsResponse response;
    EXPECT_TRUE(client().Call(stub, &Stub::RecordContacts, request, response).ok());
  };
  contact("c2", hour + kHour);            // After it.
  contact("c2", hour - 15 * 24 * kHour);  // Long before.
  auto rows = MustQuery(question);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(rows[0].value(), 0);
  contact("c1", hour - 14 * 24 * kHour + kHour / 2);
  contact("c1", hour - 14 * 24 * kHour + kHour / 2);
  contact("c1", hour);
  rows = MustQuery(question);
  EXPECT_EQ(rows.at(0).numerator(), "4");
  EXPECT_EQ(rows.at(0).denominator(), "8");
  EXPECT_DOUBLE_EQ(rows.at(0).value(), 50);
  EXPECT_DOUBLE_EQ(rows.at(0).coverage(), 2.0 / 3);
}

// What was recorded survives a restart, and roll-ups that are made anew know it.
TEST_F(ReportCalls, VisitsAreNotOnlyInTheRollups) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  v1::RecordVisitsRequest request;
  v1::VisitCount& count = *request.add_counts();
  count.set_channel("web");
  count.mutable_begin_time()->set_seconds(ToMicros(hour) / 1'000'000);
  count.set_visits(70);
  v1::RecordVisitsResponse response;
  {
    Stub stub(client().channel());
    ASSERT_TRUE(client().Call(stub, &Stub::RecordVisits, request, response).ok());
  }
  Stop();
  for (const char* end : {"", "-wal", "-shm"}) {
    std::filesystem::remove(config.storage.database + "-reports" + end);
  }
  Start();
  EXPECT_DOUBLE_EQ(MustQuery(Ask({"visits"}, hour, hour + kHour)).at(0).value(), 70);
}

TEST_F(ReportCalls, AReportIsPinnedToTheJournal) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20)});
  std::vector<v1::ReportRow> rows;
  uint64_t sequence = 0;
  ASSERT_TRUE(Query(Ask({"on_hand"}, hour, hour + kHour), rows, &sequence).ok());
  EXPECT_EQ(sequence, Status().sequence());
}

TEST_F(ReportCalls, TheyGoOnAfterARestart) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20)});
  EXPECT_EQ(MustQuery(Ask({"on_hand"}, hour, hour + kHour)).at(0).numerator(), "20");
  Restart();
  Tell({SaleAt(hour, "S01", 2, "r1", 1'000'000)});
  EXPECT_EQ(MustQuery(Ask({"on_hand"}, hour, hour + kHour)).at(0).numerator(), "18");
}

// A backup that was put back knows less than the sums that were made of what came after it.
TEST_F(ReportCalls, SumsOfAnotherHistoryAreMadeAnew) {
  const Timestamp hour = ThisHour() - 2 * kHour;
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 20)});
  EXPECT_EQ(MustQuery(Ask({"on_hand"}, hour, hour + kHour)).at(0).numerator(), "20");
  Stop();
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(folder() / (config.storage.database + suffix));
  }
  SetUp();
  Tell({At(hour, v1::FACT_KIND_RECEIPT, "S01", 7)});
  EXPECT_EQ(MustQuery(Ask({"on_hand"}, hour, hour + kHour)).at(0).numerator(), "7");
}

TEST_F(ReportCalls, BadQuestionsAreRefusedWithTheirReason) {
  const Timestamp hour = ThisHour();
  const auto good = Ask({"net_sales"}, hour, hour + kHour);
  const auto with = [&](const auto& change) {
    auto request = good;
    change(request);
    return ReasonFor(request);
  };
  EXPECT_EQ(with([](auto& r) { r.clear_figures(); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.add_figures("happiness"); }), "FIGURE_UNKNOWN");
  EXPECT_EQ(with([](auto& r) { r.add_figures("net_sales"); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.clear_begin_time(); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { *r.mutable_end_time() = r.begin_time(); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.set_time_zone("Mars/Olympus"); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.set_bucket(static_cast<v1::ReportBucket>(99)); }),
            "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.add_group_by("weather"); }), "FIELD_INVALID");
  EXPECT_EQ(with([](auto& r) { r.add_locations("NOWHERE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(with([](auto& r) { r.add_skus("NOTHING"); }), "SKU_UNKNOWN");
  EXPECT_EQ(with([](auto& r) { r.add_groups("NOBODY"); }), "GROUP_UNKNOWN");
  EXPECT_EQ(with([](auto& r) { r.add_sources("NOBODY"); }), "SOURCE_UNKNOWN");
  EXPECT_EQ(with([](auto& r) {
              r.add_group_by("item");
              r.add_group_by("location");
            }),
            "DIMENSIONS_UNSUPPORTED");
  EXPECT_EQ(with([](auto& r) {
              r.add_figures("on_hand");
              r.add_group_by("channel");
            }),
            "DIMENSIONS_UNSUPPORTED");
  EXPECT_EQ(with([](auto& r) { r.mutable_begin_time()->set_seconds(r.end_time().seconds() - 60); }),
            "PERIOD_UNALIGNED");
  EXPECT_EQ(with([](auto& r) {
              r.set_time_zone("Asia/Kolkata");
              r.add_group_by("item");
            }),
            "PERIOD_UNALIGNED");
  EXPECT_EQ(with([](auto& r) {
              r.mutable_begin_time()->set_seconds(0);
              r.set_bucket(v1::REPORT_BUCKET_HOUR);
            }),
            "REPORT_TOO_LARGE");
}

TEST_F(ReportCalls, TurnedOffTheyAreRefused) {
  Stop();
  config.reports.enabled = false;
  Start();
  EXPECT_EQ(ReasonFor(Ask({"net_sales"}, ThisHour(), ThisHour() + kHour)), "REPORTS_OFF");
}

}  // namespace
}  // namespace stockd::support
