// Invariant 3: no oversell. Every claim that is granted fits by the book at the instant of
// decision, and every claim that fits is granted: an allocator that refuses everybody does not
// oversell either.
#include <gtest/gtest.h>

#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

bool IsClaim(Operation operation) {
  return operation >= Operation::kCreate && operation <= Operation::kRelease;
}

// The figures of the book stand for themselves: more claimed through a grant than is there?
Violation GrewBeyondStock(const Trade& trade) {
  const Step& step = trade.step();
  for (const PositionKey position : trade.positions()) {
    const auto claimed = [&](const ClaimBook& book) {
      return book.Held(position) + book.Committed(position);
    };
    if (claimed(trade.book()) <= claimed(step.before)) continue;
    const Quantity left = trade.book().Promise(position, step.channel);
    if (left < 0) {
      return "granted " + std::to_string(-left) + " more at " + Name(position) +
             " than there was to promise";
    }
  }
  return std::nullopt;
}

Violation Judge(Trade& trade) {
  const Step& step = trade.step();
  if (!IsClaim(step.operation)) return std::nullopt;
  if (step.accepted && !step.expected) return "accepted what does not fit";
  if (!step.accepted && step.expected) {
    return "refused what fits: " + std::string(ReasonName(step.refusal.reason));
  }
  if (step.granted != step.expected_granted) return "granted other quantities than there are";
  if (step.accepted) return GrewBeyondStock(trade);
  if (step.refusal.reason == ledger::Reason::kInsufficientStock) {
    const Quantity left = trade.book().Promise(step.refusal.position, step.channel);
    if (step.refusal.available != std::max<Quantity>(0, left)) {
      return "said that " + std::to_string(step.refusal.available) + " are available, not " +
             std::to_string(left);
    }
  }
  return std::nullopt;
}

Violation NoOversell(uint64_t seed, const Wrap& wrap) { return RunTrade(seed, wrap, 80, Judge); }

TEST(NoOversell, Holds) { ExpectHolds(NoOversell, 4000); }

TEST(NoOversell, CatchesAnIgnoredBuffer) {
  ExpectCatches(NoOversell, WrappedIn<IgnoresBuffers>(), 20);
}

TEST(NoOversell, CatchesAnIgnoredSafetyStock) {
  ExpectCatches(NoOversell, WrappedIn<IgnoresSafetyStock>(), 20);
}

TEST(NoOversell, CatchesAChannelThatSellsFromEverywhere) {
  ExpectCatches(NoOversell, WrappedIn<SellsFromEverywhere>(), 50);
}

TEST(NoOversell, CatchesAHoldThatLapsesOneTickEarly) {
  ExpectCatches(NoOversell, WrappedIn<LapsesATickEarly>(), 50);
}

TEST(NoOversell, CatchesAHoldThatNeverLapses) {
  ExpectCatches(NoOversell, WrappedIn<NeverLapses>(), 50);
}

TEST(NoOversell, CatchesALateCountThatFindsUnitsTwice) {
  ExpectCatches(NoOversell, WrappedIn<AddsDeltasOfTheCountsInstant>(), 200);
}

}  // namespace
}  // namespace stockd::property
