#include "adapters/sdk/state_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>

#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using ::testing::HasSubstr;

class StateStoreTest : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "state.sqlite"; }

  support::TempDirectory folder_;
};

TEST_F(StateStoreTest, ValuesOutliveTheProcess) {
  {
    const auto store = StateStore::Open(path()).value();
    ASSERT_TRUE(store->Put("levels", "17").ok());
    ASSERT_TRUE(store->Put("levels", "18").ok());
    ASSERT_TRUE(store->Put("file:a.csv", "{}").ok());
    ASSERT_TRUE(store->Remove("file:a.csv").ok());
    ASSERT_TRUE(store->Remove("never there").ok());
  }
  const auto store = StateStore::Open(path()).value();
  EXPECT_EQ(store->Get("levels").value(), "18");
  EXPECT_EQ(store->Get("file:a.csv").value(), std::nullopt);
}

// Two adapters with one state file would each overwrite what the other remembers.
TEST_F(StateStoreTest, ASecondUserIsRefused) {
  const auto store = StateStore::Open(path()).value();
  const auto second = StateStore::Open(path());
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another adapter"));
}

TEST_F(StateStoreTest, AFileThatIsNoDatabaseIsRefusedWithAdvice) {
  support::WriteFile(path(), std::string(4096, 'x'));
  const auto store = StateStore::Open(path());
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("move it away"));
}

TEST_F(StateStoreTest, AFileFromANewerVersionIsRefused) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "PRAGMA user_version = 99", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  const auto store = StateStore::Open(path());
  EXPECT_TRUE(absl::IsFailedPrecondition(store.status()));
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("newer version"));
}

}  // namespace
}  // namespace stockd::sdk
