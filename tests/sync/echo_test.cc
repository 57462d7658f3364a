// Levels of the daemon that come back from a source change nothing, whatever else happened there
// and wherever the exchange broke off.
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using storage::AbsoluteRule;

// 5 on hand, and the shop shows them; 12 arrive, so that 17 are on their way to the shop.
class Echoes : public WebShopFixture {
 protected:
  void SetUp() override {
    WebShopFixture::SetUp();
    Begin();
  }

  void Begin() {
    Elsewhere(EntryKind::kReceipt, 5);
    Settle();
    ASSERT_EQ(shop.figure, 5);
    Elsewhere(EntryKind::kReceipt, 12);
    ASSERT_TRUE(Send());
    ASSERT_EQ(on_its_way->levels.size(), 1u);
    ASSERT_EQ(on_its_way->levels[0].level.available, 17);
    ASSERT_EQ(on_its_way->levels[0].expected, 5);
  }

  // The shop sells one behind the write and says 16, in whatever words.
  void ExpectSixteenOnce() {
    EXPECT_EQ(on_hand(), 16);
    Settle();
    EXPECT_EQ(TellSnapshot("again", shop.figure, shop.version).changed, 0);
    EXPECT_EQ(on_hand(), 16);
    EXPECT_EQ(shop.figure, 16);
  }
};

TEST_F(Echoes, ALevelThatIsAcknowledgedAndComesBackChangesNothing) {
  Deliver();
  Acknowledge();
  EXPECT_EQ(TellSnapshot("s1", 17, 0).changed, 0);
  EXPECT_EQ(TellCount("c1", 17, 0).applied, 0);
  EXPECT_EQ(on_hand(), 17);
}

TEST_F(Echoes, ALevelThatComesBackBeforeItsAcknowledgementIsAnEcho) {
  Deliver();
  const auto told = TellSnapshot("s1", 17, 0);
  EXPECT_EQ(told.changed, 0);
  EXPECT_EQ(told.echoes, 1);
  Acknowledge();
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(Shadow().known, 17);
  EXPECT_EQ(Shadow().pending, std::nullopt);
}

// The example of the design: a real sale between the write and what the source tells.
TEST_F(Echoes, ASaleBetweenTheWriteAndTheReportCountsOnce) {
  Deliver();
  ASSERT_TRUE(shop.Sell(1));
  EXPECT_EQ(TellSnapshot("s1", 16, 0).changed, 1);
  Acknowledge();
  ExpectSixteenOnce();
}

TEST_F(Echoes, ASaleToldAsACountBehindTheAcknowledgementCountsOnce) {
  Deliver();
  Acknowledge();
  ASSERT_TRUE(shop.Sell(1));
  EXPECT_EQ(TellCount("c1", 16, shop.version).applied, 1);
  EXPECT_EQ(TellCount("c1", 16, shop.version).duplicates, 1);
  ExpectSixteenOnce();
}

TEST_F(Echoes, ASaleIsCountedOnceWhenTheDaemonEndedBeforeTheAcknowledgement) {
  Deliver();
  ASSERT_TRUE(shop.Sell(1));
  Restart();
  EXPECT_EQ(TellSnapshot("s1", 16, 0).changed, 1);
  ExpectSixteenOnce();
}

TEST_F(Echoes, ALevelThatNeverArrivedIsSentAgainAfterARestart) {
  Restart();
  EXPECT_EQ(TellSnapshot("s1", 5, 0).changed, 0);
  EXPECT_EQ(on_hand(), 17);
  Settle();
  EXPECT_EQ(shop.figure, 17);
  EXPECT_EQ(on_hand(), 17);
}

TEST_F(Echoes, ALevelWrittenUnderALostAnswerIsNotASaleWhenANewerOneMeetsIt) {
  Deliver();
  Restart();
  Elsewhere(EntryKind::kReceipt, 3);
  Settle();
  EXPECT_EQ(on_hand(), 20);
  EXPECT_EQ(shop.figure, 20);
}

