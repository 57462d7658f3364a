// The engine, with its memory, its database and its restarts, does to orders exactly what the rules
// do over plain maps.
#include "tests/engine/order_twins.h"

#include <gmock/gmock.h>

#include <set>

#include "daemon/storage/order_text.h"
#include "tests/engine/order_engine_fixture.h"
#include "tests/support/seeds.h"

namespace stockd::support {
namespace {

using fulfilment::Order;
using fulfilment::OrderDesk;

class OrderTwins : public OrderEngineFixture {
 protected:
  // What one has that the other has not; empty: they are alike.
  std::string Differences(const OrderTwin& twin) {
    std::string text;
    uint64_t open = 0;
    for (const auto& [id, order] : twin.book().orders()) {
      const auto stored = reader().FindOrder(id);
      open += order.closed() ? 0 : 1;
      if (stored != order) {
        text += id + "\n  is " + (stored ? storage::OrderText(*stored) : "missing") +
                "\n  should be " + storage::OrderText(order) + "\n";
      }
    }
    if (engine().open_order_count() != static_cast<int64_t>(open)) text += "orders in memory\n";
    if (AllEvents() != twin.book().events()) text += "events\n";
    for (const auto& [slot, count] : twin.book().booked()) {
      if (engine().booked_picks().Count(
              slot.first, {.start = slot.second, .end = slot.second + kTick}) != count) {
        if (slot.second > clock.Now() - storage::kSlotsKept) text += "booked picks\n";
      }
    }
    return text;
  }

  void PutStock(OrderTwin& twin) {
    for (const PositionKey position :
         {kHere, kThere, kFar, kOtherItem, PositionKey{ItemId{2}, LocationId{2}},
          PositionKey{ItemId{2}, LocationId{3}}}) {
      const auto fact = NewFact(ledger::EntryKind::kReceipt, 15, clock.Now() - kHour, position);
      const auto apply = [&](ledger::State& state) {
        return ledger::ApplyFact(state, fact, {}, ledger::LateFacts::kRefuse).result;
      };
      ASSERT_EQ(apply(twin.state()), ledger::FactResult::kApplied);
      ASSERT_EQ(Do([&](engine::UnitOfWork& unit) { return apply(unit); }).result,
                ledger::FactResult::kApplied);
    }
  }

  void RunHistory(uint64_t seed, int steps) {
    Random random(seed);
    OrderTwin twin(clock.Now(), codes_);
    PutStock(twin);
    for (int step = 1; step <= steps; ++step) {
      if (random.Percent(20)) clock.Advance(std::chrono::minutes(random.Between(1, 60)));
      if (random.Percent(5)) clock.Advance(std::chrono::hours(random.Between(1, 96)));
      const OrderCommand command = AnyOrderCommand(random, twin.book(), clock.Now(), step);
      const std::string expected = Shown(twin.At(clock.Now(), command));
      const auto done = AtDesk(command);
      ASSERT_EQ(done.outcome, engine::CommitOutcome::kCommitted);
      ASSERT_EQ(Shown(done.result), expected) << "step " << step;
      if (random.Percent(5)) Reopen();
      if (random.Percent(10)) ASSERT_EQ(Differences(twin), "") << "step " << step;
    }
    ASSERT_EQ(Differences(twin), "");
    ExpectSound();
    for (const fulfilment::OrderEvent& event : twin.book().events()) seen_.insert(event.kind);
  }

  engine::PickupCodes codes_{{}};
  std::set<fulfilment::OrderEventKind> seen_;  // In all histories so far.
};

TEST_F(OrderTwins, AreAlikeAfterEveryHistory) {
  options.keep_requests = std::chrono::hours(24 * 3650);  // The twin never forgets one.
  ForEachSeed(12, [this](uint64_t seed) {
    StartAnew();
    PutPurposes();
    RunHistory(seed, 250);
  });
  // Histories in which little happens prove little.
  if (SeedsToRun(12).runs >= 12) {
    for (auto kind = fulfilment::OrderEventKind::kPlaced;
         kind <= fulfilment::OrderEventKind::kRated;
         kind = static_cast<fulfilment::OrderEventKind>(static_cast<int>(kind) + 1)) {
      EXPECT_TRUE(seen_.contains(kind)) << fulfilment::OrderEventKindName(kind);
    }
  }
}

// Proves that the comparison sees a single move that only one of them made.
TEST_F(OrderTwins, CanaryAMoveOfOneIsSeen) {
  OrderTwin twin(clock.Now(), codes_);
  PutStock(twin);
  const auto place = [](const OrderDesk& desk) {
    return fulfilment::PlaceOrder(desk, OrderOf("order-1", 2));
  };
  (void)twin.At(clock.Now(), place);
  EXPECT_NE(Differences(twin), "");
  (void)AtDesk(place);
  EXPECT_EQ(Differences(twin), "");
  const auto rate = [header = For("order-1")](const OrderDesk& desk) {
    return fulfilment::Rate(desk, header, {.csat = 5});
  };
  (void)AtDesk(rate);
  EXPECT_NE(Differences(twin), "");
}

}  // namespace
}  // namespace stockd::support
