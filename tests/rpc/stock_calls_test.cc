// Every question and every step of a reservation's life, once, over the wire.
#include <vector>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Availability = GrpcClient::Availability;
using Reservation = GrpcClient::Reservation;

class StockCalls : public DaemonFixture {
 protected:
  template <typename Request, typename Response>
  Response Ask(grpc::Status (Availability::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
               const Request& request) {
    Response response;
    const grpc::Status status = client().Call(client().availability(), method, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
  template <typename Request, typename Response>
  v1::Reservation Change(grpc::Status (Reservation::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                         Request request, const std::string& id) {
    request.set_reservation_id(id);
    request.set_request_id("q-" + std::to_string(++requests_));
    Response response;
    const grpc::Status status = client().Call(client().reservation(), method, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response.reservation();
  }
  v1::Reservation Get(const std::string& id) {
    v1::GetReservationRequest request;
    request.set_reservation_id(id);
    v1::GetReservationResponse response;
    EXPECT_TRUE(client()
                    .Call(client().reservation(), &Reservation::GetReservation, request, response)
                    .ok());
    return response.reservation();
  }

 private:
  int requests_ = 0;
};

TEST_F(StockCalls, AFigureIsMadeOfItsTerms) {
  Stock("MUG", "S01", 10);
  Reserve("r-1", "MUG", "S01", 3);
  const v1::Availability plain = Available("MUG", "S01");
  EXPECT_EQ(plain.available(), 7);
  EXPECT_EQ(plain.quantities().on_hand(), 10);
  EXPECT_EQ(plain.quantities().reserved(), 3);
  EXPECT_TRUE(plain.ranged());
  EXPECT_GT(plain.version(), 0U);
  EXPECT_EQ(Available("MUG", "S01", "web").available(), 6);
  EXPECT_EQ(Available("MUG", "S01", "web").buffer(), 1);
  EXPECT_FALSE(Available("MUG", "S02").ranged());
}

TEST_F(StockCalls, AGroupAddsItsLocationsUp) {
  Stock("MUG", "S01", 10);
  Stock("MUG", "S02", 5);
  Stock("MUG", "W01", 100);
  v1::GetAvailabilityRequest request;
  request.set_sku("MUG");
  request.set_group("stores");
  request.set_channel("web");
  const auto sum = Ask(&Availability::GetAvailability, request).availability();
  EXPECT_EQ(sum.available(), 13);
  EXPECT_EQ(sum.buffer(), 2);
  EXPECT_EQ(sum.quantities().on_hand(), 15);
  EXPECT_EQ(sum.group(), "stores");
}

TEST_F(StockCalls, ABatchAnswersInOrderAndNamesWhatItDoesNotKnow) {
  Stock("MUG", "S01", 10);
  v1::BatchGetAvailabilityRequest request;
  const auto add = [&request](const std::string& sku, const std::string& location) {
    request.add_positions()->set_sku(sku);
    request.mutable_positions()->rbegin()->set_location(location);
  };
  add("TEA", "S01");
  add("NOBODY", "S01");
  add("MUG", "S01");
  add("MUG", "S99");
  const auto response = Ask(&Availability::BatchGetAvailability, request);
  ASSERT_EQ(response.availabilities_size(), 4);
  EXPECT_EQ(response.availabilities(2).available(), 10);
  EXPECT_EQ(response.availabilities(1).sku(), "NOBODY");
  ASSERT_EQ(response.unknown_size(), 2);
  EXPECT_EQ(response.unknown(0).index(), 1);
  EXPECT_EQ(response.unknown(0).reason(), "SKU_UNKNOWN");
  EXPECT_EQ(response.unknown(1).reason(), "LOCATION_UNKNOWN");
}

TEST_F(StockCalls, AnItemIsFoundWhereItIs) {
  v1::PutLocationsRequest put;
  const auto add = [&put](const std::string& code, double latitude, bool collects) {
    v1::Location& location = *put.add_locations();
    location.set_code(code);
    location.mutable_coordinate()->set_latitude(latitude);
    location.set_collects(collects);
  };
  add("S01", 50.0, true);
  add("S02", 51.0, true);
  add("W01", 50.1, false);
  v1::PutLocationsResponse done;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, put, done).ok());
  Stock("MUG", "S01", 1);
  Stock("MUG", "S02", 5);
  Stock("MUG", "W01", 100);
  v1::FindAvailabilityRequest request;
  request.set_sku("MUG");
  const auto codes = [&] {
    std::vector<std::string> found;
    const auto response = Ask(&Availability::FindAvailability, request);
    for (const auto& row : response.availabilities()) found.push_back(row.location());
    return found;
  };
  EXPECT_EQ(codes(), (std::vector<std::string>{"W01", "S02", "S01"}));
  request.mutable_near()->set_latitude(50.02);
  EXPECT_EQ(codes(), (std::vector<std::string>{"S01", "W01", "S02"}));
  EXPECT_NEAR(Ask(&Availability::FindAvailability, request).availabilities(0).distance_m(), 2224,
              5);
  request.set_purpose(v1::FULFILMENT_PURPOSE_COLLECT);
  EXPECT_EQ(codes(), (std::vector<std::string>{"S01", "S02"}));
  request.set_quantity_min(2);
  EXPECT_EQ(codes(), (std::vector<std::string>{"S02"}));
}

TEST_F(StockCalls, AListGoesThroughAllPositionsInPages) {
  for (const char* sku : {"MUG", "TEA", "HAM"}) {
    for (const char* location : {"S01", "S02"}) Stock(sku, location, 1);
  }
  v1::ListAvailabilityRequest request;
  request.set_page_size(2);
  std::vector<std::string> seen;
  do {
    const auto page = Ask(&Availability::ListAvailability, request);
    for (const auto& row : page.availabilities()) seen.push_back(row.sku() + "@" + row.location());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"HAM@S01", "HAM@S02", "MUG@S01", "MUG@S02", "TEA@S01",
                                            "TEA@S02"}));
}

TEST_F(StockCalls, AnExplanationListsTheTermsAndTheHistory) {
  Stock("MUG", "S01", 10);
  Reserve("later", "MUG", "S01", 3);
  Reserve("sooner", "MUG", "S01", 2);
  v1::ExtendReservationRequest extend;
  extend.mutable_ttl()->set_seconds(60);
  Change(&Reservation::ExtendReservation, extend, "sooner");
  const Timestamp then = clock.Now();
  clock.Advance(std::chrono::seconds(1));
  Stock("MUG", "S01", 7);
  v1::ExplainAvailabilityRequest request;
  request.mutable_position()->set_sku("MUG");
  request.mutable_position()->set_location("S01");
  const auto now = Ask(&Availability::ExplainAvailability, request);
  EXPECT_EQ(now.availability().available(), 12);
  EXPECT_EQ(now.moved_since_count(), 17);
  ASSERT_EQ(now.claims_size(), 2);
  EXPECT_EQ(now.claims(0).reservation_id(), "sooner");
  EXPECT_EQ(now.claims(1).held(), 3);
  ASSERT_EQ(now.entries_size(), 4);
  EXPECT_EQ(now.entries(0).kind(), "receipt");
  EXPECT_EQ(now.entries(0).source(), "till");
  EXPECT_EQ(now.entries(1).kind(), "reserve");
  EXPECT_EQ(now.entries(1).cause(), "sooner");
  request.mutable_at()->set_seconds(ToMicros(then) / 1'000'000);
  request.mutable_at()->set_nanos(static_cast<int32_t>(ToMicros(then) % 1'000'000 * 1000));
  const auto past = Ask(&Availability::ExplainAvailability, request);
  EXPECT_EQ(past.availability().available(), 5);
  EXPECT_EQ(past.availability().quantities().on_hand(), 10);
}

TEST_F(StockCalls, AShortfallNamesTheClaimsAtRisk) {
  Stock("MUG", "S01", 10);
  Reserve("first", "MUG", "S01", 4);
  Reserve("last", "MUG", "S01", 6);
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("erp"));
  ASSERT_EQ(stream
                .Send(1, {ToFact({.kind = v1::FACT_KIND_ADJUSTMENT,
                                  .event_id = "lost",
                                  .sku = "MUG",
                                  .location = "S01",
                                  .quantity = -3})})
                ->applied(),
            1);
  const auto response = Ask(&Availability::ListShortfalls, {});
  ASSERT_EQ(response.shortfalls_size(), 1);
  EXPECT_EQ(response.shortfalls(0).missing(), 3);
  ASSERT_EQ(response.shortfalls(0).claims_at_risk_size(), 1);
  EXPECT_EQ(response.shortfalls(0).claims_at_risk(0).reservation_id(), "last");
}

