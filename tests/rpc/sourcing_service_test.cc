// Where to take a cart from, over the wire.
#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "stockd/v1/mapping_service.grpc.pb.h"
#include "stockd/v1/sourcing_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Stub = v1::SourcingService::Stub;
using Catalogue = GrpcClient::Catalogue;

// S01 (Ankara) and S02 (Istanbul) are stores, W01 (Izmir) is a warehouse. All ship, S01 collects.
// "web" sells from S01 and S02 and keeps one unit back, "app" from everywhere.
class SourcingCalls : public DaemonFixture {
 protected:
  void SetUp() override {
    DaemonFixture::SetUp();
    v1::PutLocationsRequest request;
    Add(request, "S01", v1::LOCATION_KIND_STORE, 39.93, 32.86).set_collects(true);
    Add(request, "S02", v1::LOCATION_KIND_STORE, 41.01, 28.98);
    Add(request, "W01", v1::LOCATION_KIND_WAREHOUSE, 38.42, 27.14);
    v1::PutLocationsResponse response;
    ASSERT_TRUE(
        client().Call(client().catalogue(), &Catalogue::PutLocations, request, response).ok());
  }

  static v1::Location& Add(v1::PutLocationsRequest& request, const std::string& code,
                           v1::LocationKind kind, double latitude, double longitude) {
    v1::Location& location = *request.add_locations();
    location.set_code(code);
    location.set_kind(kind);
    location.mutable_coordinate()->set_latitude(latitude);
    location.mutable_coordinate()->set_longitude(longitude);
    location.set_ships(true);
    return location;
  }

  static v1::PlanFulfilmentRequest CartOf(
      const std::vector<std::pair<std::string, int64_t>>& lines) {
    v1::PlanFulfilmentRequest request;
    for (const auto& [sku, quantity] : lines) {
      v1::PlanLine& line = *request.add_lines();
      line.set_sku(sku);
      line.set_quantity(quantity);
    }
    return request;
  }

  grpc::Status TryPlan(const v1::PlanFulfilmentRequest& request,
                       v1::PlanFulfilmentResponse& response) {
    Stub stub(client().channel());
    return client().Call(stub, &Stub::PlanFulfilment, request, response);
  }
  // REQUIRES: there is one.
  v1::PlanFulfilmentResponse Plan(const v1::PlanFulfilmentRequest& request) {
    v1::PlanFulfilmentResponse response;
    const grpc::Status status = TryPlan(request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
  std::string Refused(const v1::PlanFulfilmentRequest& request) {
    v1::PlanFulfilmentResponse response;
    return ReasonOf(TryPlan(request, response));
  }

  // "MUG@S01:2 TEA@S02:1 "
  template <typename Lines>
  static std::string TextOf(const Lines& lines) {
    std::string text;
    for (const auto& line : lines) {
      text += line.position().sku() + "@" + line.position().location() + ":" +
              std::to_string(UnitsOf(line)) + " ";
    }
    return text;
  }
  static int64_t UnitsOf(const v1::LineRequest& line) { return line.quantity(); }
  static int64_t UnitsOf(const v1::ReservationLine& line) { return line.held(); }
};

TEST_F(SourcingCalls, OneParcelFromOneThatHasItAll) {
  Stock("MUG", "S01", 5);
  Stock("TEA", "S02", 5);
  Stock("MUG", "W01", 2);
  Stock("TEA", "W01", 1);
  const v1::PlanFulfilmentResponse response = Plan(CartOf({{"MUG", 1}, {"TEA", 1}, {"MUG", 1}}));
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@W01:2 TEA@W01:1 ");
  ASSERT_EQ(response.plan().parcels_size(), 1);
  EXPECT_EQ(response.plan().parcels(0).units(), 3);
  EXPECT_FALSE(response.plan().parcels(0).has_distance_m());
  EXPECT_EQ(response.plan().cost_micros(), 5'000'000);
  EXPECT_TRUE(response.plan().exact());
  EXPECT_EQ(response.plan().bound().parcels(), 1);
  EXPECT_FALSE(response.has_reservation());
  EXPECT_EQ(Status().reservation_open_count(), 0);
}

TEST_F(SourcingCalls, ThePlanCanBeReservedAsItIs) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 2);
  const v1::PlanFulfilmentResponse response = Plan(CartOf({{"MUG", 3}}));
  v1::CreateReservationRequest create;
  create.set_reservation_id("basket");
  *create.mutable_lines() = response.plan().lines();
  v1::CreateReservationResponse created;
  ASSERT_TRUE(client()
                  .Call(client().reservation(), &GrpcClient::Reservation::CreateReservation, create,
                        created)
                  .ok());
  EXPECT_EQ(TextOf(created.reservation().lines()), TextOf(response.plan().lines()));
}

