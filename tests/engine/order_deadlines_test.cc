// What an order is kept for ends at its deadline, to the microsecond, whether or not the writer has
// got round to it; the release and the no-show are one.
#include <gmock/gmock.h>

#include "daemon/ledger/order_claims.h"
#include "tests/engine/order_engine_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using fulfilment::Fulfilment;
using fulfilment::Order;
using fulfilment::OrderDesk;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;
using ledger::Reason;
using testing::ElementsAre;

constexpr std::chrono::seconds kPatience{60};

class OrderDeadlines : public OrderEngineFixture {
 protected:
  Timestamp DeadlineOf(const std::string& id) { return StoredFulfilment(id).deadline.value(); }
  // Lets the writer look at the clock, and waits until it has nothing more to do by itself.
  void Settle() {
    (void)Do([](engine::UnitOfWork&) { return true; });
  }
  std::vector<OrderEvent> Of(const std::string& id, OrderEventKind kind) {
    std::vector<OrderEvent> events;
    for (OrderEvent& event : EventsOf(id)) {
      if (event.kind == kind) events.push_back(std::move(event));
    }
    return events;
  }
};

TEST_F(OrderDeadlines, AReadAroundTheDeadlineIsExactToTheMicrosecond) {
  Stock(10);
  MakeReady("web-1", 4);
  const Timestamp deadline = DeadlineOf("web-1");
  const auto available_at = [&](Timestamp now) {
    return engine::LevelOf(engine(), kHere, kNoChannel, now).available;
  };
  EXPECT_EQ(available_at(deadline - kTick), 6);
  EXPECT_EQ(available_at(deadline), 10);
  EXPECT_EQ(available_at(deadline + kTick), 10);
  // The writer sleeps: nobody has told it that the clock was moved.
  clock.Set(deadline - kTick);
  EXPECT_EQ(available(), 6);
  clock.Advance(kTick);
  EXPECT_EQ(available(), 10);
  EXPECT_EQ(engine().open_order_count(), 1);
}

TEST_F(OrderDeadlines, AnotherBuyerGetsTheUnitsAtTheDeadlineAndNotBefore) {
  Stock(4);
  MakeReady("web-1", 4);
  clock.Set(DeadlineOf("web-1") - kTick);
  EXPECT_EQ(ReasonOf(Reserve("r-1", 1).result), Reason::kInsufficientStock);
  clock.Advance(kTick);
  EXPECT_EQ(ReasonOf(Reserve("r-2", 4).result), Reason::kNone);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kNoShow);
  ExpectSound();
}

TEST_F(OrderDeadlines, TheCustomerGetsTheUnitsUpToTheDeadlineAndNotAtIt) {
  Stock(10);
  MakeReady("in time", 4);
  MakeReady("late", 4);
  ASSERT_EQ(DeadlineOf("in time"), DeadlineOf("late"));
  clock.Set(DeadlineOf("late") - kTick);
  EXPECT_EQ(ReasonOf(GiveTo("in time").result), Reason::kNone);
  clock.Advance(kTick);
  EXPECT_EQ(ReasonOf(GiveTo("late").result), Reason::kMoveForbidden);
  EXPECT_EQ(StoredOrder("late").state(), OrderState::kNoShow);
  EXPECT_EQ(LevelAt().on_hand, 6);
  EXPECT_EQ(available(), 6);
  ExpectSound();
}

// A reader that sees one of them sees the other.
TEST_F(OrderDeadlines, TheReleaseAndTheNoShowAreOneCommit) {
  Stock(10);
  MakeReady("web-1", 4);
  const Timestamp deadline = DeadlineOf("web-1");
  const std::string claim = StoredFulfilment("web-1").claim_id;
  const uint64_t commits = engine().commit_count();
  clock.Set(deadline + kHour);
  engine().Wake();
  ASSERT_TRUE(WaitUntil(In(kPatience), [this] { return engine().open_order_count() == 0; }));
  EXPECT_EQ(engine().commit_count(), commits + 1);
  const Order order = StoredOrder("web-1");
  EXPECT_EQ(order.state(), OrderState::kNoShow);
  EXPECT_EQ(order.fulfilments[0].closed_at, deadline);
  EXPECT_EQ(order.UnitsOf(0).cancelled, 4);
  EXPECT_EQ(reader().FindReservation(claim)->state, ledger::ReservationState::kExpired);
  const auto no_show = Of("web-1", OrderEventKind::kNoShow);
  ASSERT_EQ(no_show.size(), 1u);
  EXPECT_EQ(no_show[0].occurred_at, deadline);
  EXPECT_EQ(no_show[0].recorded_at, deadline + kHour);
  EXPECT_EQ(engine().order_events().newest(), no_show[0].number);
  ExpectSound();
}

TEST_F(OrderDeadlines, TheWriterWakesForAReminderByItself) {
  Stock(10);
  MakeReady("web-1", 4);
  const Timestamp due = StoredFulfilment("web-1").remind_at.value();
  ASSERT_LT(due, DeadlineOf("web-1"));
  clock.Set(due - kTick);
  Settle();
  EXPECT_TRUE(Of("web-1", OrderEventKind::kReminder).empty());
  clock.Advance(kTick);
  engine().Wake();
  ASSERT_TRUE(
      WaitUntil(In(kPatience), [this] { return !Of("web-1", OrderEventKind::kReminder).empty(); }));
  EXPECT_EQ(Of("web-1", OrderEventKind::kReminder)[0].occurred_at, due);
  EXPECT_EQ(available(), 6) << "a reminder releases nothing";
  Reopen();
  clock.Advance(kHour);
  Settle();
  EXPECT_EQ(Of("web-1", OrderEventKind::kReminder).size(), 1u) << "reminded twice";
}

