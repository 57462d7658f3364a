// Policy experiments, over the wire and through the gateway.
#include <gmock/gmock.h>

#include <map>

#include "stockd/v1/experiment_service.grpc.pb.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Stub = v1::ExperimentService::Stub;
using testing::HasSubstr;

constexpr Duration kHour = std::chrono::hours(1);

class ExperimentCalls : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    DaemonFixture::SetUp();
    v1::PutLocationsRequest locations;
    v1::PutGroupsRequest groups;
    v1::Group& group = *groups.add_groups();
    group.set_group_id("all");
    for (int i = 1; i <= 6; ++i) {
      v1::Location& location = *locations.add_locations();
      location.set_code("L" + std::to_string(i));
      location.set_name("Shop");
      group.add_locations(location.code());
    }
    v1::PutLocationsResponse put;
    ASSERT_TRUE(
        client()
            .Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations, put)
            .ok());
    v1::PutGroupsResponse put_groups;
    ASSERT_TRUE(
        client()
            .Call(client().catalogue(), &GrpcClient::Catalogue::PutGroups, groups, put_groups)
            .ok());
  }

  template <typename Method, typename Request, typename Response>
  std::string Call(Method method, const Request& request, Response& response) {
    Stub stub(client().channel());
    response.Clear();
    return ReasonOf(client().Call(stub, method, request, response));
  }

  static v1::StartExperimentRequest Trial() {
    v1::StartExperimentRequest request;
    request.set_experiment_id("trial");
    request.set_policy(v1::EXPERIMENT_POLICY_SAFETY_STOCK);
    request.set_group_id("all");
    request.set_value_b(3);
    request.set_seed(7);
    return request;
  }

  std::string Start(const v1::StartExperimentRequest& request) {
    return Call(&Stub::StartExperiment, request, started_);
  }
  std::string End(const std::string& id) {
    v1::EndExperimentRequest request;
    request.set_experiment_id(id);
    return Call(&Stub::EndExperiment, request, ended_);
  }
  std::string Compare(const std::string& figure) {
    v1::CompareExperimentRequest request;
    request.set_experiment_id("trial");
    request.set_figure(figure);
    return Call(&Stub::CompareExperiment, request, compared_);
  }
  int64_t SafetyStockAt(const std::string& location) {
    return Available("MUG", location).quantities().safety_stock();
  }

  v1::StartExperimentResponse started_;
  v1::EndExperimentResponse ended_;
  v1::CompareExperimentResponse compared_;
};

TEST_F(ExperimentCalls, BothPoliciesAreInForceUntilTheEnd) {
  for (int i = 1; i <= 6; ++i) Stock("MUG", "L" + std::to_string(i), 10);
  v1::PutSafetyStocksRequest rule;
  v1::SafetyStock& own = *rule.add_safety_stocks();
  own.set_location("L1");
  own.set_quantity(5);
  v1::PutSafetyStocksResponse put;
  const auto put_rule = [&] {
    return ReasonOf(
        client().Call(client().catalogue(), &GrpcClient::Catalogue::PutSafetyStocks, rule, put));
  };
  ASSERT_EQ(put_rule(), "");
  ASSERT_EQ(Start(Trial()), "");
  std::map<std::string, int64_t> assigned;
  int in_b = 0;
  for (const v1::ExperimentSubject& subject : started_.experiment().subjects()) {
    assigned[subject.location()] = subject.is_b() ? 3 : 0;
    in_b += subject.is_b() ? 1 : 0;
  }
  EXPECT_EQ(assigned.size(), 6u);
  EXPECT_EQ(in_b, 3);
  for (const auto& [location, value] : assigned) EXPECT_EQ(SafetyStockAt(location), value);
  // Nobody may know better meanwhile, or is left alone.
  own.set_location("L2");
  own.set_quantity(8);
  ASSERT_EQ(put_rule(), "");
  Restart();
  ASSERT_EQ(End("trial"), "");
  EXPECT_EQ(ended_.left_alone(), 1);
  EXPECT_TRUE(ended_.experiment().has_end_time());
  EXPECT_EQ(SafetyStockAt("L1"), 5);
  EXPECT_EQ(SafetyStockAt("L2"), 8);
  EXPECT_EQ(SafetyStockAt("L3"), 0);
  const auto first = ended_.experiment().SerializeAsString();
  clock.Advance(kHour);
  ASSERT_EQ(End("trial"), "");
  EXPECT_EQ(ended_.experiment().SerializeAsString(), first) << "safe to repeat";
  EXPECT_EQ(End("other"), "EXPERIMENT_UNKNOWN");
}

TEST_F(ExperimentCalls, StartingIsIdempotentAndReproducible) {
  ASSERT_EQ(Start(Trial()), "");
  const std::string first = started_.SerializeAsString();
  clock.Advance(kHour);
  ASSERT_EQ(Start(Trial()), "");
  EXPECT_EQ(started_.SerializeAsString(), first);
  auto other = Trial();
  other.set_seed(8);
  EXPECT_EQ(Start(other), "EXPERIMENT_DIFFERS");
  other.set_experiment_id("other");
  EXPECT_EQ(Start(other), "EXPERIMENT_OVERLAPS");
  ASSERT_EQ(End("trial"), "");
  EXPECT_EQ(Start(other), "");
  v1::ListExperimentsRequest list;
  list.set_page_size(1);
  v1::ListExperimentsResponse page;
  ASSERT_EQ(Call(&Stub::ListExperiments, list, page), "");
  EXPECT_EQ(page.experiments(0).experiment_id(), "other");
  list.set_page_token(page.next_page_token());
  ASSERT_EQ(Call(&Stub::ListExperiments, list, page), "");
  EXPECT_EQ(page.experiments(0).experiment_id(), "trial");
  EXPECT_TRUE(page.next_page_token().empty());
}

