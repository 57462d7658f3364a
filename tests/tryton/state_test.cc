// What the adapter remembers, and how it is configured.
#include <gtest/gtest.h>

#include "adapters/tryton/adapter_config.h"
#include "adapters/tryton/tryton_state.h"
#include "tests/support/temp_directory.h"

namespace stockd::tryton {
namespace {

using std::chrono::seconds;

TEST(TrytonState, EverythingIsThereAfterARestart) {
  const support::TempDirectory folder;
  const auto path = folder.path() / "tryton.sqlite";
  {
    auto state = TrytonState::Open(path);
    ASSERT_TRUE(state.ok()) << state.status();
    TrytonState& first = **state;
    EXPECT_FALSE(first.opening());
    ASSERT_TRUE(first
                    .BeginOpening({.snapshot_id = "opening-1",
                                   .as_of = sdk::Timestamp(seconds(50)),
                                   .sequence_before = 7},
                                  100, {40, 41, 99}, sdk::Timestamp(seconds(49)))
                    .ok());
    EXPECT_FALSE(first.opening()) << "not finished";
    ASSERT_TRUE(first.FinishOpening(9).ok());
    ASSERT_TRUE(
        first.PutSeen({40, 101}, {{.move = 101, .reason = "no code"}}, sdk::Timestamp(seconds(60)))
            .ok());
    ASSERT_TRUE(first.PutProgress("A", "WH", {.booked = 12, .planned = 15}).ok());
    ASSERT_TRUE(first.PutDocument("stockd-12-ab", {.model = "stock.shipment.out", .id = 3}).ok());
  }
  auto state = TrytonState::Open(path);
  ASSERT_TRUE(state.ok()) << state.status();
  TrytonState& again = **state;
  ASSERT_TRUE(again.opening());
  EXPECT_EQ(again.opening()->sequence_before, 7U);
  EXPECT_EQ(again.opening()->sequence_after, 9U);
  EXPECT_EQ(again.opening()->as_of, sdk::Timestamp(seconds(50)));
  EXPECT_EQ(again.cursor(), sdk::Timestamp(seconds(60)));
  for (const int64_t seen : {1, 39, 40, 42, 98, 100, 101}) EXPECT_TRUE(again.IsSeen(seen)) << seen;
  for (const int64_t open : {41, 99, 102}) EXPECT_FALSE(again.IsSeen(open)) << open;
  ASSERT_EQ(again.set_aside().size(), 1U);
  EXPECT_EQ(again.set_aside().front().reason, "no code");
  EXPECT_EQ(again.FindProgress("A", "WH").value()->booked, 12U);
  EXPECT_EQ(again.FindProgress("A", "WH").value()->planned, 15U);
  EXPECT_FALSE(again.FindProgress("A", "S2").value());
  EXPECT_EQ(again.FindDocument("stockd-12-ab").value()->id, 3);
  EXPECT_TRUE(again.IsOwnDocument("stock.shipment.out,3").value());
  EXPECT_FALSE(again.IsOwnDocument("stock.shipment.out,4").value()) << "a copy somebody made";
  EXPECT_FALSE(again.IsOwnDocument("stock.shipment.in,3").value());
  EXPECT_FALSE(again.IsOwnDocument("").value());
  ASSERT_TRUE(again.PutSeen({101}, {}, std::nullopt).ok());
  EXPECT_TRUE(again.set_aside().empty()) << "it was told at last";
}

TEST(TrytonState, TwoAdaptersAtOneFileAreRefused) {
  const support::TempDirectory folder;
  const auto first = TrytonState::Open(folder.path() / "tryton.sqlite");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(TrytonState::Open(folder.path() / "tryton.sqlite").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(TrytonConfig, TheShippedExampleIsFine) {
  const support::TempDirectory folder;
  support::WriteFile(folder.path() / "tryton.password", "secret\n");
  const auto config = ParseAdapterConfig(support::ReadFile("config/adapters/tryton.toml"),
                                         "tryton.toml", folder.path());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->source, "erp");
  EXPECT_EQ(config->access.password.Reveal(), "secret");
}

TEST(TrytonConfig, AllMistakesAreFoundAtOnce) {
  const auto config = ParseAdapterConfig(R"(
source = "erp"
[tryton]
url = "http://127.0.0.1:8000"
database = "a/b"
password = "here"
[booking]
customer_part = "X"
[locations]
WH = "S01"
S2 = "S01"
)",
                                         "t.toml", "/");
  ASSERT_FALSE(config.ok());
  const std::string text(config.status().message());
  for (const char* expected : {"state_directory", "user", "database", "password", "customer_party",
                               "customer_part", "another warehouse"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n" << text;
  }
}

}  // namespace
}  // namespace stockd::tryton
