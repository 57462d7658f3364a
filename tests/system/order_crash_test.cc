// kill -9 at any moment loses no move of an order that was acknowledged, and makes none twice: the
// order, its claim, its events and the figures of stock say the same afterwards.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>

#include "tests/support/random.h"
#include "tests/system/daemon_fixture.h"
#include "tests/system/order_worker.h"
#include "tests/system/patient_call.h"
#include "tests/system/seed.h"

namespace stockd::system_test {
namespace {

using support::Describe;
using support::In;
using support::WaitUntil;

constexpr int kKills = 15;
constexpr int kWorkers = 4;
constexpr int64_t kStock = 400;
constexpr size_t kSampled = 60;

// What must add up at one position.
struct Sums {
  int64_t claimed = 0;  // Held for an order, picked or not.
  int64_t gone = 0;     // Handed over, sent away, or not found.
  int64_t back = 0;     // Returned.
};

class OrderCrash : public DaemonFixture {
 protected:
  void StartLoad(uint64_t seed) {
    positions_ = PutNames(/*sku_count=*/6, /*location_count=*/2);
    PutPurposes();
    Deliver(positions_, kStock);
    OrderWorker::Options options{.address = daemon_.address(), .locations = {"L0", "L1"}};
    for (int i = 0; i < 6; ++i) options.skus.push_back("SKU-" + std::to_string(i));
    for (int i = 0; i < kWorkers; ++i) {
      options.name = "staff" + std::to_string(i);
      options.seed = seed * 100 + static_cast<uint64_t>(i);
      workers_.push_back(std::make_unique<OrderWorker>(options));
    }
  }

  void PutPurposes() {
    v1::PutLocationsRequest request;
    for (const char* code : {"L0", "L1"}) {
      v1::Location& location = *request.add_locations();
      location.set_code(code);
      location.set_ships(true);
      location.set_collects(true);
    }
    v1::PutLocationsResponse response;
    ASSERT_TRUE(CallUntilAnswered(client_, client_.catalogue(),
                                  &support::GrpcClient::Catalogue::PutLocations, request, response,
                                  repeated_)
                    .ok());
  }

  int64_t AnsweredCount() const {
    int64_t count = 0;
    for (const auto& worker : workers_) count += worker->answered_count();
    return count;
  }

  // The newest acknowledged answers, and some of the others.
  std::vector<v1::Order> Sample(support::Random& random) {
    std::vector<v1::Order> sample;
    for (const auto& worker : workers_) {
      std::vector<v1::Order> settled;
      for (auto& [id, order] : worker->SettledOrders()) settled.push_back(std::move(order));
      std::ranges::sort(settled, [](const v1::Order& one, const v1::Order& other) {
        return one.place_time().seconds() > other.place_time().seconds();
      });
      for (size_t i = 0; i < settled.size() && i < kSampled / 2; ++i) sample.push_back(settled[i]);
      for (size_t i = 0; i < kSampled / 2 && !settled.empty(); ++i) {
        sample.push_back(random.Pick(settled));
      }
    }
    return sample;
  }

  void ExpectKept(const std::vector<v1::Order>& acknowledged) {
    for (const v1::Order& before : acknowledged) {
      v1::GetOrderRequest request;
      request.set_order_id(before.order_id());
      v1::GetOrderResponse now;
      v1::OrderService::Stub stub(client_.channel());
      const grpc::Status status = CallUntilAnswered(
          client_, stub, &v1::OrderService::Stub::GetOrder, request, now, repeated_);
      ASSERT_TRUE(status.ok()) << Describe(status) << " " << before.ShortDebugString();
      ASSERT_EQ(now.order().ShortDebugString(), before.ShortDebugString());
    }
  }

  // Without load: figures are what the acknowledged orders add up to.
  void ExpectFiguresAddUp() {
    std::map<PositionName, Sums> sums;
    for (const auto& worker : workers_) {
      for (const auto& [id, order] : worker->orders()) {
        for (const v1::Fulfilment& part : order.fulfilments()) {
          for (const v1::FulfilmentLine& line : part.lines()) {
            Sums& sum = sums[{line.sku(), part.location()}];
            const v1::LineUnits& units = line.units();
            sum.claimed += units.claimed() + units.picked();
            sum.gone += units.handed_over() + units.shipped() + units.delivered() +
                        units.returned() + NotFound(id, line.line_id());
            sum.back += units.returned();
          }
        }
      }
    }
    for (const PositionName& position : positions_) {
      const v1::Quantities units = Read(position).quantities();
      const Sums& sum = sums[position];
      const std::string name = position.first + "@" + position.second;
      EXPECT_EQ(units.on_hand(), kStock - sum.gone + sum.back) << name;
      EXPECT_EQ(units.reserved() + units.committed(), sum.claimed) << name;
    }
  }

