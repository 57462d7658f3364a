#include "daemon/engine/change_log.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/support/ledger_fixture.h"

namespace stockd::support {
namespace {

using engine::Change;
using engine::ChangeLog;

void Append(ChangeLog& log, Sequence first, Sequence last) {
  std::vector<Change> changes;
  for (Sequence sequence = first; sequence <= last; ++sequence) {
    changes.push_back({.sequence = sequence, .position = kHere});
  }
  log.Append(changes, FromMicros(static_cast<int64_t>(last)));
}

std::vector<Sequence> Read(const ChangeLog& log, Sequence cursor, size_t limit = 1000) {
  std::vector<Change> changes;
  EXPECT_TRUE(log.Read(cursor, limit, changes));
  std::vector<Sequence> sequences;
  for (const Change& change : changes) sequences.push_back(change.sequence);
  return sequences;
}

TEST(ChangeLog, AReaderGetsEveryChangeAfterItsCursorInOrder) {
  ChangeLog log(8);
  log.Start(10);
  EXPECT_TRUE(Read(log, 10).empty());
  Append(log, 11, 13);
  EXPECT_EQ(Read(log, 10), (std::vector<Sequence>{11, 12, 13}));
  EXPECT_EQ(Read(log, 12), (std::vector<Sequence>{13}));
  EXPECT_TRUE(Read(log, 13).empty());
  EXPECT_EQ(log.newest(), 13U);
}

TEST(ChangeLog, ALimitIsResumedWithoutAGap) {
  ChangeLog log(8);
  Append(log, 1, 5);
  EXPECT_EQ(Read(log, 0, 2), (std::vector<Sequence>{1, 2}));
  EXPECT_EQ(Read(log, 2, 2), (std::vector<Sequence>{3, 4}));
}

// A gap must be told, never skipped: the reader then walks the index.
TEST(ChangeLog, AReaderThatWasOvertakenIsTold) {
  ChangeLog log(4);
  Append(log, 1, 10);
  std::vector<Change> changes;
  EXPECT_FALSE(log.Read(5, 100, changes));
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(Read(log, 6), (std::vector<Sequence>{7, 8, 9, 10}));
}

TEST(ChangeLog, WhatCameBeforeTheStartIsNotInTheLog) {
  ChangeLog log(4);
  log.Start(100);
  std::vector<Change> changes;
  EXPECT_FALSE(log.Read(99, 10, changes));
  EXPECT_TRUE(log.Read(100, 10, changes));
}

TEST(ChangeLog, SequencesMayHaveHoles) {
  ChangeLog log(4);
  for (const Sequence sequence : {3U, 7U, 20U, 21U, 40U}) {
    const Change change{.sequence = sequence, .position = kHere};
    log.Append({&change, 1}, {});
  }
  EXPECT_EQ(Read(log, 5), (std::vector<Sequence>{7, 20, 21, 40}));
  EXPECT_EQ(Read(log, 20), (std::vector<Sequence>{21, 40}));
}

TEST(ChangeLog, EveryAppendWakesTheListeners) {
  ChangeLog log(4);
  int woken = 0;
  log.Listen([&woken] { ++woken; });
  Append(log, 1, 2);
  Append(log, 3, 3);
  log.Append({}, {});
  EXPECT_EQ(woken, 2);
}

TEST(ChangeLog, AReaderBesideTheWriterNeverMissesAChange) {
  constexpr Sequence kLast = 20'000;
  ChangeLog log(1 << 15);
  std::thread writer([&log] {
    for (Sequence sequence = 1; sequence <= kLast; ++sequence) Append(log, sequence, sequence);
  });
  Sequence cursor = 0;
  bool gap = false;
  while (cursor < kLast) {
    for (const Sequence sequence : Read(log, cursor, 64)) {
      gap |= sequence != cursor + 1;
      cursor = sequence;
    }
  }
  writer.join();
  EXPECT_FALSE(gap);
}

TEST(ChangeLog, KnowsWhenACommitWasDecided) {
  ChangeLog log;
  log.Start(10);
  Append(log, 11, 13);
  Append(log, 14, 14);
  EXPECT_EQ(log.DecidedAt(10), std::nullopt) << "it is from before the start";
  EXPECT_EQ(log.DecidedAt(11), FromMicros(13));
  EXPECT_EQ(log.DecidedAt(13), FromMicros(13));
  EXPECT_EQ(log.DecidedAt(14), FromMicros(14));
  EXPECT_EQ(log.DecidedAt(15), std::nullopt);
  for (Sequence sequence = 15; sequence < 15 + 5000; ++sequence) Append(log, sequence, sequence);
  EXPECT_EQ(log.DecidedAt(14), std::nullopt) << "it is too long ago";
  EXPECT_EQ(log.DecidedAt(5014), FromMicros(5014));
  EXPECT_EQ(log.DecidedAt(2000), FromMicros(2000));
}

}  // namespace
}  // namespace stockd::support
