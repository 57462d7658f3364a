#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/engine/pickup_codes.h"
#include "daemon/fulfilment/order_commands.h"
#include "daemon/ledger/memory_state.h"
#include "tests/fulfilment/memory_order_book.h"
#include "tests/support/random.h"

namespace stockd::support {

// The rules of orders over plain maps, to hold the engine against: the same commands at the same
// instants must give the same orders. Lets orders end by themselves when the engine does, at the
// begin of each command.
class OrderTwin {
 public:
  OrderTwin(Timestamp now, const engine::PickupCodes& codes);

  // Runs a command at `now`, as a batch of its own.
  template <typename Command>
  auto At(Timestamp now, Command command) {
    Begin(now);
    return command(fulfilment::OrderDesk{.state = state_, .book = book_, .limits = {}});
  }

  ledger::State& state() { return state_; }
  const fulfilment::MemoryOrderBook& book() const { return book_; }

 private:
  // Codes are the engine's.
  class Book final : public fulfilment::MemoryOrderBook {
   public:
    Book(const Timestamp& now, const engine::PickupCodes& codes)
        : MemoryOrderBook(now), codes_(codes) {}
    std::string PickupCodeOf(std::string_view order_id, int fulfilment, int generation) override {
      return codes_.CodeOf(order_id, fulfilment, generation);
    }
    std::string PickupCodeDigest(std::string_view order_id, int fulfilment,
                                 std::string_view code) override {
      return codes_.DigestOf(order_id, fulfilment, code);
    }

   private:
    const engine::PickupCodes& codes_;
  };

  void Begin(Timestamp now);

  Timestamp now_;
  ledger::MemoryState state_;
  Book book_;
};

// A random command of an order: mostly one that its state allows, with quantities that mostly fit.
using OrderCommand = std::function<fulfilment::OrderResult(const fulfilment::OrderDesk&)>;
OrderCommand AnyOrderCommand(Random& random, const fulfilment::MemoryOrderBook& book, Timestamp now,
                             int number);

// Everything that an answer says, for comparison.
std::string Shown(const fulfilment::OrderResult& result);

}  // namespace stockd::support
