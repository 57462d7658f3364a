#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/fulfilment/order_sales.h"
#include "tests/fulfilment/memory_order_book.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::fulfilment {

inline constexpr ItemId kMug{1};
inline constexpr ItemId kPlate{2};
inline constexpr LocationId kStore{1};
inline constexpr LocationId kOtherStore{2};
inline constexpr LocationId kWarehouse{3};

// A ledger and a book of orders whose time a test owns, with one short call for each command. Items
// stand in 10 units at each location.
class OrderFixture : public testing::Test, protected support::LedgerFixture {
 protected:
  OrderFixture() : book(now_) {
    for (const ItemId item : {kMug, kPlate}) {
      for (const LocationId location : {kStore, kOtherStore, kWarehouse}) {
        Stock(10, {.item = item, .location = location});
      }
    }
  }

  void Pass(Duration by) {
    Advance(by);
    now_ = state.now();
  }

  OrderDesk desk() { return {.state = state, .book = book, .limits = {}}; }

  // An order of one fulfilment for these units of mugs.
  static PlaceCommand OrderOf(const std::string& id, Quantity mugs,
                              Method method = Method::kPickup) {
    PlaceCommand command{.id = id, .content = id, .customer_reference = "c-1"};
    command.placed_at = support::kNoon;
    command.lines = {{.id = "mug",
                      .item = kMug,
                      .ordered = mugs,
                      .unit_price_micros = 4'500'000,
                      .currency = "EUR"}};
    command.fulfilments = {{.method = method,
                            .location = method == Method::kPickup ? kStore : kWarehouse,
                            .destination = method == Method::kShipToStore ? kStore : kNoLocation,
                            .parts = {{.line = 0, .quantity = mugs}}}};
    return command;
  }

  OrderResult Place(const PlaceCommand& command) { return PlaceOrder(desk(), command); }
  OrderResult Place(const std::string& id, Quantity mugs, Method method = Method::kPickup) {
    PlaceCommand command = OrderOf(id, mugs, method);
    command.placed_at = state.now();
    return Place(command);
  }

  // A header with a new request id, dated now.
  MoveHeader For(const std::string& order, int fulfilment = 0) {
    return {.order_id = order,
            .fulfilment = fulfilment,
            .request_id = "request-" + std::to_string(++requests_),
            .content = "?",
            .occurred_at = state.now()};
  }

  OrderResult Pick(const std::string& order, Quantity picked, Quantity missing = 0,
                   UnitReason reason = UnitReason::kNotFound) {
    return RecordPick(desk(), For(order),
                      {{.line = 0, .picked = picked, .missing = missing, .reason = reason}});
  }
  OrderResult Finish(const std::string& order) { return FinishPicking(desk(), For(order), "A1"); }
  OrderResult GiveTo(const std::string& order, std::vector<MoveLine> lines = {}) {
    return HandOver(desk(), For(order), {.without_code = true, .lines = std::move(lines)});
  }
  // Placed, picked and kept for the customer.
  void MakeReadyFor(const std::string& order, Quantity mugs) {
    ASSERT_EQ(ReasonOf(Place(order, mugs)), ledger::Reason::kNone);
    ASSERT_EQ(ReasonOf(Pick(order, mugs)), ledger::Reason::kNone);
    ASSERT_EQ(ReasonOf(Finish(order)), ledger::Reason::kNone);
  }

  static ledger::Reason ReasonOf(const OrderResult& result) {
    const auto* refusal = std::get_if<OrderRefusal>(&result);
    return refusal == nullptr ? ledger::Reason::kNone : refusal->refusal.reason;
  }
  static const OrderRefusal& Refused(const OrderResult& result) {
    return std::get<OrderRefusal>(result);
  }
  static const Order& Accepted(const OrderResult& result) { return std::get<Order>(result); }

  const Order& order(const std::string& id) { return *book.FindOrder(id); }
  const Fulfilment& fulfilment(const std::string& id, int number = 1) {
    return *order(id).Find(number);
  }
  OrderState StateOf(const std::string& id) { return order(id).state(); }
  // Kinds of the events of the order, oldest first.
  std::vector<OrderEventKind> EventsOf(const std::string& id) {
    std::vector<OrderEventKind> kinds;
    for (const OrderEvent& event : book.events()) {
      if (event.order_number == order(id).number) kinds.push_back(event.kind);
    }
    return kinds;
  }

  static constexpr PositionKey kMugs{.item = kMug, .location = kStore};
  static constexpr PositionKey kPlates{.item = kPlate, .location = kStore};

  Timestamp now_ = support::kNoon;
  MemoryOrderBook book;

 private:
  int requests_ = 0;
};

}  // namespace stockd::fulfilment
