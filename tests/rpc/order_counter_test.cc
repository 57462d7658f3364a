// The counter: what waits, who is there, the code, and who never came.
#include <fstream>
#include <sstream>

#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderCounter : public OrderFixture {
 protected:
  v1::Order HandOver(const std::string& id, const std::string& code) {
    auto request = MoveOf<v1::HandOverRequest>(id);
    request.set_code(code);
    return Call(&Orders::HandOver, request).order();
  }
  // A code that is not this one.
  static std::string OtherThan(const std::string& code) {
    return code == "000000" ? "000001" : "000000";
  }
  v1::ListHoldingsResponse Holdings(bool at_counter = false) {
    v1::ListHoldingsRequest request;
    request.set_location("S01");
    request.set_at_counter_only(at_counter);
    return Must(&Orders::ListHoldings, request);
  }
};

TEST_F(OrderCounter, TheCustomerGetsTheUnitsForTheCode) {
  Stock("MUG", "S01", 3);
  MakeReady("web-1", {{"MUG", 2}});
  const std::string code = CodeOf("web-1");
  ASSERT_EQ(code.size(), 6U);
  v1::GetOrderRequest plain;
  plain.set_order_id("web-1");
  EXPECT_TRUE(Must(&Orders::GetOrder, plain).codes().empty()) << "the counter is not told";

  Must(&Orders::RecordArrival, MoveOf<v1::RecordArrivalRequest>("web-1"));
  ASSERT_EQ(Holdings(true).holdings_size(), 1);
  EXPECT_EQ(Holdings(true).holdings(0).state(), v1::ORDER_STATE_CUSTOMER_WAITING);
  EXPECT_EQ(Holdings(true).holdings(0).holding_area(), "shelf 3");
  const v1::Order order = HandOver("web-1", code);
  EXPECT_EQ(reason, "");
  EXPECT_EQ(order.state(), v1::ORDER_STATE_COLLECTED);
  EXPECT_EQ(order.lines(0).units().handed_over(), 2);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().committed(), 0);
  EXPECT_EQ(Story("web-1"),
            "PLACED PICKING_STARTED PICKED READY CUSTOMER_ARRIVED HANDED_OVER COLLECTED");
  EXPECT_EQ(CodeOf("web-1"), "") << "it was used";
  EXPECT_TRUE(Holdings().holdings().empty());
}

// Somebody who tries codes gets nowhere, and the throttle outlives a restart.
TEST_F(OrderCounter, WrongCodesAreCountedAndThenNotLookedAt) {
  Stock("MUG", "S01", 3);
  MakeReady("web-1", {{"MUG", 2}});
  const std::string code = CodeOf("web-1");
  for (int i = 0; i < 5; ++i) {
    HandOver("web-1", OtherThan(code));
    EXPECT_EQ(reason, "CODE_WRONG") << i;
  }
  HandOver("web-1", code);
  EXPECT_EQ(reason, "CODE_LOCKED") << "also the right one";
  EXPECT_FALSE(Metadata("retry_at").empty());
  Restart();
  HandOver("web-1", code);
  EXPECT_EQ(reason, "CODE_LOCKED");
  clock.Advance(std::chrono::seconds(61));
  HandOver("web-1", OtherThan(code));
  EXPECT_EQ(reason, "CODE_WRONG");
  clock.Advance(std::chrono::seconds(61));
  HandOver("web-1", code);
  EXPECT_EQ(reason, "CODE_LOCKED") << "twice as long";
  clock.Advance(std::chrono::seconds(61));
  HandOver("web-1", code);
  EXPECT_EQ(reason, "");
}

TEST_F(OrderCounter, ANewCodeIsTheOnlyOneThatIsValid) {
  Stock("MUG", "S01", 3);
  MakeReady("web-1", {{"MUG", 2}});
  const std::string first = CodeOf("web-1");
  auto request = MoveOf<v1::ReissueCodeRequest>("web-1");
  const std::string second = Must(&Orders::ReissueCode, request).code();
  EXPECT_EQ(second.size(), 6U);
  EXPECT_EQ(Must(&Orders::ReissueCode, request).code(), second) << "repeated, not issued again";
  EXPECT_EQ(CodeOf("web-1"), second);
  if (first != second) {
    HandOver("web-1", first);
    EXPECT_EQ(reason, "CODE_WRONG");
  }
  HandOver("web-1", second);
  EXPECT_EQ(reason, "");
}

