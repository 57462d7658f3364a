// Orders live in memory and on disk, and both are the same after every commit.
#include <gmock/gmock.h>

#include <functional>

#include "tests/engine/order_engine_fixture.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using fulfilment::Order;
using fulfilment::OrderDesk;
using fulfilment::OrderEventKind;
using fulfilment::OrderResult;
using fulfilment::OrderState;
using ledger::Reason;
using testing::ElementsAre;

class EngineOrders : public OrderEngineFixture {};

TEST_F(EngineOrders, AnOrderGoesThroughItsLife) {
  Stock(10);
  MakeReady("web-1", 3);
  EXPECT_EQ(available(), 7);
  EXPECT_EQ(engine().open_order_count(), 1);
  const auto given = GiveTo("web-1");
  ASSERT_EQ(ReasonOf(given.result), Reason::kNone);
  EXPECT_EQ(StoredOrder("web-1"), std::get<Order>(given.result));
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kCollected);
  EXPECT_THAT(
      KindsOf("web-1"),
      ElementsAre(OrderEventKind::kPlaced, OrderEventKind::kPickingStarted, OrderEventKind::kPicked,
                  OrderEventKind::kReady, OrderEventKind::kHandedOver, OrderEventKind::kCollected));
  EXPECT_EQ(LevelAt().on_hand, 7);
  EXPECT_EQ(engine().open_order_count(), 0);
  ExpectSound();
}

TEST_F(EngineOrders, ReadersFollowTheEventsInMemory) {
  Stock(10);
  MakeReady("web-1", 3);
  const auto events = engine().order_events().Read(0, 100);
  ASSERT_TRUE(events);
  EXPECT_EQ(*events, AllEvents());
  EXPECT_EQ(engine().order_events().newest(), events->back().number);
  Reopen();
  EXPECT_EQ(engine().order_events().newest(), events->back().number);
  EXPECT_FALSE(engine().order_events().Read(0, 100)) << "what came before is in the database only";
  EXPECT_TRUE(engine().order_events().Read(events->back().number, 100)->empty());
}

TEST_F(EngineOrders, ARestartKeepsWhatIsOpen) {
  Stock(10);
  MakeReady("web-1", 3);
  ASSERT_EQ(ReasonOf(Place("web-2", 2).result), Reason::kNone);
  const Order ready = StoredOrder("web-1");
  const Order placed = StoredOrder("web-2");
  Reopen();
  EXPECT_EQ(engine().open_order_count(), 2);
  EXPECT_EQ(StoredOrder("web-1"), ready);
  EXPECT_EQ(StoredOrder("web-2"), placed);
  // The code that the customer got before is good after it.
  const std::string code = engine().pickup_codes().CodeOf("web-1", 1, 1);
  const auto given = AtDesk([&](const OrderDesk& desk) {
    return fulfilment::HandOver(desk, For("web-1"),
                                {.code_digest = desk.book.PickupCodeDigest("web-1", 1, code)});
  });
  EXPECT_EQ(ReasonOf(given.result), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("web-2", 2).result), Reason::kNone);
  EXPECT_EQ(ReasonOf(Place("web-3", 1).result), Reason::kNone);
  EXPECT_EQ(StoredOrder("web-3").number, 3u);
  ExpectSound();
}

TEST_F(EngineOrders, ARepetitionGetsTheFirstAnswerAlsoAfterARestart) {
  Stock(10);
  const auto header = For("web-1");
  const auto place = [](const OrderDesk& desk) {
    return fulfilment::PlaceOrder(desk, OrderOf("web-1", 3));
  };
  const auto pick = [header](const OrderDesk& desk) {
    return fulfilment::RecordPick(desk, header, {{.line = 0, .picked = 3}});
  };
  const auto answers = Do([&](engine::UnitOfWork& unit) {
    const OrderDesk desk = unit.order_desk();
    return std::vector<OrderResult>{place(desk), place(desk), pick(desk), place(desk), pick(desk)};
  });
  ASSERT_EQ(answers.outcome, CommitOutcome::kCommitted);
  const Order placed = std::get<Order>(answers.result[0]);
  const Order picked = std::get<Order>(answers.result[2]);
  EXPECT_EQ(placed.state(), OrderState::kPlaced);
  EXPECT_EQ(picked.state(), OrderState::kPicking);
  EXPECT_EQ(std::get<Order>(answers.result[1]), placed);
  EXPECT_EQ(std::get<Order>(answers.result[3]), placed);
  EXPECT_EQ(std::get<Order>(answers.result[4]), picked);
  ASSERT_EQ(ReasonOf(Finish("web-1").result), Reason::kNone);
  Reopen();
  EXPECT_EQ(std::get<Order>(AtDesk(place).result), placed);
  EXPECT_EQ(std::get<Order>(AtDesk(pick).result), picked);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReady);
}

