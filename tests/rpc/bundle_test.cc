// Items that are made of others, over the wire: availability, claims and facts are those of their
// parts.
#include "stockd/v1/mapping_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using Mapping = v1::MappingService::Stub;
using Reservation = GrpcClient::Reservation;

// GIFT, once it is a bundle, is 2 mugs and 1 tea.
class BundleCalls : public DaemonFixture {
 protected:
  void SetUp() override {
    DaemonFixture::SetUp();
    v1::PutItemsRequest items;
    items.add_items()->set_sku("GIFT");
    v1::PutItemsResponse response;
    ASSERT_TRUE(client()
                    .Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, response)
                    .ok());
  }

  static v1::PutBundlesRequest BundleOf(const std::string& sku,
                                        const std::vector<std::pair<std::string, int64_t>>& parts) {
    v1::PutBundlesRequest request;
    v1::Bundle& bundle = *request.add_bundles();
    bundle.set_sku(sku);
    for (const auto& [part, quantity] : parts) {
      v1::BundlePart& row = *bundle.add_parts();
      row.set_sku(part);
      row.set_quantity(quantity);
    }
    return request;
  }
  // The reason of the refusal; empty when it was put.
  std::string Put(const v1::PutBundlesRequest& request) {
    v1::PutBundlesResponse response;
    Mapping stub(client().channel());
    return ReasonOf(client().Call(stub, &Mapping::PutBundles, request, response));
  }
  void PutGift() { ASSERT_EQ(Put(BundleOf("GIFT", {{"MUG", 2}, {"TEA", 1}})), ""); }

  grpc::Status TryReserve(const v1::CreateReservationRequest& request, v1::Reservation& granted) {
    v1::CreateReservationResponse response;
    const grpc::Status status =
        client().Call(client().reservation(), &Reservation::CreateReservation, request, response);
    granted = response.reservation();
    return status;
  }
};

TEST_F(BundleCalls, AvailableIsWhatThePartsAllow) {
  PutGift();
  Stock("MUG", "S01", 7);
  EXPECT_EQ(Available("GIFT", "S01").available(), 0);
  Stock("TEA", "S01", 5);
  EXPECT_EQ(Available("GIFT", "S01").available(), 3);
  // The channel keeps one of each part back.
  EXPECT_EQ(Available("GIFT", "S01", "web").available(), 3);
  Stock("MUG", "S01", 1);
  EXPECT_EQ(Available("GIFT", "S01").available(), 4);
  EXPECT_EQ(Available("GIFT", "S01", "web").available(), 3);
  Restart();
  EXPECT_EQ(Available("GIFT", "S01").available(), 4);
}

TEST_F(BundleCalls, TheCurveRisesWithTheLastPartToArrive) {
  PutGift();
  Stock("MUG", "S01", 2);
  v1::PutSuppliesRequest supplies;
  for (const auto& [sku, days] : std::vector<std::pair<std::string, int>>{{"TEA", 1}, {"MUG", 2}}) {
    v1::Supply& supply = *supplies.add_supplies();
    supply.set_supply_id(sku);
    supply.set_sku(sku);
    supply.set_location("S01");
    supply.set_quantity(3);
    supply.mutable_expected_at()->set_seconds(ToMicros(clock.Now()) / 1'000'000 + days * 86'400);
  }
  v1::PutSuppliesResponse put;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutSupplies, supplies, put).ok());
  v1::GetAvailabilityCurveRequest request;
  request.mutable_position()->set_sku("GIFT");
  request.mutable_position()->set_location("S01");
  v1::GetAvailabilityCurveResponse curve;
  ASSERT_TRUE(client()
                  .Call(client().availability(), &GrpcClient::Availability::GetAvailabilityCurve,
                        request, curve)
                  .ok());
  ASSERT_EQ(curve.points_size(), 3);
  EXPECT_EQ(curve.points(0).available(), 0);
  EXPECT_EQ(curve.points(1).available(), 1);
  EXPECT_EQ(curve.points(2).available(), 2);
}

