#include <gtest/gtest.h>

#include <functional>

#include "daemon/ledger/reservations.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::CreateOf;
using support::Figures;
using support::Granted;
using support::kHere;
using support::kMinute;
using support::kNoon;
using support::kOtherItem;
using support::kThere;
using support::kTick;
using support::kWeb;
using support::LedgerFixture;
using support::ReasonOf;
using support::Refused;

TEST(CreateReservation, HoldsTheUnitsUntilTheDeadline) {
  LedgerFixture f(10);
  const Reservation granted = Granted(f.Reserve("r1", 4));
  EXPECT_EQ(granted.id, "r1");
  EXPECT_EQ(granted.state, ReservationState::kHeld);
  EXPECT_EQ(granted.created_at, kNoon);
  EXPECT_EQ(granted.expires_at, kNoon + 10 * kMinute);
  EXPECT_EQ(
      granted.lines,
      (std::vector<ReservationLine>{{.position = kHere, .requested = 4, .granted = 4, .held = 4}}));
  EXPECT_EQ(granted.held(), 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .reserved = 4}));
  const JournalEntry entry = f.Last(1).front();
  EXPECT_EQ(entry.kind, EntryKind::kReserve);
  EXPECT_EQ(entry.from, Bucket::kFree);
  EXPECT_EQ(entry.to, Bucket::kReserved);
  EXPECT_EQ(entry.reservation_number, granted.number);
  EXPECT_EQ(granted.version, entry.sequence);
}

TEST(CreateReservation, TakesTheLastUnitAndNotOneMore) {
  LedgerFixture f(10);
  EXPECT_EQ(ReasonOf(f.Reserve("r1", 11)), Reason::kInsufficientStock);
  EXPECT_EQ(ReasonOf(f.Reserve("r2", 10)), Reason::kNone);
  EXPECT_EQ(ReasonOf(f.Reserve("r3", 1)), Reason::kInsufficientStock);
}

TEST(CreateReservation, ARefusalNamesThePlaceAndTheFiguresAndLeavesNothingBehind) {
  LedgerFixture f(10);
  f.Stock(3, kThere);
  const size_t entries = f.state.journal().size();
  CreateCommand command = CreateOf("r1", 5);
  command.lines.push_back({kThere, 4});
  EXPECT_EQ(Refused(f.Reserve(command)), (Refusal{.reason = Reason::kInsufficientStock,
                                                  .position = kThere,
                                                  .requested = 4,
                                                  .available = 3}));
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.state.FindReservation("r1"), nullptr);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10}));
}

// A refused create is decided anew: the id is not burnt.
TEST(CreateReservation, MayBeTriedAgainWithTheSameIdAfterARefusal) {
  LedgerFixture f(1);
  ASSERT_EQ(ReasonOf(f.Reserve("r1", 2)), Reason::kInsufficientStock);
  f.Stock(1);
  EXPECT_EQ(ReasonOf(f.Reserve("r1", 2)), Reason::kNone);
}

TEST(CreateReservation, InAShortfallNothingIsAvailableNotLessThanNothing) {
  LedgerFixture f;
  f.Happened(EntryKind::kSale, 4, kNoon);
  EXPECT_EQ(Refused(f.Reserve("r1", 1)).available, 0);
}

TEST(CreateReservation, LinesForOnePositionAreAddedUpBeforeTheyAreJudged) {
  LedgerFixture f(5);
  CreateCommand command = CreateOf("r1", 3);
  command.lines = {{kHere, 3}, {kHere, 3}};
  EXPECT_EQ(Refused(f.Reserve(command)), (Refusal{.reason = Reason::kInsufficientStock,
                                                  .position = kHere,
                                                  .requested = 6,
                                                  .available = 5}));
  command.lines = {{kHere, 3}, {kHere, 2}};
  EXPECT_EQ(Granted(f.Reserve(command)).held(), 5);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 5, .reserved = 5}));
}

