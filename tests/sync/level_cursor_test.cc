#include "daemon/sync/level_cursor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "tests/engine/engine_fixture.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using sync::FeedScope;
using sync::LevelCursor;

// One who shows what it is told.
struct Reader {
  explicit Reader(LevelCursor levels) : cursor(std::move(levels)) {}

  // Takes messages of at most `limit` levels until there is nothing more to tell.
  void Drain(size_t limit) {
    LevelCursor::Levels next;
    while (cursor.Next(limit, next)) Take(next);
  }

  void Take(const LevelCursor::Levels& message) {
    std::set<PositionKey> told;
    for (const engine::Level& level : message.levels) {
      EXPECT_TRUE(told.insert(level.position).second) << "a position twice in one message";
      shown[level.position] = level.available;
    }
  }

  LevelCursor cursor;
  std::map<PositionKey, Quantity> shown;
};

class LevelCursors : public EngineFixture {};

// An update was lost: a position changed a second time while the message that told of it was being
// filled, the second change was taken for told, and the reader kept a stale level for ever.
TEST_F(LevelCursors, APositionThatChangesWhileAMessageIsFilledEndsWithItsNewestLevel) {
  constexpr uint32_t kPositions = 3000;  // So that filling one message takes a while.
  constexpr size_t kReaders = 60;
  std::vector<PositionKey> positions;
  for (uint32_t i = 1; i <= kPositions; ++i) {
    positions.push_back({.item = ItemId{i}, .location = LocationId{1}});
  }
  Do([&](engine::UnitOfWork& unit) {
    for (const PositionKey position : positions) {
      ApplyFact(unit, NewFact(EntryKind::kReceipt, 1, clock.Now(), position), {},
                ledger::LateFacts::kRefuse);
    }
    return true;
  });

  std::atomic<bool> ends = false;
  std::thread writer([&] {
    for (size_t i = 0; !ends; ++i) {
      Tell(NewFact(EntryKind::kReceipt, 1, clock.Now(), positions[i * 7 % 40]));
    }
  });
  std::vector<Reader> readers;
  for (size_t i = 0; i < kReaders; ++i) {
    readers.emplace_back(LevelCursor(engine(), [] { return FeedScope{}; }, 0));
    LevelCursor::Levels next;
    if (readers.back().cursor.Next(2 * kPositions, next)) readers.back().Take(next);
  }
  ends = true;
  writer.join();
  for (Reader& reader : readers) {
    reader.Drain(3);
    for (const PositionKey position : positions) {
      ASSERT_EQ(reader.shown[position], LevelAt(position).available);
    }
  }
}

// A change and then a change of rules in one message: the walk that the rules ask for could tell
// the position a second time in the same message.
TEST_F(LevelCursors, ARuleThatChangesWhileAMessageIsFilledTellsNoPositionTwice) {
  Stock(10);
  Reader reader(LevelCursor(engine(), [] { return FeedScope{}; }, 0));
  reader.Drain(100);
  Stock(5);
  Do([](engine::UnitOfWork& unit) {
    unit.PolicyChanged();
    return true;
  });
  reader.Drain(100);
  EXPECT_EQ(reader.shown[kHere], LevelAt(kHere).available);
}

TEST_F(LevelCursors, AReaderThatWaitsLongGetsOneLevelForManyChanges) {
  Stock(1);
  LevelCursor cursor = LevelCursor::ChangesOnly(engine(), [] { return FeedScope{}; });
  for (int i = 0; i < 50; ++i) Tell(NewFact(EntryKind::kReceipt, 1, clock.Now()));
  LevelCursor::Levels next;
  ASSERT_TRUE(cursor.Next(100, next));
  ASSERT_EQ(next.levels.size(), 1U);
  EXPECT_EQ(next.levels[0].available, 51);
}

}  // namespace
}  // namespace stockd::support