TEST_F(ExperimentCalls, BadRequestsChangeNothing) {
  const std::string before = Fingerprint();
  const auto reason = [&](const auto& change) {
    auto request = Trial();
    change(request);
    return Start(request);
  };
  EXPECT_EQ(reason([](auto& request) { request.clear_experiment_id(); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.clear_policy(); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.set_value_a(-1); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.set_value_b(1'000'001); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.set_value_a(3); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.set_seed(UINT64_MAX); }), "FIELD_INVALID");
  EXPECT_EQ(reason([](auto& request) { request.set_group_id("none"); }), "GROUP_UNKNOWN");
  EXPECT_EQ(reason([](auto& request) { request.add_skus("CUP"); }), "SKU_UNKNOWN");
  EXPECT_EQ(reason([](auto& request) { request.set_group_id("stores"); }), "EXPERIMENT_TOO_SMALL");
  const auto hold = [](auto& request) {
    request.set_policy(v1::EXPERIMENT_POLICY_HOLD_OPEN_DAYS);
    request.set_value_a(2);
  };
  EXPECT_EQ(reason(hold), "CALENDAR_MISSING");
  EXPECT_EQ(reason([&](auto& request) {
              hold(request);
              request.add_skus("MUG");
            }),
            "FIELD_INVALID");
  EXPECT_EQ(Fingerprint(), before);
  EXPECT_EQ(Compare("stock_out_rate"), "EXPERIMENT_UNKNOWN");
}

TEST_F(ExperimentCalls, LocationsAreComparedByAnyFigureThatKnowsThem) {
  ASSERT_EQ(Start(Trial()), "");
  EXPECT_EQ(Compare("units_received"), "EXPERIMENT_TOO_YOUNG");
  clock.Advance(kHour);
  for (const v1::ExperimentSubject& subject : started_.experiment().subjects()) {
    // Of b, each has 20 more; of each arm, one has two more than the others.
    Stock("MUG", subject.location(),
          (subject.is_b() ? 30 : 10) + (subject.location() < "L4" ? 2 : 0));
  }
  clock.Advance(2 * kHour);
  ASSERT_EQ(Compare("units_received"), "");
  EXPECT_EQ(compared_.a().observations(), 3);
  EXPECT_EQ(compared_.b().observations(), 3);
  EXPECT_EQ(compared_.b().value(), 3);
  ASSERT_TRUE(compared_.has_interval_low());
  EXPECT_GT(compared_.interval_low(), 10);
  EXPECT_LT(compared_.interval_low(), compared_.difference());
  EXPECT_GT(compared_.interval_high(), compared_.difference());
  EXPECT_EQ(compared_.observations_needed(), 2);
  EXPECT_EQ(Compare("happiness"), "FIELD_INVALID");
  EXPECT_EQ(Compare("net_sales"), "FIELD_INVALID") << "in which currency?";
  EXPECT_EQ(Compare("customer_value"), "FIELD_INVALID");
  // What was never told has no observations.
  ASSERT_EQ(Compare("conversion"), "");
  EXPECT_EQ(compared_.a().observations(), 0);
  EXPECT_FALSE(compared_.has_interval_low());
  EXPECT_FALSE(compared_.missing().empty());
}

TEST_F(ExperimentCalls, PositionsAreComparedByWhatIsKnownOfThem) {
  auto request = Trial();
  request.add_skus("MUG");
  request.add_skus("TEA");
  ASSERT_EQ(Start(request), "");
  ASSERT_EQ(started_.experiment().subjects_size(), 12);
  clock.Advance(kHour);
  for (const v1::ExperimentSubject& subject : started_.experiment().subjects()) {
    // Nothing of b is there for the first of two hours, of one position longer.
    if (subject.is_b()) continue;
    Stock(subject.sku(), subject.location(), 5);
  }
  clock.Advance(2 * kHour);
  ASSERT_EQ(Compare("stock_out_rate"), "");
  EXPECT_EQ(compared_.a().subjects(), 6);
  EXPECT_EQ(compared_.a().observations(), 6);
  EXPECT_DOUBLE_EQ(compared_.a().mean(), 0);
  EXPECT_EQ(compared_.b().observations(), 0) << "nothing was ever told of them";
  ASSERT_EQ(Compare("units_sold"), "");
  EXPECT_EQ(compared_.a().observations(), 6);
  EXPECT_EQ(Compare("on_hand"), "DIMENSIONS_UNSUPPORTED");
}

TEST_F(ExperimentCalls, TheGatewayTakesThemAsJson) {
  const auto call = [&](const std::string& method, const std::string& body) {
    return PostJson(daemon().http_address(), method, body);
  };
  const auto started = call("ExperimentService/StartExperiment",
                            R"({"experimentId":"trial","policy":"EXPERIMENT_POLICY_SAFETY_STOCK",)"
                            R"("groupId":"all","valueA":"0","valueB":"3","seed":"7"})");
  EXPECT_EQ(started.status, 200) << started.body;
  EXPECT_THAT(started.body, HasSubstr(R"("location":"L6")"));
  const auto refused =
      call("ExperimentService/CompareExperiment", R"({"experimentId":"trial","figure":"otif"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("EXPERIMENT_TOO_YOUNG"));
  const auto visits =
      call("ReportService/RecordVisits", R"({"counts":[{"channel":"web","visits":"-1"}]})");
  EXPECT_EQ(visits.status, 400);
  EXPECT_THAT(visits.body, HasSubstr("FIELD_INVALID"));
}

}  // namespace
}  // namespace stockd::support
