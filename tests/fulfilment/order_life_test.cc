#include "tests/fulfilment/order_fixture.h"

namespace stockd::fulfilment {
namespace {

using ledger::EntryKind;
using ledger::Reason;
using support::Figures;
using support::kHour;
using support::kMinute;
using enum OrderEventKind;

class OrderLife : public OrderFixture {};

TEST_F(OrderLife, APickUpFromThePlacingToTheCounter) {
  const Order placed = Accepted(Place("o", 2));
  EXPECT_EQ(placed.state(), OrderState::kPlaced);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10, .committed = 2}));
  ASSERT_EQ(ReasonOf(StartPicking(desk(), For("o"))), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 2)), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kPicking);
  ASSERT_EQ(ReasonOf(Finish("o")), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kReady);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10, .reserved = 2}))
      << "kept for the customer until the deadline";
  ASSERT_EQ(ReasonOf(Arrive(desk(), For("o"))), Reason::kNone);
  const std::string code = book.PickupCodeOf("o", 1, 1);
  ASSERT_EQ(
      ReasonOf(HandOver(desk(), For("o"), {.code_digest = book.PickupCodeDigest("o", 1, code)})),
      Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kCollected);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8}));
  EXPECT_EQ(EventsOf("o"), (std::vector{kPlaced, kPickingStarted, kPicked, kReady, kCustomerArrived,
                                        kHandedOver, kCollected}));
  const auto sale = Last(1).front();
  EXPECT_EQ(sale.kind, EntryKind::kSale);
  EXPECT_EQ(sale.unit_price_micros, 4'500'000);
}

TEST_F(OrderLife, TheBasketsHoldBecomesTheOrderAndTheLastUnitIsNeverFree) {
  ASSERT_EQ(support::ReasonOf(Reserve("basket", 10, kMugs)), Reason::kNone);
  PlaceCommand command = OrderOf("o", 10);
  command.reservation_id = "basket";
  ASSERT_EQ(ReasonOf(Place(command)), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10, .committed = 10}));
  EXPECT_EQ(state_of("basket"), ledger::ReservationState::kReleased);
  EXPECT_EQ(reservation("basket").order_id, "o");
}

TEST_F(OrderLife, WhatTheBasketHeldBeyondTheOrderIsGivenBack) {
  ASSERT_EQ(support::ReasonOf(Reserve("basket", 4, kMugs)), Reason::kNone);
  PlaceCommand command = OrderOf("o", 1);
  command.reservation_id = "basket";
  ASSERT_EQ(ReasonOf(Place(command)), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10, .committed = 1}));
}

TEST_F(OrderLife, AHoldThatLapsedIsNoLongerABasket) {
  ASSERT_EQ(support::ReasonOf(Reserve("basket", 4, kMugs)), Reason::kNone);
  Pass(kHour);
  PlaceCommand command = OrderOf("o", 1);
  command.reservation_id = "basket";
  EXPECT_EQ(ReasonOf(Place(command)), Reason::kReservationExpired);
  EXPECT_EQ(book.FindOrder("o"), nullptr);
}

TEST_F(OrderLife, PlacingAgainGivesTheFirstAnswerWhateverHappenedSince) {
  const Order first = Accepted(Place(OrderOf("o", 2)));
  ASSERT_EQ(ReasonOf(Pick("o", 2)), Reason::kNone);
  EXPECT_EQ(Accepted(Place(OrderOf("o", 2))), first);
  PlaceCommand other = OrderOf("o", 3);
  other.content = "another";
  EXPECT_EQ(ReasonOf(Place(other)), Reason::kOrderDiffers);
}

TEST_F(OrderLife, TooManyUnitsChangeNothing) {
  const OrderResult result = Place("o", 11);
  EXPECT_EQ(ReasonOf(result), Reason::kInsufficientStock);
  EXPECT_EQ(Refused(result).refusal.available, 10);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10}));
  EXPECT_TRUE(book.booked().empty());
}

TEST_F(OrderLife, ALocationThatDoesNotCollectIsRefused) {
  book.DoesNotCollect(kStore);
  EXPECT_EQ(ReasonOf(Place("o", 1)), Reason::kPurposeMissing);
}

