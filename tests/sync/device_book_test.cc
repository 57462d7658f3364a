// The numbers of devices as batches of facts bring them, over restarts.
#include "daemon/sync/device_book.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "tests/support/random.h"
#include "tests/support/seeds.h"
#include "tests/sync/sync_fixture.h"

namespace stockd::support {
namespace {

std::string GapsOf(const sync::DeviceStatus& status) {
  std::string text;
  for (const storage::DeviceGap& gap : status.gaps) {
    text += (text.empty() ? "" : " ") + std::to_string(gap.first) + "-" + std::to_string(gap.last);
  }
  return text;
}

class DeviceBooks : public DeviceFixture {
 protected:
  // A batch with numbers of till-1 beside its facts.
  sync::IntakeResult TakePassed(const std::vector<uint64_t>& numbers,
                                const std::vector<v1::Fact>& facts = {}) {
    v1::FactBatch batch;
    batch.set_batch(++passed_batches_);
    for (const uint64_t number : numbers) {
      batch.add_passed_numbers()->set_device("till-1");
      batch.mutable_passed_numbers()->rbegin()->set_number(number);
    }
    for (const v1::Fact& fact : facts) *batch.add_facts() = fact;
    std::promise<sync::IntakeResult> taken;
    sync::TakeFacts(engine(), devices(), records(), kTill, std::move(batch),
                    [&taken](engine::CommitOutcome outcome, const sync::IntakeResult& result) {
                      EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
                      taken.set_value(result);
                    });
    return taken.get_future().get();
  }

  uint64_t passed_batches_ = 1'000'000;

  std::vector<sync::DeviceStatus> List(bool incomplete_only = false) {
    return devices().List(kNoSource, incomplete_only, 1000, 1000);
  }
};

TEST_F(DeviceBooks, ABatchIsAnsweredWithTheMarksOfItsDevices) {
  const auto result = Take({FactOf("a", "till-1", 7), FactOf("b", "till-1", 9),
                            FactOf("c", "till-2", 1), FactOf("d", "", 0)});
  EXPECT_EQ(result.applied, 4);
  ASSERT_EQ(result.devices.size(), 2U);
  EXPECT_EQ(result.devices[0].device(), "till-1");
  EXPECT_EQ(result.devices[0].complete_until(), 7U);
  EXPECT_EQ(result.devices[0].newest(), 9U);
  EXPECT_EQ(result.devices[1].complete_until(), 1U);
}

// A fact in quarantine was taken: the till may forget it, so its number must not count as lost.
TEST_F(DeviceBooks, ANumberIsTakenWhateverBecameOfItsFact) {
  v1::Fact unknown = FactOf("b", "till-1", 2);
  unknown.set_sku("NOBODY");
  Take({FactOf("a", "till-1", 1), FactOf("a", "till-1", 1), unknown, FactOf("c", "till-1", 3)});
  EXPECT_EQ(List().at(0).complete_until, 3U);
  // The lines of one receipt share a number.
  EXPECT_EQ(Take({FactOf("c-2", "till-1", 3)}).applied, 1);
  EXPECT_EQ(List().at(0).missing, 0U);
}

// A till numbers sign-ons and cancelled receipts too: without them every day would have gaps.
TEST_F(DeviceBooks, ANumberThatWasPassedOverIsNotMissing) {
  TakePassed({2}, {FactOf("a", "till-1", 1), FactOf("b", "till-1", 4)});
  EXPECT_EQ(List().at(0).missing, 1U);
  const auto result = TakePassed({3, 3, 5});  // No facts at all.
  EXPECT_EQ(result.applied, 0);
  ASSERT_EQ(result.devices.size(), 1U);
  EXPECT_EQ(result.devices[0].complete_until(), 5U);
  Reopen();
  EXPECT_EQ(List().at(0).newest, 5U);
  EXPECT_EQ(List().at(0).missing, 0U);
}

// It says nothing of stock, so there is nothing that a person could mend.
TEST_F(DeviceBooks, APassedNumberThatCannotBeIsLeftOut) {
  TakePassed({0, uint64_t{1} << 63});
  EXPECT_TRUE(List().empty());
}

TEST_F(DeviceBooks, AGapOutlivesARestartAndClosesDaysLater) {
  Take({FactOf("a", "till-1", 1), FactOf("d", "till-1", 4)});
  const Timestamp noticed = clock.Now();
  Reopen();
  clock.Advance(std::chrono::hours(72));
  ASSERT_EQ(List(true).size(), 1U);
  EXPECT_EQ(GapsOf(List(true)[0]), "2-3");
  EXPECT_EQ(List(true)[0].gaps[0].noticed_at, noticed);
  EXPECT_EQ(devices().Missing(kTill), 2U);
  Take({FactOf("c", "till-1", 3), FactOf("b", "till-1", 2)});
  EXPECT_TRUE(List(true).empty());
  Reopen();
  EXPECT_TRUE(List(true).empty());
  EXPECT_EQ(List().at(0).complete_until, 4U);
}

TEST_F(DeviceBooks, AGapIsAlarmedOnceAndOnceMoreWhenItClosed) {
  Take({FactOf("a", "till-1", 1), FactOf("d", "till-1", 4)});
  Take({FactOf("e", "till-1", 5)});
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].device, "till-1");
  EXPECT_EQ(alarms[0].opened.at(0).first, 2U);
  EXPECT_EQ(alarms[0].opened.at(0).last, 3U);
  Take({FactOf("b", "till-1", 2)});
  EXPECT_EQ(alarms.size(), 1U);
  Take({FactOf("c", "till-1", 3)});
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[1].closed.size(), 1U);
  EXPECT_EQ(alarms[1].missing, 0U);
}

