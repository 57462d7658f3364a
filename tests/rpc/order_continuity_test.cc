// Rivals who try to reserve every unit, at every place, all the time, get what an order gives up
// and nothing else: no step of its life lets go of units that it keeps.
#include <array>
#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/rpc/order_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

constexpr int kRivals = 3;
constexpr int64_t kKept = 4;        // Units of the order.
constexpr int64_t kElsewhere = 10;  // Units that turn up at each of the other places.

struct Place {
  const char* sku;
  const char* location;
};
// Where the order begins, and the places whose units it and the rivals are after.
constexpr std::array<Place, 4> kPlaces = {
    {{"MUG", "S01"}, {"MUG", "S02"}, {"MUG", "W01"}, {"CUP", "S01"}}};

class OrderContinuity : public OrderFixture {
 protected:
  void StartRivals() {
    for (int rival = 0; rival < kRivals; ++rival) {
      rivals_.emplace_back([this, rival](const std::stop_token& stop) {
        for (int wish = 0; !stop.stop_requested(); ++wish) {
          Try("rival-" + std::to_string(rival) + "/" + std::to_string(wish),
              static_cast<size_t>(wish) % kPlaces.size());
        }
      });
    }
  }
  void StopRivals() { rivals_.clear(); }

  void Try(const std::string& id, size_t place) {
    v1::CreateReservationResponse response;
    v1::CreateReservationRequest wish =
        CreateOf(id, kPlaces[place].sku, kPlaces[place].location, 1);
    wish.mutable_ttl()->set_seconds(30 * 24 * 3600);  // Beyond the end of the test.
    const grpc::Status tried = client().Call(
        client().reservation(), &GrpcClient::Reservation::CreateReservation, wish, response);
    if (tried.ok()) ++got_[place];
    ++tries_;
  }

  // Until the rivals have had the time to take all that is free.
  void LetThemTry() {
    const int64_t enough =
        tries_ + kRivals + (kElsewhere + 2) * static_cast<int64_t>(kPlaces.size());
    ASSERT_TRUE(WaitUntil(In(), [&] { return tries_ >= enough; }));
  }

  // The order has its units, wherever they are now, and rivals have no more than it gave up.
  void ExpectKept(const std::string& step) {
    LetThemTry();
    std::array<int64_t, kPlaces.size()> had{};
    const v1::Order order = Get("o");
    int64_t units = 0;
    for (const v1::Fulfilment& part : order.fulfilments()) {
      for (const v1::FulfilmentLine& line : part.lines()) {
        const int64_t here = line.units().claimed() + line.units().picked();
        units += here;
        for (size_t i = 0; i < kPlaces.size(); ++i) {
          if (line.sku() == kPlaces[i].sku && part.location() == kPlaces[i].location) {
            had[i] += here;
          }
        }
      }
    }
    EXPECT_EQ(units, kKept) << step << "\n" << order.DebugString();
    for (size_t i = 0; i < kPlaces.size(); ++i) {
      // A rival may not have heard yet what it got.
      (void)WaitUntil(In(), [&] { return had[i] + got_[i] >= stocked_[i]; });
      EXPECT_EQ(had[i] + got_[i], stocked_[i])
          << step << ": " << kPlaces[i].sku << " at " << kPlaces[i].location;
    }
  }

  void Put(size_t place, int64_t units) {
    Stock(kPlaces[place].sku, kPlaces[place].location, units);
    stocked_[place] += units;
  }

  // Calls; the order may be too late for a unit elsewhere, and then keeps what it has.
  template <typename Method, typename Request>
  bool TryMove(Method method, const Request& request) {
    Call(method, request);
    EXPECT_TRUE(status.ok() || reason == "INSUFFICIENT_STOCK") << Describe(status);
    ++(status.ok() ? moves_made_ : moves_refused_);
    return status.ok();
  }

  std::array<int64_t, kPlaces.size()> stocked_{};
  std::array<std::atomic<int64_t>, kPlaces.size()> got_{};
  std::atomic<int64_t> tries_ = 0;
  int moves_made_ = 0;
  int moves_refused_ = 0;

