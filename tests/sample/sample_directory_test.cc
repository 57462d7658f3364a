#include "adapters/sample/sample_directory.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/sample/opening.h"
#include "tests/support/temp_directory.h"

namespace stockd::sample {
namespace {

TEST(SampleDirectory, OpeningMakesTheErpsFilesOnce) {
  const support::TempDirectory temp;
  const SampleDirectory directory(temp.path());
  ASSERT_TRUE(OpenSample(directory, 3).ok());
  const std::filesystem::path items = directory.Drop("erp") / "items.csv";
  ASSERT_TRUE(std::filesystem::exists(items));
  std::filesystem::remove(items);  // As the adapter does when it has taken it.
  const auto again = OpenSample(directory, std::nullopt);
  ASSERT_TRUE(again.ok());
  EXPECT_NE(again->find("goes on"), std::string::npos) << *again;
  EXPECT_FALSE(std::filesystem::exists(items));
}

TEST(SampleDirectory, AnotherSeedIsRefusedWithWhatToDo) {
  const support::TempDirectory temp;
  const SampleDirectory directory(temp.path());
  ASSERT_TRUE(OpenSample(directory, 3).ok());
  const auto other = OpenSample(directory, 4);
  EXPECT_TRUE(absl::IsFailedPrecondition(other.status()));
  EXPECT_NE(other.status().message().find("--fresh"), std::string_view::npos);
}

// Facts older than the daemon's look-back would all end up in quarantine.
TEST(SampleDirectory, AnOldSampleIsRefusedWithWhatToDo) {
  const support::TempDirectory temp;
  const SampleDirectory directory(temp.path());
  ASSERT_TRUE(directory.Create().ok());
  const SampleStory story{.seed = 1, .began_at = sdk::Timestamp(std::chrono::hours(24))};
  ASSERT_TRUE(story.Save(directory).ok());
  const auto opened = OpenSample(directory, std::nullopt);
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_NE(opened.status().message().find("--fresh"), std::string_view::npos);
}

TEST(SampleDirectory, StoryAndPositionComeBackAsTheyWere) {
  const support::TempDirectory temp;
  const SampleDirectory directory(temp.path());
  EXPECT_TRUE(absl::IsNotFound(SampleStory::Load(directory).status()));
  EXPECT_EQ(*TradePosition::Load(directory), 0);
  const SampleStory story{.seed = 9, .began_at = sdk::Timestamp(std::chrono::milliseconds(1234))};
  ASSERT_TRUE(story.Save(directory).ok());
  ASSERT_TRUE(TradePosition::Save(directory, 77).ok());
  EXPECT_EQ(SampleStory::Load(directory)->seed, 9U);
  EXPECT_EQ(SampleStory::Load(directory)->began_at, story.began_at);
  EXPECT_EQ(*TradePosition::Load(directory), 77);
}

TEST(SampleDirectory, DamagedFilesAreNamed) {
  const support::TempDirectory temp;
  const SampleDirectory directory(temp.path());
  support::WriteFile(temp.path() / "sample.json", "{");
  const auto story = SampleStory::Load(directory);
  EXPECT_TRUE(absl::IsInvalidArgument(story.status()));
  EXPECT_NE(story.status().message().find("sample.json"), std::string_view::npos);
}

}  // namespace
}  // namespace stockd::sample
