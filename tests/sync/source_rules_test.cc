// What a source may tell, by location; and what becomes of a rule that changes.
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using ledger::Reason;
using storage::AbsoluteRule;

constexpr LocationId kFirst{1};
constexpr LocationId kSecond{2};

uint32_t Bit(EntryKind kind) { return 1U << static_cast<uint32_t>(kind); }

TEST(SourceRights, ASourceWithoutRulesMayTellEverything) {
  const sync::SourceRights rights;
  EXPECT_TRUE(rights.plain());
  EXPECT_FALSE(rights.tracked());
  EXPECT_EQ(rights.Refusal(EntryKind::kCount, kFirst, ""), Reason::kNone);
  EXPECT_EQ(rights.AbsoluteAt(kFirst), AbsoluteRule::kCount);
}

TEST(SourceRights, TheRuleOfTheLocationStandsBeforeThatOfAllAndTheConfiguredOne) {
  const sync::SourceRights configured({.absolute = AbsoluteRule::kAudit}, false, {});
  EXPECT_EQ(configured.AbsoluteAt(kFirst), AbsoluteRule::kAudit);
  EXPECT_TRUE(configured.compares_all());
  const sync::SourceRights rights({.absolute = AbsoluteRule::kAudit}, false,
                                  {{.location = kFirst, .absolute = AbsoluteRule::kDiff},
                                   {.location = kNoLocation, .absolute = AbsoluteRule::kCount}});
  EXPECT_EQ(rights.AbsoluteAt(kFirst), AbsoluteRule::kDiff);
  EXPECT_EQ(rights.AbsoluteAt(kSecond), AbsoluteRule::kCount);
  EXPECT_TRUE(rights.tracked());
  EXPECT_FALSE(rights.compares_some());
}

TEST(SourceRights, RefusesWhatIsOutsideThemWithTheReason) {
  const sync::SourceRights rights(
      {}, false,
      {{.location = kFirst, .kinds = Bit(EntryKind::kSale), .channels = {"web"}},
       {.location = kSecond, .closed = true}});
  EXPECT_EQ(rights.Refusal(EntryKind::kSale, kFirst, "web"), Reason::kNone);
  EXPECT_EQ(rights.Refusal(EntryKind::kSale, kFirst, "app"), Reason::kChannelNotAllowed);
  EXPECT_EQ(rights.Refusal(EntryKind::kReceipt, kFirst, ""), Reason::kKindNotAllowed);
  EXPECT_EQ(rights.Refusal(EntryKind::kSale, kSecond, "web"), Reason::kLocationNotAllowed);
  EXPECT_EQ(rights.Refusal(EntryKind::kReceipt, LocationId{3}, ""), Reason::kNone);
}

class SourceRules : public WebShopFixture {
 protected:
  void Put(const storage::SourceRule& rule, bool remove = false) {
    ASSERT_EQ(Do([&](engine::UnitOfWork& unit) {
                records().ChangeRule(unit, rule, remove, "note");
                return true;
              }).outcome,
              engine::CommitOutcome::kCommitted);
  }
};

TEST_F(SourceRules, ARuleThatWasPutHoldsThroughARestartAndItsChangesAreKept) {
  const storage::SourceRule rule{.source = kTill,
                                 .location = kFirst,
                                 .absolute = AbsoluteRule::kAudit,
                                 .kinds = Bit(EntryKind::kSale),
                                 .channels = {"web", "app"}};
  Put(rule);
  Restart();
  EXPECT_EQ(records().rules.Of(kTill)->At(kFirst), rule);
  EXPECT_EQ(records().rules.Of(kTill)->AbsoluteAt(kSecond), AbsoluteRule::kDiff);
  Put(rule, /*remove=*/true);
  Put(rule, /*remove=*/true);  // There is nothing left to remove, and nothing to record.
  Restart();
  EXPECT_EQ(records().rules.Of(kTill)->AbsoluteAt(kFirst), AbsoluteRule::kDiff);
  const auto changes = reader().ListSourceRuleChanges(kTill, 1'000, 10).rows;
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_TRUE(changes[0].removed);
  EXPECT_EQ(changes[0].rule, rule);
  EXPECT_FALSE(changes[1].removed);
  EXPECT_EQ(changes[1].note, "note");
  EXPECT_EQ(changes[1].changed_at, clock.Now());
}

TEST_F(SourceRules, AFactThatWasTakenBeforeTheRuleIsARepetitionAndNoOffence) {
  EXPECT_EQ(TellDelta("r1", v1::FACT_KIND_RECEIPT, 5).applied, 1);
  Put({.source = kTill, .location = kFirst, .closed = true});
  const auto repeated = TellDelta("r1", v1::FACT_KIND_RECEIPT, 5);
  EXPECT_EQ(repeated.duplicates, 1);
  EXPECT_TRUE(repeated.set_aside.empty());
  const auto refused = TellDelta("r2", v1::FACT_KIND_RECEIPT, 5);
  ASSERT_EQ(refused.set_aside.size(), 1u);
  EXPECT_EQ(refused.set_aside[0].reason, Reason::kLocationNotAllowed);
  EXPECT_EQ(TellSnapshot("s1", 3, 0).set_aside, 1);
  EXPECT_EQ(on_hand(), 5);
}

// What was known of a source from an earlier time is no base for differences.
TEST_F(SourceRules, ASourceThatIsFollowedAnewBeginsWithWhatItSaysThen) {
  Elsewhere(EntryKind::kReceipt, 5);
  Settle();
  Put({.source = kTill, .absolute = AbsoluteRule::kCount});
  Elsewhere(EntryKind::kReceipt, 20);
  Put({.source = kTill}, /*remove=*/true);
  EXPECT_EQ(TellSnapshot("s1", 25, 0).changed, 0);
  EXPECT_EQ(on_hand(), 25);
}

TEST_F(SourceRules, EachRowOfASnapshotIsTreatedByTheRuleOfItsLocation) {
  Put({.source = kTill, .location = kFirst, .absolute = AbsoluteRule::kCount});
  EXPECT_EQ(TellSnapshot("s1", 9, 0).changed, 1);
  EXPECT_EQ(on_hand(), 9);
  Put({.source = kTill, .location = kFirst, .absolute = AbsoluteRule::kAudit});
  EXPECT_EQ(TellSnapshot("s2", 2, 0).overtaken, 1);
  EXPECT_EQ(on_hand(), 9);
}

}  // namespace
}  // namespace stockd::support