TEST_F(DeviceBooks, ANumberOutOfAllReasonIsSetAsideWithItsFact) {
  Take({FactOf("a", "till-1", 1)});
  const auto result = Take({FactOf("b", "till-1", sync::kDeviceNumberMax + 1),
                            FactOf("c", "till-1", 2 + sync::kDeviceJumpMax),
                            FactOf("d", "till\n1", 2), FactOf("e", std::string(129, 't'), 2)});
  EXPECT_EQ(result.applied, 0);
  ASSERT_EQ(result.set_aside.size(), 4U);
  for (const auto& row : result.set_aside) EXPECT_EQ(row.reason, ledger::Reason::kFieldInvalid);
  ASSERT_EQ(List().size(), 1U);
  EXPECT_EQ(List()[0].newest, 1U);
}

TEST_F(DeviceBooks, TheLastPlaceOfADeviceTellsWhereFactsMayBeMissing) {
  Take({FactOf("a", "till-1", 1), FactOf("c", "till-1", 3)});
  const LocationId here = engine().catalogue().FindLocation("S01");
  const LocationId there = engine().catalogue().FindLocation("S02");
  EXPECT_TRUE(devices().IncompleteAt(kTill, here));
  EXPECT_FALSE(devices().IncompleteAt(kTill, there));
  EXPECT_FALSE(devices().IncompleteAt(kErp, here));
  // After a restart nobody knows where it stands, so it may be anywhere.
  Reopen();
  EXPECT_TRUE(devices().IncompleteAt(kTill, there));
}

TEST_F(DeviceBooks, TheLagIsThatOfTheNewestFact) {
  v1::Fact late = FactOf("late", "", 0);
  late.mutable_occurred_at()->set_seconds(late.occurred_at().seconds() - 3600);
  v1::Fact newer = FactOf("newer", "", 0);
  newer.mutable_occurred_at()->set_seconds(newer.occurred_at().seconds() - 7);
  EXPECT_EQ(Take({late, newer}).newest_lag, std::chrono::seconds(7));
}

// What the oracle knows of one device: every number that was taken.
std::string NaiveGaps(const std::set<uint64_t>& taken) {
  std::string text;
  uint64_t expected = *taken.begin();
  for (const uint64_t number : taken) {
    if (number > expected) {
      text +=
          (text.empty() ? "" : " ") + std::to_string(expected) + "-" + std::to_string(number - 1);
    }
    expected = number + 1;
  }
  return text;
}

// Sequences of several tills, shuffled, repeated, cut into batches, with restarts in between: the
// gaps are those of the set of numbers, whatever the order, and none is left.
TEST_F(DeviceBooks, GapsAreThoseOfTheSetOfNumbersInAnyOrder) {
  ForEachSeed(40, [&](uint64_t seed) {
    Random random(seed);
    std::vector<v1::Fact> facts;
    for (int device = 0; device < 3; ++device) {
      const std::string name = "till-" + std::to_string(seed) + "-" + std::to_string(device);
      const uint64_t first = 1 + random.Below(1000);
      const uint64_t count = 1 + random.Below(60);
      for (uint64_t number = first; number < first + count; ++number) {
        const std::string event = name + "/" + std::to_string(number);
        const size_t times = 1 + random.Below(2);
        v1::Fact fact = FactOf(event, name, number);
        if (random.Percent(10)) fact.set_sku("NOBODY");
        facts.insert(facts.end(), times, fact);
      }
    }
    // Wholly, or only among neighbours as a network does it.
    if (random.Percent(50)) {
      random.Shuffle(facts);
    } else {
      for (size_t i = 1; i < facts.size(); ++i) {
        std::swap(facts[i], facts[i - random.Below(std::min<size_t>(i, 8) + 1)]);
      }
    }
    std::map<std::string, std::set<uint64_t>> taken;
    for (size_t next = 0; next < facts.size();) {
      const size_t size = std::min(facts.size() - next, 1 + random.Below(25));
      const std::vector<v1::Fact> batch(facts.begin() + static_cast<long>(next),
                                        facts.begin() + static_cast<long>(next + size));
      next += size;
      Take(batch);
      for (const v1::Fact& fact : batch) taken[fact.device()].insert(fact.device_sequence());
      if (random.Percent(10)) Reopen();
      for (const sync::DeviceStatus& status : List()) {
        const auto known = taken.find(status.device);
        if (known == taken.end()) continue;  // Of an earlier seed.
        ASSERT_EQ(GapsOf(status), NaiveGaps(known->second)) << status.device;
        ASSERT_EQ(status.first, *known->second.begin());
        ASSERT_EQ(status.newest, *known->second.rbegin());
      }
    }
    ASSERT_EQ(List(true).size(), 0U);
  });
}

}  // namespace
}  // namespace stockd::support