// A deadline is exact: the units are there for the next buyer at the instant, not a moment later,
// whether or not anybody has written it down.
TEST_F(OrderLife, ANoShowFreesTheUnitsAtTheVeryInstant) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 2));
  const Timestamp deadline = *fulfilment("o").deadline;
  AdvanceTo(deadline - Duration(1));
  EXPECT_EQ(available(kMugs), 8);
  AdvanceTo(deadline);
  EXPECT_EQ(available(kMugs), 10);
  now_ = state.now();
  EXPECT_EQ(ReasonOf(GiveTo("o")), Reason::kMoveForbidden);
  EXPECT_EQ(StateOf("o"), OrderState::kNoShow);
  EXPECT_EQ(fulfilment("o").closed_at, deadline);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10}));
}

// A reader cannot tell whether somebody has got round to writing it down.
TEST_F(OrderLife, AReaderSeesTheNoShowAtTheDeadlineAndNotBefore) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 3));
  ASSERT_EQ(ReasonOf(GiveTo("o", {{.line = 0, .quantity = 1}})), Reason::kNone);
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("other", 2));
  for (const char* id : {"o", "other"}) {
    const Order kept = order(id);
    const Timestamp deadline = *kept.fulfilments[0].deadline;
    EXPECT_EQ(AsOf(kept, deadline - support::kTick), kept);
    Order seen = AsOf(kept, deadline);
    EXPECT_EQ(AsOf(seen, deadline + kHour), seen);
    if (state.now() < deadline) AdvanceTo(deadline);
    now_ = state.now();
    ASSERT_TRUE(SettleDue(desk(), *book.FindOrder(id)));
    seen.version = order(id).version;
    EXPECT_EQ(seen, order(id));
  }
  EXPECT_EQ(StateOf("o"), OrderState::kCollected);
  EXPECT_EQ(StateOf("other"), OrderState::kNoShow);
}

TEST_F(OrderLife, AReminderComesOnceBeforeTheDeadline) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 1));
  Pass(25 * kHour);
  Order& remembered = *book.FindOrder("o");
  EXPECT_TRUE(SettleDue(desk(), remembered));
  EXPECT_FALSE(SettleDue(desk(), remembered));
  EXPECT_EQ(EventsOf("o").back(), kReminder);
  EXPECT_EQ(book.events().back().occurred_at, support::kNoon + 24 * kHour);
}

TEST_F(OrderLife, WhoCameInTimeIsServedAfterTheDeadline) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 1));
  const Timestamp deadline = *fulfilment("o").deadline;
  AdvanceTo(deadline - kMinute);
  now_ = state.now();
  ASSERT_EQ(ReasonOf(Arrive(desk(), For("o"))), Reason::kNone);
  Pass(2 * kMinute);
  EXPECT_EQ(ReasonOf(GiveTo("o")), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kCollected);
}

TEST_F(OrderLife, AnEmptyShelfCorrectsTheRecord) {
  ASSERT_EQ(ReasonOf(Place("o", 3)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 1, 2)), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kShort);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8, .committed = 1}));
  EXPECT_EQ(ReasonOf(Finish("o")), Reason::kUnitsUndecided);
}

TEST_F(OrderLife, ADamagedUnitIsNoLongerSellable) {
  ASSERT_EQ(ReasonOf(Place("o", 1)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 0, 1, UnitReason::kDamaged)), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 9, .unsellable = 1}));
}

TEST_F(OrderLife, AUnitThatTurnsUpIsClaimedAgainAndTheRecordIsRight) {
  ASSERT_EQ(ReasonOf(Place("o", 2)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 0, 2)), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8}));
  ASSERT_EQ(ReasonOf(UndoPick(desk(), For("o"), {{.line = 0, .found = 2}})), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10, .committed = 2}));
  EXPECT_EQ(StateOf("o"), OrderState::kPicking);
}

