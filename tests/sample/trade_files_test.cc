#include "adapters/sample/trade_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temp_directory.h"

namespace stockd::sample {
namespace {

using std::chrono::minutes;

constexpr sdk::Timestamp kBegan{std::chrono::hours(490'000)};
constexpr sdk::Timestamp kReal = kBegan + std::chrono::hours(12);

// A receipt of the first till of the first store.
TradeEvent Sale(int64_t number, int64_t at_ms) {
  return {.at_ms = at_ms,
          .what = TillReceipt{.number = number, .lines = {{.item = 0, .quantity = 1}}}};
}

TradeEvent Mishap(TillMishapKind kind, int64_t at_ms) {
  return {.at_ms = at_ms, .what = TillMishap{.kind = kind, .minutes = 30, .number = 9}};
}

class TradeFilesTest : public testing::Test {
 protected:
  TradeFilesTest() { EXPECT_TRUE(directory_.Create().ok()); }

  // Lets everybody have a turn.
  void Drop(int64_t now_ms) {
    EXPECT_TRUE(files_.DropDue(kReal + turn_, now_ms).ok());  // Sets the first turns.
    turn_ += minutes(1);
    EXPECT_TRUE(files_.DropDue(kReal + turn_, now_ms).ok());
  }

  // What the first till has dropped, in the order of names; takes the files away.
  std::vector<std::string> TakeJournals() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.Drop("pos"))) {
      paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> contents;
    for (const std::filesystem::path& path : paths) {
      contents.push_back(support::ReadFile(path));
      std::filesystem::remove(path);
    }
    return contents;
  }

  const support::TempDirectory temp_;
  const SampleDirectory directory_{temp_.path()};
  const World world_{1};
  TradeFiles files_{directory_, world_, kBegan};
  std::chrono::microseconds turn_{0};
};

TEST_F(TradeFilesTest, RowsOfATillShareAFile) {
  files_.Take(Sale(1, 100));
  files_.Take(Sale(2, 200));
  EXPECT_EQ(files_.position_ms(300), 100);
  Drop(300);
  const std::vector<std::string> journals = TakeJournals();
  ASSERT_EQ(journals.size(), 1U);
  EXPECT_NE(journals[0].find("TR01T1-000001"), std::string::npos);
  EXPECT_NE(journals[0].find("TR01T1-000002"), std::string::npos);
  EXPECT_EQ(files_.position_ms(300), 300);
}

// Killed before it was dropped, a held back journal must be written anew.
TEST_F(TradeFilesTest, LateFileIsDroppedLaterAndThePositionWaitsForIt) {
  files_.Take(Mishap(TillMishapKind::kLateFile, 50));
  files_.Take(Sale(1, 100));
  Drop(60'000);
  EXPECT_TRUE(TakeJournals().empty());
  EXPECT_EQ(files_.position_ms(60'000), 100);
  Drop(31 * kMsPerMinute);
  EXPECT_EQ(TakeJournals().size(), 1U);
}

TEST_F(TradeFilesTest, SecondCopyIsTheSameFileAgain) {
  files_.Take(Sale(1, 100));
  Drop(200);
  const std::vector<std::string> first = TakeJournals();
  files_.Take(Mishap(TillMishapKind::kSecondCopy, 300));
  Drop(400);
  EXPECT_EQ(TakeJournals(), first);
}

TEST_F(TradeFilesTest, GarbledRowsAndTypedNumbersStandBetweenTheOthers) {
  files_.Take(Mishap(TillMishapKind::kGarbledRow, 10));
  files_.Take(Mishap(TillMishapKind::kTypedSku, 20));
  Drop(300);
  const std::vector<std::string> journals = TakeJournals();
  ASSERT_EQ(journals.size(), 1U);
  EXPECT_NE(journals[0].find(",one,"), std::string::npos);
  EXPECT_NE(journals[0].find(",MISC,"), std::string::npos);
}

TEST_F(TradeFilesTest, EverythingIsDroppedAtTheEnd) {
  files_.Take(Mishap(TillMishapKind::kLateFile, 50));
  files_.Take(Sale(1, 100));
  files_.Take({.at_ms = 120, .what = Movement{.id = "GR-1", .quantity = 3}});
  files_.Take({.at_ms = 130, .what = OrderLine{.order = "market-1", .quantity = 1}});
  ASSERT_TRUE(files_.DropAll(200).ok());
  EXPECT_EQ(TakeJournals().size(), 1U);
  EXPECT_FALSE(std::filesystem::is_empty(directory_.Drop("erp")));
  EXPECT_FALSE(std::filesystem::is_empty(directory_.Drop("web")));
  EXPECT_EQ(files_.position_ms(200), 200);
}

// An adapter takes a file as soon as its name is a complete one.
TEST_F(TradeFilesTest, NoFileIsLeftHalfWritten) {
  files_.Take(Sale(1, 100));
  ASSERT_TRUE(files_.DropAll(200).ok());
  for (const auto& entry : std::filesystem::directory_iterator(directory_.Drop("pos"))) {
    EXPECT_EQ(entry.path().extension(), ".csv");
  }
}

}  // namespace
}  // namespace stockd::sample
