// Levels that a source refuses are tried again with growing pauses, a bounded number of times, and
// never hold up the others.
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);

std::optional<sync::LevelProblem> Answer(v1::LevelOutcome outcome) {
  return sync::LevelProblem{.outcome = outcome, .reason = "because"};
}
std::optional<sync::LevelProblem> Throttled() { return Answer(v1::LEVEL_OUTCOME_RETRY); }
std::optional<sync::LevelProblem> NoArticle() { return Answer(v1::LEVEL_OUTCOME_REFUSED); }

class RefusedLevels : public WebShopFixture {
 protected:
  // A level is sent, and answered so.
  void SendAndRefuse(std::optional<sync::LevelProblem> (*answer)()) {
    ASSERT_TRUE(Send());
    Deliver(answer);
    Acknowledge();
  }
  storage::RefusedLevel Refused() {
    const auto levels = records().refused.List(kTill);
    return levels.empty() ? storage::RefusedLevel{} : levels.front();
  }
};

TEST_F(RefusedLevels, AThrottledLevelIsSentAgainAfterItsPause) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(Throttled);
  EXPECT_EQ(Refused().attempts, 1);
  EXPECT_EQ(Refused().reason, "because");
  ASSERT_TRUE(Refused().retry_at.has_value());
  EXPECT_GE(*Refused().retry_at, clock.Now() + kSecond * 3 / 4);
  EXPECT_LE(*Refused().retry_at, clock.Now() + kSecond * 5 / 4);
  EXPECT_FALSE(Send());
  clock.Advance(kSecond * 2);
  Settle();
  EXPECT_EQ(shop.figure, 5);
  EXPECT_EQ(records().refused.Count(kTill), 0);
  EXPECT_TRUE(reader().ListRefusedLevels().empty());
}

TEST_F(RefusedLevels, PausesGrowAndAttemptsEnd) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(Throttled);
  Duration before{};
  for (int attempt = 1; attempt < sync::RefusedLevels::kAttemptsMax; ++attempt) {
    ASSERT_TRUE(Refused().retry_at.has_value()) << attempt;
    const Duration pause = *Refused().retry_at - clock.Now();
    EXPECT_LE(pause, std::chrono::minutes(5) * 5 / 4);
    if (attempt < 8) EXPECT_GT(pause, before) << attempt;
    before = pause;
    clock.Advance(pause);
    SendAndRefuse(Throttled);
  }
  EXPECT_EQ(Refused().attempts, sync::RefusedLevels::kAttemptsMax);
  EXPECT_FALSE(Refused().retry_at.has_value());
  clock.Advance(kHour);
  EXPECT_FALSE(Send());
}

TEST_F(RefusedLevels, WhatWasRefusedForGoodIsSentWhenItsLevelChanges) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(NoArticle);
  EXPECT_FALSE(Refused().retry_at.has_value());
  clock.Advance(kHour);
  EXPECT_FALSE(Send());
  Elsewhere(ledger::EntryKind::kReceipt, 1);
  Settle();
  EXPECT_EQ(shop.figure, 6);
  EXPECT_EQ(records().refused.Count(kTill), 0);
}

TEST_F(RefusedLevels, SomebodyWhoAsksHasThemSentAtOnce) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(NoArticle);
  EXPECT_EQ(Do([this](engine::UnitOfWork& unit) {
              return records().refused.RetryNow(unit, kTill, {});
            }).result,
            1);
  Settle();
  EXPECT_EQ(shop.figure, 5);
}

TEST_F(RefusedLevels, AreRememberedThroughARestart) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(Throttled);
  const storage::RefusedLevel before = Refused();
  Restart();
  EXPECT_EQ(Refused(), before);
  clock.Advance(kSecond * 2);
  Settle();
  EXPECT_EQ(shop.figure, 5);
}

// The adapter resumes behind the update, so its cursor alone would never bring the level again.
TEST_F(RefusedLevels, ALevelWhoseRefusalWasLostIsSentAgainInTheNextSession) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  ASSERT_TRUE(Send());
  Deliver(Throttled);
  Connect();
  Settle();
  EXPECT_EQ(shop.figure, 5);
}

TEST_F(RefusedLevels, ALevelThatWasNotWrittenIsNoBaseForDifferences) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  Settle();
  Elsewhere(ledger::EntryKind::kReceipt, 12);
  SendAndRefuse(NoArticle);
  EXPECT_EQ(Shadow().pending, std::nullopt);
  EXPECT_EQ(TellSnapshot("s1", 4, 0).changed, 1);
  EXPECT_EQ(on_hand(), 16);
}

