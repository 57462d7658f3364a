// Failures that users of other systems reported, each tried here over the whole daemon. The numbers
// name the public threads.
#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "tests/rpc/daemon_fixture.h"
#include "tests/support/random.h"

namespace stockd::support {
namespace {

class FieldFailures : public DaemonFixture {
 protected:
  FieldFailures() {
    config.source.push_back({.id = "market",
                             .kind = config::SourceKind::kWeb,
                             .absolute = config::AbsoluteRule::kDiff});
  }

  // What the daemon asks a source to show, by SKU and location; acknowledged as applied.
  class Shop {
   public:
    Shop(GrpcClient& client, const std::string& source) : stream_(client) {
      EXPECT_TRUE(stream_.WriteHello(source, true));
      EXPECT_TRUE(stream_.Read(frame_) && frame_.has_welcome());
    }
    AdapterStream& stream() { return stream_; }

    // Reads until an update tells this level.
    v1::Level Await(const std::string& sku, const std::string& location, int64_t available) {
      while (stream_.Read(frame_)) {
        if (!frame_.has_level_update()) continue;
        for (const v1::Level& level : frame_.level_update().levels()) {
          if (level.sku() == sku && level.location() == location &&
              level.available() == available) {
            cursor_ = frame_.level_update().cursor();
            return level;
          }
        }
        Acknowledge(frame_.level_update().cursor());
      }
      ADD_FAILURE() << "no level of " << sku << " says " << available;
      return {};
    }
    // The update of the last Await().
    void Acknowledge() { Acknowledge(cursor_); }

    void Acknowledge(const v1::LevelResult& result) {
      v1::ConnectRequest ack;
      ack.mutable_level_ack()->set_cursor(cursor_);
      *ack.mutable_level_ack()->add_results() = result;
      EXPECT_TRUE(stream_.Write(ack));
    }

    // Says what it shows now, and waits until that is taken.
    v1::SnapshotAck State(const std::string& id, const std::string& sku,
                          const std::string& location, int64_t quantity, Timestamp as_of) {
      v1::ConnectRequest frame;
      frame.mutable_snapshot_begin()->set_snapshot_id(id);
      frame.mutable_snapshot_begin()->mutable_as_of()->set_seconds(ToMicros(as_of) / 1'000'000);
      EXPECT_TRUE(stream_.Write(frame));
      v1::SnapshotRow& row = *frame.mutable_snapshot_chunk()->add_rows();
      row.set_sku(sku);
      row.set_location(location);
      row.set_quantity(quantity);
      EXPECT_TRUE(stream_.Write(frame));
      frame.mutable_snapshot_end()->set_row_count(1);
      EXPECT_TRUE(stream_.Write(frame));
      while (stream_.Read(frame_)) {
        if (frame_.has_snapshot_ack()) return frame_.snapshot_ack();
        if (frame_.has_level_update()) Acknowledge(frame_.level_update().cursor());
      }
      ADD_FAILURE() << "the snapshot is not acknowledged";
      return {};
    }

   private:
    void Acknowledge(uint64_t cursor) {
      v1::ConnectRequest ack;
      ack.mutable_level_ack()->set_cursor(cursor);
      EXPECT_TRUE(stream_.Write(ack));
    }

    AdapterStream stream_;
    v1::ConnectResponse frame_;
    uint64_t cursor_ = 0;
  };

  v1::BatchAck Tell(const std::vector<v1::Fact>& facts) {
    AdapterStream stream(client());
    EXPECT_TRUE(stream.Open("till"));
    const auto ack = stream.Send(500 + static_cast<uint64_t>(++batches_), facts);
    EXPECT_TRUE(ack.has_value());
    return ack.value_or(v1::BatchAck());
  }

  v1::Fact FactAt(v1::FactKind kind, const std::string& event_id, int64_t quantity,
                  Timestamp at) const {
    v1::Fact fact = ToFact({.kind = kind,
                            .event_id = event_id,
                            .sku = "MUG",
                            .location = "S01",
                            .quantity = quantity});
    fact.mutable_occurred_at()->set_seconds(ToMicros(at) / 1'000'000);
    return fact;
  }

  int64_t OnHand() { return Available("MUG", "S01").quantities().on_hand(); }

  void ExpectNoDrift() {
    v1::VerifyResponse verified;
    EXPECT_TRUE(
        client().Call(client().operations(), &GrpcClient::Operations::Verify, {}, verified).ok());
    EXPECT_EQ(verified.drift_count(), 0);
  }

