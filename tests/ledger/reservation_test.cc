#include "daemon/ledger/reservation.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::kHere;

ReservationLine Line(Quantity granted, Quantity held, Quantity committed, Quantity consumed) {
  return {.position = kHere,
          .requested = granted,
          .granted = granted,
          .held = held,
          .committed = committed,
          .consumed = consumed};
}

TEST(Reservation, ItsStateFollowsFromItsLines) {
  struct Case {
    std::vector<ReservationLine> lines;
    ReservationState expected;
  };
  const ReservationState ended = ReservationState::kExpired;
  const Case cases[] = {
      {{Line(4, 4, 0, 0)}, ReservationState::kHeld},
      {{Line(4, 1, 1, 1)}, ReservationState::kHeld},
      {{Line(4, 0, 4, 0), Line(4, 1, 0, 0)}, ReservationState::kHeld},
      {{Line(4, 0, 1, 0)}, ReservationState::kCommitted},
      {{Line(4, 0, 0, 4), Line(4, 0, 1, 3)}, ReservationState::kCommitted},
      {{Line(4, 0, 0, 4)}, ReservationState::kConsumed},
      {{Line(4, 0, 0, 4), Line(0, 0, 0, 0)}, ReservationState::kConsumed},
      {{Line(4, 0, 0, 3)}, ended},
      {{Line(4, 0, 0, 4), Line(4, 0, 0, 0)}, ended},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(DeriveState({.lines = c.lines}, ended), c.expected) << &c - cases;
  }
  EXPECT_EQ(DeriveState({.lines = {Line(1, 0, 0, 0)}}, ReservationState::kReleased),
            ReservationState::kReleased);
}

TEST(Reservation, WhatWasReleasedIsTheRestOfWhatWasGranted) {
  EXPECT_EQ(Line(10, 1, 2, 3).released(), 4);
  EXPECT_EQ(Line(6, 1, 2, 3).released(), 0);
}

TEST(Reservation, AddsUpItsLines) {
  const Reservation reservation{.lines = {Line(4, 3, 1, 0), Line(5, 2, 2, 1)}};
  EXPECT_EQ(reservation.held(), 5);
  EXPECT_EQ(reservation.committed(), 3);
}

TEST(Reservation, TheLastThreeStatesAreFinal) {
  EXPECT_FALSE(IsFinal(ReservationState::kHeld));
  EXPECT_FALSE(IsFinal(ReservationState::kCommitted));
  EXPECT_TRUE(IsFinal(ReservationState::kConsumed));
  EXPECT_TRUE(IsFinal(ReservationState::kReleased));
  EXPECT_TRUE(IsFinal(ReservationState::kExpired));
}

// They stand in databases.
TEST(Reservation, StoredValuesOfStatesDoNotMove) {
  EXPECT_EQ(static_cast<int>(ReservationState::kHeld), 1);
  EXPECT_EQ(static_cast<int>(ReservationState::kCommitted), 2);
  EXPECT_EQ(static_cast<int>(ReservationState::kConsumed), 3);
  EXPECT_EQ(static_cast<int>(ReservationState::kReleased), 4);
  EXPECT_EQ(static_cast<int>(ReservationState::kExpired), 5);
}

}  // namespace
}  // namespace stockd::ledger
