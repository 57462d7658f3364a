#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "tests/fulfilment/order_trade.h"
#include "tests/support/seeds.h"

// Units are conserved in every state, the claim always equals what the state says, no slot is over
// capacity, no unit both collected and released, a refused command changes nothing.
namespace stockd::fulfilment {
namespace {

constexpr int kSteps = 250;

TEST(OrderProperty, UnitsClaimsAndSlotsAddUpWhateverIsDone) {
  int accepted = 0;
  int refused = 0;
  support::ForEachSeed(300, [&](uint64_t seed) {
    OrderTrade trade(seed, None());
    if (const auto violation = trade.Run(kSteps)) FAIL() << *violation;
    accepted += trade.accepted();
    refused += trade.refused();
  });
  std::printf("%d commands accepted, %d refused\n", accepted, refused);
}

// Every state must be reached, else the property says nothing about it.
TEST(OrderProperty, ReachesEveryStateAndEveryEvent) {
  std::set<OrderState> states;
  std::set<OrderEventKind> kinds;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    OrderTrade trade(seed, None());
    ASSERT_EQ(trade.Run(kSteps), std::nullopt) << support::HowToRepeat(seed);
    for (const OrderEvent& event : trade.book().events()) {
      states.insert(event.state);
      kinds.insert(event.kind);
    }
  }
  for (int state = 1; state <= 13; ++state) {
    EXPECT_TRUE(states.contains(static_cast<OrderState>(state)))
        << OrderStateName(static_cast<OrderState>(state));
  }
  // All but RATED, which moves nothing.
  for (int kind = 1; kind <= 25; ++kind) {
    EXPECT_TRUE(kinds.contains(static_cast<OrderEventKind>(kind)))
        << OrderEventKindName(static_cast<OrderEventKind>(kind));
  }
}

// --- canaries: each breaks one rule as an engine with that bug would
// ------------------------------

void ExpectCaught(const Faults& faults, uint64_t seeds) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    OrderTrade trade(seed, faults);
    if (trade.Run(kSteps)) {
      std::printf("caught by seed %d\n", static_cast<int>(seed));
      return;
    }
  }
  FAIL() << "no seed up to " << seeds << " noticed";
}

// Books no picks.
class ForgetsPicks final : public MemoryOrderBook {
 public:
  using MemoryOrderBook::MemoryOrderBook;
  void BookPicks(LocationId, Timestamp, int) override {}
};

// Loses what a move did to the order, as if its row were not written.
class LosesMoves final : public MemoryOrderBook {
 public:
  using MemoryOrderBook::MemoryOrderBook;
  void OrderChanged(Order& order, const Order& before) override {
    if (++changes_ % 20 == 0) order = before;
  }

 private:
  int changes_ = 0;
};

// Closes at another hour than it says: lets every deadline pass an hour later.
class KeepsTooLong final : public support::ForwardingState {
 public:
  using ForwardingState::ForwardingState;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override {
    if (reservation.expires_at != before.expires_at) {
      reservation.expires_at += std::chrono::hours(1);
    }
    ForwardingState::ReservationChanged(reservation, before);
  }
};

// Writes a hand-over down twice.
class SellsTwice final : public support::ForwardingState {
 public:
  using ForwardingState::ForwardingState;
  Sequence Append(ledger::JournalEntry entry) override {
    if (entry.kind == ledger::EntryKind::kSale) --position(entry.position).row.on_hand;
    return ForwardingState::Append(std::move(entry));
  }
};

// Thinks that everything fits.
class SeesTooMuch final : public support::ForwardingState {
 public:
  using ForwardingState::ForwardingState;
  Quantity safety_stock(PositionKey) const override { return -2; }
};

template <typename Book>
Faults WithBook() {
  Faults faults = None();
  faults.book = [](const Timestamp& now) { return std::make_unique<Book>(now); };
  return faults;
}

template <typename State>
Faults WithState() {
  Faults faults = None();
  faults.state = [](ledger::MemoryState& memory) -> std::unique_ptr<ledger::State> {
    return std::make_unique<State>(memory);
  };
  return faults;
}

TEST(OrderCanary, AForgottenPickIsCaught) { ExpectCaught(WithBook<ForgetsPicks>(), 50); }
TEST(OrderCanary, ALostMoveIsCaught) { ExpectCaught(WithBook<LosesMoves>(), 20); }
TEST(OrderCanary, AHoldThatIsKeptTooLongIsCaught) { ExpectCaught(WithState<KeepsTooLong>(), 50); }
TEST(OrderCanary, AUnitThatIsSoldTwiceIsCaught) { ExpectCaught(WithState<SellsTwice>(), 20); }
TEST(OrderCanary, AnOversoldPositionIsCaught) { ExpectCaught(WithState<SeesTooMuch>(), 20); }

}  // namespace
}  // namespace stockd::fulfilment