TEST_F(StockCalls, AWatchSendsEverythingThenChangesAndResumesFromItsCursor) {
  Stock("MUG", "S01", 10);
  Stock("TEA", "S01", 5);
  v1::WatchAvailabilityRequest request;
  request.add_skus("MUG");
  uint64_t cursor = 0;
  {
    grpc::ClientContext context;
    context.set_deadline(CalendarNow() + kPatience);
    const auto watch = client().availability().WatchAvailability(&context, request);
    v1::WatchAvailabilityResponse message;
    do {
      ASSERT_TRUE(watch->Read(&message));
      for (const auto& level : message.availabilities()) EXPECT_EQ(level.sku(), "MUG");
    } while (!message.caught_up());
    Reserve("r-1", "MUG", "S01", 4);
    do {
      ASSERT_TRUE(watch->Read(&message));
    } while (message.availabilities().empty());
    EXPECT_EQ(message.availabilities(0).available(), 6);
    cursor = message.cursor();
    context.TryCancel();
    (void)watch->Finish();
  }
  Reserve("r-2", "MUG", "S01", 1);
  Restart();  // The change log is empty then; the index closes the gap.
  Reserve("r-3", "MUG", "S01", 1);
  request.set_cursor(cursor);
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const auto watch = client().availability().WatchAvailability(&context, request);
  v1::WatchAvailabilityResponse message;
  ASSERT_TRUE(watch->Read(&message));
  ASSERT_EQ(message.availabilities_size(), 1);
  EXPECT_EQ(message.availabilities(0).available(), 4);
  EXPECT_GT(message.cursor(), cursor);
}