TEST_F(OrderCounter, SomebodyMayVouchForTheCustomerAndSaysWhy) {
  Stock("MUG", "S01", 3);
  MakeReady("web-1", {{"MUG", 2}});
  auto request = MoveOf<v1::HandOverRequest>("web-1");
  Call(&Orders::HandOver, request);
  EXPECT_EQ(reason, "FIELD_INVALID") << "no code";
  request.set_without_code(true);
  Call(&Orders::HandOver, request);
  EXPECT_EQ(reason, "FIELD_INVALID") << "and no note";
  request.set_note("showed her passport");
  EXPECT_EQ(Must(&Orders::HandOver, request).order().state(), v1::ORDER_STATE_COLLECTED);
  request.set_code("123456");
  Call(&Orders::HandOver, request);
  EXPECT_EQ(reason, "FIELD_INVALID") << "both";
}

TEST_F(OrderCounter, APartMayBeHandedOverAndTheRestWaits) {
  Stock("MUG", "S01", 3);
  MakeReady("web-1", {{"MUG", 3}});
  auto request = MoveOf<v1::HandOverRequest>("web-1");
  request.set_code(CodeOf("web-1"));
  AddLine(request, "1", 1);
  const v1::Order order = Must(&Orders::HandOver, request).order();
  EXPECT_EQ(order.state(), v1::ORDER_STATE_READY);
  EXPECT_EQ(order.lines(0).units().handed_over(), 1);
  EXPECT_EQ(order.lines(0).units().picked(), 2);
  EXPECT_EQ(Must(&Orders::HandOver, request).order().DebugString(), order.DebugString());
  AddLine(request, "1", 1);
  Call(&Orders::HandOver, request);
  EXPECT_EQ(reason, "FIELD_INVALID") << "a line twice";
}

// Whoever reads the disk learns no code.
TEST_F(OrderCounter, NoCodeStandsOnTheDisk) {
  Stock("MUG", "S01", 3);
  // An id that has no digits of its own.
  MakeReady("web", {{"MUG", 2}});
  const std::string code = CodeOf("web");
  HandOver("web", OtherThan(code));
  HandOver("web", code);
  ASSERT_EQ(reason, "");
  Stop();
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    // As text of its own; six digits may stand inside of a longer number by chance.
    const std::string text = bytes.str();
    for (size_t at = text.find(code); at != std::string::npos; at = text.find(code, at + 1)) {
      const auto is_digit = [&](size_t i) {
        return i < text.size() && text[i] >= '0' && text[i] <= '9';
      };
      const auto is_hex = [&](size_t i) {
        return is_digit(i) || (i < text.size() && text[i] >= 'a' && text[i] <= 'f');
      };
      EXPECT_TRUE((at > 0 && is_hex(at - 1)) || is_hex(at + code.size()))
          << entry.path() << " at " << at;
    }
    ++files;
  }
  EXPECT_GT(files, 0);
}

// The units are everybody's again at the very instant, not when somebody gets round to it.
TEST_F(OrderCounter, NobodyCameAndTheUnitsAreFreeAtTheDeadline) {
  Stock("MUG", "S01", 3);
  const v1::Order ready = MakeReady("web-1", {{"MUG", 2}});
  const Timestamp deadline = FromProtoTime(ready.fulfilments(0).deadline_time());
  clock.Advance(deadline - clock.Now() - std::chrono::microseconds(1));
  EXPECT_EQ(Available("MUG", "S01").available(), 1);
  clock.Advance(std::chrono::microseconds(1));
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  HandOver("web-1", "123456");
  EXPECT_EQ(reason, "MOVE_FORBIDDEN");
  EXPECT_EQ(Metadata("state"), "NO_SHOW");
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_NO_SHOW);
  EXPECT_EQ(Story("web-1"), "PLACED PICKING_STARTED PICKED READY REMINDER NO_SHOW");
  EXPECT_EQ(FromProtoTime(Events("web-1").back().occur_time()), deadline);
}

