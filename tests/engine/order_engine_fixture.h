#pragma once

#include <string>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "tests/engine/engine_fixture.h"

namespace stockd::support {

// A running engine whose three locations hand out and ship orders, with one short call for each
// command of an order. Orders are for item 1, of one line, without a channel; picked at location 1
// unless said otherwise. What a command is refused for fails the test where the call says so.
class OrderEngineFixture : public EngineFixture {
 protected:
  void SetUp() override;
  // Makes every location hand out and ship orders.
  void PutPurposes();

  static fulfilment::PlaceCommand OrderOf(const std::string& id, Quantity units,
                                          LocationId location = kHere.location);
  // Runs a command of an order in a batch of its own.
  template <typename Command>
  Done<fulfilment::OrderResult> AtDesk(Command command) {
    return Do([command = std::move(command)](engine::UnitOfWork& unit) {
      return command(unit.order_desk());
    });
  }
  // A header with a new request id, dated now.
  fulfilment::MoveHeader For(const std::string& order);

  Done<fulfilment::OrderResult> Place(const std::string& id, Quantity units,
                                      LocationId location = kHere.location);
  Done<fulfilment::OrderResult> Pick(const std::string& order, Quantity units);
  Done<fulfilment::OrderResult> Finish(const std::string& order);
  Done<fulfilment::OrderResult> GiveTo(const std::string& order);
  // Placed, picked and kept for the customer. REQUIRES: nothing refuses it.
  void MakeReady(const std::string& order, Quantity units);

  // As the database has it, which must hold it.
  fulfilment::Order StoredOrder(const std::string& id);
  fulfilment::Fulfilment StoredFulfilment(const std::string& id) {
    return StoredOrder(id).fulfilments.at(0);
  }
  // What happened to the order, oldest first, by the database.
  std::vector<fulfilment::OrderEvent> EventsOf(const std::string& id);
  std::vector<fulfilment::OrderEventKind> KindsOf(const std::string& id);
  // Every event that the database holds.
  std::vector<fulfilment::OrderEvent> AllEvents();

  // Fails the test unless the books and the orders add up.
  void ExpectSound();

 private:
  int requests_ = 0;
};

// The reason of a refusal, kNone when the command was accepted.
ledger::Reason ReasonOf(const fulfilment::OrderResult& result);

}  // namespace stockd::support