TEST_F(StockCalls, AWatchOfAnUnknownNameIsRefused) {
  v1::WatchAvailabilityRequest request;
  request.add_skus("NOBODY");
  grpc::ClientContext context;
  context.set_deadline(CalendarNow() + kPatience);
  const auto watch = client().availability().WatchAvailability(&context, request);
  v1::WatchAvailabilityResponse message;
  EXPECT_FALSE(watch->Read(&message));
  EXPECT_EQ(support::ReasonOf(watch->Finish()), "SKU_UNKNOWN");
}

TEST_F(StockCalls, AReservationLivesFromHoldToSale) {
  Stock("MUG", "S01", 10);
  Stock("MUG", "S02", 10);
  const v1::Reservation held = Reserve("r-1", "MUG", "S01", 4);
  EXPECT_EQ(held.state(), v1::RESERVATION_STATE_HELD);
  EXPECT_EQ(held.lines(0).granted(), 4);

  v1::ExtendReservationRequest extend;
  extend.mutable_ttl()->set_seconds(3600);
  EXPECT_GT(Change(&Reservation::ExtendReservation, extend, "r-1").expire_time().seconds(),
            held.expire_time().seconds());

  v1::ChangeReservationRequest change;
  *change.add_lines() = LineOf("MUG", "S01", 6);
  EXPECT_EQ(Change(&Reservation::ChangeReservation, change, "r-1").lines(0).held(), 6);
  EXPECT_EQ(Available("MUG", "S01").available(), 4);

  v1::MoveReservationRequest move;
  v1::LineMove& line = *move.add_moves();
  line.set_sku("MUG");
  line.set_from_location("S01");
  line.set_to_location("S02");
  line.set_quantity(2);
  Change(&Reservation::MoveReservation, move, "r-1");
  EXPECT_EQ(Available("MUG", "S01").available(), 6);
  EXPECT_EQ(Available("MUG", "S02").available(), 8);

  v1::CommitReservationRequest commit;
  commit.set_order_id("o-1");
  const v1::Reservation committed = Change(&Reservation::CommitReservation, commit, "r-1");
  EXPECT_EQ(committed.state(), v1::RESERVATION_STATE_COMMITTED);
  EXPECT_EQ(committed.order_id(), "o-1");
  EXPECT_EQ(Available("MUG", "S01").quantities().committed(), 4);

  v1::ReleaseReservationRequest release;
  *release.add_lines() = LineOf("MUG", "S02", 2);
  Change(&Reservation::ReleaseReservation, release, "r-1");
  EXPECT_EQ(Available("MUG", "S02").available(), 10);

  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  ASSERT_TRUE(stream
                  .Send(9, {ToFact({.kind = v1::FACT_KIND_SALE,
                                    .event_id = "sale",
                                    .sku = "MUG",
                                    .location = "S01",
                                    .quantity = 4,
                                    .reservation_id = "r-1"})})
                  .has_value());
  EXPECT_EQ(Available("MUG", "S01").available(), 6);
  EXPECT_EQ(Available("MUG", "S01").quantities().committed(), 0);
  EXPECT_TRUE(Get("r-1").state() == v1::RESERVATION_STATE_CONSUMED ||
              Get("r-1").state() == v1::RESERVATION_STATE_RELEASED)
      << Get("r-1").ShortDebugString();
}

