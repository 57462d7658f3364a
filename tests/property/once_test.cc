// Invariant 2: once. Whatever was accepted is said again later, after anything may have happened:
// it gets its first answer and changes nothing; other content under the same id is refused and
// changes nothing either.
#include <gtest/gtest.h>

#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

// Everything a repetition might change.
std::string Digest(const ledger::MemoryState& memory) {
  std::string text = std::to_string(memory.journal().size());
  for (const auto& [key, seen] : memory.positions()) {
    for (const Quantity figure : {seen.row.on_hand, seen.row.reserved, seen.row.committed,
                                  seen.row.unsellable, ToMicros(seen.row.counted_at)}) {
      text += " " + std::to_string(figure);
    }
  }
  for (const auto& [id, reservation] : memory.reservations()) text += Render(reservation);
  return text;
}

Violation Says(Trade& trade, const Accepted& accepted, bool misuse) {
  const std::string before = Digest(trade.memory());
  const std::string answer = (misuse ? accepted.differs : accepted.again)(trade.state());
  const std::string& expected = misuse ? accepted.answer_to_misuse : accepted.answer;
  const std::string what =
      (misuse ? "other content under the id of \"" : "a repetition of \"") + accepted.text + "\"";
  if (answer != expected) return what + " was answered " + answer + " instead of " + expected;
  if (Digest(trade.memory()) != before) return what + " changed something";
  return std::nullopt;
}

Violation Once(uint64_t seed, const Wrap& wrap) {
  return RunTrade(seed, wrap, 60, [](Trade& trade) -> Violation {
    if (trade.accepted().empty() || trade.random().Percent(50)) return std::nullopt;
    return Says(trade, trade.random().Pick(trade.accepted()), trade.random().Percent(30));
  });
}

TEST(Once, Holds) { ExpectHolds(Once, 4000); }

TEST(Once, CatchesAForgottenFact) { ExpectCatches(Once, WrappedIn<ForgetsFacts>(), 20); }

TEST(Once, CatchesAForgottenRequest) { ExpectCatches(Once, WrappedIn<ForgetsRequests>(), 20); }

TEST(Once, CatchesAForgottenFirstAnswer) { ExpectCatches(Once, WrappedIn<ForgetsOriginals>(), 20); }

}  // namespace
}  // namespace stockd::property
