// Facts and levels of items that are made of others.
#include "daemon/sync/bundle_facts.h"

#include <gtest/gtest.h>

#include <map>

#include "daemon/sync/level_cursor.h"
#include "tests/engine/engine_fixture.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using ledger::FactOutcome;
using ledger::FactResult;
using ledger::Reason;

constexpr ItemId kGift{3};
constexpr PositionKey kGiftHere{.item = kGift, .location = LocationId{1}};
constexpr PositionKey kGiftThere{.item = kGift, .location = LocationId{2}};

// A gift is 2 mugs and 1 tea.
class BundleFacts : public EngineFixture {
 protected:
  void SetUp() override {
    EngineFixture::SetUp();
    Do([](engine::UnitOfWork& unit) {
      unit.store().SaveItem(unit.catalogue().PutItem({.sku = "GIFT", .unit = "piece"}));
      return true;
    });
    PutParts({{.item = ItemId{1}, .quantity = 2}, {.item = ItemId{2}, .quantity = 1}});
  }

  void PutParts(const engine::Bundles::Parts& parts) {
    Do([&](engine::UnitOfWork& unit) {
      unit.bundles().Put(kGift, parts);
      unit.store().SaveBundle(kGift, parts);
      return true;
    });
  }

  FactOutcome TellGift(const ledger::Fact& fact) {
    return Do([&](engine::UnitOfWork& unit) {
             return sync::ApplyFactOrParts(unit, fact, options.fact_limits,
                                           ledger::LateFacts::kRefuse);
           })
        .result;
  }
  ledger::Fact Gift(EntryKind kind, Quantity quantity) {
    return NewFact(kind, quantity, clock.Now(), kGiftHere);
  }
};

TEST_F(BundleFacts, ASaleMovesTheParts) {
  Stock(10);
  Stock(10, kOtherItem);
  ASSERT_EQ(TellGift(Gift(EntryKind::kSale, 3)).result, FactResult::kApplied);
  EXPECT_EQ(available(), 4);
  EXPECT_EQ(available(kOtherItem), 7);
  ASSERT_EQ(TellGift(Gift(EntryKind::kReturn, 1)).result, FactResult::kApplied);
  EXPECT_EQ(available(), 6);
  EXPECT_EQ(available(kOtherItem), 8);
  ASSERT_EQ(TellGift(Gift(EntryKind::kAdjustment, -1)).result, FactResult::kApplied);
  EXPECT_EQ(available(), 4);
  EXPECT_EQ(available(kOtherItem), 7);
  EXPECT_FALSE(engine().index().Find(kGiftHere, engine().Now())) << "it has no stock of its own";
}

TEST_F(BundleFacts, ARepetitionIsRecognisedAsAWhole) {
  Stock(10);
  Stock(10, kOtherItem);
  const ledger::Fact sale = Gift(EntryKind::kSale, 1);
  ASSERT_EQ(TellGift(sale).result, FactResult::kApplied);
  EXPECT_EQ(TellGift(sale).result, FactResult::kDuplicate);
  Reopen();
  EXPECT_EQ(TellGift(sale).result, FactResult::kDuplicate);
  EXPECT_EQ(available(), 8);
  EXPECT_EQ(available(kOtherItem), 9);
  ledger::Fact other = sale;
  other.quantity = 2;
  EXPECT_EQ(TellGift(other).refusal.reason, Reason::kEventDiffers);
  // With other parts by now it cannot be told whether it is the same.
  PutParts({{.item = ItemId{2}, .quantity = 1}});
  EXPECT_EQ(TellGift(sale).refusal.reason, Reason::kEventDiffers);
  EXPECT_EQ(available(kOtherItem), 9);
}

// A source may choose its ids so that they look like those of parts: none that it can tell does.
TEST_F(BundleFacts, NoToldIdIsTakenForThatOfAPart) {
  Stock(10);
  Stock(10, kOtherItem);
  ledger::Fact sale = Gift(EntryKind::kSale, 1);
  for (const char* id : {"x#1", "x/1", "x1", "x1F1"}) {
    ledger::Fact hostile = NewFact(EntryKind::kSale, 1, clock.Now(), kOtherItem);
    hostile.event_id = id;
    ASSERT_EQ(Tell(hostile).result, FactResult::kApplied);
  }
  sale.event_id = "x";
  EXPECT_EQ(TellGift(sale).result, FactResult::kApplied);
  EXPECT_EQ(available(kOtherItem), 5);
}

TEST_F(BundleFacts, AnIdThatAPlainFactHasUsedIsRefusedWhole) {
  Stock(10);
  Stock(10, kOtherItem);
  const ledger::Fact plain = NewFact(EntryKind::kSale, 2, clock.Now());
  ASSERT_EQ(Tell(plain).result, FactResult::kApplied);
  ledger::Fact gift = Gift(EntryKind::kSale, 1);
  gift.event_id = plain.event_id;
  EXPECT_EQ(TellGift(gift).refusal.reason, Reason::kEventDiffers);
  EXPECT_EQ(available(), 8);
  EXPECT_EQ(available(kOtherItem), 10);
}

