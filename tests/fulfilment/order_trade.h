#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "tests/fulfilment/memory_order_book.h"
#include "tests/support/forwarding_state.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/random.h"

namespace stockd::fulfilment {

// What may be wrong with an engine. The honest one wraps nothing.
struct Faults {
  std::function<std::unique_ptr<ledger::State>(ledger::MemoryState&)> state;
  std::function<std::unique_ptr<MemoryOrderBook>(const Timestamp&)> book;
};
Faults None();

// Months of random orders in a few stores with opening hours, holidays and changes of the clocks:
// legal and illegal commands, repetitions, competing buyers who take whatever is free, receipts.
// Beside it stands a naive account of what must stand where.
class OrderTrade {
 public:
  OrderTrade(uint64_t seed, const Faults& faults);

  // Takes `steps` steps. What was violated, if anything.
  std::optional<std::string> Run(int steps);

  // How many commands were accepted and refused.
  int accepted() const { return accepted_; }
  int refused() const { return refused_; }
  const MemoryOrderBook& book() const { return *book_; }

 private:
  void Step();
  void PassTime();
  void Buy();
  void Receive();
  void PlaceOne();
  void MoveOne();
  OrderResult RandomMove(const Order& order, const Fulfilment& fulfilment,
                         const MoveHeader& header);
  std::vector<MoveLine> RandomLines(const Fulfilment& fulfilment);
  LocationId RandomLocation();
  Quantity RandomQuantity();
  // The account after a command that was accepted.
  void Account(const Order& before, const Order& after);

  std::optional<std::string> Check();
  std::optional<std::string> CheckPositions();
  std::optional<std::string> CheckOrders();
  std::optional<std::string> CheckSlots();

  OrderDesk desk() { return {.state = *state_, .book = *book_, .limits = {}}; }

  support::Random random_;
  Timestamp now_;
  ledger::MemoryState memory_;
  std::unique_ptr<ledger::State> state_;
  std::unique_ptr<MemoryOrderBook> book_;
  std::vector<std::string> ids_;
  std::vector<std::string> holds_;
  std::map<PositionKey, Quantity> on_hand_;  // The naive account.
  std::map<PositionKey, Quantity> unsellable_;
  // Of the command under way.
  LocationId return_location_ = kNoLocation;
  bool return_sellable_ = true;
  UnitReason pick_reason_ = UnitReason::kNotFound;
  std::optional<std::string> violation_;
  int requests_ = 0;
  int accepted_ = 0;
  int refused_ = 0;
};

}  // namespace stockd::fulfilment
