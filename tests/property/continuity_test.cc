// Invariant 6: continuity. Between every two commands a rival tries to claim all there is and one
// unit more, at every position, in a copy of the world: it gets exactly what nobody claims, so no
// unit that a reservation keeps through a change is ever his. And what a change keeps, stays.
#include <gtest/gtest.h>

#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

using ledger::Bucket;

bool RivalGets(const Trade& trade, const Wrap& wrap, PositionKey position, Quantity quantity) {
  ledger::MemoryState copy = trade.memory();
  const auto state = wrap(copy);
  const auto result = ledger::CreateReservation(*state, {.id = "rival",
                                                         .channel = kNoChannel,
                                                         .lines = {{position, quantity}},
                                                         .ttl = ledger::kTtlMax,
                                                         .allow_partial = false,
                                                         .owner_reference = ""});
  return std::holds_alternative<ledger::Reservation>(result);
}

Violation TryRival(const Trade& trade, const Wrap& wrap, PositionKey position) {
  const Quantity all = std::max<Quantity>(0, trade.book().Promise(position, kNoChannel));
  if (all + 1 <= kQuantityMax && RivalGets(trade, wrap, position, all + 1)) {
    return "a rival gets a unit at " + Name(position) + " that somebody has claimed";
  }
  if (all > 0 && all <= kQuantityMax && !RivalGets(trade, wrap, position, all)) {
    return "a rival does not get what is free at " + Name(position);
  }
  return std::nullopt;
}

// Units of the reservation that it has to have after the command because it had them before.
Quantity Kept(const Trade& trade, PositionKey position) {
  const Step& step = trade.step();
  const auto open = [&](const ClaimBook& book) {
    return book.HeldBy(step.reservation_id, position) +
           book.CommittedBy(step.reservation_id, position);
  };
  return std::min(open(step.before), open(trade.book()));
}

// Replays what the command wrote: at no entry may the position's claims fall below what everybody
// keeps. A move is left out: it takes all units up before it lays them down, in one step.
Violation ClaimsNeverDip(const Trade& trade, PositionKey position) {
  const Step& step = trade.step();
  const auto all = [&](const ClaimBook& book) {
    return book.Held(position) + book.Committed(position);
  };
  const Quantity mine = step.before.HeldBy(step.reservation_id, position) +
                        step.before.CommittedBy(step.reservation_id, position);
  const Quantity others = all(step.before) - mine;
  Quantity claimed = all(step.before);
  const auto& journal = trade.memory().journal();
  for (size_t i = step.journal_before; i < journal.size(); ++i) {
    if (journal[i].position != position || journal[i].kind == ledger::EntryKind::kExpire) continue;
    for (const Bucket bucket : {Bucket::kReserved, Bucket::kCommitted}) {
      if (journal[i].from == bucket) claimed -= journal[i].quantity;
      if (journal[i].to == bucket) claimed += journal[i].quantity;
    }
    if (claimed < others + Kept(trade, position)) {
      return "the claims at " + Name(position) + " dip to " + std::to_string(claimed);
    }
  }
  return std::nullopt;
}

// Units that a move, an extension or a commit of everything may not lose: per item, in sum.
Violation NothingLost(const Trade& trade) {
  const Step& step = trade.step();
  Quantity before = 0;
  Quantity after = 0;
  for (const PositionKey position : trade.positions()) {
    before += step.before.HeldBy(step.reservation_id, position) +
              step.before.CommittedBy(step.reservation_id, position);
    for (const auto& line : trade.memory().reservations().at(step.reservation_id).lines) {
      if (line.position == position) after += line.held + line.committed;
    }
  }
  if (before == after) return std::nullopt;
  return "had " + std::to_string(before) + " units and has " + std::to_string(after);
}

Violation Judge(Trade& trade, const Wrap& wrap) {
  const Step& step = trade.step();
  const bool keeps_all = step.operation == Operation::kExtend || step.operation == Operation::kMove;
  const bool keeps_some =
      step.operation == Operation::kChange || step.operation == Operation::kCommit ||
      step.operation == Operation::kRelease || step.operation == Operation::kExtend;
  if (step.accepted && keeps_all) {
    if (Violation violation = NothingLost(trade)) return violation;
  }
  for (const PositionKey position : trade.positions()) {
    if (step.accepted && keeps_some) {
      if (Violation violation = ClaimsNeverDip(trade, position)) return violation;
    }
    if (Violation violation = TryRival(trade, wrap, position)) return violation;
  }
  return std::nullopt;
}

Violation Continuity(uint64_t seed, const Wrap& wrap) {
  return RunTrade(seed, wrap, 60, [&](Trade& trade) { return Judge(trade, wrap); });
}

TEST(Continuity, Holds) { ExpectHolds(Continuity, 1500); }

TEST(Continuity, CatchesAnExtensionThatTheIndexOfDeadlinesMissed) {
  ExpectCatches(Continuity, WrappedIn<LapsesAtTheFirstDeadline>(), 50);
}

TEST(Continuity, CatchesAHoldThatLapsesOneTickEarly) {
  ExpectCatches(Continuity, WrappedIn<LapsesATickEarly>(), 50);
}

TEST(Continuity, CatchesAUnitLostOnAMove) {
  ExpectCatches(Continuity, WrappedIn<LosesAUnitOfANewLine>(), 50);
}

}  // namespace
}  // namespace stockd::property