TEST_F(BundleCalls, AClaimIsOneOnTheParts) {
  PutGift();
  Stock("MUG", "S01", 7);
  Stock("TEA", "S01", 5);
  v1::CreateReservationRequest request = CreateOf("r1", "GIFT", "S01", 2);
  *request.add_lines() = LineOf("MUG", "S01", 1);
  v1::Reservation granted;
  ASSERT_TRUE(TryReserve(request, granted).ok());
  ASSERT_EQ(granted.lines_size(), 2) << granted.DebugString();
  EXPECT_EQ(granted.lines(0).position().sku(), "MUG");
  EXPECT_EQ(granted.lines(0).held(), 5) << "four for the gifts and one by itself";
  EXPECT_EQ(granted.lines(1).held(), 2);
  v1::Reservation again;
  ASSERT_TRUE(TryReserve(request, again).ok());
  EXPECT_EQ(again.version(), granted.version());
  EXPECT_EQ(Available("GIFT", "S01").available(), 1);
  EXPECT_EQ(ReasonOf(TryReserve(CreateOf("r2", "GIFT", "S01", 2), granted)), "INSUFFICIENT_STOCK");
  EXPECT_EQ(Available("GIFT", "S01").available(), 1) << "a refusal holds no part";

  v1::CommitReservationRequest commit;
  commit.set_reservation_id("r1");
  commit.set_request_id("q1");
  commit.set_order_id("o1");
  *commit.add_lines() = LineOf("GIFT", "S01", 2);
  v1::CommitReservationResponse committed;
  const grpc::Status status =
      client().Call(client().reservation(), &Reservation::CommitReservation, commit, committed);
  ASSERT_TRUE(status.ok()) << Describe(status);
  EXPECT_EQ(committed.reservation().lines(0).committed(), 4);
}

TEST_F(BundleCalls, AClaimMovesAndShrinksWithAllItsParts) {
  PutGift();
  for (const char* location : {"S01", "S02"}) {
    Stock("MUG", location, 6);
    Stock("TEA", location, 3);
  }
  Reserve("r1", "GIFT", "S01", 3);
  v1::MoveReservationRequest move;
  move.set_reservation_id("r1");
  move.set_request_id("q1");
  v1::LineMove& line = *move.add_moves();
  line.set_sku("GIFT");
  line.set_from_location("S01");
  line.set_to_location("S02");
  line.set_quantity(2);
  v1::MoveReservationResponse moved;
  ASSERT_TRUE(
      client().Call(client().reservation(), &Reservation::MoveReservation, move, moved).ok());
  EXPECT_EQ(Available("GIFT", "S01").available(), 2);
  EXPECT_EQ(Available("MUG", "S02").quantities().reserved(), 4);
  EXPECT_EQ(Available("TEA", "S02").quantities().reserved(), 2);
  v1::ChangeReservationRequest change;
  change.set_reservation_id("r1");
  change.set_request_id("q2");
  *change.add_lines() = LineOf("GIFT", "S02", 1);
  v1::ChangeReservationResponse changed;
  ASSERT_TRUE(
      client().Call(client().reservation(), &Reservation::ChangeReservation, change, changed).ok());
  EXPECT_EQ(Available("MUG", "S02").quantities().reserved(), 2);
  EXPECT_EQ(Available("TEA", "S02").quantities().reserved(), 1);
}

TEST_F(BundleCalls, AnUnevenGrantIsRefused) {
  PutGift();
  Stock("MUG", "S01", 2);
  v1::CreateReservationRequest request = CreateOf("r1", "GIFT", "S01", 1);
  request.set_allow_partial(true);
  v1::Reservation granted;
  EXPECT_EQ(ReasonOf(TryReserve(request, granted)), "FIELD_INVALID");
}