TEST_F(SourcingCalls, TheNearestOneSendsItByTheRatesOfTheConfiguration) {
  Stock("MUG", "S01", 5);
  Stock("MUG", "S02", 5);
  v1::PlanFulfilmentRequest request = CartOf({{"MUG", 1}});
  request.mutable_destination()->set_latitude(39.9);  // Near Ankara.
  request.mutable_destination()->set_longitude(32.8);
  v1::PlanFulfilmentResponse response = Plan(request);
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@S01:1 ");
  const int64_t distance_m = response.plan().parcels(0).distance_m();
  EXPECT_NEAR(static_cast<double>(distance_m), 6100, 300);
  EXPECT_EQ(response.plan().cost_micros(), 4'000'000 + 2'000'000 + distance_m * 10);

  // Where distance costs nothing, the more plentiful one does.
  Stock("MUG", "S02", 50);
  config.sourcing.cost_per_km_micros = 0;
  Restart();
  response = Plan(request);
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@S02:1 ");
  EXPECT_EQ(response.plan().cost_micros(), 6'000'000);
}

TEST_F(SourcingCalls, TheChannelDecidesWhereAndHowMuch) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "W01", 9);
  v1::PlanFulfilmentRequest request = CartOf({{"MUG", 1}});
  request.set_channel("web");
  request.set_explain_locations(true);
  const v1::PlanFulfilmentResponse response = Plan(request);
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@S01:1 ");
  ASSERT_EQ(response.unused_locations_size(), 2);
  EXPECT_EQ(response.unused_locations(0).location(), "S02");
  EXPECT_EQ(response.unused_locations(0).reason(), v1::UNUSED_REASON_NOTHING_AVAILABLE);
  EXPECT_EQ(response.unused_locations(1).location(), "W01");
  EXPECT_EQ(response.unused_locations(1).reason(), v1::UNUSED_REASON_CHANNEL);
  request.mutable_lines(0)->set_quantity(2);
  EXPECT_EQ(Refused(request), "INSUFFICIENT_STOCK") << "one is kept back";
  request.set_channel("app");
  EXPECT_EQ(TextOf(Plan(request).plan().lines()), "MUG@W01:2 ");
}

TEST_F(SourcingCalls, OnlyWhatWasAskedForIsUsed) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 20);
  Stock("MUG", "W01", 200);
  v1::PlanFulfilmentRequest request = CartOf({{"MUG", 1}});
  request.set_explain_locations(true);
  request.add_locations("S02");
  request.add_locations("S01");
  request.add_locations("S02");
  v1::PlanFulfilmentResponse response = Plan(request);
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@S02:1 ");
  ASSERT_EQ(response.unused_locations_size(), 1);
  EXPECT_EQ(response.unused_locations(0).reason(), v1::UNUSED_REASON_NOT_NEEDED);
  request.clear_locations();
  request.set_group("stores");
  EXPECT_EQ(TextOf(Plan(request).plan().lines()), "MUG@S02:1 ");
  request.set_purpose(v1::FULFILMENT_PURPOSE_COLLECT);
  response = Plan(request);
  EXPECT_EQ(TextOf(response.plan().lines()), "MUG@S01:1 ");
  EXPECT_EQ(response.unused_locations(0).reason(), v1::UNUSED_REASON_PURPOSE);
}

TEST_F(SourcingCalls, WhatCannotBeHadIsRefusedWithTheFigures) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 1);
  v1::PlanFulfilmentResponse response;
  grpc::Status status = TryPlan(CartOf({{"MUG", 4}}), response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "INSUFFICIENT_STOCK");
  EXPECT_NE(status.error_message().find("sku MUG, requested 4, available 3"), std::string::npos);
  v1::PlanFulfilmentRequest request = CartOf({{"MUG", 3}});
  request.set_parcels_max(1);
  status = TryPlan(request, response);
  EXPECT_EQ(ReasonOf(status), "TOO_MANY_PARCELS");
  EXPECT_NE(status.error_message().find("at least 2 parcels"), std::string::npos);
  EXPECT_EQ(Refused(CartOf({{"TEA", 1}})), "INSUFFICIENT_STOCK");
}

