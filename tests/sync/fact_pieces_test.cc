// A large batch goes through the writer in pieces. Nobody may notice, but those who would have had
// to wait for it.
#include <gmock/gmock.h>

#include <memory>
#include <vector>

#include "tests/sync/sync_fixture.h"

namespace stockd::support {
namespace {

using ::testing::ElementsAre;

constexpr int kFacts = 1000;

class FactPieces : public DeviceFixture {
 protected:
  std::vector<v1::Fact> Receipts(const std::string& prefix) {
    std::vector<v1::Fact> facts;
    for (int i = 1; i <= kFacts; ++i) {
      facts.push_back(FactOf(prefix + std::to_string(i), "till-1", static_cast<uint64_t>(i)));
      facts.back().set_kind(v1::FACT_KIND_RECEIPT);
    }
    return facts;
  }

  std::future<sync::IntakeResult> Begin(SourceId source, uint64_t number,
                                        const std::vector<v1::Fact>& facts) {
    v1::FactBatch batch;
    batch.set_batch(number);
    for (const v1::Fact& fact : facts) *batch.add_facts() = fact;
    auto taken = std::make_shared<std::promise<sync::IntakeResult>>();
    sync::TakeFacts(engine(), devices(), records(), source, std::move(batch),
                    [this, taken](engine::CommitOutcome outcome, const sync::IntakeResult& result) {
                      outcomes.push_back(outcome);
                      taken->set_value(result);
                    });
    return taken->get_future();
  }

  std::vector<engine::CommitOutcome> outcomes;
};

TEST_F(FactPieces, AreAcknowledgedTogether) {
  std::vector<v1::Fact> facts = Receipts("f");
  facts[3].set_sku("NOBODY");
  facts[700].set_sku("NOBODY");
  facts[999] = facts[0];
  const sync::IntakeResult result = Take(facts);
  EXPECT_EQ(result.applied, kFacts - 3);
  EXPECT_EQ(result.duplicates, 1);
  ASSERT_EQ(result.set_aside.size(), 2U);
  EXPECT_EQ(result.set_aside[0].index, 3);
  EXPECT_EQ(result.set_aside[1].index, 700);
  ASSERT_EQ(result.devices.size(), 1U);
  EXPECT_EQ(result.devices[0].complete_until(), 999U);
  const auto source = engine().catalogue().Source(kTill);
  EXPECT_EQ(source->batch_acknowledged, 1U);
  EXPECT_EQ(source->facts_applied, kFacts - 3);
}

// Whatever order the numbers have within the batch, they are no gap.
TEST_F(FactPieces, NumbersThatArriveTogetherAreNoGap) {
  std::vector<v1::Fact> facts = Receipts("f");
  std::ranges::reverse(facts);
  std::swap(facts[1], facts[900]);
  Take(facts);
  EXPECT_TRUE(alarms.empty());
}

TEST_F(FactPieces, ACallerGoesBeforeFactsThatCameEarlier) {
  store().Close();
  (void)Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(store().WaitForCommit());
  std::vector<std::future<sync::IntakeResult>> batches;
  for (uint64_t number = 1; number <= 4; ++number) {
    batches.push_back(Begin(kTill, number, Receipts(std::to_string(number) + "-")));
  }
  auto call = Submit([](engine::UnitOfWork& unit) { return unit.position(kHere).row.on_hand; });
  store().Open();
  EXPECT_EQ(call.get().result, 0);
  for (auto& batch : batches) EXPECT_EQ(batch.get().applied, kFacts);
  EXPECT_EQ(LevelAt(kHere).on_hand, 4 * kFacts);
}

TEST_F(FactPieces, AnotherSourceDoesNotWaitForTheWholeBatch) {
  store().Close();
  (void)Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(store().WaitForCommit());
  auto bulk = Begin(kErp, 1, Receipts("bulk-"));
  auto sale = Begin(kTill, 1, {FactOf("sale", "till-1", 1)});
  store().Open();
  ASSERT_EQ(bulk.get().applied, kFacts);
  ASSERT_EQ(sale.get().applied, 1);
  // The sale was recorded behind the first piece.
  const auto recorded = Do([](engine::UnitOfWork& unit) { return unit.FindFact(kTill, "sale"); });
  const auto last = Do([](engine::UnitOfWork& unit) { return unit.FindFact(kErp, "bulk-1000"); });
  EXPECT_LT(recorded.result->sequence, last.result->sequence);
}

TEST_F(FactPieces, AFailedCommitIsToldOnce) {
  store().FailWith("disk full");
  Begin(kTill, 1, Receipts("f")).get();
  Do([](engine::UnitOfWork&) { return true; });  // Behind the other pieces.
  EXPECT_THAT(outcomes, ElementsAre(engine::CommitOutcome::kFailed));
}

// A queue without room for all of them takes none.
TEST_F(FactPieces, AFullQueueTakesNoPart) {
  options.queue_max = 3;
  Reopen();
  EXPECT_EQ(Begin(kTill, 1, Receipts("f")).get().applied, 0);
  EXPECT_THAT(outcomes, ElementsAre(engine::CommitOutcome::kBusy));
  EXPECT_EQ(LevelAt(kHere).on_hand, 0);
}

}  // namespace
}  // namespace stockd::support