TEST_F(BundleCalls, ASaleTakesThePartsOutOfTheClaim) {
  PutGift();
  Stock("MUG", "S01", 4);
  Stock("TEA", "S01", 4);
  Reserve("r1", "GIFT", "S01", 1);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  const v1::Fact sale = ToFact({.kind = v1::FACT_KIND_SALE,
                                .event_id = "s1",
                                .sku = "GIFT",
                                .location = "S01",
                                .quantity = 1,
                                .reservation_id = "r1"});
  const v1::Fact count =
      ToFact({.kind = v1::FACT_KIND_COUNT, .event_id = "c1", .sku = "GIFT", .location = "S01"});
  const auto ack = stream.Send(100, {sale, sale, count});
  ASSERT_TRUE(ack.has_value());
  EXPECT_EQ(ack->applied(), 1);
  EXPECT_EQ(ack->duplicates(), 1);
  ASSERT_EQ(ack->set_aside_size(), 1);
  EXPECT_EQ(ack->set_aside(0).reason(), "BUNDLE_NOT_COUNTED");
  const auto mugs = Available("MUG", "S01");
  EXPECT_EQ(mugs.quantities().on_hand(), 2);
  EXPECT_EQ(mugs.quantities().reserved(), 0) << "the claim was fulfilled";
}

TEST_F(BundleCalls, WhatCannotBeABundleIsRefused) {
  EXPECT_EQ(Put(BundleOf("GIFT", {{"GIFT", 1}})), "BUNDLE_NESTED");
  PutGift();
  EXPECT_EQ(Put(BundleOf("HAM", {{"GIFT", 1}})), "BUNDLE_NESTED");
  EXPECT_EQ(Put(BundleOf("MUG", {{"HAM", 1}})), "BUNDLE_NESTED") << "it is a part";
  Stock("HAM", "S02", 1);
  EXPECT_EQ(Put(BundleOf("HAM", {{"TEA", 1}})), "BUNDLE_HAS_STOCK");
  EXPECT_EQ(Put(BundleOf("GHOST", {{"TEA", 1}})), "SKU_UNKNOWN");
  EXPECT_EQ(Put(BundleOf("GIFT", {{"GHOST", 1}})), "SKU_UNKNOWN");
  EXPECT_EQ(Put(BundleOf("GIFT", {{"TEA", 0}})), "FIELD_INVALID");
  EXPECT_EQ(Put(BundleOf("GIFT", {{"TEA", 1}, {"TEA", 2}})), "FIELD_INVALID");
  v1::ListBundlesResponse list;
  Mapping stub(client().channel());
  ASSERT_TRUE(client().Call(stub, &Mapping::ListBundles, v1::ListBundlesRequest(), list).ok());
  ASSERT_EQ(list.bundles_size(), 1);
  EXPECT_EQ(list.bundles(0).parts_size(), 2);
}

// One request may turn two bundles inside out.
TEST_F(BundleCalls, TheBundlesOfARequestAreJudgedTogether) {
  ASSERT_EQ(Put(BundleOf("GIFT", {{"TEA", 1}})), "");
  v1::PutBundlesRequest request = BundleOf("GIFT", {});
  request.MergeFrom(BundleOf("TEA", {{"GIFT", 1}}));
  EXPECT_EQ(Put(request), "");
}

TEST_F(BundleCalls, AWatchTellsTheBundleAndItsEnd) {
  PutGift();
  Stock("MUG", "S01", 4);
  v1::WatchAvailabilityRequest request;
  request.add_skus("GIFT");
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const auto watch = client().availability().WatchAvailability(&context, request);
  const auto next_level = [&]() -> v1::Availability {
    v1::WatchAvailabilityResponse message;
    while (watch->Read(&message)) {
      if (message.availabilities_size() > 0) return message.availabilities(0);
    }
    return {};
  };
  EXPECT_EQ(next_level().available(), 0);
  Stock("TEA", "S01", 1);
  const v1::Availability one = next_level();
  EXPECT_EQ(one.sku(), "GIFT");
  EXPECT_EQ(one.available(), 1);
  ASSERT_EQ(Put(BundleOf("GIFT", {})), "");
  const v1::Availability none = next_level();
  EXPECT_EQ(none.available(), 0) << "it has no stock of its own";
  EXPECT_GT(none.version(), one.version());
  context.TryCancel();
  v1::VerifyResponse audit;
  ASSERT_TRUE(
      client()
          .Call(client().operations(), &GrpcClient::Operations::Verify, v1::VerifyRequest(), audit)
          .ok());
  EXPECT_EQ(audit.drift_count(), 0) << audit.DebugString();
}

}  // namespace
}  // namespace stockd::support
