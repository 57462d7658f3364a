#include "adapters/files/level_file.h"

#include <absl/synchronization/mutex.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"

namespace stockd::files {
namespace {

using support::kPatience;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kHeader = "sku,location,on_hand,available,version\n";

struct LevelSpec {
  std::string sku;
  int64_t on_hand = 0;
  uint64_t version = 1;
};

v1::LevelUpdate MakeUpdate(uint64_t cursor, const std::vector<LevelSpec>& levels,
                           bool caught_up = true) {
  v1::LevelUpdate update;
  update.set_cursor(cursor);
  update.set_caught_up(caught_up);
  for (const LevelSpec& spec : levels) {
    v1::Level* level = update.add_levels();
    level->set_sku(spec.sku);
    level->set_location("S01");
    level->set_on_hand(spec.on_hand);
    level->set_available(spec.on_hand);
    level->set_version(spec.version);
  }
  return update;
}

// A store in memory that looks at the file whenever the cursor is stored.
class WatchingStore final : public sdk::StateStore {
 public:
  explicit WatchingStore(std::filesystem::path level_file) : level_file_(std::move(level_file)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view name) override {
    const absl::MutexLock lock(&mutex_);
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }
  absl::Status Put(std::string_view name, std::string_view value) override {
    const absl::MutexLock lock(&mutex_);
    files_at_put_.push_back(support::ReadFile(level_file_));
    if (refuses_) return absl::ResourceExhaustedError("disk full");
    values_.insert_or_assign(std::string(name), std::string(value));
    return absl::OkStatus();
  }
  absl::Status Remove(std::string_view) override { return absl::OkStatus(); }

  std::vector<std::string> files_at_put() {
    const absl::MutexLock lock(&mutex_);
    return files_at_put_;
  }
  void set_refuses(bool refuses) {
    const absl::MutexLock lock(&mutex_);
    refuses_ = refuses;
  }

 private:
  const std::filesystem::path level_file_;
  absl::Mutex mutex_;
  bool refuses_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::string, std::less<>> values_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> files_at_put_ ABSL_GUARDED_BY(mutex_);
};

class LevelFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<LevelFile> Open(int64_t positions_max = 1000) {
    auto file = LevelFile::Open({.path = path(),
                                 .write_interval = std::chrono::milliseconds(0),
                                 .positions_max = positions_max},
                                &store_)
                    .value();
    file->Start([this](uint64_t cursor) {
      const absl::MutexLock lock(&mutex_);
      acknowledged_.push_back(cursor);
    });
    return file;
  }

  static bool Tell(LevelFile& file, const v1::LevelUpdate& update) {
    file.OnLevels(update);
    return file.WaitUntilWritten(kPatience, {});
  }

  std::filesystem::path path() const { return folder_.path() / "levels.csv"; }
  std::string Content() const { return support::ReadFile(path()); }
  std::vector<uint64_t> acknowledged() {
    const absl::MutexLock lock(&mutex_);
    return acknowledged_;
  }

  support::TempDirectory folder_;
  WatchingStore store_{path()};
  absl::Mutex mutex_;
  std::vector<uint64_t> acknowledged_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(LevelFileTest, LevelsAreWrittenInOrderOfTheirPositions) {
  const auto file = Open();
  EXPECT_EQ(file->BeginLevels(), 0u);
  ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"B", 2}, {"A, large", 1}})));
  EXPECT_EQ(Content(), std::string(kHeader) + "\"A, large\",S01,1,1,1\nB,S01,2,2,1\n");
}

// A cursor that is newer than the file would lose the levels between the two for ever.
TEST_F(LevelFileTest, TheCursorIsStoredOnlyOnceTheFileShowsItsLevels) {
  const auto file = Open();
  file->BeginLevels();
  ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"A", 1}})));
  ASSERT_TRUE(Tell(*file, MakeUpdate(6, {{"A", 2, 2}})));
  file->Stop();
  EXPECT_THAT(store_.files_at_put(), ElementsAre(std::string(kHeader) + "A,S01,1,1,1\n",
                                                 std::string(kHeader) + "A,S01,2,2,2\n"));
  EXPECT_THAT(acknowledged(), ElementsAre(5, 6));
}

