// A change that is repeated gets its first answer; a request id that is used for something else is
// refused; and what cannot be changed any more says why.
#include <gtest/gtest.h>

#include <functional>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Granted;
using support::kHere;
using support::kHour;
using support::kMinute;
using support::kThere;
using support::LedgerFixture;
using support::ReasonOf;

using ChangeFunction = std::function<ReservationResult(State&, const ChangeHeader&)>;

struct NamedChange {
  const char* name;
  ChangeFunction run;
};

const NamedChange kChanges[] = {
    {"extend",
     [](State& state, const ChangeHeader& h) { return ExtendReservation(state, h, kHour); }},
    {"change",
     [](State& state, const ChangeHeader& h) {
       return ChangeReservation(state, h, {{kHere, 2}, {kThere, 1}});
     }},
    {"move", [](State& state,
                const ChangeHeader& h) { return MoveReservation(state, h, {{kHere, kThere, 1}}); }},
    {"commit",
     [](State& state, const ChangeHeader& h) {
       return CommitReservation(state, h, "order-1", {{kHere, 1}}, Remainder::kKeep);
     }},
    {"release", [](State& state,
                   const ChangeHeader& h) { return ReleaseReservation(state, h, {{kHere, 1}}); }},
};

constexpr char kId[] = "r1";
const ChangeHeader kHeader{.reservation_id = kId, .request_id = "q1", .content = "what is asked"};

LedgerFixture Held() {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  Granted(f.Reserve(kId, 4));
  return f;
}

void ExpectSame(const Reservation& a, const Reservation& b) {
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.lines, b.lines);
  EXPECT_EQ(a.expires_at, b.expires_at);
  EXPECT_EQ(a.order_id, b.order_id);
  EXPECT_EQ(a.version, b.version);
}

TEST(RepeatedRequests, GetTheFirstAnswerWhateverHappenedSince) {
  const std::function<void(LedgerFixture&)> happenings[] = {
      [](LedgerFixture&) {},
      [](LedgerFixture& f) { Granted(f.Change(kId, {{kHere, 9}})); },
      [](LedgerFixture& f) { Granted(f.Release(kId)); },
      [](LedgerFixture& f) { f.Advance(24 * kHour); },
      [](LedgerFixture& f) { f.SellFor(kId, 4); },
  };
  for (const NamedChange& change : kChanges) {
    SCOPED_TRACE(change.name);
    for (const auto& happen : happenings) {
      LedgerFixture f = Held();
      const Reservation first = Granted(change.run(f.state, kHeader));
      happen(f);
      const size_t entries = f.state.journal().size();
      const Sequence version = f.reservation(kId).version;
      ExpectSame(Granted(change.run(f.state, kHeader)), first);
      EXPECT_EQ(f.state.journal().size(), entries);
      EXPECT_EQ(f.reservation(kId).version, version);
    }
  }
}

TEST(RepeatedRequests, TheSameRequestIdWithOtherContentIsRefusedForEveryChange) {
  for (const NamedChange& first : kChanges) {
    for (const NamedChange& second : kChanges) {
      LedgerFixture f = Held();
      Granted(first.run(f.state, kHeader));
      ChangeHeader other = kHeader;
      other.content = "something else";
      const Sequence version = f.reservation(kId).version;
      EXPECT_EQ(ReasonOf(second.run(f.state, other)), Reason::kRequestDiffers)
          << first.name << ", then " << second.name;
      EXPECT_EQ(f.reservation(kId).version, version);
    }
  }
}

TEST(RepeatedRequests, ARefusedChangeIsDecidedAnew) {
  LedgerFixture f(4);
  Granted(f.Reserve(kId, 4));
  const auto grow = [&] { return ChangeReservation(f.state, kHeader, {{kHere, 5}}); };
  ASSERT_EQ(ReasonOf(grow()), Reason::kInsufficientStock);
  f.Stock(1);
  EXPECT_EQ(ReasonOf(grow()), Reason::kNone);
}

TEST(RepeatedRequests, ADifferingRequestComesBeforeEveryOtherFault) {
  LedgerFixture f = Held();
  Granted(ExtendReservation(f.state, kHeader, kHour));
  ChangeHeader other = kHeader;
  other.reservation_id = "no such";
  other.content = "something else";
  EXPECT_EQ(ReasonOf(ExtendReservation(f.state, other, kHour)), Reason::kRequestDiffers);
}

TEST(RefusedChanges, SayWhyTheReservationCannotBeChanged) {
  struct Case {
    Reason expected;
    std::function<void(LedgerFixture&)> before;
  };
  const Case cases[] = {
      {Reason::kReservationReleased, [](LedgerFixture& f) { Granted(f.Release(kId)); }},
      {Reason::kReservationConsumed, [](LedgerFixture& f) { f.SellFor(kId, 4); }},
      {Reason::kReservationExpired, [](LedgerFixture& f) { f.Advance(10 * kMinute); }},
  };
  for (const NamedChange& change : kChanges) {
    SCOPED_TRACE(change.name);
    for (const Case& c : cases) {
      LedgerFixture f = Held();
      c.before(f);
      EXPECT_EQ(ReasonOf(change.run(f.state, kHeader)), c.expected);
    }
    LedgerFixture f = Held();
    ChangeHeader unknown = kHeader;
    unknown.reservation_id = "no such";
    EXPECT_EQ(ReasonOf(change.run(f.state, unknown)), Reason::kReservationUnknown);
  }
}

// Releasing is what one does with an order's units; all else needs held ones.
TEST(RefusedChanges, ACommittedReservationCanOnlyBeReleased) {
  for (const NamedChange& change : kChanges) {
    LedgerFixture f = Held();
    Granted(f.Commit(kId));
    const bool releases = std::string_view(change.name) == "release";
    EXPECT_EQ(ReasonOf(change.run(f.state, kHeader)),
              releases ? Reason::kNone : Reason::kReservationCommitted)
        << change.name;
  }
}

}  // namespace
}  // namespace stockd::ledger
