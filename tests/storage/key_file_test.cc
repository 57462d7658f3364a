#include "daemon/storage/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_directory.h"

namespace stockd::storage {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class KeyFileTest : public testing::Test {
 protected:
  std::string path() const { return KeyPath((folder_.path() / "stock.sqlite").string()); }
  Status Open(KeyFile& file) { return OpenKeyFile(path(), file); }

 private:
  support::TempDirectory folder_;
};

TEST_F(KeyFileTest, IsMadeOnceAndOnlyItsOwnerMayReadIt) {
  KeyFile made;
  ASSERT_TRUE(Open(made).ok());
  EXPECT_TRUE(made.created);
  EXPECT_NE(made.key, SecretKey{});
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::file_size(path()), made.key.size());
  EXPECT_FALSE(fs::exists(path() + ".partial"));
  KeyFile found;
  ASSERT_TRUE(Open(found).ok());
  EXPECT_FALSE(found.created);
  EXPECT_EQ(found.key, made.key);
}

// `stockd --config stockd.toml`, with a database beside it.
TEST_F(KeyFileTest, ABareNameIsInTheCurrentFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(fs::path(path()).parent_path());
  KeyFile made;
  const Status status = OpenKeyFile(KeyPath("bare.sqlite"), made);
  fs::current_path(before);
  EXPECT_TRUE(status.ok()) << status.error;
  EXPECT_TRUE(made.created);
}

TEST_F(KeyFileTest, EachIsAnother) {
  KeyFile first;
  ASSERT_TRUE(Open(first).ok());
  fs::remove(path());
  KeyFile second;
  ASSERT_TRUE(Open(second).ok());
  EXPECT_NE(first.key, second.key);
}

TEST_F(KeyFileTest, IsRefusedWhenOthersMayReadIt) {
  KeyFile file;
  ASSERT_TRUE(Open(file).ok());
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610, 0601}) {
    ASSERT_EQ(chmod(path().c_str(), mode), 0);
    EXPECT_THAT(Open(file).error, HasSubstr("chmod 600")) << mode;
  }
  ASSERT_EQ(chmod(path().c_str(), 0400), 0);
  EXPECT_TRUE(Open(file).ok());
}

TEST_F(KeyFileTest, IsRefusedWhenItIsNoKey) {
  for (const size_t size : {0, 31, 33}) {
    std::ofstream(path(), std::ios::trunc) << std::string(size, 'k');
    ASSERT_EQ(chmod(path().c_str(), 0600), 0);
    KeyFile file;
    const Status status = Open(file);
    EXPECT_THAT(status.error, HasSubstr("damaged")) << size;
    EXPECT_THAT(status.error, testing::Not(HasSubstr("kkk")));
  }
}

// What a crash left behind while the file was made is no key.
TEST_F(KeyFileTest, AHalfMadeOneIsMadeAnew) {
  std::ofstream(path() + ".partial") << "half";
  KeyFile file;
  ASSERT_TRUE(Open(file).ok());
  EXPECT_TRUE(file.created);
  EXPECT_FALSE(fs::exists(path() + ".partial"));
}

TEST_F(KeyFileTest, SaysWhyItCannotBeMade) {
  KeyFile file;
  EXPECT_THAT(OpenKeyFile(path() + "/nowhere/stock.key", file).error,
              HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace stockd::storage