TEST_F(LevelFileTest, NothingIsAcknowledgedWhileTheCursorCannotBeStored) {
  store_.set_refuses(true);
  const auto file = Open();
  file->BeginLevels();
  file->OnLevels(MakeUpdate(5, {{"A", 1}}));
  EXPECT_FALSE(file->WaitUntilWritten(std::chrono::milliseconds(50), {}));
  EXPECT_THAT(acknowledged(), IsEmpty());
  store_.set_refuses(false);
  EXPECT_TRUE(file->WaitUntilWritten(kPatience, {}));
}

TEST_F(LevelFileTest, OlderVersionsAreIgnored) {
  const auto file = Open();
  file->BeginLevels();
  ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"A", 9, 3}})));
  ASSERT_TRUE(Tell(*file, MakeUpdate(6, {{"A", 1, 2}})));
  EXPECT_EQ(Content(), std::string(kHeader) + "A,S01,9,9,3\n");
}

TEST_F(LevelFileTest, ARestartGoesOnFromTheCursorWithTheSameLevels) {
  {
    const auto file = Open();
    file->BeginLevels();
    ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"A", 1}, {"B", 2}})));
  }
  const auto file = Open();
  EXPECT_EQ(file->BeginLevels(), 5u);
  ASSERT_TRUE(Tell(*file, MakeUpdate(6, {{"B", 3, 2}})));
  EXPECT_EQ(Content(), std::string(kHeader) + "A,S01,1,1,1\nB,S01,3,3,2\n");
}

TEST_F(LevelFileTest, AMissingOrChangedFileAsksForAllLevelsAgain) {
  {
    const auto file = Open();
    file->BeginLevels();
    ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"A", 1}, {"B", 2}})));
  }
  support::WriteFile(path(), std::string(kHeader) + "A,S01,100,100,9\nGONE,S01,1,1,1\n");
  {
    const auto file = Open();
    EXPECT_EQ(file->BeginLevels(), 0u);
    // What was tampered with is corrected although its version looks newer, and what the daemon
    // does not know goes.
    ASSERT_TRUE(Tell(*file, MakeUpdate(5, {{"A", 1}, {"B", 2}})));
    EXPECT_EQ(Content(), std::string(kHeader) + "A,S01,1,1,1\nB,S01,2,2,1\n");
  }
  std::filesystem::remove(path());
  const auto file = Open();
  EXPECT_EQ(file->BeginLevels(), 0u);
}

TEST_F(LevelFileTest, ALeftOverDraftIsNoLevelFile) {
  support::WriteFile(path().string() + ".tmp", "half a li");
  const auto file = Open();
  EXPECT_EQ(file->BeginLevels(), 0u);
  ASSERT_TRUE(Tell(*file, MakeUpdate(1, {{"A", 1}})));
  EXPECT_EQ(Content(), std::string(kHeader) + "A,S01,1,1,1\n");
}

TEST_F(LevelFileTest, NoLevelsMakeAFileWithItsHeader) {
  const auto file = Open();
  file->BeginLevels();
  ASSERT_TRUE(Tell(*file, MakeUpdate(1, {})));
  EXPECT_EQ(Content(), kHeader);
}

TEST_F(LevelFileTest, MorePositionsThanTheLimitAreSaidAndNotAcknowledged) {
  const auto file = Open(/*positions_max=*/1);
  file->BeginLevels();
  ASSERT_TRUE(Tell(*file, MakeUpdate(1, {{"A", 1}})));
  file->OnLevels(MakeUpdate(2, {{"B", 1}}));
  file->OnLevels(MakeUpdate(3, {{"A", 5, 2}}));
  EXPECT_TRUE(absl::IsResourceExhausted(file->failure()));
  file->Stop();
  EXPECT_THAT(acknowledged(), ElementsAre(1));
}

}  // namespace
}  // namespace stockd::files