TEST_F(OrderDeadlines, AMovedDeadlineIsTheOneThatCounts) {
  Stock(10);
  MakeReady("web-1", 4);
  const Timestamp first = DeadlineOf("web-1");
  ASSERT_EQ(ReasonOf(AtDesk([&](const OrderDesk& desk) {
                       return fulfilment::ExtendDeadline(desk, For("web-1"), first + kHour);
                     }).result),
            Reason::kNone);
  clock.Set(first);
  Settle();
  EXPECT_EQ(available(), 6);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReady);
  clock.Set(first + kHour);
  EXPECT_EQ(available(), 10);
  Settle();
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kNoShow);
  ExpectSound();
}

TEST_F(OrderDeadlines, ARestartCatchesUpWithWhatItMissed) {
  Stock(10);
  MakeReady("web-1", 4);
  MakeReady("web-2", 2);
  const Fulfilment kept = StoredFulfilment("web-1");
  Close();
  clock.Set(*kept.deadline + 3 * kHour);
  Open();
  EXPECT_EQ(available(), 10) << "at once, before the writer has written it down";
  engine().Wake();
  ASSERT_TRUE(WaitUntil(In(kPatience), [this] { return engine().open_order_count() == 0; }));
  for (const char* id : {"web-1", "web-2"}) {
    EXPECT_EQ(StoredOrder(id).state(), OrderState::kNoShow);
    EXPECT_EQ(Of(id, OrderEventKind::kReminder).at(0).occurred_at, *kept.remind_at);
    EXPECT_EQ(Of(id, OrderEventKind::kNoShow).at(0).occurred_at, *kept.deadline);
  }
  EXPECT_EQ(LevelAt().reserved, 0);
  ExpectSound();
}

// A plain hold and an order that end in the same instant must not get into each other's way.
TEST_F(OrderDeadlines, HoldsAndOrdersOfOneInstantBothEnd) {
  Stock(10);
  MakeReady("web-1", 4);
  const Timestamp deadline = DeadlineOf("web-1");
  ASSERT_EQ(Reserve("r-1", 3, deadline - clock.Now()).outcome, CommitOutcome::kCommitted);
  clock.Set(deadline);
  EXPECT_EQ(available(), 10);
  Settle();
  EXPECT_EQ(engine().open_order_count(), 0);
  EXPECT_EQ(engine().open_count(), 0);
  ExpectSound();
}

// Puts orders on the shelf that were picked elsewhere: what is tested is how they end.
void PutReady(engine::UnitOfWork& unit, int first, int count, Timestamp deadline) {
  for (int i = first; i < first + count; ++i) {
    const std::string id = "web-" + std::to_string(i);
    Order order{.id = id, .placed_at = unit.now(), .recorded_at = unit.now(), .version = 1};
    const PositionKey position = i % 2 == 0 ? kHere : kThere;
    order.lines = {{.id = "line-1", .item = position.item, .ordered = 1}};
    order.fulfilments = {{.number = 1,
                          .state = OrderState::kReady,
                          .location = position.location,
                          .claim_id = "order/" + id + "/1",
                          .lines = {{.line = 0, .units = {.picked = 1}}},
                          .ready_at = unit.now(),
                          .deadline = deadline}};
    ledger::Reservation& claim =
        ledger::OpenClaim(unit, {.id = order.fulfilments[0].claim_id,
                                 .order_id = id,
                                 .lines = {{.position = position, .quantity = 1}}});
    ledger::HoldClaimUntil(unit, claim, deadline);
    unit.orders().AddOrder(std::move(order));
  }
}

// Saturday evening, when a whole chain closes: nothing may depend on how long it takes to write it
// all down.
TEST_F(OrderDeadlines, AHundredThousandEndInOneInstant) {
  constexpr int kOrders = 100'000;
  constexpr int kPortion = 5'000;
  const Timestamp deadline = kNoon + kHour;
  Stock(kOrders, kHere);
  Stock(kOrders, kThere);
  for (int first = 0; first < kOrders; first += kPortion) {
    const auto put = Do([=](engine::UnitOfWork& unit) {
      PutReady(unit, first, kPortion, deadline);
      return true;
    });
    ASSERT_EQ(put.outcome, CommitOutcome::kCommitted);
  }
  clock.Set(deadline - kTick);
  ASSERT_EQ(available(kHere), kOrders / 2);
  ASSERT_EQ(available(kThere), kOrders / 2);
  const uint64_t commits = engine().commit_count();
  clock.Advance(kTick);
  EXPECT_EQ(available(kHere), kOrders);
  EXPECT_EQ(available(kThere), kOrders);
  // A buyer in the middle of it gets every unit, the last customer in the queue gets none.
  EXPECT_EQ(ReasonOf(Reserve("all", kOrders, kMinute, kHere).result), Reason::kNone);
  EXPECT_GT(engine().open_order_count(), 0) << "the writer was to be caught in the middle";
  EXPECT_EQ(ReasonOf(GiveTo("web-99999").result), Reason::kMoveForbidden);
  ASSERT_TRUE(WaitUntil(In(kPatience), [this] { return engine().open_order_count() == 0; }));
  EXPECT_GE(engine().commit_count() - commits,
            static_cast<uint64_t>(kOrders / engine().options().expiries_per_batch_max));
  EXPECT_EQ(available(kHere), 0);
  EXPECT_EQ(available(kThere), kOrders);
  EXPECT_EQ(engine().order_events().newest(), static_cast<uint64_t>(kOrders));
  EXPECT_EQ(reader().Verify(3).drift_count, 0);
}

}  // namespace
}  // namespace stockd::support