// An adapter that calls a figure a conflict that is none must not be answered at once for ever.
TEST_F(RefusedLevels, AConflictWithTheExpectedFigureIsTriedAgainAfterAPause) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  Settle();
  Elsewhere(ledger::EntryKind::kReceipt, 1);
  ASSERT_TRUE(Send());
  Deliver([] {
    return std::optional(
        sync::LevelProblem{.outcome = v1::LEVEL_OUTCOME_CONFLICT, .found = 5, .reason = "so"});
  });
  Acknowledge();
  EXPECT_FALSE(Send());
  EXPECT_EQ(on_hand(), 6);
  clock.Advance(kSecond * 2);
  Settle();
  EXPECT_EQ(shop.figure, 6);
}

// A busy item must not be written to a throttled shop at each of its changes.
TEST_F(RefusedLevels, WithinThePauseNothingIsSentHoweverOftenTheLevelChanges) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  SendAndRefuse(Throttled);
  for (int i = 0; i < 5; ++i) {
    Elsewhere(ledger::EntryKind::kReceipt, 1);
    if (Send()) EXPECT_TRUE(on_its_way->levels.empty());
    Deliver();
    Acknowledge();
  }
  EXPECT_EQ(shop.figure, 0);
  clock.Advance(kSecond * 2);
  Settle();
  EXPECT_EQ(shop.figure, 10);
}

// Eshopbox Central-Backlog#333, woocommerce-square PR#185: each correction made another one.
class Corrections : public RefusedLevels {
 protected:
  // A day with a shop that answers each level with another figure than was expected. How often it
  // was written to.
  int ADayOfConflicts() {
    int messages = 0;
    for (int minute = 0; minute < 24 * 60; ++minute) {
      clock.Advance(kMinute);
      while (Send()) {
        messages += on_its_way->levels.empty() ? 0 : 1;
        Deliver([this] {
          return std::optional(sync::LevelProblem{.outcome = v1::LEVEL_OUTCOME_CONFLICT,
                                                  .found = figure_ += 7,
                                                  .reason = "changed meanwhile"});
        });
        Acknowledge();
        EXPECT_LT(messages, 1000);
        if (messages >= 1000) return messages;
      }
    }
    return messages;
  }

  static constexpr int kMessagesMax = sync::RefusedLevels::kAttemptsMax + 1;
  Quantity figure_ = 0;
};

TEST_F(Corrections, ThatEachMakeAnotherOneComeToAnEnd) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  Settle();
  Elsewhere(ledger::EntryKind::kReceipt, 1);
  EXPECT_LE(ADayOfConflicts(), kMessagesMax);
  EXPECT_FALSE(Refused().retry_at.has_value());
  EXPECT_NE(Refused().reason.find("each time"), std::string::npos) << Refused().reason;
  const Quantity stands = on_hand();
  EXPECT_EQ(ADayOfConflicts(), 0) << "it was given up";
  EXPECT_EQ(on_hand(), stands);
  // Something happens elsewhere: it is tried anew, and has an end again.
  Elsewhere(ledger::EntryKind::kReceipt, 1);
  EXPECT_LE(ADayOfConflicts(), kMessagesMax);
  EXPECT_FALSE(Refused().retry_at.has_value());
}

TEST_F(Corrections, TheFirstOnesAreMadeAtOnce) {
  Elsewhere(ledger::EntryKind::kReceipt, 50);
  Settle();
  for (int round = 0; round < 3; ++round) {
    Elsewhere(ledger::EntryKind::kReceipt, 1);
    ASSERT_TRUE(Send());
    // A customer was faster, each time.
    for (int i = 0; i < sync::RefusedLevels::kConflictsAtOnce; ++i) {
      ASSERT_TRUE(shop.Sell(1));
      Deliver();
      Acknowledge();
      ASSERT_TRUE(Send()) << "round " << round << " conflict " << i;
    }
    Deliver();
    Acknowledge();
    EXPECT_EQ(records().refused.Count(kTill), 0);
    EXPECT_EQ(shop.figure, on_hand());
  }
}

TEST_F(Corrections, SomebodyWhoAsksHasThemTriedAnew) {
  Elsewhere(ledger::EntryKind::kReceipt, 5);
  Settle();
  Elsewhere(ledger::EntryKind::kReceipt, 1);
  ADayOfConflicts();
  Do([this](engine::UnitOfWork& unit) { return records().refused.RetryNow(unit, kTill, {}); });
  // What it shows now is taken once more for what happened there, and then it is written.
  Settle();
  EXPECT_EQ(shop.figure, on_hand());
  EXPECT_EQ(records().refused.Count(kTill), 0);
}

}  // namespace
}  // namespace stockd::support
