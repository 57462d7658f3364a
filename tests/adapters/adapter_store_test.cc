// What an adapter must not forget: over crashes, and within its bounds.
#include "adapters/sdk/adapter_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/scripted_daemon.h"
#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using adapters_test::MakeFact;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AdapterStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<AdapterStore> Open(int64_t facts_max = 100) {
    auto store = AdapterStore::Open(path(), facts_max);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }
  std::filesystem::path path() const { return folder_.path() / "state.sqlite"; }

  static std::vector<std::string> Ids(AdapterStore& store, int64_t after = 0) {
    std::vector<std::string> ids;
    const auto facts = store.FactsAfter(after, 100);
    for (const auto& stored : *facts) {
      ids.push_back(stored.fact.event_id());
    }
    return ids;
  }

  support::TempDirectory folder_;
};

TEST_F(AdapterStoreTest, FactsStayInOrderUntilTheyAreRemovedAndOutliveTheProcess) {
  {
    const auto store = Open();
    ASSERT_TRUE(store->Add({MakeFact("a"), MakeFact("b")}, {}).ok());
    ASSERT_TRUE(store->Add({MakeFact("c")}, {}).ok());
    const auto facts = store->FactsAfter(0, 1).value();
    ASSERT_EQ(facts.size(), 1u);
    ASSERT_TRUE(store->RemoveUpTo(facts[0].number).ok());
    EXPECT_EQ(store->backlog().depth, 2);
  }
  const auto store = Open();
  EXPECT_THAT(Ids(*store), ElementsAre("b", "c"));
  EXPECT_EQ(store->backlog().depth, 2);
  EXPECT_EQ(store->backlog().oldest->seconds(), 1'300'000'000);
}

// Half a receipt in the outbox would be told twice when the source tells it again.
TEST_F(AdapterStoreTest, AFullOutboxTakesNothingOfWhatDoesNotFit) {
  const auto store = Open(/*facts_max=*/3);
  ASSERT_TRUE(store->Add({MakeFact("a"), MakeFact("b")}, {}).ok());
  const absl::Status full = store->Add({MakeFact("c"), MakeFact("d")}, {.place_name = "journal"});
  EXPECT_TRUE(absl::IsResourceExhausted(full)) << full;
  EXPECT_THAT(std::string(full.message()), HasSubstr("full"));
  EXPECT_THAT(Ids(*store), ElementsAre("a", "b"));
  EXPECT_EQ(store->Get("journal").value(), std::nullopt);
  ASSERT_TRUE(store->RemoveUpTo(1).ok());
  EXPECT_TRUE(store->Add({MakeFact("c"), MakeFact("d")}, {}).ok());
}

TEST_F(AdapterStoreTest, ThePlaceInTheJournalIsKeptWithTheFacts) {
  {
    const auto store = Open();
    ASSERT_TRUE(store->Add({MakeFact("a")}, {.place_name = "journal", .place = "offset 17"}).ok());
  }
  EXPECT_EQ(Open()->Get("journal").value(), "offset 17");
}

// The lines of one receipt share its number; a gap would be an alarm in the daemon.
TEST_F(AdapterStoreTest, DevicesCountTheirReceiptsWithoutGapsOverRestarts) {
  const auto numbers = [](AdapterStore& store) {
    std::vector<std::string> found;
    const auto facts = store.FactsAfter(0, 100);
    for (const auto& stored : *facts) {
      found.push_back(stored.fact.device() + ":" + std::to_string(stored.fact.device_sequence()));
    }
    return found;
  };
  {
    const auto store = Open(/*facts_max=*/5);
    ASSERT_TRUE(store->Add({MakeFact("a/1"), MakeFact("a/2")}, {.device = "till-1"}).ok());
    ASSERT_TRUE(store->Add({MakeFact("b/1")}, {.device = "till-2"}).ok());
    ASSERT_FALSE(store->Add(std::vector<v1::Fact>(9, MakeFact("x")), {.device = "till-1"}).ok());
  }
  const auto store = Open();
  ASSERT_TRUE(store->Add({MakeFact("c/1")}, {.device = "till-1"}).ok());
  EXPECT_THAT(numbers(*store), ElementsAre("till-1:1", "till-1:1", "till-2:1", "till-1:2"));
}

// Or else the acknowledgement of an earlier fact would take a later one away.
TEST_F(AdapterStoreTest, NumbersGrowWhileTheFileIsOpen) {
  const auto store = Open();
  ASSERT_TRUE(store->Add({MakeFact("a")}, {}).ok());
  ASSERT_TRUE(store->RemoveUpTo(1).ok());
  ASSERT_TRUE(store->Add({MakeFact("b")}, {}).ok());
  EXPECT_EQ(store->FactsAfter(0, 1).value()[0].number, 2);
  EXPECT_THAT(Ids(*store, /*after=*/1), ElementsAre("b"));
}

}  // namespace
}  // namespace stockd::sdk
