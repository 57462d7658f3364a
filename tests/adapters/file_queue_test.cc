#include "adapters/sdk/file_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

class FileQueueTest : public ::testing::Test {
 protected:
  FileQueue Open() { return FileQueue::Open(drop(), ".rejected.csv").value(); }
  fs::path drop() const { return folder_.path() / "drop"; }

  support::TempDirectory folder_;
};

TEST_F(FileQueueTest, OnlyCompleteFilesWait) {
  FileQueue queue = Open();
  for (const char* name : {"b.csv", "a.csv", ".hidden.csv", "c.csv.tmp", "d.part"}) {
    support::WriteFile(drop() / name, "x");
  }
  fs::create_directory(drop() / "folder.csv");
  EXPECT_THAT(queue.Waiting().value(), ElementsAre("a.csv", "b.csv"));
}

TEST_F(FileQueueTest, AFileIsClaimedOnce) {
  FileQueue queue = Open();
  support::WriteFile(drop() / "a.csv", "x");
  EXPECT_TRUE(queue.Claim("a.csv").value());
  EXPECT_FALSE(queue.Claim("a.csv").value());
  EXPECT_THAT(queue.Waiting().value(), IsEmpty());
  EXPECT_THAT(queue.Claimed().value(), ElementsAre("a.csv"));
}

// Or else the second one would overwrite the first in the middle of its work.
TEST_F(FileQueueTest, AFileWaitsWhileOneOfItsNameIsInWork) {
  FileQueue queue = Open();
  support::WriteFile(drop() / "a.csv", "first");
  ASSERT_TRUE(queue.Claim("a.csv").value());
  support::WriteFile(drop() / "a.csv", "second");
  EXPECT_FALSE(queue.Claim("a.csv").value());
  EXPECT_EQ(support::ReadFile(queue.WorkPath("a.csv")), "first");
}

TEST_F(FileQueueTest, AFinishedFileHasItsSummaryAndRejectedRowsBesideIt) {
  FileQueue queue = Open();
  support::WriteFile(drop() / "a.csv", "x");
  ASSERT_TRUE(queue.Claim("a.csv").value());
  support::WriteFile(queue.RejectedPath("a.csv"), "bad");
  ASSERT_TRUE(queue.Finish("a.csv", queue.FinalName("a.csv"), "{}").ok());
  EXPECT_EQ(support::ReadFile(drop() / "done/a.csv"), "x");
  EXPECT_EQ(support::ReadFile(drop() / "done/a.csv.summary.json"), "{}");
  EXPECT_EQ(support::ReadFile(drop() / "done/a.csv.rejected.csv"), "bad");
  EXPECT_THAT(queue.Claimed().value(), IsEmpty());
  // After a crash in the middle the same steps are taken again.
  EXPECT_TRUE(queue.Finish("a.csv", "a.csv", "{}").ok());
}

TEST_F(FileQueueTest, ALaterFileOfTheSameNameDoesNotReplaceTheFirst) {
  FileQueue queue = Open();
  for (const char* content : {"first", "second"}) {
    support::WriteFile(drop() / "a.csv", content);
    ASSERT_TRUE(queue.Claim("a.csv").value());
    ASSERT_TRUE(queue.Finish("a.csv", queue.FinalName("a.csv"), "{}").ok());
  }
  EXPECT_EQ(support::ReadFile(drop() / "done/a.csv"), "first");
  int csv_files = 0;
  for (const auto& entry : fs::directory_iterator(drop() / "done")) {
    csv_files += entry.path().extension() == ".csv" ? 1 : 0;
  }
  EXPECT_EQ(csv_files, 2);
}

TEST_F(FileQueueTest, AFailedFileSaysWhyAndWhatToDo) {
  FileQueue queue = Open();
  support::WriteFile(drop() / "a.csv", "x");
  ASSERT_TRUE(queue.Claim("a.csv").value());
  ASSERT_TRUE(queue.Fail("a.csv", "these columns are missing: sku").ok());
  EXPECT_TRUE(fs::exists(drop() / "failed/a.csv"));
  const std::string text = support::ReadFile(drop() / "failed/a.csv.error.txt");
  EXPECT_THAT(text, HasSubstr("these columns are missing: sku"));
  EXPECT_THAT(text, HasSubstr("move the file back"));
}

TEST_F(FileQueueTest, ASecondAdapterOnTheSameFolderIsRefused) {
  const FileQueue queue = Open();
  const auto second = FileQueue::Open(drop(), ".rejected.csv");
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another adapter serves"));
}

}  // namespace
}  // namespace stockd::sdk