TEST_F(OrderLife, ASubstituteTakesThePlaceOfMissingUnits) {
  ASSERT_EQ(ReasonOf(Place("o", 2)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 1, 1)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Substitute(desk(), For("o"),
                                {.line = 0,
                                 .quantity = 1,
                                 .substitute = {.id = "plate", .item = kPlate},
                                 .substitute_quantity = 2})),
            Reason::kNone);
  EXPECT_EQ(figures(kPlates), (Figures{.on_hand = 10, .committed = 2}));
  EXPECT_EQ(order("o").UnitsOf(0).substituted, 1);
  ASSERT_EQ(ReasonOf(RecordPick(desk(), For("o"), {{.line = 1, .picked = 2}})), Reason::kNone);
  ASSERT_EQ(ReasonOf(Finish("o")), Reason::kNone);
  ASSERT_EQ(ReasonOf(GiveTo("o")), Reason::kNone);
  EXPECT_EQ(figures(kPlates), (Figures{.on_hand = 8}));
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8})) << "one collected, one never there";
}

TEST_F(OrderLife, AnotherStoreTakesOverAndTheFirstPromiseStands) {
  const auto promised = Accepted(Place("o", 2)).fulfilments[0].ready.first;
  Pass(kHour);
  ASSERT_EQ(ReasonOf(Pick("o", 1, 1)), Reason::kNone);
  ASSERT_EQ(
      ReasonOf(Reassign(desk(), For("o"), {.method = Method::kPickup, .location = kOtherStore})),
      Reason::kNone);
  EXPECT_EQ(fulfilment("o", 2).ready.first, promised);
  EXPECT_GT(fulfilment("o", 2).ready.current, promised);
  EXPECT_EQ(figures({.item = kMug, .location = kOtherStore}),
            (Figures{.on_hand = 10, .committed = 1}));
  EXPECT_EQ(fulfilment("o", 1).state, OrderState::kPicking);
}

TEST_F(OrderLife, AStoreThatRejectsAllOfItHasNothingLeftToDo) {
  ASSERT_EQ(ReasonOf(Place("o", 2)), Reason::kNone);
  ASSERT_EQ(book.booked().size(), 1U);
  ASSERT_EQ(ReasonOf(Reassign(
                desk(), For("o"),
                {.method = Method::kShip, .location = kWarehouse, .reason = UnitReason::kStore})),
            Reason::kNone);
  EXPECT_EQ(fulfilment("o", 1).state, OrderState::kCancelled);
  EXPECT_EQ(book.booked().begin()->second, 0) << "its slot is free again";
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10}));
  EXPECT_EQ(order("o").UnitsOf(0).Sum(), 2);
}

TEST_F(OrderLife, AParcelIsSoldWhenItLeaves) {
  ASSERT_EQ(ReasonOf(Place("o", 2, Method::kShip)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 2)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Finish("o")), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kPacked);
  ASSERT_EQ(ReasonOf(Ship(desk(), For("o"),
                          {.shipment = {.id = "s-1", .carrier = "post"},
                           .lines = {{.line = 0, .quantity = 1}}})),
            Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kPacked) << "one is still here";
  ASSERT_EQ(ReasonOf(Ship(desk(), For("o"), {.shipment = {.id = "s-2"}})), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kInTransit);
  EXPECT_EQ(figures({.item = kMug, .location = kWarehouse}), (Figures{.on_hand = 8}));
  ASSERT_EQ(ReasonOf(RecordAttempt(desk(), For("o"), "s-1")), Reason::kNone);
  ASSERT_EQ(ReasonOf(Deliver(desk(), For("o"), "s-1", {})), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kInTransit);
  ASSERT_EQ(ReasonOf(RecordException(desk(), For("o"), ExceptionKind::kLost, "s-2", {})),
            Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kDelivered);
  EXPECT_EQ(order("o").UnitsOf(0), (LineUnits{.delivered = 1, .lost = 1}));
}