TEST_F(EngineOrders, AnswersAreForgottenInTime) {
  Stock(10);
  MakeReady("web-1", 3);
  const auto header = For("web-1");
  const auto rate = [header](const OrderDesk& desk) {
    return fulfilment::Rate(desk, header, {.nps = 9});
  };
  ASSERT_EQ(ReasonOf(AtDesk(rate).result), Reason::kNone);
  const uint64_t version = StoredOrder("web-1").version;
  ASSERT_EQ(ReasonOf(AtDesk(rate).result), Reason::kNone);
  EXPECT_EQ(StoredOrder("web-1").version, version);
  clock.Advance(options.keep_requests + kMinute);
  (void)Do([](engine::UnitOfWork&) { return true; });
  const auto again = Do([header](engine::UnitOfWork& unit) {
    return unit.orders().FindOrderRequest(header.request_id).has_value();
  });
  EXPECT_FALSE(again.result);
}

// The memory holds what is open only; what is closed comes from the disk when somebody asks.
TEST_F(EngineOrders, AClosedOrderStillTakesReturns) {
  Stock(10);
  MakeReady("web-1", 3);
  ASSERT_EQ(ReasonOf(GiveTo("web-1").result), Reason::kNone);
  Reopen();
  EXPECT_EQ(engine().open_order_count(), 0);
  for (const Quantity left : {2, 1, 0}) {
    const auto returned = AtDesk([this](const OrderDesk& desk) {
      return fulfilment::Return(
          desk, For("web-1"), {.lines = {{.line = 0, .quantity = 1}}, .location = kThere.location});
    });
    ASSERT_EQ(ReasonOf(returned.result), Reason::kNone);
    EXPECT_EQ(StoredOrder("web-1").UnitsOf(0).handed_over, left);
    EXPECT_EQ(engine().open_order_count(), 0);
  }
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReturned);
  EXPECT_EQ(LevelAt(kThere).on_hand, 3);
  ExpectSound();
}

TEST_F(EngineOrders, CommandsOfOneBatchSeeEachOther) {
  Stock(3);
  const auto done = Do([this](engine::UnitOfWork& unit) {
    const OrderDesk desk = unit.order_desk();
    std::vector<Reason> reasons;
    reasons.push_back(ReasonOf(fulfilment::PlaceOrder(desk, OrderOf("web-1", 2))));
    reasons.push_back(ReasonOf(fulfilment::PlaceOrder(desk, OrderOf("web-2", 2))));
    reasons.push_back(ReasonOf(fulfilment::Cancel(desk, For("web-1"), {}, {})));
    reasons.push_back(ReasonOf(fulfilment::PlaceOrder(desk, OrderOf("web-2", 2))));
    reasons.push_back(ReasonOf(fulfilment::PlaceOrder(desk, OrderOf("web-1", 2))));
    return reasons;
  });
  EXPECT_THAT(done.result, ElementsAre(Reason::kNone, Reason::kInsufficientStock, Reason::kNone,
                                       Reason::kNone, Reason::kNone));
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kCancelled);
  EXPECT_EQ(StoredOrder("web-2").number, 2u);
  EXPECT_EQ(available(), 1);
  ExpectSound();
}

TEST_F(EngineOrders, SlotsStayTakenAfterARestart) {
  Stock(10);
  for (const char* id : {"web-1", "web-2", "web-3"}) {
    ASSERT_EQ(ReasonOf(Place(id, 1).result), Reason::kNone);
  }
  const Timestamp slot = StoredFulfilment("web-1").slot_start.value();
  const auto booked = [&] {
    return engine().booked_picks().Count(kHere.location, {.start = slot, .end = slot + kHour});
  };
  EXPECT_EQ(booked(), 3);
  ASSERT_EQ(ReasonOf(AtDesk([this](const OrderDesk& desk) {
                       return fulfilment::Cancel(desk, For("web-2"), {}, {});
                     }).result),
            Reason::kNone);
  EXPECT_EQ(booked(), 2);
  Reopen();
  EXPECT_EQ(booked(), 2);
  clock.Advance(storage::kSlotsKept + 2 * kHour);
  (void)Do([](engine::UnitOfWork&) { return true; });
  EXPECT_EQ(booked(), 0) << "what is over is forgotten";
}