// 17 stays on its way when a session breaks off, and is sent once more in place of 20, with a
// cursor that is behind both.
class Overtaken : public Echoes {
 protected:
  void SetUp() override {
    Echoes::SetUp();
    Connect();
    Elsewhere(EntryKind::kReceipt, 3);
    ASSERT_TRUE(Send());
    ASSERT_EQ(on_its_way->levels[0].level.available, 17);
    Deliver();
    ASSERT_EQ(shop.figure, 17);
  }
  void ExpectTwenty() {
    Settle();
    EXPECT_EQ(shop.figure, 20);
    EXPECT_EQ(on_hand(), 20);
    EXPECT_FALSE(Shadow().is_owed());
    EXPECT_TRUE(records().shadows.Pending(kTill).empty());
  }
};

TEST_F(Overtaken, ANewerLevelIsSentAlthoughTheOlderOneWasToldBeforeItsAnswerWasLost) {
  EXPECT_EQ(TellSnapshot("s1", 17, shop.version).echoes, 1);
  Connect();
  ExpectTwenty();
}

TEST_F(Overtaken, ANewerLevelIsSentAlthoughADeltaToldTheOlderOneAndTheDaemonEnded) {
  EXPECT_EQ(TellDelta("d1", v1::FACT_KIND_ADJUSTMENT, 12, shop.version).echoes, 1);
  Restart();
  ExpectTwenty();
}

TEST_F(Overtaken, ANewerLevelIsSentAlthoughTheSessionEndedBehindTheAnswerToTheOlderOne) {
  Acknowledge();
  Restart();
  ExpectTwenty();
}

// Nothing moves that could make a newer level.
TEST_F(Echoes, ALevelIsSentAlthoughTheSessionEndedBehindTheConflictOfAnAuditedSource) {
  Configure(AbsoluteRule::kAudit, /*echoes=*/true);
  ASSERT_TRUE(shop.Sell(2));
  Deliver();
  Acknowledge();
  EXPECT_EQ(on_hand(), 17);
  Restart();
  Settle();
  EXPECT_EQ(shop.figure, 17);
  EXPECT_FALSE(Shadow().is_owed());
}

TEST_F(Echoes, AConflictIsWhatHappenedInTheSourceOnce) {
  ASSERT_TRUE(shop.Sell(2));
  Deliver();  // It shows 3 and not 5.
  Acknowledge();
  EXPECT_EQ(on_hand(), 15);
  Settle();
  EXPECT_EQ(shop.figure, 15);
  EXPECT_EQ(TellSnapshot("s1", 15, shop.version).changed, 0);
  EXPECT_EQ(on_hand(), 15);
}

// The report equals the level by chance, though it was never written: the conflict corrects that.
TEST_F(Echoes, AReportThatEqualsAnUnwrittenLevelByChanceIsCorrectedByTheConflict) {
  Deliver();
  Acknowledge();
  Elsewhere(EntryKind::kSale, 1);
  ASSERT_TRUE(Send());
  ASSERT_TRUE(shop.Sell(1));
  EXPECT_EQ(TellSnapshot("s1", 16, 0).echoes, 1);
  Deliver();
  Acknowledge();
  EXPECT_EQ(on_hand(), 15);
  Settle();
  EXPECT_EQ(shop.figure, 15);
}

TEST_F(Echoes, TheVersionTellsTheBaseWhereTheFiguresCannot) {
  // 16 with the old version: eleven came back in the shop before it was told 17.
  EXPECT_EQ(TellSnapshot("s1", 16, shop.version).changed, 1);
  EXPECT_EQ(on_hand(), 28);
}

TEST_F(Echoes, AReportFromBeforeAWrittenLevelTellsNothing) {
  const Sequence before = shop.version;
  Deliver();
  Acknowledge();
  EXPECT_EQ(TellSnapshot("s1", 5, before).changed, 0);
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(Shadow().known, 17);
}

