// The daemon refuses to start where it could do harm, and says what to do.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/system/daemon_fixture.h"

namespace stockd::system_test {
namespace {

namespace fs = std::filesystem;

using support::ExitStatus;
using support::In;
using support::ReadFile;
using support::WriteFile;

constexpr uid_t kNobody = 65534;

class StartUp : public DaemonFixture {
 protected:
  // A database with a little stock in it, and nobody using it.
  void MakeDatabase() {
    ASSERT_NO_FATAL_FAILURE(StartDaemon());
    ASSERT_NO_FATAL_FAILURE(Deliver(PutNames(100, 2), 5));
    ASSERT_NO_FATAL_FAILURE(StopDaemon());
  }

  // Starts the daemon, which must end with exit code 1; what it said meanwhile.
  static std::string Refusal(support::DaemonProcess& daemon) {
    const size_t before = daemon.log().size();
    daemon.Launch();
    const auto exit = daemon.process().WaitForExit(In());
    EXPECT_EQ(exit, ExitStatus{.code = 1}) << daemon.log();
    return daemon.log().substr(before);
  }

  static void ExpectSays(const std::string& log, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      EXPECT_NE(log.find(word), std::string::npos) << "\"" << word << "\" is not in:\n" << log;
    }
  }
};

TEST_F(StartUp, ASecondDaemonOnTheSameDatabaseIsTurnedAwayAndTheFirstGoesOn) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const support::TempDirectory other_folder;
  support::DaemonProcess other({.folder = other_folder.path(), .database = daemon_.database()});
  ExpectSays(Refusal(other), {daemon_.database().string(), "in use by process",
                              std::to_string(daemon_.process().pid()), "stop the other one first"});
  EXPECT_EQ(client_.Health(), "SERVING");
}

TEST_F(StartUp, ASecondDaemonOnTheSamePortIsTurnedAway) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::string config = ReadFile(folder_.path() / "stockd.toml");
  const support::TempDirectory other_folder;
  support::DaemonProcess other({.folder = other_folder.path()});
  std::string other_config = ReadFile(other_folder.path() / "stockd.toml");
  other_config.replace(other_config.find(other.address()), other.address().size(),
                       daemon_.address());
  WriteFile(other_folder.path() / "stockd.toml", other_config);
  ExpectSays(Refusal(other), {"cannot listen on " + daemon_.address(), "server.listen"});
}

// The lock belongs to the process, not to a file that a crash leaves behind.
TEST_F(StartUp, AfterAKillTheDatabaseIsNotTakenForLocked) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  daemon_.Kill();
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
}

TEST_F(StartUp, ADatabaseOfANewerVersionIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(MakeDatabase());
  // The four bytes of `PRAGMA user_version`, big-endian at offset 60 of the file.
  std::fstream file(daemon_.database(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(60);
  file.write("\x00\x00\x03\xe7", 4);
  file.close();
  const std::string before = ReadFile(daemon_.database());
  ExpectSays(Refusal(daemon_), {daemon_.database().string(), "999", "newer"});
  EXPECT_TRUE(ReadFile(daemon_.database()) == before) << "the file was changed";
}

TEST_F(StartUp, ATruncatedDatabaseIsRefused) {
  ASSERT_NO_FATAL_FAILURE(MakeDatabase());
  fs::resize_file(daemon_.database(), fs::file_size(daemon_.database()) / 2);
  ExpectSays(Refusal(daemon_), {daemon_.database().string(), "backup"});
}

TEST_F(StartUp, AFileThatIsNoDatabaseIsRefusedAndLeftAsItIs) {
  const std::string letter(10'000, 'x');
  WriteFile(daemon_.database(), letter);
  ExpectSays(Refusal(daemon_), {daemon_.database().string(), "not"});
  EXPECT_TRUE(ReadFile(daemon_.database()) == letter) << "the file was changed";
}

TEST_F(StartUp, AMissingFolderIsNamed) {
  const fs::path missing = folder_.path() / "missing";
  support::DaemonProcess daemon({.folder = folder_.path(), .database = missing / "stockd.sqlite"});
  ExpectSays(Refusal(daemon), {missing.string(), "does not exist", "Create it"});
}

// A privileged user may write everywhere, so another one is needed to see it.
TEST_F(StartUp, AFolderThatMayNotBeWrittenToIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "needs to be root, to run the daemon as another user";
  ASSERT_NO_FATAL_FAILURE(MakeDatabase());
  fs::permissions(folder_.path(),
                  fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  daemon_.set_user(kNobody);
  ExpectSays(Refusal(daemon_), {folder_.path().string(), "read-only", "right to write"});
}

TEST_F(StartUp, ADatabaseThatMayNotBeWrittenToIsNamed) {
  if (geteuid() != 0) GTEST_SKIP() << "needs to be root, to run the daemon as another user";
  ASSERT_NO_FATAL_FAILURE(MakeDatabase());
  fs::permissions(folder_.path(), fs::perms::all);
  fs::permissions(daemon_.database().string() + ".lock", fs::perms::all);
  fs::permissions(daemon_.database(), fs::perms::owner_read | fs::perms::others_read);
  daemon_.set_user(kNobody);
  ExpectSays(Refusal(daemon_), {daemon_.database().string(), "read-only"});
}

}  // namespace
}  // namespace stockd::system_test
