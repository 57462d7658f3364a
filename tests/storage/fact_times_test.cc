#include "daemon/storage/fact_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "daemon/storage/journal_feed.h"
#include "tests/storage/database.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::storage {
namespace {

using ledger::EntryKind;

constexpr Duration kDay = std::chrono::hours(24);

// Facts of two positions on both sides of midnights, and before 1970 as well as after it.
std::vector<ledger::JournalEntry> RandomFacts(support::Random& random, Timestamp around) {
  std::vector<ledger::JournalEntry> facts;
  for (Sequence sequence = 1; sequence <= 60; ++sequence) {
    ledger::JournalEntry entry = FullFact(sequence);
    entry.kind = static_cast<EntryKind>(random.Between(1, 8));
    entry.position = random.Percent(50) ? kShirtHere : kShirtThere;
    entry.stated = entry.kind == EntryKind::kCount ? random.Between(0, 9) : random.Between(-9, 9);
    entry.occurred_at = around + kDay * random.Between(-20, 20) +
                        Duration(1) * random.Between(-1, 1) * random.Between(0, 1);
    facts.push_back(entry);
  }
  return facts;
}

// Whatever days the range begins and ends on, sums and lists are those of a plain recount.
TEST(FactTimes, SumsAndListsAreThoseOfAPlainRecount) {
  support::ForEachSeed(20, [](uint64_t seed) {
    support::Random random(seed);
    const Timestamp around = random.Percent(50) ? Timestamp() : kStart;
    const auto facts = RandomFacts(random, around);
    Database database;
    Write(database.store(), [&](Store& to) {
      for (const auto& entry : facts) to.AppendJournal(entry);
    });
    auto feed = std::get<std::unique_ptr<JournalFeed>>(
        OpenJournalFeed(database.path(), int64_t{1} << 20, {}));
    const auto any_instant = [&] {
      if (random.Percent(10)) return random.Percent(50) ? kTimestampMin : kTimestampMax;
      return around + kDay * random.Between(-25, 25) + Duration(1) * random.Between(-1, 1);
    };
    for (int i = 0; i < 50; ++i) {
      const PositionKey key = random.Percent(50) ? kShirtHere : kShirtThere;
      const Timestamp from = any_instant();
      const Timestamp until = any_instant();
      const auto upto = static_cast<Sequence>(random.Between(0, 60));
      Quantity after = 0;
      Quantity between = 0;
      std::vector<std::tuple<Timestamp, EntryKind, Quantity, Sequence>> listed;
      for (const auto& entry : facts) {
        if (entry.position != key) continue;
        const bool moves = entry.kind != EntryKind::kCount;
        if (moves && entry.occurred_at > from) after += entry.stated;
        if (entry.sequence > upto || entry.occurred_at > until) continue;
        if (moves && entry.occurred_at > from) between += entry.stated;
        if (entry.occurred_at < from) continue;
        listed.emplace_back(entry.occurred_at, entry.kind, entry.stated, entry.sequence);
      }
      EXPECT_EQ(database.store().DeltaAfter(key, from), after);
      EXPECT_EQ(database.reader().DeltaAfter(key, from), after);
      EXPECT_EQ(feed->DeltaBetween(key, from, until, upto), between);
      std::vector<std::tuple<Timestamp, EntryKind, Quantity, Sequence>> found;
      for (const auto& mark : feed->FactsBetween(key, from, until, upto)) {
        found.emplace_back(mark.occurred_at, mark.kind, mark.stated, mark.sequence);
      }
      EXPECT_TRUE(std::ranges::is_sorted(found, {}, [](const auto& mark) {
        return std::tuple(std::get<0>(mark), std::get<1>(mark), std::get<2>(mark));
      }));
      EXPECT_THAT(found, testing::UnorderedElementsAreArray(listed));
    }
  });
}

TEST(FactTimes, WithoutFactsThereIsNothing) {
  Database database;
  EXPECT_EQ(database.store().DeltaAfter(kShirtHere, kTimestampMin), 0);
  EXPECT_EQ(database.reader().DeltaAfter(kShirtHere, kTimestampMax), 0);
}

}  // namespace
}  // namespace stockd::storage