TEST_F(SourcingCalls, APartialPlanSaysWhatIsMissing) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 1);
  v1::PlanFulfilmentRequest request = CartOf({{"TEA", 2}, {"MUG", 9}});
  request.set_allow_partial(true);
  v1::FulfilmentPlan plan = Plan(request).plan();
  EXPECT_EQ(TextOf(plan.lines()), "MUG@S01:2 MUG@S02:1 ");
  ASSERT_EQ(plan.unfilled_lines_size(), 2);
  EXPECT_EQ(plan.unfilled_lines(0).sku(), "TEA");
  EXPECT_EQ(plan.unfilled_lines(0).planned(), 0);
  EXPECT_EQ(plan.unfilled_lines(1).requested(), 9);
  EXPECT_EQ(plan.unfilled_lines(1).planned(), 3);
  request.set_parcels_max(1);
  plan = Plan(request).plan();
  EXPECT_EQ(TextOf(plan.lines()), "MUG@S01:2 ");
  EXPECT_TRUE(plan.exact());
}

TEST_F(SourcingCalls, BundlesArePlannedByTheirParts) {
  v1::PutItemsRequest items;
  items.add_items()->set_sku("GIFT");
  v1::PutItemsResponse put;
  ASSERT_TRUE(client().Call(client().catalogue(), &Catalogue::PutItems, items, put).ok());
  v1::PutBundlesRequest bundles;
  v1::Bundle& bundle = *bundles.add_bundles();
  bundle.set_sku("GIFT");
  for (const auto& [sku, quantity] : {std::pair{"MUG", 2}, std::pair{"TEA", 1}}) {
    v1::BundlePart& part = *bundle.add_parts();
    part.set_sku(sku);
    part.set_quantity(quantity);
  }
  v1::PutBundlesResponse bundled;
  v1::MappingService::Stub mapping(client().channel());
  ASSERT_TRUE(client().Call(mapping, &v1::MappingService::Stub::PutBundles, bundles, bundled).ok());
  Stock("MUG", "S01", 9);
  Stock("TEA", "S02", 9);
  v1::PlanFulfilmentRequest request = CartOf({{"GIFT", 2}, {"MUG", 1}});
  EXPECT_EQ(TextOf(Plan(request).plan().lines()), "MUG@S01:5 TEA@S02:2 ");
  request.set_allow_partial(true);
  EXPECT_EQ(Refused(request), "FIELD_INVALID");
}

TEST_F(SourcingCalls, AReservedPlanIsHeldAndRepeatedAlsoAfterARestart) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 1);
  v1::PlanFulfilmentRequest request = CartOf({{"MUG", 3}});
  request.mutable_reserve()->set_reservation_id("basket");
  request.mutable_reserve()->mutable_ttl()->set_seconds(600);
  request.mutable_reserve()->set_owner_reference("customer-7");
  request.set_explain_locations(true);
  const v1::PlanFulfilmentResponse first = Plan(request);
  EXPECT_EQ(TextOf(first.plan().lines()), "MUG@S01:2 MUG@S02:1 ");
  EXPECT_EQ(TextOf(first.reservation().lines()), TextOf(first.plan().lines()));
  EXPECT_EQ(first.reservation().owner_reference(), "customer-7");
  EXPECT_EQ(first.unused_locations_size(), 1);
  EXPECT_EQ(Available("MUG", "S01").available(), 0);

  Restart();
  clock.Advance(std::chrono::minutes(3));
  const v1::PlanFulfilmentResponse again = Plan(request);
  EXPECT_EQ(again.plan().SerializeAsString(), first.plan().SerializeAsString());
  EXPECT_EQ(again.reservation().SerializeAsString(), first.reservation().SerializeAsString());
  EXPECT_EQ(again.unused_locations_size(), 0);
  EXPECT_EQ(Status().reservation_open_count(), 1);

  v1::PlanFulfilmentRequest other = request;
  other.mutable_lines(0)->set_quantity(1);
  EXPECT_EQ(Refused(other), "RESERVATION_DIFFERS");
  EXPECT_EQ(Refused(CartOf({{"MUG", 1}})), "INSUFFICIENT_STOCK");
}