// A carrier's delivery may be told before the store said that it handed the parcel over.
TEST_F(OrderLife, ADeliveryMayBeToldBeforeTheShipping) {
  ASSERT_EQ(ReasonOf(Place("o", 2, Method::kShip)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 2)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Finish("o")), Reason::kNone);
  ASSERT_EQ(ReasonOf(Deliver(desk(), For("o"), "", {})), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kDelivered);
  EXPECT_EQ(figures({.item = kMug, .location = kWarehouse}), (Figures{.on_hand = 8}));
}

TEST_F(OrderLife, SentToAStoreItIsClaimedThereAndCollected) {
  ASSERT_EQ(ReasonOf(Place("o", 2, Method::kShipToStore)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Pick("o", 2)), Reason::kNone);
  ASSERT_EQ(ReasonOf(Finish("o")), Reason::kNone);
  ASSERT_EQ(ReasonOf(Ship(desk(), For("o"), {.shipment = {.id = "s-1"}})), Reason::kNone);
  EXPECT_EQ(figures({.item = kMug, .location = kWarehouse}), (Figures{.on_hand = 8}));
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10}));
  ASSERT_EQ(ReasonOf(ReceiveAtStore(desk(), For("o"), {}, "B2")), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kReady);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 12, .reserved = 2}));
  ASSERT_EQ(ReasonOf(GiveTo("o")), Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10}));
}

TEST_F(OrderLife, CancellingAtEachStageGivesTheUnitsBackOnce) {
  const auto stages = [this](const std::string& id, int stage) {
    EXPECT_EQ(ReasonOf(Place(id, 2)), Reason::kNone);
    if (stage > 0) EXPECT_EQ(ReasonOf(Pick(id, 1)), Reason::kNone);
    if (stage > 1) EXPECT_EQ(ReasonOf(Pick(id, 1)), Reason::kNone);
    if (stage > 2) EXPECT_EQ(ReasonOf(Finish(id)), Reason::kNone);
    if (stage > 3) EXPECT_EQ(ReasonOf(Arrive(desk(), For(id))), Reason::kNone);
  };
  for (int stage = 0; stage < 5; ++stage) {
    const std::string id = "o-" + std::to_string(stage);
    stages(id, stage);
    ASSERT_EQ(ReasonOf(Cancel(desk(), For(id), {}, UnitReason::kCustomer)), Reason::kNone) << id;
    EXPECT_EQ(StateOf(id), OrderState::kCancelled) << id;
    EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 10})) << id;
    EXPECT_EQ(ReasonOf(Cancel(desk(), For(id), {}, UnitReason::kCustomer)), Reason::kMoveForbidden);
  }
}

TEST_F(OrderLife, APartOfItIsHandedOverAndTheRestKept) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 3));
  ASSERT_EQ(ReasonOf(GiveTo("o", {{.line = 0, .quantity = 1}})), Reason::kNone);
  EXPECT_EQ(StateOf("o"), OrderState::kReady);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 9, .reserved = 2}));
  Pass(10 * 24 * kHour);
  SettleDue(desk(), *book.FindOrder("o"));
  EXPECT_EQ(StateOf("o"), OrderState::kCollected);
  EXPECT_EQ(order("o").UnitsOf(0), (LineUnits{.handed_over = 1, .cancelled = 2}));
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 9}));
}

TEST_F(OrderLife, ReturnedToAnotherStoreItStandsThere) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 2));
  ASSERT_EQ(ReasonOf(GiveTo("o")), Reason::kNone);
  Pass(kHour);
  ASSERT_EQ(ReasonOf(Return(desk(), For("o"),
                            {.lines = {{.line = 0, .quantity = 1}}, .location = kOtherStore})),
            Reason::kNone);
  EXPECT_EQ(figures({.item = kMug, .location = kOtherStore}), (Figures{.on_hand = 11}));
  ASSERT_EQ(ReasonOf(Return(desk(), For("o"), {.location = kStore, .sellable = false})),
            Reason::kNone);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8, .unsellable = 1}));
  EXPECT_EQ(StateOf("o"), OrderState::kReturned);
}

