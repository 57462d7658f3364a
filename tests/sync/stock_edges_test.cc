#include "daemon/sync/stock_edges.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "tests/engine/engine_fixture.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using sync::FeedScope;
using sync::NextStockState;
using sync::StockEdges;
using sync::StockMarks;
using sync::StockState;

TEST(StockStates, AFigureThatSwingsByOneMakesNoNoise) {
  const StockMarks marks{.low = 3, .hysteresis = 2};
  EXPECT_EQ(NextStockState(StockState::kInStock, 4, marks), StockState::kInStock);
  EXPECT_EQ(NextStockState(StockState::kInStock, 3, marks), StockState::kLow);
  EXPECT_EQ(NextStockState(StockState::kLow, 4, marks), StockState::kLow);
  EXPECT_EQ(NextStockState(StockState::kLow, 5, marks), StockState::kLow);
  EXPECT_EQ(NextStockState(StockState::kLow, 6, marks), StockState::kInStock);
  EXPECT_EQ(NextStockState(StockState::kLow, 0, marks), StockState::kOut);
  EXPECT_EQ(NextStockState(StockState::kOut, 2, marks), StockState::kOut);
  EXPECT_EQ(NextStockState(StockState::kOut, 3, marks), StockState::kLow);
  EXPECT_EQ(NextStockState(StockState::kOut, 6, marks), StockState::kInStock);
  EXPECT_EQ(NextStockState(StockState::kUnknown, 4, marks), StockState::kInStock);
  EXPECT_EQ(NextStockState(StockState::kUnknown, -1, marks), StockState::kOut);
}

class Edges : public EngineFixture {
 protected:
  StockEdges Watch(Sequence since = 0, StockMarks marks = {}) {
    return StockEdges(engine(), [] { return FeedScope{}; }, since, marks);
  }

  // Everything there is to tell, and where to resume.
  std::vector<StockEdges::Edge> Take(StockEdges& edges) {
    std::vector<StockEdges::Edge> all;
    StockEdges::Edges next;
    do {
      edges.Next(2, next);
      all.insert(all.end(), next.edges.begin(), next.edges.end());
    } while (next.more);
    cursor_ = next.cursor;
    return all;
  }

  void Sell(Quantity quantity) { Tell(NewFact(EntryKind::kSale, quantity, clock.Now())); }

  Sequence cursor_ = 0;
};

TEST_F(Edges, WhatSellsOutRunsLowAndComesBackIsToldOnce) {
  Stock(5);
  Stock(5, kThere);
  StockEdges edges = Watch();
  EXPECT_TRUE(Take(edges).empty()) << "nothing has happened since";

  Sell(1);
  EXPECT_TRUE(Take(edges).empty()) << "4 is no edge";
  Sell(1);
  auto told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].level.position, kHere);
  EXPECT_EQ(told[0].state, StockState::kLow);
  EXPECT_EQ(told[0].previous, StockState::kInStock);
  Sell(3);
  told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].state, StockState::kOut);
  Stock(9);
  told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].state, StockState::kInStock);
  EXPECT_EQ(told[0].previous, StockState::kOut);
}

// A reservation takes the last unit, its deadline gives it back: no fact is involved.
TEST_F(Edges, AHoldThatLapsesBringsThePositionBack) {
  Stock(1);
  StockEdges edges = Watch();
  Take(edges);
  Reserve("basket", 1);
  auto told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].state, StockState::kOut);
  clock.Advance(2 * kMinute);
  Do([](engine::UnitOfWork&) { return true; });
  told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].state, StockState::kLow);
}

TEST_F(Edges, AnItemThatNobodyHadHeardOfComesIn) {
  StockEdges edges = Watch();
  Take(edges);
  Stock(10);
  const auto told = Take(edges);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].previous, StockState::kOut);
  EXPECT_EQ(told[0].state, StockState::kInStock);
}

TEST_F(Edges, AReaderThatWasAwayIsToldTheStateOfEverythingThatChanged) {
  Stock(5);
  Stock(5, kThere);
  StockEdges before = Watch();
  Take(before);
  const Sequence left_at = cursor_;
  Sell(5);
  Reopen();
  StockEdges after = Watch(left_at);
  const auto told = Take(after);
  ASSERT_EQ(told.size(), 1U) << "the other position did not change";
  EXPECT_EQ(told[0].level.position, kHere);
  EXPECT_EQ(told[0].state, StockState::kOut);
  EXPECT_EQ(told[0].previous, StockState::kUnknown);
}

// Whatever happens in between, and however often the reader breaks off and resumes, what it was
// told last is what a fresh look says (without hysteresis, where the two are the same thing).
TEST_F(Edges, WhatAReaderKnowsIsWhatThereIs) {
  const std::vector<PositionKey> positions = {kHere, kThere, kFar, kOtherItem};
  ForEachSeed(20, [&](uint64_t seed) {
    Random random(seed);
    std::map<PositionKey, StockState> known;
    const auto note = [&](const std::vector<StockEdges::Edge>& told) {
      for (const auto& edge : told) known[edge.level.position] = edge.state;
    };
    // A first watch that is told everything: version 1 is the first there is.
    auto edges = std::make_unique<StockEdges>(Watch(1));
    note(Take(*edges));
    for (int step = 0; step < 60; ++step) {
      const PositionKey position = positions[random.Next() % positions.size()];
      clock.Advance(kTick);
      Tell(NewFact(random.Next() % 2 == 0 ? EntryKind::kReceipt : EntryKind::kSale,
                   1 + static_cast<Quantity>(random.Next() % 4), clock.Now(), position));
      if (random.Next() % 4 == 0) note(Take(*edges));
      if (random.Next() % 10 == 0) {
        note(Take(*edges));
        edges = std::make_unique<StockEdges>(Watch(cursor_));
      }
    }
    note(Take(*edges));
    for (const auto& [position, state] : known) {
      ASSERT_EQ(state, NextStockState(StockState::kUnknown, LevelAt(position).available, {}));
    }
  });
}

}  // namespace
}  // namespace stockd::support