  // Units that the events of an order say of its line.
  int64_t NotFound(const std::string& id, const std::string& line_id) {
    return Told(id, v1::ORDER_EVENT_KIND_MISSING, line_id);
  }
  int64_t Told(const std::string& id, v1::OrderEventKind kind, const std::string& line_id) {
    int64_t units = 0;
    for (const v1::OrderEvent& event : EventsOf(id)) {
      if (event.kind() != kind) continue;
      for (const v1::OrderLineQuantity& line : event.lines()) {
        if (line.line_id() == line_id) units += line.quantity();
      }
    }
    return units;
  }
  const std::vector<v1::OrderEvent>& EventsOf(const std::string& id) {
    const auto [found, is_new] = events_.try_emplace(id);
    if (!is_new) return found->second;
    v1::ListOrderEventsRequest request;
    request.set_order_id(id);
    request.set_page_size(1000);
    v1::ListOrderEventsResponse response;
    v1::OrderService::Stub stub(client_.channel());
    const grpc::Status status = CallUntilAnswered(
        client_, stub, &v1::OrderService::Stub::ListOrderEvents, request, response, repeated_);
    EXPECT_TRUE(status.ok()) << Describe(status);
    found->second.assign(response.events().begin(), response.events().end());
    return found->second;
  }

  // Each thing is told as often as it happened.
  void ExpectToldOnce() {
    for (const auto& worker : workers_) {
      for (const auto& [id, order] : worker->orders()) {
        std::map<v1::OrderEventKind, int> times;
        uint64_t last = 0;
        for (const v1::OrderEvent& event : EventsOf(id)) {
          ++times[event.kind()];
          EXPECT_GT(event.number(), last) << id;
          last = event.number();
        }
        EXPECT_EQ(times[v1::ORDER_EVENT_KIND_PLACED], 1) << id;
        for (const auto kind : {v1::ORDER_EVENT_KIND_PICKING_STARTED, v1::ORDER_EVENT_KIND_READY,
                                v1::ORDER_EVENT_KIND_PACKED, v1::ORDER_EVENT_KIND_CUSTOMER_ARRIVED,
                                v1::ORDER_EVENT_KIND_COLLECTED}) {
          EXPECT_LE(times[kind], 1) << id << " " << v1::OrderEventKind_Name(kind);
        }
        for (const v1::OrderLine& line : order.lines()) {
          const auto told = [&](v1::OrderEventKind kind) { return Told(id, kind, line.line_id()); };
          const v1::LineUnits& units = line.units();
          EXPECT_EQ(told(v1::ORDER_EVENT_KIND_CANCELLED), units.cancelled()) << id;
          EXPECT_EQ(told(v1::ORDER_EVENT_KIND_RETURNED), units.returned()) << id;
          EXPECT_EQ(told(v1::ORDER_EVENT_KIND_HANDED_OVER) + told(v1::ORDER_EVENT_KIND_SHIPPED),
                    units.handed_over() + units.shipped() + units.delivered() + units.returned())
              << id;
        }
      }
    }
  }

  std::vector<PositionName> positions_;
  std::vector<std::unique_ptr<OrderWorker>> workers_;
  std::map<std::string, std::vector<v1::OrderEvent>> events_;
  int64_t repeated_ = 0;
};

TEST_F(OrderCrash, KilledAtRandomMomentsEveryMoveStandsAndNoneHappensTwice) {
  const uint64_t seed = AnnouncedSeed();
  support::Random random(seed);
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  StartLoad(seed);
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    const int64_t moment = AnsweredCount() + random.Between(1, 300);
    ASSERT_TRUE(WaitUntil(In(), [&] { return AnsweredCount() >= moment; }));
    daemon_.Kill();
    // Nothing is acknowledged from here until it runs again.
    const std::vector<v1::Order> acknowledged = Sample(random);
    ASSERT_NO_FATAL_FAILURE(StartDaemon());
    ASSERT_NO_FATAL_FAILURE(ExpectKept(acknowledged));
  }
  OrderWorker::Tally sum;
  for (const auto& worker : workers_) {
    worker->Stop();
    EXPECT_EQ(worker->surprises(), std::vector<std::string>{});
    std::vector<v1::Order> acknowledged;
    for (const auto& [id, order] : worker->orders()) acknowledged.push_back(order);
    ASSERT_NO_FATAL_FAILURE(ExpectKept(acknowledged));
    const OrderWorker::Tally& tally = worker->tally();
    sum.placed += tally.placed;
    sum.refused += tally.refused;
    sum.collected += tally.collected;
    sum.shipped += tally.shipped;
    sum.cancelled += tally.cancelled;
    sum.returned += tally.returned;
    sum.missing += tally.missing;
    sum.replayed += tally.replayed;
    sum.repeated += tally.repeated;
  }
  ExpectFiguresAddUp();
  ExpectToldOnce();
  ExpectNoDrift();
  std::printf("kills %d, orders placed %" PRId64 ", refused %" PRId64 ", collected %" PRId64
              ", shipped %" PRId64 ", cancelled %" PRId64 ", with returns %" PRId64
              ", with missing units %" PRId64 "; calls without an answer, made again %" PRId64
              "; calls answered, made again %" PRId64 "\n",
              kKills, sum.placed, sum.refused, sum.collected, sum.shipped, sum.cancelled,
              sum.returned, sum.missing, sum.repeated, sum.replayed);
  EXPECT_GT(sum.repeated, 0);  // Else no call was cut off, and the test proved little.
  EXPECT_GT(sum.collected * sum.shipped * sum.returned * sum.missing, 0);
}

}  // namespace
}  // namespace stockd::system_test