TEST_F(SourcingCalls, BadRequestsAreRefusedWithTheirReasonAndChangeNothing) {
  Stock("MUG", "S01", 9);
  const std::string before = Fingerprint();
  const auto refusal = [&](auto change) {
    v1::PlanFulfilmentRequest request = CartOf({{"MUG", 1}});
    request.mutable_reserve()->set_reservation_id("basket");
    change(request);
    return Refused(request);
  };
  using Request = v1::PlanFulfilmentRequest;
  EXPECT_EQ(refusal([](Request& request) { request.clear_lines(); }), "TOO_MANY_LINES");
  EXPECT_EQ(refusal([](Request& request) {
              for (int i = 0; i < 200; ++i) *request.add_lines() = request.lines(0);
            }),
            "TOO_MANY_LINES");
  const auto quantity = [&](int64_t units) {
    return refusal([units](Request& request) { request.mutable_lines(0)->set_quantity(units); });
  };
  EXPECT_EQ(quantity(0), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(quantity(-1), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(quantity(INT64_MAX), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](Request& request) {
              request.mutable_lines(0)->set_quantity(1'000'000'000'000);
              *request.add_lines() = request.lines(0);
            }),
            "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](Request& request) { request.mutable_lines(0)->set_sku("NONE"); }),
            "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](Request& request) { request.mutable_lines(0)->clear_sku(); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) { request.set_channel("none"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](Request& request) { request.add_locations("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](Request& request) { request.set_group("none"); }), "GROUP_UNKNOWN");
  EXPECT_EQ(refusal([](Request& request) {
              request.set_group("stores");
              request.add_locations("S01");
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) {
              for (int i = 0; i < 5001; ++i) request.add_locations("S01");
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) { request.set_parcels_max(-1); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) { request.set_parcels_max(65); }), "FIELD_INVALID");
  EXPECT_EQ(
      refusal([](Request& request) { request.set_purpose(static_cast<v1::FulfilmentPurpose>(9)); }),
      "FIELD_INVALID");
  const auto destination = [&](double latitude, double longitude) {
    return refusal([=](Request& request) {
      request.mutable_destination()->set_latitude(latitude);
      request.mutable_destination()->set_longitude(longitude);
    });
  };
  EXPECT_EQ(destination(90.1, 0), "FIELD_INVALID");
  EXPECT_EQ(destination(0, -180.1), "FIELD_INVALID");
  EXPECT_EQ(destination(std::numeric_limits<double>::quiet_NaN(), 0), "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) { request.mutable_reserve()->clear_reservation_id(); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) {
              request.mutable_reserve()->set_reservation_id(std::string(129, 'x'));
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) {
              request.mutable_reserve()->set_owner_reference(std::string(129, 'x'));
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](Request& request) { request.mutable_reserve()->mutable_ttl(); }),
            "TTL_OUT_OF_RANGE");
  EXPECT_EQ(quantity(10), "INSUFFICIENT_STOCK");
  EXPECT_EQ(Fingerprint(), before);
}

// Baskets that are planned and baskets that name their location compete for the same few units.
TEST_F(SourcingCalls, BuyersAtTheSameTimeNeverGetMoreThanThereIs) {
  constexpr int kBuyers = 4;
  constexpr int kBaskets = 25;
  constexpr int64_t kEach = 40;
  const std::vector<std::string> locations = {"S01", "S02", "W01"};
  for (const std::string& location : locations) {
    Stock("MUG", location, kEach);
    Stock("TEA", location, kEach);
  }
  std::atomic<int64_t> mugs = 0;
  std::atomic<int> odd = 0;
  std::vector<std::thread> buyers;
  for (int buyer = 0; buyer < kBuyers; ++buyer) {
    buyers.emplace_back([&, buyer] {
      for (int basket = 0; basket < kBaskets; ++basket) {
        const std::string id = std::to_string(buyer) + "-" + std::to_string(basket);
        if (buyer % 2 == 0) {
          v1::PlanFulfilmentRequest request = CartOf({{"MUG", 2}, {"TEA", 1}});
          request.mutable_reserve()->set_reservation_id(id);
          v1::PlanFulfilmentResponse response;
          const grpc::Status status = TryPlan(request, response);
          if (status.ok()) {
            mugs += 2;
            const bool same =
                TextOf(response.plan().lines()) == TextOf(response.reservation().lines());
            odd += same ? 0 : 1;
          } else {
            const std::string reason = ReasonOf(status);
            odd += reason == "INSUFFICIENT_STOCK" || reason == "PLAN_OUTDATED" ? 0 : 1;
          }
        } else {
          const auto request = CreateOf(id, "MUG", locations[static_cast<size_t>(basket) % 3], 2);
          v1::CreateReservationResponse response;
          if (client()
                  .Call(client().reservation(), &GrpcClient::Reservation::CreateReservation,
                        request, response)
                  .ok()) {
            mugs += 2;
          }
        }
      }
    });
  }
  for (std::thread& buyer : buyers) buyer.join();
  EXPECT_EQ(odd, 0);
  int64_t left = 0;
  for (const std::string& location : locations) {
    const int64_t available = Available("MUG", location).available();
    EXPECT_GE(available, 0) << location;
    left += available;
  }
  EXPECT_EQ(left, 3 * kEach - mugs);
  v1::VerifyResponse verified;
  ASSERT_TRUE(client()
                  .Call(client().operations(), &GrpcClient::Operations::Verify, v1::VerifyRequest(),
                        verified)
                  .ok());
  EXPECT_EQ(verified.differences_size(), 0);
}

}  // namespace
}  // namespace stockd::support
