// A restart rebuilds from the database exactly what was in memory.
#include <algorithm>
#include <vector>

#include "tests/engine/engine_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using ledger::EntryKind;
using ledger::Reason;

class Restart : public EngineFixture {
 protected:
  // Everything that is kept in memory, in a form that can be compared.
  struct Image {
    std::vector<std::pair<PositionKey, ledger::Position>> positions;
    std::vector<Quantity> reserved_live;
    std::vector<storage::Location> locations;
    std::vector<storage::Group> groups;
    std::vector<storage::Channel> channels;
    std::vector<storage::Source> sources;
    std::vector<Quantity> safety_stocks;
    std::vector<ledger::Supply> supplies;
    int64_t open_count = 0;
    int64_t quarantine_count = 0;
    int64_t item_count = 0;
    Sequence newest = 0;
    Sequence policy_sequence = 0;

    friend bool operator==(const Image&, const Image&) = default;
  };

  Image Take() {
    Image image;
    for (const PositionKey key : {kHere, kThere, kFar, kOtherItem}) {
      if (const auto found = engine().index().Find(key, engine().Now())) {
        image.positions.emplace_back(key, found->row);
        image.reserved_live.push_back(found->reserved_live());
      }
      image.safety_stocks.push_back(engine().catalogue().SafetyStock(key));
      for (const ledger::Supply& supply : engine().supplies().At(key))
        image.supplies.push_back(supply);
    }
    std::ranges::sort(image.supplies, {}, &ledger::Supply::id);
    image.locations = engine().catalogue().Locations();
    image.groups = engine().catalogue().Groups();
    image.channels = engine().catalogue().Channels();
    image.sources = engine().catalogue().Sources();
    image.open_count = engine().open_count();
    image.quarantine_count = engine().quarantine_count();
    image.item_count = engine().catalogue().item_count();
    image.newest = engine().changes().newest();
    image.policy_sequence = engine().catalogue().policy_sequence();
    return image;
  }

  void PutRules() {
    const auto done = Do([](engine::UnitOfWork& unit) {
      const auto group = unit.catalogue().PutGroup(
          {.group_id = "north", .name = "North", .locations = {LocationId{2}, LocationId{1}}});
      unit.store().SaveGroup(group);
      auto channel = *unit.catalogue().Channel(kWeb);
      channel.buffer = 2;
      channel.group = group.id;
      unit.store().SaveChannel(unit.catalogue().PutChannel(channel));
      for (const storage::SafetyStock& rule :
           {storage::SafetyStock{.item = ItemId{1}, .location = LocationId{1}, .quantity = 1},
            storage::SafetyStock{.item = ItemId{1}, .quantity = 3},
            storage::SafetyStock{.location = LocationId{1}, .quantity = 5}}) {
        unit.catalogue().PutSafetyStock(rule);
        unit.store().SaveSafetyStock(rule);
      }
      unit.PolicyChanged();
      unit.PutSupply(
          {.id = "po-1/1", .position = kHere, .quantity = 40, .expected_at = kNoon + kHour});
      unit.PutSupply(
          {.id = "po-1/2", .position = kHere, .quantity = 7, .expected_at = kNoon + 2 * kHour});
      unit.PutSupply(
          {.id = "po-2/1", .position = kThere, .quantity = 9, .expected_at = kNoon + kHour});
      unit.PutSupply(
          {.id = "po-2/1", .position = kThere, .quantity = 0, .expected_at = kNoon + kHour});
      unit.Quarantine({.source = kTill,
                       .event_id = "odd",
                       .reason = Reason::kSkuUnknown,
                       .sku = "NOBODY",
                       .location = "S01",
                       .fact = "bytes",
                       .received_at = kNoon});
      return true;
    });
    ASSERT_EQ(done.outcome, CommitOutcome::kCommitted);
  }
};

TEST_F(Restart, EverythingInMemoryIsTheSameAgain) {
  PutRules();
  Stock(100, kHere);
  Stock(50, kThere);
  Stock(20, kOtherItem);
  ASSERT_EQ(Reserve("held", 4, kHour, kHere).outcome, CommitOutcome::kCommitted);
  ASSERT_EQ(Reserve("lapses", 5, kMinute, kHere).outcome, CommitOutcome::kCommitted);
  ASSERT_EQ(Reserve("ordered", 6, kHour, kThere).outcome, CommitOutcome::kCommitted);
  const auto committed = Do([](engine::UnitOfWork& unit) {
    return ledger::CommitReservation(
        unit, {.reservation_id = "ordered", .request_id = "q-1", .content = "c"}, "o-1", {},
        ledger::Remainder::kRelease);
  });
  ASSERT_EQ(ReasonOf(committed.result), Reason::kNone);
  EXPECT_EQ(TakeSnapshot("confirms", kNoon - kMinute, 100, kHere).unchanged, 1);
  EXPECT_EQ(TakeSnapshot("corrects", kNoon - kMinute, 48, kThere).changed, 1);
  clock.Advance(kMinute);  // One hold has lapsed and was not cleared: the writer was not woken.

  const Image before = Take();
  ASSERT_EQ(before.positions.size(), 3U);
  ASSERT_EQ(before.open_count, 3);
  ASSERT_EQ(before.quarantine_count, 1);
  ASSERT_EQ(before.supplies.size(), 2U);
  Close();
  Open();
  // The lapsed hold may be cleared by the first batch; ask before one runs.
  const Image after = Take();
  EXPECT_EQ(before.positions, after.positions);
  EXPECT_EQ(before.reserved_live, after.reserved_live);
  EXPECT_EQ(before.locations, after.locations);
  EXPECT_EQ(before.groups, after.groups);
  EXPECT_EQ(before.channels, after.channels);
  EXPECT_EQ(before.sources, after.sources);
  EXPECT_EQ(before.safety_stocks, after.safety_stocks);
  EXPECT_EQ(before.supplies, after.supplies);
  EXPECT_EQ(before.policy_sequence, after.policy_sequence);
  EXPECT_TRUE(before == after);
}

