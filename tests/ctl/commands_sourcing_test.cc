// `stockctl plan`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/ctl/format.h"
#include "stockd/v1/sourcing_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class PlanCommand : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }
  v1::PlanFulfilmentRequest LastRequest() {
    return server_.Requests<v1::PlanFulfilmentRequest>("PlanFulfilment").back();
  }

  ScriptedServer server_;
};

void AddLine(v1::FulfilmentPlan& plan, const std::string& sku, const std::string& location,
             int64_t quantity) {
  v1::LineRequest& line = *plan.add_lines();
  line.mutable_position()->set_sku(sku);
  line.mutable_position()->set_location(location);
  line.set_quantity(quantity);
}

// Two parcels, five units.
v1::PlanFulfilmentResponse Answer() {
  v1::PlanFulfilmentResponse response;
  v1::FulfilmentPlan& plan = *response.mutable_plan();
  AddLine(plan, "MUG-1", "S01", 2);
  AddLine(plan, "TEA-3", "S01", 1);
  AddLine(plan, "HAM", "W01", 2);
  v1::PlannedParcel& near = *plan.add_parcels();
  near.set_location("S01");
  near.set_units(3);
  near.set_cost_micros(6'061'000);
  near.set_distance_m(6100);
  v1::PlannedParcel& far = *plan.add_parcels();
  far.set_location("W01");
  far.set_units(2);
  far.set_cost_micros(10'000'000);
  plan.set_units(5);
  plan.set_cost_micros(16'061'000);
  plan.set_exact(true);
  plan.mutable_bound()->set_units(5);
  plan.mutable_bound()->set_parcels(2);
  plan.mutable_bound()->set_cost_micros(16'061'000);
  return response;
}

TEST_F(PlanCommand, ShowsEachParcelWithItsLines) {
  server_.Answer("PlanFulfilment", Answer());
  const Ran ran = Run({"plan", "MUG-1:2", "TEA-3:1", "HAM:2", "--channel", "web", "--near",
                       "52.2,21.0", "--parcels", "3", "--location", "S01", "--location", "W01"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out,
            "PARCEL  LOCATION  SKU    UNITS  DISTANCE   COST\n"
            "     1  S01       MUG-1      2    6.1 km  6.061\n"
            "                  TEA-3      1\n"
            "     2  W01       HAM        2            10.00\n"
            "2 parcels, cost 16.061. No plan is better.\n");
  const v1::PlanFulfilmentRequest request = LastRequest();
  ASSERT_EQ(request.lines_size(), 3);
  EXPECT_EQ(request.lines(0).sku(), "MUG-1");
  EXPECT_EQ(request.lines(0).quantity(), 2);
  EXPECT_EQ(request.channel(), "web");
  EXPECT_DOUBLE_EQ(request.destination().latitude(), 52.2);
  EXPECT_EQ(request.parcels_max(), 3);
  EXPECT_EQ(request.locations_size(), 2);
  EXPECT_FALSE(request.has_reserve());
  EXPECT_FALSE(request.allow_partial());
}

TEST_F(PlanCommand, HoldsThePlan) {
  v1::PlanFulfilmentResponse response = Answer();
  response.mutable_reservation()->set_reservation_id("basket-17");
  *response.mutable_reservation()->mutable_expire_time() =
      ToProto(*ParseTimestamp("2026-11-22T12:15:00Z"));
  server_.Answer("PlanFulfilment", response);
  const Ran ran = Run({"plan", "MUG-1:2", "--reserve", "basket-17", "--ttl", "15m", "--owner", "c7",
                       "--purpose", "collect"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Held as basket-17 until 2026-11-22T12:15:00Z (in 15m)."));
  const v1::PlanFulfilmentRequest request = LastRequest();
  EXPECT_EQ(request.reserve().reservation_id(), "basket-17");
  EXPECT_EQ(request.reserve().ttl().seconds(), 900);
  EXPECT_EQ(request.reserve().owner_reference(), "c7");
  EXPECT_EQ(request.purpose(), v1::FULFILMENT_PURPOSE_COLLECT);
}

TEST_F(PlanCommand, APartialPlanIsAnAnswerToActOn) {
  v1::PlanFulfilmentResponse response = Answer();
  v1::UnfilledLine& line = *response.mutable_plan()->add_unfilled_lines();
  line.set_sku("MUG-1");
  line.set_requested(5);
  line.set_planned(2);
  v1::UnusedLocation& unused = *response.add_unused_locations();
  unused.set_location("S02");
  unused.set_reason(v1::UNUSED_REASON_NOTHING_AVAILABLE);
  server_.Answer("PlanFulfilment", response);
  const Ran ran = Run({"plan", "MUG-1:5", "--partial", "--why"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNegative) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("MUG-1: 2 of 5.\n"));
  EXPECT_THAT(ran.out, HasSubstr("S02       has nothing of it\n"));
  EXPECT_TRUE(LastRequest().allow_partial());
  EXPECT_TRUE(LastRequest().explain_locations());
}

TEST_F(PlanCommand, SaysWhatWasNotProved) {
  const auto judgement = [&](auto change) {
    v1::PlanFulfilmentResponse response = Answer();
    response.mutable_plan()->set_exact(false);
    change(*response.mutable_plan()->mutable_bound());
    server_.Answer("PlanFulfilment", response);
    return Run({"plan", "MUG-1:5"}).out;
  };
  EXPECT_THAT(judgement([](auto& bound) { bound.set_parcels(1); }),
              HasSubstr("Whether 1 parcel is enough was not found out."));
  EXPECT_THAT(judgement([](auto& bound) { bound.set_cost_micros(12'000'000); }),
              HasSubstr("A plan for less than 12.00 there is not"));
  EXPECT_THAT(judgement([](auto& bound) { bound.set_units(7); }),
              HasSubstr("Whether more of it can be had was not found out."));
  EXPECT_THAT(judgement([](auto&) {}), HasSubstr("spares scarce stores more"));
}

TEST_F(PlanCommand, RefusalsSayWhatToDo) {
  server_.Refuse("PlanFulfilment", grpc::StatusCode::FAILED_PRECONDITION, "INSUFFICIENT_STOCK",
                 "too little", {{"sku", "MUG-1"}, {"requested", "5"}, {"available", "3"}});
  const Ran ran = Run({"plan", "MUG-1:5"});
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("See where it is with `stockctl availability MUG-1`"));
}

TEST_F(PlanCommand, JsonIsTheWholeAnswer) {
  server_.Answer("PlanFulfilment", Answer());
  const Ran ran = Run({"plan", "MUG-1:2", "--json"});
  EXPECT_EQ(nlohmann::json::parse(ran.out)["plan"]["parcels"][1]["location"], "W01");
}

TEST_F(PlanCommand, WrongWordsAskForNothing) {
  EXPECT_EQ(Run({"plan"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", "MUG-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", "MUG-1:0"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", ":1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", "MUG-1:1", "--near", "91,0"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", "MUG-1:1", "--parcels", "0"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"plan", "MUG-1:1", "--ttl", "15m"}).exit_code, ExitCode::kUsage);
  EXPECT_TRUE(server_.Requests<v1::PlanFulfilmentRequest>("PlanFulfilment").empty());
}

}  // namespace
}  // namespace stockd::ctl