// The writer sleeps here: nobody has told it that the clock was moved.
TEST_F(OrderCounter, NoReaderIsToldOfAnOrderThatHasEnded) {
  Stock("MUG", "S01", 3);
  const v1::Order ready = MakeReady("web-1", {{"MUG", 2}});
  const Timestamp deadline = FromProtoTime(ready.fulfilments(0).deadline_time());
  v1::ListOrdersRequest request;
  request.set_location("S01");
  request.set_state(v1::ORDER_STATE_READY);
  const auto listed = [&] { return Must(&Orders::ListOrders, request).orders_size(); };
  clock.Advance(deadline - clock.Now() - std::chrono::microseconds(1));
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_READY);
  EXPECT_EQ(listed(), 1);
  EXPECT_EQ(Holdings().holdings_size(), 1);
  clock.Advance(std::chrono::microseconds(1));
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_NO_SHOW);
  EXPECT_EQ(listed(), 0);
  EXPECT_EQ(Holdings().holdings_size(), 0);
  EXPECT_EQ(Story("web-1"), "PLACED PICKING_STARTED PICKED READY") << "it is not written down";
}

TEST_F(OrderCounter, AnOrderIsKeptLongerOnRequest) {
  Stock("MUG", "S01", 3);
  const v1::Order ready = MakeReady("web-1", {{"MUG", 2}});
  const Timestamp deadline = FromProtoTime(ready.fulfilments(0).deadline_time());
  auto request = MoveOf<v1::ExtendDeadlineRequest>("web-1");
  Call(&Orders::ExtendDeadline, request);
  EXPECT_EQ(reason, "FIELD_INVALID");
  *request.mutable_deadline_time() = ToProtoTime(clock.Now());
  Call(&Orders::ExtendDeadline, request);
  EXPECT_EQ(reason, "FIELD_INVALID") << "that is past";
  *request.mutable_deadline_time() = ToProtoTime(deadline + std::chrono::hours(24));
  const v1::Order extended = Must(&Orders::ExtendDeadline, request).order();
  clock.Advance(deadline - clock.Now() + std::chrono::hours(1));
  EXPECT_EQ(Available("MUG", "S01").available(), 1);
  clock.Advance(std::chrono::hours(24));
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  EXPECT_EQ(Must(&Orders::ExtendDeadline, request).order().DebugString(), extended.DebugString())
      << "a repetition is answered as it was";
}

TEST_F(OrderCounter, WhoIsAtTheCounterComesFirstThenTheDeadline) {
  Stock("MUG", "S01", 9);
  MakeReady("web-1", {{"MUG", 1}});
  clock.Advance(std::chrono::minutes(1));
  MakeReady("web-2", {{"MUG", 1}});
  MakeReady("web-3", {{"MUG", 1}});
  Must(&Orders::RecordArrival, MoveOf<v1::RecordArrivalRequest>("web-3"));
  const v1::ListHoldingsResponse all = Holdings();
  ASSERT_EQ(all.holdings_size(), 3);
  EXPECT_EQ(all.holdings(0).order_id(), "web-3");
  EXPECT_EQ(all.holdings(1).order_id(), "web-1");
  EXPECT_EQ(all.holdings(1).units(), 1);
  EXPECT_EQ(all.holdings(1).lines(0).sku(), "MUG");
  EXPECT_EQ(Holdings(true).holdings_size(), 1);
  v1::ListHoldingsRequest request;
  request.set_location("S01");
  request.set_limit(2);
  EXPECT_TRUE(Must(&Orders::ListHoldings, request).more());
  request.set_limit(-1);
  Call(&Orders::ListHoldings, request);
  EXPECT_EQ(reason, "FIELD_INVALID");
  request.set_location("NONE");
  request.set_limit(0);
  Call(&Orders::ListHoldings, request);
  EXPECT_EQ(reason, "LOCATION_UNKNOWN");
}

}  // namespace
}  // namespace stockd::support
