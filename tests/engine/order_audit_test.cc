// The audit sees what does not add up between orders, their events and the claims behind them.
#include <gmock/gmock.h>

#include "daemon/storage/connection.h"
#include "tests/engine/order_engine_fixture.h"

namespace stockd::support {
namespace {

using fulfilment::OrderDesk;
using ledger::Reason;

// Something that no rule allows, and a part of what the audit says to it.
struct PlantedOrder {
  const char* name;
  const char* sql;
  const char* found;
};

class OrderAudit : public OrderEngineFixture, public testing::WithParamInterface<PlantedOrder> {
 protected:
  // One order in each state of its claim: claimed, kept until a deadline, none any more, and one of
  // two items.
  void Fill() {
    Stock(20);
    Stock(20, kOtherItem);
    ASSERT_EQ(ReasonOf(Place("placed", 3).result), Reason::kNone);
    MakeReady("ready", 2);
    MakeReady("collected", 1);
    ASSERT_EQ(ReasonOf(GiveTo("collected").result), Reason::kNone);
    ASSERT_EQ(ReasonOf(Place("short", 3).result), Reason::kNone);
    ASSERT_EQ(ReasonOf(AtDesk([this](const OrderDesk& desk) {
                         return fulfilment::RecordPick(desk, For("short"),
                                                       {{.line = 0, .picked = 2, .missing = 1}});
                       }).result),
              Reason::kNone);
    ASSERT_EQ(ReasonOf(AtDesk([this](const OrderDesk& desk) {
                         return fulfilment::Substitute(
                             desk, For("short"),
                             {.line = 0,
                              .quantity = 1,
                              .substitute = {.id = "instead", .item = kOtherItem.item},
                              .substitute_quantity = 2});
                       }).result),
              Reason::kNone);
  }
};

TEST_F(OrderAudit, FindsNothingWhereAllAddsUp) {
  Fill();
  ExpectSound();
  EXPECT_EQ(reader().Verify(0).order_count, 4);
}

TEST_P(OrderAudit, FindsWhatWasPlanted) {
  Fill();
  Close();
  {
    storage::Connection connection;
    ASSERT_EQ(connection.Open(database_path(), storage::Access::kReadWrite), SQLITE_OK);
    ASSERT_EQ(connection.Execute(GetParam().sql), SQLITE_OK) << connection.Message();
    ASSERT_GT(connection.changed_rows(), 0);
  }
  Open();
  std::string text;
  for (const storage::Difference& each : reader().Verify(100).differences) {
    text += each.subject + " " + each.quantity + ": expected " + std::to_string(each.expected) +
            ", is " + std::to_string(each.actual) + "\n";
  }
  EXPECT_THAT(text, testing::HasSubstr(GetParam().found));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, OrderAudit,
    testing::Values(
        PlantedOrder{"ClaimTooSmall",
                     "UPDATE reservation SET lines = '[[1,1,3,3,0,2,0]]' WHERE order_id = 'placed'",
                     "claim order/placed/1 open at 1@1: expected 3, is 2\n"},
        PlantedOrder{"HeldClaimTooSmall",
                     "UPDATE reservation SET lines = '[[1,1,2,2,1,0,0]]' WHERE order_id = 'ready'",
                     "claim order/ready/1 open at 1@1: expected 2, is 1\n"},
        PlantedOrder{"ClaimElsewhere",
                     "UPDATE reservation SET lines = '[[2,1,3,3,0,3,0]]' WHERE order_id = 'placed'",
                     "claim order/placed/1 open at 2@1: expected 0, is 3\n"},
        PlantedOrder{"ClaimMissing", "DELETE FROM reservation WHERE order_id = 'placed'",
                     "claim order/placed/1 open at 1@1: expected 3, is 0\n"},
        PlantedOrder{"ClaimAlreadyEnded",
                     "UPDATE reservation SET state = 5, lines = '[[1,1,2,2,0,0,0]]' "
                     "WHERE order_id = 'ready'",
                     "claim order/ready/1 open at 1@1: expected 2, is 0\n"},
        PlantedOrder{"ClaimNotEnded",
                     "UPDATE fulfilment SET lines = '[[0,0,0,0,0,0,0,0,0,0,3,0]]' "
                     "WHERE claim_id = 'order/placed/1'",
                     "claim order/placed/1 open at 1@1: expected 0, is 3\n"},
        PlantedOrder{"UnitsLost",
                     "UPDATE fulfilment SET lines = '[[0,2,0,0,0,0,0,0,0,0,0,0]]' "
                     "WHERE claim_id = 'order/placed/1'",
                     "order placed line 0 ordered: expected 3, is 2\n"},
        PlantedOrder{"LineLost",
                     "UPDATE fulfilment SET lines = '[]' WHERE claim_id = 'order/collected/1'",
                     "order collected line 0 ordered: expected 1, is 0\n"},
        PlantedOrder{"NegativeUnits",
                     "UPDATE fulfilment SET lines = '[[0,4,-1,0,0,0,0,0,0,0,0,0]]' "
                     "WHERE claim_id = 'order/placed/1'",
                     "order placed line 0 units: expected 0, is -1\n"},
        PlantedOrder{"SubstituteFromNowhere", "DELETE FROM order_event WHERE kind = 6",
                     "order short line 1 substituted: expected 0, is 2\n"},
        PlantedOrder{"OpenOrderClosed", "UPDATE sales_order SET state = 8 WHERE id = 'placed'",
                     "order placed state: expected 1, is 8\n"},
        PlantedOrder{"ClosedOrderOpen", "UPDATE sales_order SET state = 6 WHERE id = 'collected'",
                     "order collected state: expected 8, is 6\n"},
        PlantedOrder{"FulfilmentMissing", "DELETE FROM fulfilment WHERE claim_id = 'order/ready/1'",
                     "order ready line 0 ordered: expected 2, is 0\n"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace stockd::support
