// A till that tells a sale of an order's units moves the order, in the same commit.
#include <gmock/gmock.h>

#include "daemon/engine/order_claims.h"
#include "tests/engine/order_engine_fixture.h"

namespace stockd::support {
namespace {

using fulfilment::OrderDesk;
using fulfilment::OrderState;
using ledger::EntryKind;
using ledger::FactResult;
using ledger::Reason;

class OrderSales : public OrderEngineFixture {
 protected:
  ledger::FactOutcome Sell(const std::string& reservation_id, Quantity quantity,
                           PositionKey position = kHere) {
    ledger::Fact sale = NewFact(EntryKind::kSale, quantity, engine().Now(), position);
    sale.reservation_id = reservation_id;
    return Told(sale);
  }
  ledger::FactOutcome Told(const ledger::Fact& sale) {
    return Do([&](engine::UnitOfWork& unit) {
             return engine::ApplyFactWithOrders(unit, sale, options.fact_limits,
                                                ledger::LateFacts::kRefuse);
           })
        .result;
  }
};

TEST_F(OrderSales, ASaleThatNamesTheClaimHandsOver) {
  Stock(10);
  MakeReady("web-1", 4);
  EXPECT_EQ(Sell(StoredFulfilment("web-1").claim_id, 3).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").UnitsOf(0).handed_over, 3);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReady);
  EXPECT_EQ(Sell(StoredFulfilment("web-1").claim_id, 1).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kCollected);
  EXPECT_EQ(LevelAt().on_hand, 6);
  EXPECT_EQ(available(), 6);
  EXPECT_EQ(engine().open_order_count(), 0);
  ExpectSound();
}

TEST_F(OrderSales, ASaleThatNamesTheOrderHandsOver) {
  Stock(10);
  MakeReady("web-1", 4);
  EXPECT_EQ(Sell("web-1", 4).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kCollected);
  EXPECT_EQ(available(), 6);
  ExpectSound();
}

TEST_F(OrderSales, AShippedOrderIsShippedByItsSale) {
  Stock(10);
  auto command = OrderOf("web-1", 4);
  command.fulfilments[0].method = fulfilment::Method::kShip;
  ASSERT_EQ(ReasonOf(AtDesk([&](const OrderDesk& desk) {
                       return fulfilment::PlaceOrder(desk, command);
                     }).result),
            Reason::kNone);
  EXPECT_EQ(Sell("web-1", 4).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kInTransit);
  EXPECT_EQ(StoredOrder("web-1").UnitsOf(0).shipped, 4);
  ExpectSound();
}

TEST_F(OrderSales, WhatIsSoldBeyondTheClaimComesFromTheShelf) {
  Stock(10);
  MakeReady("web-1", 4);
  EXPECT_EQ(Sell("web-1", 5).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").UnitsOf(0).handed_over, 4);
  EXPECT_EQ(LevelAt().on_hand, 5);
  EXPECT_EQ(available(), 5);
  ExpectSound();
}

TEST_F(OrderSales, ARepeatedSaleMovesNothing) {
  Stock(10);
  MakeReady("web-1", 4);
  ledger::Fact sale = NewFact(EntryKind::kSale, 1, engine().Now());
  sale.reservation_id = "web-1";
  EXPECT_EQ(Told(sale).result, FactResult::kApplied);
  EXPECT_EQ(Told(sale).result, FactResult::kDuplicate);
  EXPECT_EQ(StoredOrder("web-1").UnitsOf(0).handed_over, 1);
  EXPECT_EQ(available(), 6);
  ExpectSound();
}

TEST_F(OrderSales, ASaleElsewhereLeavesTheOrderAlone) {
  Stock(10);
  Stock(10, kThere);
  Stock(10, kOtherItem);
  MakeReady("web-1", 4);
  EXPECT_EQ(Sell("web-1", 4, kThere).result, FactResult::kApplied);
  EXPECT_EQ(Sell("web-1", 4, kOtherItem).result, FactResult::kApplied);
  EXPECT_EQ(Sell("web-2", 1).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReady);
  EXPECT_EQ(available(), 5);
  ExpectSound();
}

// The claim ends at the deadline, for the till as for everybody else.
TEST_F(OrderSales, ASaleAtTheDeadlineTakesFreeUnitsAfterTheNoShow) {
  Stock(10);
  MakeReady("web-1", 4);
  const std::string claim = StoredFulfilment("web-1").claim_id;
  clock.Set(StoredFulfilment("web-1").deadline.value());
  EXPECT_EQ(Sell(claim, 4).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kNoShow);
  EXPECT_EQ(available(), 6);
  ExpectSound();
}

TEST_F(OrderSales, AReservationGoesBeforeAnOrderOfTheSameName) {
  Stock(10);
  ASSERT_EQ(ReasonOf(Reserve("web-1", 2).result), Reason::kNone);
  MakeReady("web-1", 4);
  EXPECT_EQ(Sell("web-1", 2).result, FactResult::kApplied);
  EXPECT_EQ(StoredOrder("web-1").state(), OrderState::kReady);
  EXPECT_EQ(reader().FindReservation("web-1")->state, ledger::ReservationState::kConsumed);
  ExpectSound();
}

TEST_F(OrderSales, ClaimsOfOpenOrdersAreKnown) {
  Stock(10);
  ASSERT_EQ(ReasonOf(Reserve("basket", 1).result), Reason::kNone);
  MakeReady("web-1", 4);
  const std::string claim = StoredFulfilment("web-1").claim_id;
  const auto is_claim = [this](const std::string& id) {
    return Do([&](engine::UnitOfWork& unit) { return engine::IsOrderClaim(unit, id); }).result;
  };
  EXPECT_TRUE(is_claim(claim));
  EXPECT_FALSE(is_claim("basket"));
  EXPECT_FALSE(is_claim("nobody"));
  Reopen();
  EXPECT_TRUE(is_claim(claim));
  ASSERT_EQ(ReasonOf(GiveTo("web-1").result), Reason::kNone);
  EXPECT_FALSE(is_claim(claim));
}

}  // namespace
}  // namespace stockd::support