 private:
  std::vector<std::jthread> rivals_;
};

TEST_F(OrderContinuity, NoStepOfAnOrderLetsGoOfUnitsThatItKeeps) {
  Put(0, kKept);
  Reserve("basket", "MUG", "S01", kKept);
  StartRivals();

  v1::ExtendReservationRequest extend;
  extend.set_reservation_id("basket");
  extend.set_request_id("longer");
  extend.mutable_ttl()->set_seconds(3600);
  v1::ExtendReservationResponse extended;
  ASSERT_TRUE(client()
                  .Call(client().reservation(), &GrpcClient::Reservation::ExtendReservation, extend,
                        extended)
                  .ok());
  v1::PlaceOrderRequest place = PlaceOf("o", {{"MUG", kKept}});
  place.set_reservation_id("basket");
  Place(place);
  LetThemTry();
  EXPECT_EQ(got_[0], 0) << "the basket became the order";

  // From here units turn up elsewhere, and who asks first gets them.
  auto reassign = MoveOf<v1::ReassignUnitsRequest>("o");
  reassign.set_fulfilment(1);
  AddLine(reassign, "1", 1);
  reassign.set_method(v1::FULFILMENT_METHOD_PICKUP);
  reassign.set_location("S02");
  Put(1, kElsewhere);
  TryMove(&Orders::ReassignUnits, reassign);
  ExpectKept("one unit from another store");

  auto replan = MoveOf<v1::ReplanFulfilmentRequest>("o");
  replan.set_fulfilment(1);
  AddLine(replan, "1", 1);
  replan.set_method(v1::FULFILMENT_METHOD_SHIP);
  replan.add_exclude_locations("S01");
  Put(2, kElsewhere);
  TryMove(&Orders::ReplanFulfilment, replan);
  ExpectKept("one unit by parcel");

  auto substitute = MoveOf<v1::SubstituteLineRequest>("o");
  substitute.set_fulfilment(1);
  substitute.set_line_id("1");
  substitute.set_quantity(1);
  substitute.set_substitute_line_id("1s");
  substitute.set_substitute_sku("CUP");
  substitute.set_substitute_quantity(1);
  Put(3, kElsewhere);
  TryMove(&Orders::SubstituteLine, substitute);
  ExpectKept("one unit of another item");

  auto start = MoveOf<v1::StartPickingRequest>("o");
  start.set_fulfilment(1);
  Must(&Orders::StartPicking, start);
  auto pick = MoveOf<v1::RecordPickRequest>("o");
  pick.set_fulfilment(1);
  const v1::Order picking = Get("o");
  for (const v1::FulfilmentLine& line : picking.fulfilments(0).lines()) {
    if (line.units().claimed() == 0) continue;
    v1::PickedLine& picked = *pick.add_lines();
    picked.set_line_id(line.line_id());
    picked.set_picked(line.units().claimed());
  }
  Must(&Orders::RecordPick, pick);
  ExpectKept("picked");
  auto finish = MoveOf<v1::FinishPickingRequest>("o");
  finish.set_fulfilment(1);
  const v1::Order ready = Must(&Orders::FinishPicking, finish).order();
  ExpectKept("ready");
  auto later = MoveOf<v1::ExtendDeadlineRequest>("o");
  later.set_fulfilment(1);
  const Timestamp deadline = FromProtoTime(ready.fulfilments(0).deadline_time());
  *later.mutable_deadline_time() = ToProtoTime(deadline + std::chrono::hours(24));
  Must(&Orders::ExtendDeadline, later);
  clock.Advance(deadline - clock.Now());
  ExpectKept("kept for longer, at the first deadline");

  StopRivals();
  for (size_t i = 0; i < kPlaces.size(); ++i) {
    const v1::Quantities units = Available(kPlaces[i].sku, kPlaces[i].location).quantities();
    EXPECT_LE(units.reserved() + units.committed(), units.on_hand());
  }
  std::printf("%lld tries; %d moves made, %d refused\n", static_cast<long long>(tries_.load()),
              moves_made_, moves_refused_);
}

}  // namespace
}  // namespace stockd::support