TEST_F(StockCalls, ARepeatedCreateGetsItsFirstAnswerWhateverHappenedSince) {
  Stock("MUG", "S01", 10);
  const v1::Reservation first = Reserve("r-1", "MUG", "S01", 4);
  v1::ReleaseReservationRequest release;
  Change(&Reservation::ReleaseReservation, release, "r-1");
  EXPECT_EQ(Reserve("r-1", "MUG", "S01", 4).SerializeAsString(), first.SerializeAsString());
  Restart();
  EXPECT_EQ(Reserve("r-1", "MUG", "S01", 4).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Available("MUG", "S01").available(), 10);
}

TEST_F(StockCalls, APartialReservationTakesWhatThereIs) {
  Stock("MUG", "S01", 3);
  v1::CreateReservationRequest request = CreateOf("r-1", "MUG", "S01", 5);
  *request.add_lines() = LineOf("TEA", "S01", 1);
  request.set_allow_partial(true);
  v1::CreateReservationResponse response;
  ASSERT_TRUE(client()
                  .Call(client().reservation(), &Reservation::CreateReservation, request, response)
                  .ok());
  EXPECT_EQ(response.reservation().lines(0).granted(), 3);
  EXPECT_EQ(response.reservation().lines(1).granted(), 0);
}

TEST_F(StockCalls, AHoldWithoutATtlTakesTheConfiguredOne) {
  Stock("MUG", "S01", 3);
  v1::CreateReservationRequest request = CreateOf("r-1", "MUG", "S01", 1);
  request.clear_ttl();
  v1::CreateReservationResponse response;
  ASSERT_TRUE(client()
                  .Call(client().reservation(), &Reservation::CreateReservation, request, response)
                  .ok());
  EXPECT_EQ(response.reservation().expire_time().seconds() -
                response.reservation().create_time().seconds(),
            900);
  clock.Advance(std::chrono::minutes(15));
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
}

TEST_F(StockCalls, ReservationsAreListedInTheOrderTheyWereGranted) {
  Stock("MUG", "S01", 10);
  for (int i = 0; i < 7; ++i) Reserve("r-" + std::to_string(9 - i), "MUG", "S01", 1);
  v1::ReleaseReservationRequest release;
  Change(&Reservation::ReleaseReservation, release, "r-5");
  v1::ListReservationsRequest request;
  request.set_page_size(3);
  request.set_state(v1::RESERVATION_STATE_HELD);
  std::vector<std::string> ids;
  do {
    v1::ListReservationsResponse page;
    ASSERT_TRUE(
        client().Call(client().reservation(), &Reservation::ListReservations, request, page).ok());
    for (const auto& reservation : page.reservations()) ids.push_back(reservation.reservation_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"r-9", "r-8", "r-7", "r-6", "r-4", "r-3"}));
}

}  // namespace
}  // namespace stockd::support
