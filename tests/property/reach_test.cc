// The random trade is worth what it reaches. Every kind of journal entry, every outcome of every
// command and every rare circumstance that the properties are about has to come up again and again.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

constexpr int kSeeds = 200;
constexpr int kStepsPerSeed = 80;
constexpr int kTimesLeast = 20;

using Reached = std::map<std::string, int>;

void NoteStep(const Trade& trade, Reached& reached) {
  static const char* const names[kOperationCount] = {
      "wait", "create",  "extend", "change", "move", "commit", "release",
      "sale", "arrival", "loss",   "count",  "tidy", "rules"};
  const Step& step = trade.step();
  const std::string name = names[static_cast<size_t>(step.operation)];
  if (step.reservation_id.empty()) {
    ++reached[name];
    return;
  }
  ++reached[name + (step.accepted ? " accepted" : " refused")];
  if (!step.accepted) ++reached[std::string(ReasonName(step.refusal.reason))];
  if (step.granted.size() > 1 && std::ranges::count(step.granted, 0) > 0) ++reached["in part"];
}

void NoteEntries(const Trade& trade, Reached& reached) {
  const auto& journal = trade.memory().journal();
  for (size_t i = trade.step().journal_before; i < journal.size(); ++i) {
    ++reached["entry " + std::string(EntryKindName(journal[i].kind))];
    if (journal[i].kind == ledger::EntryKind::kCount && journal[i].quantity > 0) {
      ++reached["count that corrects"];
    }
  }
}

void NoteWorld(Trade& trade, Reached& reached) {
  for (const PositionKey position : trade.positions()) {
    const ledger::WorkingPosition seen = trade.state().position(position);
    if (seen.lapsed > 0) ++reached["lapsed, not cleared"];
    if (seen.free_live() < 0) ++reached["shortfall"];
    if (seen.free_live() == 0 && seen.row.on_hand > 0) ++reached["all claimed"];
    if (seen.row.on_hand >= kQuantityMax) ++reached["very many"];
  }
  for (const auto& [id, reservation] : trade.memory().reservations()) {
    ++reached["state " + std::to_string(static_cast<int>(reservation.state))];
    if (reservation.expires_at - Duration(1) == trade.memory().now()) ++reached["a tick before"];
    if (reservation.expires_at == trade.memory().now()) ++reached["at the deadline"];
    if (reservation.held() > 0 && reservation.committed() > 0) ++reached["held and committed"];
  }
}

TEST(Trade, ReachesEveryCorner) {
  Reached reached;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    RunTrade(seed, Honest(), kStepsPerSeed, [&](Trade& trade) -> Violation {
      NoteStep(trade, reached);
      NoteEntries(trade, reached);
      NoteWorld(trade, reached);
      return std::nullopt;
    });
  }
  const char* const corners[] = {"wait",
                                 "create accepted",
                                 "create refused",
                                 "extend accepted",
                                 "extend refused",
                                 "change accepted",
                                 "change refused",
                                 "move accepted",
                                 "move refused",
                                 "commit accepted",
                                 "commit refused",
                                 "release accepted",
                                 "release refused",
                                 "sale",
                                 "arrival",
                                 "loss",
                                 "count",
                                 "tidy",
                                 "rules",
                                 "in part",
                                 "RESERVATION_UNKNOWN",
                                 "RESERVATION_EXPIRED",
                                 "RESERVATION_RELEASED",
                                 "RESERVATION_COMMITTED",
                                 "RESERVATION_CONSUMED",
                                 "EXCEEDS_RESERVATION",
                                 "INSUFFICIENT_STOCK",
                                 "LOCATION_NOT_IN_CHANNEL",
                                 "entry receipt",
                                 "entry sale",
                                 "entry return",
                                 "entry adjustment",
                                 "entry damage",
                                 "entry transfer_out",
                                 "entry transfer_in",
                                 "entry count",
                                 "entry sale_rest",
                                 "entry rebase",
                                 "entry reserve",
                                 "entry commit",
                                 "entry release",
                                 "entry expire",
                                 "entry move_out",
                                 "entry move_in",
                                 "count that corrects",
                                 "lapsed, not cleared",
                                 "shortfall",
                                 "all claimed",
                                 "very many",
                                 "state 1",
                                 "state 2",
                                 "state 3",
                                 "state 4",
                                 "state 5",
                                 "a tick before",
                                 "at the deadline",
                                 "held and committed"};
  for (const char* corner : corners) {
    EXPECT_GE(reached[corner], kTimesLeast) << corner << " is hardly ever reached";
    RecordProperty(std::string(corner).c_str(), reached[corner]);
  }
}

// Without this a failing seed would be worth nothing.
TEST(Trade, TheSameSeedIsTheSameTrade) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::string stories[2];
    for (std::string& story : stories) {
      RunTrade(seed, Honest(), kStepsPerSeed, [&](Trade& trade) -> Violation {
        story += trade.step().text + "\n";
        return std::nullopt;
      });
    }
    EXPECT_EQ(stories[0], stories[1]) << "seed " << seed;
  }
}

}  // namespace
}  // namespace stockd::property