TEST_F(BundleFacts, OneThatDoesNotFitOnePartMovesNone) {
  Stock(10);
  ASSERT_EQ(Do([](engine::UnitOfWork& unit) {
              unit.position(kOtherItem).row.on_hand = -kFigureMax;
              return sync::ApplyFactOrParts(unit,
                                            {.source = kTill,
                                             .event_id = "full",
                                             .kind = EntryKind::kSale,
                                             .position = kGiftHere,
                                             .quantity = 1,
                                             .occurred_at = unit.now()},
                                            {}, ledger::LateFacts::kRefuse)
                  .refusal.reason;
            }).result,
            Reason::kFigureOverflow);
  EXPECT_EQ(available(), 10);
  EXPECT_EQ(TellGift(Gift(EntryKind::kSale, kQuantityMax)).refusal.reason,
            Reason::kQuantityOutOfRange);
  ledger::Fact late = Gift(EntryKind::kSale, 1);
  late.occurred_at = clock.Now() - options.fact_limits.look_back - kTick;
  EXPECT_EQ(TellGift(late).refusal.reason, Reason::kOccurredTooLongAgo);
  EXPECT_EQ(available(), 10);
}

TEST_F(BundleFacts, ACountIsRefused) {
  EXPECT_EQ(TellGift(Gift(EntryKind::kCount, 5)).refusal.reason, Reason::kBundleNotCounted);
}

TEST_F(BundleFacts, TheLevelIsWhatThePartsAllow) {
  EXPECT_FALSE(LevelAt(kGiftHere).ranged);
  Stock(7);
  EXPECT_EQ(available(kGiftHere), 0);
  Stock(2, kOtherItem);
  EXPECT_EQ(available(kGiftHere), 2);
  EXPECT_EQ(LevelAt(kGiftHere).version, std::max(LevelAt().version, LevelAt(kOtherItem).version));
  Reserve("r", 5);
  EXPECT_EQ(available(kGiftHere), 1);
  EXPECT_EQ(LevelAt(kGiftHere).on_hand, 2);
  clock.Advance(2 * kMinute);
  EXPECT_EQ(available(kGiftHere), 2) << "the hold lapsed";
  ASSERT_EQ(TellGift(Gift(EntryKind::kSale, 9)).result, FactResult::kApplied);
  EXPECT_EQ(available(kGiftHere), 0) << "never below 0";
  EXPECT_EQ(available(kGiftThere), 0);
}

// Takes messages until there is nothing more to tell.
void Drain(sync::LevelCursor& cursor, size_t limit, std::map<PositionKey, Quantity>& shown) {
  sync::LevelCursor::Levels next;
  while (cursor.Next(limit, next)) {
    std::map<PositionKey, Quantity> message;
    for (const engine::Level& level : next.levels) {
      EXPECT_TRUE(message.emplace(level.position, level.available).second) << "twice in a message";
      shown[level.position] = level.available;
    }
  }
}

TEST_F(BundleFacts, AFeedTellsTheBundleWhenAPartChanges) {
  Stock(4);
  Stock(4, kOtherItem);
  for (const size_t limit : {1, 2, 3, 1000}) {
    std::map<PositionKey, Quantity> shown;
    sync::LevelCursor cursor(engine(), [] { return sync::FeedScope{}; }, 0);
    Drain(cursor, limit, shown);
    EXPECT_EQ(shown[kGiftHere], available(kGiftHere));
    EXPECT_EQ(shown.size(), 3U);
    Stock(2);
    Stock(1, kOtherItem);
    Drain(cursor, limit, shown);
    EXPECT_EQ(shown[kGiftHere], available(kGiftHere));
    EXPECT_EQ(shown[kHere], available());
  }
}

TEST_F(BundleFacts, AFeedMayBeAboutTheBundleAlone) {
  std::map<PositionKey, Quantity> shown;
  sync::LevelCursor cursor =
      sync::LevelCursor::ChangesOnly(engine(), [] { return sync::FeedScope{.items = {kGift}}; });
  Stock(4);
  Stock(4, kOtherItem);
  Drain(cursor, 1000, shown);
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(shown[kGiftHere], 2);
}

TEST_F(BundleFacts, AreKnownAfterARestart) {
  Stock(4);
  Stock(4, kOtherItem);
  Reopen();
  EXPECT_EQ(available(kGiftHere), 2);
  PutParts({});
  Reopen();
  EXPECT_FALSE(LevelAt(kGiftHere).ranged);
}

}  // namespace
}  // namespace stockd::support