TEST_F(EngineOrders, TheOwnSourceIsMadeOnce) {
  Stock(10);
  EXPECT_EQ(engine().catalogue().FindSource("stockd"), kNoSource);
  MakeReady("web-1", 1);
  ASSERT_EQ(ReasonOf(GiveTo("web-1").result), Reason::kNone);
  const SourceId own = engine().catalogue().FindSource("stockd");
  EXPECT_NE(own, kNoSource);
  Reopen();
  EXPECT_EQ(engine().catalogue().FindSource("stockd"), own);
  MakeReady("web-2", 1);
  ASSERT_EQ(ReasonOf(GiveTo("web-2").result), Reason::kNone);
  EXPECT_EQ(engine().catalogue().FindSource("stockd"), own);
}

TEST_F(EngineOrders, AFailedCommitLeavesNothingHalf) {
  Stock(10);
  MakeReady("web-1", 3);
  const Order before = StoredOrder("web-1");
  const auto events = AllEvents();
  store().FailWith("disk full");
  EXPECT_EQ(GiveTo("web-1").outcome, CommitOutcome::kFailed);
  EXPECT_EQ(Place("web-2", 3).outcome, CommitOutcome::kFailed);
  EXPECT_EQ(engine().order_events().newest(), events.back().number);
  EXPECT_EQ(available(), 7);
  EXPECT_EQ(StoredOrder("web-1"), before);
  Reopen();
  EXPECT_EQ(StoredOrder("web-1"), before);
  EXPECT_EQ(AllEvents(), events);
  EXPECT_FALSE(reader().FindOrder("web-2"));
  EXPECT_EQ(available(), 7);
  ExpectSound();
  EXPECT_EQ(ReasonOf(GiveTo("web-1").result), Reason::kNone);
}

// The disk fails at the first, second, ... write or sync while an order goes through its life,
// until one life gets through. The order then stands where it was last acknowledged or one move
// further, with its claim, its events and its answers; asked again, it goes on as if nothing had
// been wrong.
TEST_F(EngineOrders, WhereverTheDiskFailsAMoveIsWholeOrNotThere) {
  FaultyVfs disk;
  Close();
  vfs_name = disk.name();
  Open();
  Stock(1000);
  bool got_through = false;
  for (int64_t nth = 1; nth <= 300 && !got_through; ++nth) {
    SCOPED_TRACE("operation " + std::to_string(nth));
    const std::string id = "web-" + std::to_string(nth);
    using Command = std::function<OrderResult(const OrderDesk&)>;
    const std::vector<Command> life = {
        [id](const OrderDesk& desk) { return fulfilment::PlaceOrder(desk, OrderOf(id, 2)); },
        [header = For(id)](const OrderDesk& desk) {
          return fulfilment::RecordPick(desk, header, {{.line = 0, .picked = 2}});
        },
        [header = For(id)](const OrderDesk& desk) {
          return fulfilment::FinishPicking(desk, header, "A");
        },
        [header = For(id)](const OrderDesk& desk) {
          return fulfilment::HandOver(desk, header, {.without_code = true});
        }};
    disk.FailAt(nth, DiskFault::kAnyError, FaultLife::kForGood);
    size_t acknowledged = 0;
    while (acknowledged < life.size() &&
           AtDesk(life[acknowledged]).outcome == CommitOutcome::kCommitted) {
      ++acknowledged;
    }
    got_through = disk.fault_count() == 0;
    EXPECT_EQ(acknowledged == life.size(), got_through);
    disk.Heal();
    Reopen();
    ExpectSound();
    const auto found = reader().FindOrder(id);
    const uint64_t moves = found ? found->version : 0;  // Each move makes a version.
    EXPECT_TRUE(moves == acknowledged || moves == acknowledged + 1) << moves;
    if (found) EXPECT_FALSE(KindsOf(id).empty());
    for (const Command& move : life) EXPECT_EQ(ReasonOf(AtDesk(move).result), Reason::kNone);
    EXPECT_EQ(StoredOrder(id).state(), OrderState::kCollected);
    EXPECT_EQ(StoredOrder(id).version, life.size());
    EXPECT_EQ(LevelAt().on_hand, 1000 - 2 * nth);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_TRUE(got_through);
  Close();  // Before the disk goes away.
}

}  // namespace
}  // namespace stockd::support
