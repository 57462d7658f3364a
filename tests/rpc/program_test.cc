// The program as a person or a service manager starts it.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd::support {
namespace {

constexpr int kPatienceMs = std::chrono::milliseconds(kPatience).count();

CommandResult RunStockd(const std::vector<std::string>& arguments) {
  return RunCommand(BuiltProgram("daemon/stockd"), arguments);
}

class Program : public testing::Test {
 protected:
  void SetUp() override {
    WriteFile(config_path(),
              "[server]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n");
  }

  std::string config_path() const { return (folder_.path() / "stockd.toml").string(); }
  ProcessOptions Options() const {
    return {.program = BuiltProgram("daemon/stockd"),
            .arguments = {"--config", config_path()},
            .output = folder_.path() / "out",
            .error_output = folder_.path() / "log"};
  }
  bool WaitForReadyLine() const {
    return WaitUntil(In(), [this] {
      return ReadFile(folder_.path() / "out").starts_with("stockd listening on 127.0.0.1:");
    });
  }

  TempDirectory folder_;
};

TEST_F(Program, HelpNamesEveryOptionAndExitCode) {
  const CommandResult help = RunStockd({"--help"});
  EXPECT_EQ(help.exit.code, 0);
  for (const char* text : {"--config", "--check-config", "--version", "Exit codes", "SIGTERM"}) {
    EXPECT_NE(help.output.find(text), std::string::npos) << text;
  }
}

TEST_F(Program, VersionIsOneLine) {
  const CommandResult version = RunStockd({"--version"});
  EXPECT_EQ(version.exit.code, 0);
  EXPECT_TRUE(version.output.starts_with("stockd 0.")) << version.output;
}

TEST_F(Program, AWrongCommandLineEndsWithTwo) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"--confg", "x"},
                                                    {"--config"},
                                                    {"--config", config_path(), "more"}}) {
    const CommandResult result = RunStockd(arguments);
    EXPECT_EQ(result.exit.code, 2);
    EXPECT_NE(result.error_output.find("--help"), std::string::npos) << result.error_output;
  }
}

TEST_F(Program, AConfigurationIsCheckedWithoutTouchingAnything) {
  EXPECT_EQ(RunStockd({"--config", config_path(), "--check-config"}).exit.code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "stockd.sqlite"));
  WriteFile(config_path(), "[server]\nlissen = \"127.0.0.1:0\"\n");
  const CommandResult wrong = RunStockd({"--config", config_path(), "--check-config"});
  EXPECT_EQ(wrong.exit.code, 2);
  EXPECT_NE(wrong.error_output.find("stockd.toml:2"), std::string::npos) << wrong.error_output;
  EXPECT_NE(wrong.error_output.find("listen"), std::string::npos) << wrong.error_output;
  EXPECT_EQ(RunStockd({"--config", config_path()}).exit.code, 2);
}

TEST_F(Program, WhatKeepsItFromStartingEndsWithOne) {
  WriteFile(folder_.path() / "stockd.sqlite", std::string(8192, 'x'));
  const CommandResult result = RunStockd({"--config", config_path()});
  EXPECT_EQ(result.exit.code, 1);
  EXPECT_NE(result.error_output.find("cannot start"), std::string::npos) << result.error_output;
  EXPECT_EQ(result.output, "");
}

TEST_F(Program, StopsInGoodOrderOnEitherSignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    std::filesystem::remove(folder_.path() / "out");
    Process process(Options());
    ASSERT_TRUE(WaitForReadyLine()) << ReadFile(folder_.path() / "log");
    process.Signal(signal);
    EXPECT_EQ(process.WaitForExit(In()), (ExitStatus{.code = 0}));
    // The log was moved into the database.
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "stockd.sqlite-wal"));
  }
}

TEST_F(Program, TellsTheServiceManagerWhenItIsReadyAndWhenItStops) {
  const std::string path = (folder_.path() / "notify").string();
  const int receiver = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(receiver, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ASSERT_EQ(bind(receiver, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const auto receive = [receiver] {
    pollfd waiting{.fd = receiver, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatienceMs) != 1) return std::string("nothing came");
    char buffer[256];
    const ssize_t size = recv(receiver, buffer, sizeof(buffer), 0);
    return std::string(buffer, size > 0 ? static_cast<size_t>(size) : 0);
  };

  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  Process process(Options());
  unsetenv("NOTIFY_SOCKET");
  EXPECT_TRUE(receive().starts_with("READY=1\nSTATUS=listening on 127.0.0.1:"));
  EXPECT_TRUE(WaitForReadyLine());
  process.Signal(SIGTERM);
  EXPECT_EQ(receive(), "STOPPING=1");
  EXPECT_EQ(process.WaitForExit(In()), (ExitStatus{.code = 0}));
  close(receiver);
}

}  // namespace
}  // namespace stockd::support