 private:
  int batches_ = 0;
};

// magento/inventory PR#2420: the shipment call came twice, compensation was booked twice, and stock
// appeared out of nothing. Here a claim is consumed at most once, whatever comes twice.
TEST_F(FieldFailures, AShipmentToldTwiceConsumesItsClaimOnce) {
  Stock("MUG", "S01", 10);
  Reserve("order", "MUG", "S01", 3);
  v1::Fact sale = FactAt(v1::FACT_KIND_SALE, "shipped", 3, clock.Now());
  sale.set_reservation_id("order");
  EXPECT_EQ(Tell({sale}).applied(), 1);
  EXPECT_EQ(Tell({sale, sale}).duplicates(), 2);
  // The same shipment under another id is another shipment: the units left, the claim is used up.
  sale.set_event_id("shipped-again");
  EXPECT_EQ(Tell({sale}).applied(), 1);
  const v1::Availability level = Available("MUG", "S01");
  EXPECT_EQ(level.quantities().on_hand(), 4);
  EXPECT_EQ(level.quantities().reserved(), 0);
  EXPECT_EQ(level.available(), 4);
  ExpectNoDrift();
}

// odoo/odoo#62139, #115328: reserved quantities drift from the sum of the moves until a nightly
// job realigns them. Here they are the same fold, and an audit by other code says so.
TEST_F(FieldFailures, ReservedNeverDriftsFromTheClaims) {
  Stock("MUG", "S01", 30);
  for (int i = 0; i < 12; ++i) {
    const std::string id = "r" + std::to_string(i);
    Reserve(id, "MUG", "S01", 2);
    if (i % 3 == 0) {
      v1::ReleaseReservationRequest release;
      release.set_reservation_id(id);
      release.set_request_id("q" + id);
      v1::ReleaseReservationResponse released;
      for (int twice = 0; twice < 2; ++twice) {
        EXPECT_TRUE(client()
                        .Call(client().reservation(), &GrpcClient::Reservation::ReleaseReservation,
                              release, released)
                        .ok());
      }
    } else if (i % 3 == 1) {
      v1::Fact sale = FactAt(v1::FACT_KIND_SALE, "s" + id, 2, clock.Now());
      sale.set_reservation_id(id);
      Tell({sale, sale});
    }
  }
  EXPECT_EQ(Available("MUG", "S01").quantities().reserved(), 8);
  EXPECT_EQ(OnHand(), 22);
  ExpectNoDrift();
}

// odoo/odoo PR#32857, #268942, #272560: rows that were skipped because they were locked let twenty
// processes reserve the same ten units. Here one writer decides, one caller after the other.
TEST_F(FieldFailures, TwentyWhoWantTheSameTenUnitsGetTen) {
  Stock("MUG", "S01", 10);
  std::atomic<int> granted = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> buyers;
    for (int buyer = 0; buyer < 20; ++buyer) {
      buyers.emplace_back([&, buyer] {
        v1::CreateReservationResponse response;
        const grpc::Status status =
            client().Call(client().reservation(), &GrpcClient::Reservation::CreateReservation,
                          CreateOf("buyer-" + std::to_string(buyer), "MUG", "S01", 1), response);
        if (status.ok()) ++granted;
        if (ReasonOf(status) == "INSUFFICIENT_STOCK") ++refused;
      });
    }
  }
  EXPECT_EQ(granted, 10);
  EXPECT_EQ(refused, 10);
  EXPECT_EQ(Available("MUG", "S01").quantities().reserved(), 10);
  ExpectNoDrift();
}

// frappe/erpnext PR#24031, #40123, #54295, PR#57975: a backdated entry re-posts everything after
// it, and a count that came later is ignored. Here the count stays the barrier it is.
TEST_F(FieldFailures, ABackdatedFactBeforeACountDoesNotMoveTheFigure) {
  const Timestamp noon = clock.Now();
  Tell({FactAt(v1::FACT_KIND_RECEIPT, "opening", 50, noon - std::chrono::hours(48)),
        FactAt(v1::FACT_KIND_COUNT, "count", 40, noon - std::chrono::hours(24)),
        FactAt(v1::FACT_KIND_SALE, "after", 5, noon - std::chrono::hours(12))});
  EXPECT_EQ(OnHand(), 35);
  EXPECT_EQ(Tell({FactAt(v1::FACT_KIND_SALE, "late", 7, noon - std::chrono::hours(36))}).applied(),
            1);
  EXPECT_EQ(OnHand(), 35) << "the count had seen it";
  // A late count before the known one is recorded and moves nothing either.
  Tell({FactAt(v1::FACT_KIND_COUNT, "late-count", 3, noon - std::chrono::hours(30))});
  EXPECT_EQ(OnHand(), 35);
  // A late count after it re-bases on what happened since.
  Tell({FactAt(v1::FACT_KIND_COUNT, "newer-count", 20, noon - std::chrono::hours(18))});
  EXPECT_EQ(OnHand(), 15);
  ExpectNoDrift();
}

// nopSolutions/nopCommerce#7094: we write 17, the till reports 17 back, the shop adds 17.
// shopware/SwagPayPal#561: 5 becomes 4 by a sale, and minutes later 9.
TEST_F(FieldFailures, OurOwnLevelThatComesBackIsNotAddedAgain) {
  Stock("MUG", "S01", 5);
  Shop shop(client(), "market");
  shop.Await("MUG", "S01", 5);
  shop.Acknowledge();
  shop.State("first", "MUG", "S01", 5, clock.Now());
  Tell({FactAt(v1::FACT_KIND_RECEIPT, "delivery", 12, clock.Now())});
  shop.Await("MUG", "S01", 17);
  // It has written the level, and says so before it acknowledges.
  shop.State("echo", "MUG", "S01", 17, clock.Now());
  EXPECT_EQ(OnHand(), 17);
  shop.Acknowledge();
  // A real sale in the shop: 16 is one less than what we wrote, not eleven more than it had.
  clock.Advance(std::chrono::seconds(1));
  shop.State("sold", "MUG", "S01", 16, clock.Now());
  EXPECT_EQ(OnHand(), 16);
  shop.State("sold-again", "MUG", "S01", 16, clock.Now());
  EXPECT_EQ(OnHand(), 16) << "once";
  ExpectNoDrift();
}

// woocommerce#62507, woocommerce-square PR#185: a correction makes a correction, without end. Here
// a level that a source refuses is tried again after a growing pause and then given up, and a level
// that is poisoned holds up nobody behind it.
TEST_F(FieldFailures, ALevelThatASourceRefusesMakesNoLoopAndHoldsUpNobody) {
  Stock("MUG", "S01", 5);
  Stock("TEA", "S02", 7);
  Shop shop(client(), "market");
  const v1::Level mug = shop.Await("MUG", "S01", 5);
  v1::LevelResult refused;
  refused.set_sku("MUG");
  refused.set_location("S01");
  refused.set_version(mug.version());
  refused.set_outcome(v1::LEVEL_OUTCOME_REFUSED);
  refused.set_reason("no such article");
  shop.Acknowledge(refused);
  Tell({ToFact({.kind = v1::FACT_KIND_RECEIPT,
                .event_id = "tea",
                .sku = "TEA",
                .location = "S02",
                .quantity = 1})});
  shop.Await("TEA", "S02", 8);
  shop.Acknowledge();
  v1::ListRefusedLevelsResponse response;
  EXPECT_TRUE(client()
                  .Call(client().adapter(), &GrpcClient::Adapter::ListRefusedLevels, {}, response)
                  .ok());
  ASSERT_EQ(response.levels_size(), 1);
  EXPECT_EQ(response.levels(0).reason(), "no such article");
  EXPECT_FALSE(response.levels(0).has_retry_time()) << "it is not tried again by itself";
}

// odoo/odoo#152259, #203431, frappe/erpnext#11000: tills that were offline sync twice or not at
// all, and receipts get new numbers when they are sent again. Here numbers come from the device,
// what is missing is visible, and the rest may come days later.
TEST_F(FieldFailures, AnOfflineTillsMissingReceiptsAreSeenAndCloseDaysLater) {
  Stock("MUG", "S01", 100);
  std::vector<v1::Fact> receipts;
  for (int number = 1; number <= 20; ++number) {
    v1::Fact sale = FactAt(v1::FACT_KIND_SALE, "till-1/" + std::to_string(number), 1, clock.Now());
    sale.set_device("till-1");
    sale.set_device_sequence(static_cast<uint64_t>(number));
    receipts.push_back(sale);
  }
  const auto from = [&](size_t first, size_t last) {
    return std::vector<v1::Fact>(receipts.begin() + static_cast<ptrdiff_t>(first),
                                 receipts.begin() + static_cast<ptrdiff_t>(last));
  };
  Tell(from(0, 5));
  const v1::BatchAck ack = Tell(from(12, 20));
  ASSERT_EQ(ack.devices_size(), 1);
  EXPECT_EQ(ack.devices(0).complete_until(), 5U);
  EXPECT_EQ(ack.devices(0).newest(), 20U);
  clock.Advance(std::chrono::hours(72));
  Restart();
  // It sends everything again, in any order.
  Random(7).Shuffle(receipts);
  const v1::BatchAck last = Tell(receipts);
  EXPECT_EQ(last.applied(), 7);
  EXPECT_EQ(last.duplicates(), 13);
  EXPECT_EQ(last.devices(0).complete_until(), 20U);
  EXPECT_EQ(OnHand(), 80);
}

// craftcms/shopify#61, frappe/ecommerce_integrations#266, #289, #382: events do not fire, and a
// source falls silent for weeks without anybody noticing. Here a comparison finds what was never
// told.
TEST_F(FieldFailures, WhatASourceNeverToldIsFoundByAComparison) {
  Stock("MUG", "S01", 10);
  clock.Advance(std::chrono::seconds(1));
  Shop shop(client(), "shop");  // By its rule its figures are only compared.
  shop.State("nightly", "MUG", "S01", 8, clock.Now());
  EXPECT_EQ(OnHand(), 10) << "a comparison changes nothing";
  v1::ListSourcesResponse sources;
  EXPECT_TRUE(
      client().Call(client().adapter(), &GrpcClient::Adapter::ListSources, {}, sources).ok());
  const auto row = std::ranges::find(sources.sources(), "shop", &v1::Source::source);
  ASSERT_NE(row, sources.sources().end());
  EXPECT_EQ(row->drift(), 2);
  EXPECT_EQ(row->drift_positions(), 1);
  EXPECT_TRUE(row->has_reconcile_time());
}

// The same threads: a connection that is open says nothing about whether it is alive.
TEST_F(FieldFailures, ASourceThatFellSilentIsSeenByTheAgeOfItsNewestFact) {
  const Timestamp told_at = clock.Now();
  AdapterStream till(client());
  ASSERT_TRUE(till.Open("till"));
  ASSERT_TRUE(till.Send(1, {FactAt(v1::FACT_KIND_RECEIPT, "last", 5, told_at)}).has_value());
  clock.Advance(std::chrono::hours(24 * 14));
  v1::ListSourcesResponse sources;
  EXPECT_TRUE(
      client().Call(client().adapter(), &GrpcClient::Adapter::ListSources, {}, sources).ok());
  const auto row = std::ranges::find(sources.sources(), "till", &v1::Source::source);
  ASSERT_NE(row, sources.sources().end());
  EXPECT_TRUE(row->connected());
  EXPECT_EQ(row->newest_fact_time().seconds(), ToMicros(told_at) / 1'000'000);
}

// Shopify/dawn#3980: stores are offered for pick-up though nothing is there; odoo/odoo PR#228982:
// the other way round. Here the figure a store may promise decides, and what it is there for.
TEST_F(FieldFailures, OnlyStoresThatHaveItAreOfferedForPickUp) {
  v1::PutLocationsRequest locations;
  for (const auto& [code, collects] : {std::pair("S01", true), {"S02", true}, {"W01", false}}) {
    v1::Location& location = *locations.add_locations();
    location.set_code(code);
    location.set_collects(collects);
    location.set_ships(!collects);
  }
  v1::PutLocationsResponse put;
  ASSERT_TRUE(client()
                  .Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations, put)
                  .ok());
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 1);
  Stock("MUG", "W01", 9);
  Reserve("last-unit", "MUG", "S02", 1);
  v1::FindAvailabilityRequest request;
  request.set_sku("MUG");
  request.set_purpose(v1::FULFILMENT_PURPOSE_COLLECT);
  request.set_quantity_min(1);
  v1::FindAvailabilityResponse found;
  ASSERT_TRUE(client()
                  .Call(client().availability(), &GrpcClient::Availability::FindAvailability,
                        request, found)
                  .ok());
  ASSERT_EQ(found.availabilities_size(), 1) << found.DebugString();
  EXPECT_EQ(found.availabilities(0).location(), "S01");
}

// openlinker#1844: requests for a buffer for each connection. Here each source is told what its own
// channel may promise.
TEST_F(FieldFailures, EachSourceIsToldItsOwnFigure) {
  Stock("MUG", "S01", 5);
  Shop buffered(client(), "shop");
  buffered.Await("MUG", "S01", 4);
  Shop plain(client(), "market");
  plain.Await("MUG", "S01", 5);
}

}  // namespace
}  // namespace stockd::support
