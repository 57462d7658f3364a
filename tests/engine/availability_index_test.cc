#include "daemon/engine/availability_index.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/ledger_fixture.h"

namespace stockd::support {
namespace {

using engine::AvailabilityIndex;
using engine::HeldChange;
using engine::RowChange;

void Publish(AvailabilityIndex& index, PositionKey key, const ledger::Position& row) {
  const RowChange change{.position = key, .row = row};
  index.Publish({&change, 1}, {});
}

void Hold(AvailabilityIndex& index, PositionKey key, Timestamp deadline, Quantity change) {
  const HeldChange held{.position = key, .deadline = deadline, .change = change};
  index.Publish({}, {&held, 1});
}

TEST(AvailabilityIndex, NothingIsKnownOfAPositionNobodyNamed) {
  const AvailabilityIndex index;
  EXPECT_FALSE(index.Find(kHere, kNoon).has_value());
  EXPECT_EQ(index.size(), 0);
}

TEST(AvailabilityIndex, SeveralDeadlinesOfOnePositionLapseOneAfterTheOther) {
  AvailabilityIndex index;
  Publish(index, kHere, {.on_hand = 100, .reserved = 6, .version = 1});
  Hold(index, kHere, kNoon + kTick, 1);
  Hold(index, kHere, kNoon + 2 * kTick, 2);
  Hold(index, kHere, kNoon + 3 * kTick, 3);
  const auto lapsed_at = [&](Timestamp now) { return index.Find(kHere, now)->lapsed; };
  EXPECT_EQ(lapsed_at(kNoon), 0);
  EXPECT_EQ(lapsed_at(kNoon + kTick), 1);
  EXPECT_EQ(lapsed_at(kNoon + 2 * kTick), 3);
  EXPECT_EQ(lapsed_at(kNoon + 3 * kTick), 6);
  Hold(index, kHere, kNoon + 2 * kTick, -2);
  EXPECT_EQ(lapsed_at(kNoon + 3 * kTick), 4);
  Hold(index, kHere, kNoon + kTick, -1);
  Hold(index, kHere, kNoon + 3 * kTick, -3);
  EXPECT_EQ(lapsed_at(kNoon + kHour), 0);
}

TEST(AvailabilityIndex, ListsAShortfallOnlyWhileItLasts) {
  AvailabilityIndex index;
  Publish(index, kHere, {.on_hand = 2, .committed = 3, .version = 1});
  EXPECT_EQ(index.Shortfalls(), std::vector<PositionKey>{kHere});
  Publish(index, kHere, {.on_hand = 3, .committed = 3, .version = 2});
  EXPECT_TRUE(index.Shortfalls().empty());
}

TEST(AvailabilityIndex, EveryPositionIsInExactlyOnePart) {
  AvailabilityIndex index;
  constexpr uint32_t kCount = 1000;
  for (uint32_t i = 1; i <= kCount; ++i) {
    Publish(index, {.item = ItemId{i}, .location = LocationId{i % 7 + 1}},
            {.on_hand = i, .version = i});
  }
  std::vector<PositionKey> keys;
  for (int part = 0; part < AvailabilityIndex::kParts; ++part) {
    const auto changed = index.ChangedAfter(part, 500);
    keys.insert(keys.end(), changed.begin(), changed.end());
  }
  std::ranges::sort(keys);
  EXPECT_EQ(keys.size(), 500U);
  EXPECT_TRUE(std::ranges::adjacent_find(keys) == keys.end());
  EXPECT_EQ(index.size(), kCount);
}

// One row of a snapshot against one known position.
struct ConfirmCase {
  const char* name;
  ledger::Position known;
  Quantity counted;
  bool confirmed;
};

class ConfirmCounts : public testing::TestWithParam<ConfirmCase> {};

TEST_P(ConfirmCounts, TakesTheShortWayOnlyWhenNothingElseCanFollow) {
  AvailabilityIndex index;
  Publish(index, kHere, GetParam().known);
  const AvailabilityIndex::CountedRow row{.position = kHere, .quantity = GetParam().counted};
  std::vector<PositionKey> confirmed;
  std::vector<AvailabilityIndex::CountedRow> rest;
  index.ConfirmCounts({&row, 1}, kNoon, confirmed, rest);
  EXPECT_EQ(confirmed.size(), GetParam().confirmed ? 1U : 0U);
  EXPECT_EQ(rest.size(), GetParam().confirmed ? 0U : 1U);
  const Timestamp counted_at = index.Find(kHere, kNoon)->row.counted_at;
  EXPECT_EQ(counted_at, GetParam().confirmed ? kNoon : GetParam().known.counted_at);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ConfirmCounts,
    testing::Values(
        ConfirmCase{"Same", {.on_hand = 5, .version = 1}, 5, true},
        ConfirmCase{"SameAfterAnEarlierCount",
                    {.on_hand = 5, .counted_at = kNoon - kTick, .version = 1},
                    5,
                    true},
        ConfirmCase{
            "DeltaAtTheInstant", {.on_hand = 5, .last_delta_at = kNoon, .version = 1}, 5, true},
        ConfirmCase{"OtherQuantity", {.on_hand = 5, .version = 1}, 6, false},
        ConfirmCase{
            "CountOfTheSameInstant", {.on_hand = 5, .counted_at = kNoon, .version = 1}, 5, false},
        ConfirmCase{
            "LaterCount", {.on_hand = 5, .counted_at = kNoon + kTick, .version = 1}, 5, false},
        ConfirmCase{
            "LaterDelta", {.on_hand = 5, .last_delta_at = kNoon + kTick, .version = 1}, 5, false}),
    [](const auto& test) { return test.param.name; });

TEST(AvailabilityIndex, ASnapshotRowOfAnUnknownPositionIsLeftToTheLedger) {
  AvailabilityIndex index;
  const AvailabilityIndex::CountedRow row{.position = kHere, .quantity = 0};
  std::vector<PositionKey> confirmed;
  std::vector<AvailabilityIndex::CountedRow> rest;
  index.ConfirmCounts({&row, 1}, kNoon, confirmed, rest);
  EXPECT_TRUE(confirmed.empty());
  EXPECT_EQ(rest.size(), 1U);
  EXPECT_EQ(index.size(), 0);
}

}  // namespace
}  // namespace stockd::support