TEST(CreateReservation, ManyLinesOfTheLargestQuantityDoNotOverflow) {
  LedgerFixture f(10);
  CreateCommand command = CreateOf("r1", 1);
  command.lines.assign(10'000, {kHere, kQuantityMax});
  EXPECT_EQ(Refused(f.Reserve(command)).requested, 10'000 * kQuantityMax);
  command.allow_partial = true;
  EXPECT_EQ(Granted(f.Reserve(command)).held(), 10);
}

TEST(CreateReservation, PartialGrantsWhatThereIsLineByLine) {
  LedgerFixture f(5);
  f.Stock(1, kOtherItem);
  CreateCommand command = CreateOf("r1", 3);
  command.allow_partial = true;
  command.lines = {{kHere, 3}, {kThere, 1}, {kHere, 4}, {kOtherItem, 1}, {kHere, 1}};
  const Reservation granted = Granted(f.Reserve(command));
  const Quantity expected[] = {3, 0, 2, 1, 0};
  ASSERT_EQ(granted.lines.size(), std::size(expected));
  for (size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(granted.lines[i].requested, command.lines[i].quantity) << i;
    EXPECT_EQ(granted.lines[i].granted, expected[i]) << i;
    EXPECT_EQ(granted.lines[i].held, expected[i]) << i;
  }
  EXPECT_EQ(f.available(kHere), 0);
}

TEST(CreateReservation, PartialIsRefusedWhenNoLineGetsAnything) {
  LedgerFixture f;
  CreateCommand command = CreateOf("r1", 3);
  command.allow_partial = true;
  EXPECT_EQ(Refused(f.Reserve(command)), (Refusal{.reason = Reason::kInsufficientStock,
                                                  .position = kHere,
                                                  .requested = 3,
                                                  .available = 0}));
}

TEST(CreateReservation, PartialGrantsEverythingWhenItFits) {
  LedgerFixture f(5);
  CreateCommand command = CreateOf("r1", 5);
  command.allow_partial = true;
  EXPECT_EQ(Granted(f.Reserve(command)).held(), 5);
}

TEST(CreateReservation, RespectsTheSafetyStockOfThePosition) {
  LedgerFixture f(10);
  f.state.SetSafetyStock(kHere, 3);
  EXPECT_EQ(Refused(f.Reserve("r1", 8)).available, 7);
  EXPECT_EQ(ReasonOf(f.Reserve("r2", 7)), Reason::kNone);
}

TEST(CreateReservation, RespectsTheBufferOfTheChannelOnly) {
  LedgerFixture f(10);
  f.state.SetSafetyStock(kHere, 1);
  f.state.SetBuffer(kWeb, 3);
  CreateCommand command = CreateOf("r1", 7);
  command.channel = kWeb;
  EXPECT_EQ(Refused(f.Reserve(command)).available, 6);
  EXPECT_EQ(ReasonOf(f.Reserve("r2", 9)), Reason::kNone);
}

TEST(CreateReservation, ASafetyStockLargerThanTheStockLeavesNothing) {
  LedgerFixture f(10);
  f.state.SetSafetyStock(kHere, 12);
  EXPECT_EQ(Refused(f.Reserve("r1", 1)).available, 0);
}

TEST(CreateReservation, AChannelSellsFromItsLocationsOnly) {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  f.state.SetChannelLocations(kWeb, {kHere.location});
  CreateCommand command = CreateOf("r1", 1);
  command.channel = kWeb;
  command.lines = {{kHere, 1}, {kThere, 1}};
  const Refusal refusal = Refused(f.Reserve(command));
  EXPECT_EQ(refusal.reason, Reason::kLocationNotInChannel);
  EXPECT_EQ(refusal.position, kThere);
  command.allow_partial = true;
  EXPECT_EQ(ReasonOf(f.Reserve(command)), Reason::kLocationNotInChannel);
  command.lines.pop_back();
  EXPECT_EQ(ReasonOf(f.Reserve(command)), Reason::kNone);
}

TEST(CreateReservation, NumbersGrowWithEachGrant) {
  LedgerFixture f(10);
  const uint64_t first = Granted(f.Reserve("b", 1)).number;
  Refused(f.Reserve("c", 100));
  EXPECT_GT(Granted(f.Reserve("a", 1)).number, first);
}

TEST(CreateReservation, TakesDeadlinesFromTheShortestToTheLongest) {
  LedgerFixture f(10);
  for (const Duration ttl : {kTtlMin, kTtlMax}) {
    CreateCommand command = CreateOf(std::to_string(ttl.count()), 1);
    command.ttl = ttl;
    EXPECT_EQ(Granted(f.Reserve(command)).expires_at, kNoon + ttl);
  }
}

TEST(CreateReservation, RepeatedGetsTheFirstAnswerWhateverHappenedSince) {
  const std::function<void(LedgerFixture&)> happenings[] = {
      [](LedgerFixture&) {},
      [](LedgerFixture& f) { Granted(f.Change("r1", {{kHere, 1}, {kThere, 2}})); },
      [](LedgerFixture& f) { Granted(f.Extend("r1", kMinute)); },
      [](LedgerFixture& f) { Granted(f.Move("r1", {{kHere, kThere, 2}})); },
      [](LedgerFixture& f) { Granted(f.Commit("r1")); },
      [](LedgerFixture& f) { Granted(f.Release("r1")); },
      [](LedgerFixture& f) { f.SellFor("r1", 4); },
      [](LedgerFixture& f) { f.Advance(10 * kMinute); },
      [](LedgerFixture& f) {
        f.Advance(10 * kMinute);
        ExpireIfDue(f.state, *f.state.FindReservation("r1"));
      },
      [](LedgerFixture& f) { f.Count(0, kNoon); },
  };
  for (const auto& happen : happenings) {
    LedgerFixture f(10);
    f.Stock(10, kThere);
    const Reservation first = Granted(f.Reserve("r1", 4));
    happen(f);
    const size_t entries = f.state.journal().size();
    const Reservation again = Granted(f.Reserve("r1", 4));
    EXPECT_EQ(again.number, first.number);
    EXPECT_EQ(again.state, first.state);
    EXPECT_EQ(again.lines, first.lines);
    EXPECT_EQ(again.expires_at, first.expires_at);
    EXPECT_EQ(again.version, first.version);
    EXPECT_EQ(f.state.journal().size(), entries);
  }
}

TEST(CreateReservation, RepeatedAfterAPartialGrantGetsThatGrant) {
  LedgerFixture f(3);
  CreateCommand command = CreateOf("r1", 5);
  command.allow_partial = true;
  ASSERT_EQ(Granted(f.Reserve(command)).held(), 3);
  f.Stock(10);
  EXPECT_EQ(Granted(f.Reserve(command)).held(), 3);
}

TEST(CreateReservation, TheSameIdWithAnyOtherContentIsRefused) {
  struct Case {
    const char* field;
    std::function<void(CreateCommand&)> change;
  };
  const Case cases[] = {
      {"quantity", [](CreateCommand& c) { c.lines[0].quantity = 3; }},
      {"position", [](CreateCommand& c) { c.lines[0].position = kThere; }},
      {"more lines", [](CreateCommand& c) { c.lines.push_back({kHere, 1}); }},
      {"fewer lines", [](CreateCommand& c) { c.lines.pop_back(); }},
      {"order of lines", [](CreateCommand& c) { std::swap(c.lines[0], c.lines[1]); }},
      {"ttl", [](CreateCommand& c) { c.ttl += kTick; }},
      {"partial", [](CreateCommand& c) { c.allow_partial = true; }},
      {"channel", [](CreateCommand& c) { c.channel = kWeb; }},
      {"owner", [](CreateCommand& c) { c.owner_reference = "somebody"; }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.field);
    LedgerFixture f(10);
    CreateCommand command = CreateOf("r1", 2);
    command.lines.push_back({kHere, 1});
    Granted(f.Reserve(command));
    c.change(command);
    EXPECT_EQ(ReasonOf(f.Reserve(command)), Reason::kReservationDiffers);
    EXPECT_EQ(f.figures().reserved, 3);
  }
}

// Holds that lapsed but were not cleared yet still stand in the row; a grant on top of them must
// not burst the figure.
TEST(CreateReservation, AtTheLimitOfTheFigureLapsedHoldsAreWaitedForNotRunInto) {
  LedgerFixture f;
  for (int i = 0; i < kFigureMax / kQuantityMax; ++i) f.Stock(kQuantityMax);
  CreateCommand everything = CreateOf("r1", 1);
  everything.lines.assign(static_cast<size_t>(kFigureMax / kQuantityMax), {kHere, kQuantityMax});
  Granted(f.Reserve(everything));
  f.Advance(10 * kMinute);
  everything.id = "r2";
  EXPECT_EQ(ReasonOf(f.Reserve(everything)), Reason::kInsufficientStock);
  ExpireIfDue(f.state, *f.state.FindReservation("r1"));
  EXPECT_EQ(ReasonOf(f.Reserve(everything)), Reason::kNone);
}

}  // namespace
}  // namespace stockd::ledger