TEST_F(Echoes, ADeltaThatNamesItsLevelIsAnEchoAndAnotherIsNot) {
  Deliver();
  const auto echo = TellDelta("d1", v1::FACT_KIND_ADJUSTMENT, 7, shop.version);
  EXPECT_EQ(echo.applied, 0);
  EXPECT_EQ(echo.duplicates, 1);
  EXPECT_EQ(echo.echoes, 1);
  Acknowledge();
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(TellDelta("d2", v1::FACT_KIND_ADJUSTMENT, -2).applied, 1);
  EXPECT_EQ(on_hand(), 15);
}

TEST_F(Echoes, AnAdjustmentByExactlyWhatWasSentIsAnEcho) {
  Deliver();
  EXPECT_EQ(TellDelta("d1", v1::FACT_KIND_ADJUSTMENT, 12).echoes, 1);
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(Shadow().known, 17);
  // What it adjusts by itself afterwards is real.
  EXPECT_EQ(TellDelta("d2", v1::FACT_KIND_ADJUSTMENT, 12).applied, 1);
  EXPECT_EQ(on_hand(), 29);
}

TEST_F(Echoes, ASaleToldAsAFactIsNotFoundAgainInTheFigure) {
  Deliver();
  Acknowledge();
  ASSERT_TRUE(shop.Sell(3));
  EXPECT_EQ(TellDelta("sale", v1::FACT_KIND_SALE, 3).applied, 1);
  EXPECT_EQ(TellSnapshot("s1", 14, shop.version).changed, 0);
  EXPECT_EQ(on_hand(), 14);
}

TEST_F(Echoes, ACountThatToldNothingIsKnownWhenItIsRepeated) {
  Deliver();
  Acknowledge();
  EXPECT_EQ(TellCount("c1", 17, 0).applied, 0);
  Elsewhere(EntryKind::kSale, 4);
  Settle();
  EXPECT_EQ(TellCount("c1", 17, 0).duplicates, 1);
  EXPECT_EQ(on_hand(), 13);
  EXPECT_EQ(reader().Verify(10).drift_count, 0);
}

TEST_F(Echoes, AFirstReportOnlySetsTheBase) {
  BeginWith("NEW");
  Elsewhere(EntryKind::kReceipt, 8);
  EXPECT_EQ(TellSnapshot("s1", 3, 0).changed, 0);
  EXPECT_EQ(on_hand(), 8);
  EXPECT_EQ(TellSnapshot("s2", 2, 0).changed, 1);
  EXPECT_EQ(on_hand(), 7);
}

// An ERP that is the authority and stores the levels it is sent.
TEST_F(Echoes, ASnapshotOfAnAuthorityThatOnlyRepeatsTheLevelChangesNothing) {
  Configure(AbsoluteRule::kCount, /*echoes=*/true);
  Deliver();
  const auto told = TellSnapshot("s1", 17, 0);
  EXPECT_EQ(told.unchanged, 1);
  EXPECT_EQ(told.echoes, 1);
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(TellSnapshot("s2", 11, 0).changed, 1);
  EXPECT_EQ(on_hand(), 11);
}

TEST_F(Echoes, AnAuditedSourceIsComparedAndNeverApplied) {
  Configure(AbsoluteRule::kAudit);
  EXPECT_EQ(TellSnapshot("s1", 2, 0).overtaken, 1);
  EXPECT_EQ(TellCount("c1", 2, 0).applied, 0);
  EXPECT_EQ(on_hand(), 17);
}

// Its conflict changes nothing here, so no change of ours would bring the level again.
TEST_F(Echoes, AnAuditedSourceIsWrittenOverWhatItShows) {
  Configure(AbsoluteRule::kAudit, /*echoes=*/true);
  ASSERT_TRUE(shop.Sell(1));
  Deliver();
  Acknowledge();
  EXPECT_EQ(on_hand(), 17);
  EXPECT_EQ(Shadow().known, 4);
  Settle();
  EXPECT_EQ(shop.figure, 17);
  EXPECT_EQ(on_hand(), 17);
}

}  // namespace
}  // namespace stockd::support