TEST_F(OrderLife, WrongCodesAreCountedAndThenNotLookedAt) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 1));
  const std::string right = book.PickupCodeDigest("o", 1, book.PickupCodeOf("o", 1, 1));
  for (int i = 0; i < kCodeTriesMax; ++i) {
    EXPECT_EQ(ReasonOf(HandOver(desk(), For("o"), {.code_digest = "guess"})), Reason::kCodeWrong);
  }
  const OrderResult locked = HandOver(desk(), For("o"), {.code_digest = right});
  EXPECT_EQ(ReasonOf(locked), Reason::kCodeLocked) << "also for the right one";
  EXPECT_EQ(Refused(locked).retry_at, state.now() + kCodePause);
  Pass(kCodePause);
  EXPECT_EQ(ReasonOf(HandOver(desk(), For("o"), {.code_digest = right})), Reason::kNone);
}

TEST_F(OrderLife, ANewCodeMakesTheOldOneVoid) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 1));
  ASSERT_EQ(ReasonOf(ReissueCode(desk(), For("o"))), Reason::kNone);
  const auto digest = [this](int generation) {
    return book.PickupCodeDigest("o", 1, book.PickupCodeOf("o", 1, generation));
  };
  EXPECT_EQ(ReasonOf(HandOver(desk(), For("o"), {.code_digest = digest(1)})), Reason::kCodeWrong);
  EXPECT_EQ(ReasonOf(HandOver(desk(), For("o"), {.code_digest = digest(2)})), Reason::kNone);
}

TEST_F(OrderLife, ARepeatedMoveIsAnsweredAsBefore) {
  ASSERT_EQ(ReasonOf(Place("o", 2)), Reason::kNone);
  const MoveHeader header = For("o");
  const Order first = Accepted(RecordPick(desk(), header, {{.line = 0, .picked = 1}}));
  EXPECT_EQ(Accepted(RecordPick(desk(), header, {{.line = 0, .picked = 1}})), first);
  EXPECT_EQ(order("o").UnitsOf(0).picked, 1);
  MoveHeader other = header;
  other.content = "other";
  EXPECT_EQ(ReasonOf(RecordPick(desk(), other, {{.line = 0, .picked = 2}})),
            Reason::kRequestDiffers);
}

TEST_F(OrderLife, AForbiddenMoveSaysWhatIsAllowed) {
  ASSERT_EQ(ReasonOf(Place("o", 1)), Reason::kNone);
  const OrderResult result = GiveTo("o");
  EXPECT_EQ(ReasonOf(result), Reason::kMoveForbidden);
  EXPECT_EQ(MovesFrom(*Refused(result).method, *Refused(result).state),
            (std::vector{Move::kStartPicking, Move::kRecordPick, Move::kSubstitute, Move::kReassign,
                         Move::kCancel, Move::kReissueCode, Move::kRevisePromise}));
}

TEST_F(OrderLife, ATillsSaleOfTheClaimHandsItOver) {
  ASSERT_NO_FATAL_FAILURE(MakeReadyFor("o", 2));
  SellFor(fulfilment("o").claim_id, 2, kMugs);
  Order& sold = *book.FindOrder("o");
  NoteSale(desk(), sold, sold.fulfilments[0], kMugs, 2, state.now());
  EXPECT_EQ(StateOf("o"), OrderState::kCollected);
  EXPECT_EQ(figures(kMugs), (Figures{.on_hand = 8}));
}

TEST_F(OrderLife, AFullSlotIsRefusedAndTheNextOneIsQuoted) {
  StoreCalendar calendar = RoundTheClock();
  calendar.picks_per_slot = 1;
  book.SetCalendar(kStore, calendar, "UTC");
  const Order first = Accepted(Place("o-1", 1));
  PlaceCommand same = OrderOf("o-2", 1);
  same.fulfilments[0].slot_start = first.fulfilments[0].slot_start;
  const OrderResult full = Place(same);
  EXPECT_EQ(ReasonOf(full), Reason::kPickupNotPossible);
  EXPECT_EQ(Refused(full).obstacle, PickupObstacle::kNoCapacity);
  EXPECT_GT(Accepted(Place("o-3", 1)).fulfilments[0].slot_start, first.fulfilments[0].slot_start);
}

}  // namespace
}  // namespace stockd::fulfilment
