// Invariant 10, as far as it is the ledger's: shortfalls are never silent and never of our making.
// A position goes below its claims only through what happened in the world, the figure says by how
// much, and the claims at risk can be named.
#include <gtest/gtest.h>

#include "daemon/ledger/atp.h"
#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

bool IsPhysical(Operation operation) {
  return operation == Operation::kSale || operation == Operation::kArrival ||
         operation == Operation::kLoss || operation == Operation::kCount;
}

// Units that reservations claim at the position now.
Quantity ClaimsAtRisk(const ledger::MemoryState& memory, PositionKey position) {
  Quantity units = 0;
  for (const auto& [id, reservation] : memory.reservations()) {
    const bool live = reservation.expires_at > memory.now();
    for (const auto& line : reservation.lines) {
      if (line.position == position) units += line.committed + (live ? line.held : 0);
    }
  }
  return units;
}

Violation JudgePosition(Trade& trade, PositionKey position) {
  const Quantity before = trade.step().before.Free(position);
  const ledger::WorkingPosition seen = trade.state().position(position);
  const Quantity after = seen.free_live();
  const std::string at = " at " + Name(position);
  if (after < 0 && after < before && !IsPhysical(trade.step().operation)) {
    return "a command, not the world, made a shortfall of " + std::to_string(-after) + at;
  }
  const Quantity actual = trade.book().Free(position);
  if ((actual < 0 || after < 0) && after != actual) {
    return "a shortfall of " + std::to_string(-actual) + at + " is shown as " +
           std::to_string(-after);
  }
  if (after < 0) {
    const Quantity missing = ClaimsAtRisk(trade.memory(), position) - seen.row.on_hand;
    if (missing != -after) return "the claims at risk do not explain the shortfall" + at;
    if (ledger::Available(seen, 0, 0) >= 0) return "there is something to promise" + at;
  }
  return std::nullopt;
}

Violation ShortfallsAreShown(uint64_t seed, const Wrap& wrap) {
  return RunTrade(seed, wrap, 80, [](Trade& trade) -> Violation {
    for (const PositionKey position : trade.positions()) {
      if (Violation violation = JudgePosition(trade, position)) return violation;
    }
    return std::nullopt;
  });
}

TEST(ShortfallsAreShown, Holds) { ExpectHolds(ShortfallsAreShown, 4000); }

TEST(ShortfallsAreShown, CatchesAGrantOnTopOfClaims) {
  ExpectCatches(ShortfallsAreShown, WrappedIn<CountsNoHold>(), 20);
}

TEST(ShortfallsAreShown, CatchesAHoldThatHidesAfterItsDeadline) {
  ExpectCatches(ShortfallsAreShown, WrappedIn<NeverLapses>(), 50);
}

TEST(ShortfallsAreShown, CatchesAClaimThatIsMissingAmongThoseAtRisk) {
  ExpectCatches(ShortfallsAreShown, WrappedIn<LosesAUnitOfANewLine>(), 50);
}

}  // namespace
}  // namespace stockd::property