TEST_F(Restart, AHoldExpiresAtItsDeadlineAsIfNothingHadHappened) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  Reopen();
  clock.Set(kNoon + kMinute - kTick);
  EXPECT_EQ(available(), 6);
  clock.Advance(kTick);
  EXPECT_EQ(available(), 10);
  engine().Wake();
  ASSERT_TRUE(WaitUntil(In(), [this] { return engine().open_count() == 0; }));
  EXPECT_EQ(available(), 10);
}

TEST_F(Restart, AHoldThatLapsedWhileTheDaemonWasDownNeverCountsAgain) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  Close();
  clock.Advance(kHour);
  Open();
  EXPECT_EQ(available(), 10);
  EXPECT_EQ(ReasonOf(Reserve("r-2", 10).result), Reason::kNone);
}

// A snapshot row that confirmed the books left no row of its own; the barrier must survive all the
// same.
TEST_F(Restart, ALateFactStillStopsAtASnapshotThatOnlyConfirmed) {
  Stock(10);
  ASSERT_EQ(TakeSnapshot("confirms", kNoon - kMinute, 10).unchanged, 1);
  Reopen();
  EXPECT_EQ(Tell(NewFact(EntryKind::kSale, 3, kNoon - 2 * kMinute)).result,
            ledger::FactResult::kApplied);
  EXPECT_EQ(LevelAt().on_hand, 10);  // The count has seen that sale.
  EXPECT_EQ(Tell(NewFact(EntryKind::kSale, 3, kNoon - kMinute + kTick)).result,
            ledger::FactResult::kApplied);
  EXPECT_EQ(LevelAt().on_hand, 7);
}

// Where nothing was ever booked there is no row that could keep the instant of a count of nothing.
TEST_F(Restart, ALateReceiptStopsAtASnapshotThatFoundNothingWhereNothingWasBooked) {
  ASSERT_EQ(TakeSnapshot("confirms", kNoon - kMinute, 0).unchanged, 1);
  EXPECT_EQ(TakeSnapshot("elsewhere", kNoon - kMinute, 0, kThere).unchanged, 1);
  EXPECT_EQ(Tell(NewFact(EntryKind::kReceipt, 3, kNoon - 2 * kMinute)).result,
            ledger::FactResult::kApplied);
  EXPECT_EQ(LevelAt().on_hand, 0);  // They were gone when it was counted.
  Reopen();
  EXPECT_EQ(Tell(NewFact(EntryKind::kReceipt, 3, kNoon - 2 * kMinute, kThere)).result,
            ledger::FactResult::kApplied);
  EXPECT_EQ(LevelAt(kThere).on_hand, 0);
  EXPECT_EQ(reader().Verify(10).drift_count, 0);
}

TEST_F(Restart, ARepeatedCommandGetsItsFirstAnswer) {
  Stock(10);
  const auto first = Reserve("r-1", 4);
  Reopen();
  clock.Advance(kMinute / 2);
  const auto again = Reserve("r-1", 4);
  EXPECT_EQ(Granted(again.result).expires_at, Granted(first.result).expires_at);
  EXPECT_EQ(Granted(again.result).version, Granted(first.result).version);
  EXPECT_EQ(available(), 6);
  EXPECT_EQ(ReasonOf(Reserve("r-1", 5).result), Reason::kReservationDiffers);
}

TEST_F(Restart, ARepeatedFactIsADuplicate) {
  const ledger::Fact fact = NewFact(EntryKind::kReceipt, 10, kNoon - kMinute);
  ASSERT_EQ(Tell(fact).result, ledger::FactResult::kApplied);
  Reopen();
  EXPECT_EQ(Tell(fact).result, ledger::FactResult::kDuplicate);
  EXPECT_EQ(LevelAt().on_hand, 10);
}

TEST_F(Restart, SequencesGoOnWhereTheyStopped) {
  Stock(10);
  const Sequence before = engine().changes().newest();
  Reopen();
  EXPECT_EQ(engine().changes().newest(), before);
  Stock(1);
  EXPECT_GT(LevelAt().version, before);
}

}  // namespace
}  // namespace stockd::support
