#include "daemon/sync/device_sequence.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::sync {
namespace {

using support::kMinute;
using support::kNoon;

// "first-last" of each gap.
std::string GapsOf(const DeviceSequence& sequence) {
  std::string text;
  for (const storage::DeviceGap& gap : sequence.Gaps(100)) {
    text += (text.empty() ? "" : " ") + std::to_string(gap.first) + "-" + std::to_string(gap.last);
  }
  return text;
}

DeviceSequence Taken(const std::vector<uint64_t>& numbers) {
  DeviceSequence sequence;
  for (const uint64_t number : numbers) sequence.Take(number, kNoon);
  return sequence;
}

TEST(DeviceSequences, ASequenceMayBeginAnywhere) {
  const DeviceSequence sequence = Taken({1'000'000});
  EXPECT_EQ(sequence.first(), 1'000'000U);
  EXPECT_EQ(sequence.complete_until(), 1'000'000U);
  EXPECT_EQ(sequence.missing(), 0U);
}

TEST(DeviceSequences, WhatIsMissingIsAGapUntilItArrives) {
  DeviceSequence sequence = Taken({5, 6, 10});
  EXPECT_EQ(GapsOf(sequence), "7-9");
  EXPECT_EQ(sequence.complete_until(), 6U);
  EXPECT_EQ(sequence.newest(), 10U);
  EXPECT_EQ(sequence.missing(), 3U);
  sequence.Take(8, kNoon);
  EXPECT_EQ(GapsOf(sequence), "7-7 9-9");
  sequence.Take(8, kNoon);
  sequence.Take(9, kNoon);
  EXPECT_EQ(GapsOf(sequence), "7-7");
  sequence.Take(7, kNoon);
  EXPECT_EQ(GapsOf(sequence), "");
  EXPECT_EQ(sequence.complete_until(), 10U);
  EXPECT_EQ(sequence.missing(), 0U);
}

TEST(DeviceSequences, AGapShrinksFromBothEnds) {
  DeviceSequence sequence = Taken({1, 10});
  sequence.Take(2, kNoon);
  sequence.Take(9, kNoon);
  EXPECT_EQ(GapsOf(sequence), "3-8");
}

TEST(DeviceSequences, ALowerNumberMovesTheBeginning) {
  const DeviceSequence sequence = Taken({20, 21, 15});
  EXPECT_EQ(sequence.first(), 15U);
  EXPECT_EQ(GapsOf(sequence), "16-19");
  EXPECT_EQ(sequence.complete_until(), 15U);
}

// The instant tells people since when a till's sales are missing: the arrival of a part of them
// must not make the rest look new.
TEST(DeviceSequences, ThePartsOfAGapKeepTheInstantAtWhichItWasNoticed) {
  DeviceSequence sequence = Taken({1, 10});
  sequence.Take(5, kNoon + kMinute);
  for (const storage::DeviceGap& gap : sequence.Gaps(10)) EXPECT_EQ(gap.noticed_at, kNoon);
}

TEST(DeviceSequences, AGapIsToldOnceAndItsEndOnce) {
  DeviceSequence sequence = Taken({1, 5});
  EXPECT_EQ(sequence.TakeChanges().opened.size(), 1U);
  sequence.Take(3, kNoon);
  const DeviceSequence::Changes split = sequence.TakeChanges();
  EXPECT_TRUE(split.opened.empty());
  EXPECT_EQ(split.changed.size(), 2U);
  sequence.Take(2, kNoon);
  sequence.Take(4, kNoon);
  const DeviceSequence::Changes closed = sequence.TakeChanges();
  EXPECT_EQ(closed.closed.size(), 2U);
  EXPECT_EQ(closed.gone, (std::vector<uint64_t>{2, 4}));
  EXPECT_FALSE(closed.moved);
}

// Facts of one batch come in any order: what is complete at its end was never missing.
TEST(DeviceSequences, WhatClosesBeforeAnybodyWasToldIsNotTold) {
  DeviceSequence sequence = Taken({1, 3, 2});
  const DeviceSequence::Changes changes = sequence.TakeChanges();
  EXPECT_TRUE(changes.opened.empty());
  EXPECT_TRUE(changes.closed.empty());
  EXPECT_TRUE(changes.changed.empty());
}

TEST(DeviceSequences, ANumberThatNoDeviceCanHaveReachedIsNotAccepted) {
  DeviceSequence sequence;
  EXPECT_FALSE(sequence.Accepts(0));
  EXPECT_FALSE(sequence.Accepts(kDeviceNumberMax + 1));
  EXPECT_TRUE(sequence.Accepts(kDeviceNumberMax));
  sequence.Take(2 * kDeviceJumpMax, kNoon);
  EXPECT_TRUE(sequence.Accepts(3 * kDeviceJumpMax));
  EXPECT_FALSE(sequence.Accepts(3 * kDeviceJumpMax + 1));
  EXPECT_TRUE(sequence.Accepts(kDeviceJumpMax));
  EXPECT_FALSE(sequence.Accepts(kDeviceJumpMax - 1));
}

// A device that counts in steps of two would cost memory without bound.
TEST(DeviceSequences, BeyondTheBoundTheSmallestGapsAreMerged) {
  DeviceSequence sequence;
  for (uint64_t i = 0; i <= kDeviceGapsMax; ++i) sequence.Take(1 + 2 * i, kNoon);
  EXPECT_EQ(sequence.TakeChanges().merged_numbers, 0U);
  sequence.Take(1 + 2 * (kDeviceGapsMax + 1), kNoon);
  EXPECT_EQ(sequence.Gaps(kDeviceGapsMax + 10).size(), kDeviceGapsMax);
  EXPECT_EQ(sequence.Gaps(1).front().last, 4U);
  EXPECT_EQ(sequence.TakeChanges().merged_numbers, 1U);
  EXPECT_EQ(sequence.missing(), kDeviceGapsMax + 2);
}

}  // namespace
}  // namespace stockd::sync
