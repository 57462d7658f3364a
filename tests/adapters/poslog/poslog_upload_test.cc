// Files over HTTP, into the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>

#include "tests/adapters/poslog/poslog_text.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/http/http_client.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd::poslog {
namespace {

using adapters_test::ScriptedDaemon;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace fs = std::filesystem;

constexpr const char* kToken = "0123456789abcdef";
constexpr const char* kAuthorized = "Authorization: Bearer 0123456789abcdef\r\n";

class PoslogUploadTest : public ::testing::Test {
 protected:
  PoslogUploadTest() {
    fs::create_directories(drop());
    support::WriteFile(folder_.path() / "token", std::string(kToken) + "\n");
  }

  fs::path drop() const { return folder_.path() / "drop"; }

  void Start(const std::string& more = "") {
    address_ = "127.0.0.1:" + std::to_string(support::FreePort());
    support::WriteFile(folder_.path() / "poslog.toml",
                       "source = \"pos\"\ndrop_directory = \"drop\"\n[time]\nzone = \"UTC\"\n"
                       "[quantity]\nscale_from_items = false\n[daemon]\naddress = \"" +
                           daemon_.address() +
                           "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n[http]\nlisten = \"" +
                           address_ + "\"\ntoken_file = \"token\"\nidle_timeout_s = 1\n" + more);
    process_ = std::make_unique<support::Process>(
        support::ProcessOptions{.program = support::BuiltProgram("adapters/poslog/stockd-poslog"),
                                .arguments = {"--config", folder_.path() / "poslog.toml"},
                                .output = folder_.path() / "log",
                                .error_output = folder_.path() / "log"});
    ASSERT_TRUE(support::WaitUntil(support::In(), [&] {
      return support::HttpConnection(address_).is_connected();
    })) << support::ReadFile(folder_.path() / "log");
  }

  support::HttpResponse Post(const std::string& body, const std::string& headers = kAuthorized) {
    return support::HttpConnection(address_).Call("POST", "/poslog", headers, body);
  }

  // Files that wait or are being written.
  int FilesInDrop() const {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(drop())) count += entry.is_regular_file();
    return count;
  }

  support::TempDirectory folder_;
  ScriptedDaemon daemon_{{}};
  std::string address_;
  std::unique_ptr<support::Process> process_;
};

TEST_F(PoslogUploadTest, WhatIsSentArrivesOnce) {
  Start();
  const std::string text = Whole(ToText({}) + ToText({.sequence = "2"}));
  for (int i = 0; i < 2; ++i) {
    const support::HttpResponse response = Post(text);
    EXPECT_EQ(response.status, 202) << response.body;
    EXPECT_THAT(response.body, HasSubstr("post-"));
  }
  EXPECT_TRUE(daemon_.Observe(
      [](const auto& log) { return log.facts.size() == 2 && log.repetitions.size() == 2; }));
}

// The adapter may be killed the moment after its answer.
TEST_F(PoslogUploadTest, WhatWasAcceptedSurvivesAKill) {
  daemon_.AnswerUntil(0);
  Start();
  ASSERT_EQ(Post(Whole(ToText({}))).status, 202);
  process_->Kill();
  daemon_.AcknowledgeAll();
  Start();
  EXPECT_TRUE(support::WaitUntil(support::In(), [&] {
    return !fs::is_empty(drop() / "done") && daemon_.log().facts.size() == 1;
  }));
}

TEST_F(PoslogUploadTest, WithoutTheTokenNothingIsTaken) {
  Start();
  const std::string text = Whole(ToText({}));
  EXPECT_EQ(Post(text, "").status, 401);
  EXPECT_EQ(Post(text, "Authorization: Bearer 0123456789abcdeX\r\n").status, 401);
  EXPECT_EQ(Post(text, "Authorization: Bearer 0123456789abcdef0\r\n").status, 401);
  EXPECT_EQ(Post(text, "Authorization: Basic 0123456789abcdef\r\n").status, 401);
  EXPECT_EQ(FilesInDrop(), 0);
  EXPECT_THAT(daemon_.log().facts, IsEmpty());
}

TEST_F(PoslogUploadTest, OtherRequestsAreToldWhatIsWrong) {
  Start("body_bytes_max = 65536\n");
  support::HttpConnection connection(address_);
  EXPECT_EQ(connection.Call("GET", "/healthz").status, 200);
  EXPECT_EQ(connection.Call("GET", "/healthz").status, 200);  // On the same connection.
  const auto call = [&](const std::string& method, const std::string& target,
                        const std::string& headers = kAuthorized, const std::string& body = "") {
    return support::HttpConnection(address_).Call(method, target, headers, body).status;
  };
  EXPECT_EQ(call("GET", "/poslog"), 405);
  EXPECT_EQ(call("POST", "/other"), 404);
  EXPECT_EQ(call("POST", "/poslog", std::string(kAuthorized) + "Content-Encoding: gzip\r\n", "x"),
            415);
  EXPECT_EQ(call("POST", "/poslog", kAuthorized, std::string(65'537, ' ')), 413);
  EXPECT_EQ(call("GET", "/healthz", "X: " + std::string(20'000, 'x') + "\r\n"), 431);
  support::HttpConnection nonsense(address_);
  ASSERT_TRUE(nonsense.Send("no http at all\r\n\r\n"));
  EXPECT_EQ(nonsense.Read().status, 400);
  EXPECT_EQ(FilesInDrop(), 0);
}

TEST_F(PoslogUploadTest, ABodyInChunksIsMeasuredAsItComes) {
  Start("body_bytes_max = 65536\n");
  const std::string head = "POST /poslog HTTP/1.1\r\nHost: x\r\n" + std::string(kAuthorized) +
                           "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
  support::HttpConnection good(address_);
  ASSERT_TRUE(good.Send(head));
  EXPECT_EQ(good.ReadHead().status, 100);
  const std::string text = Whole(ToText({}));
  char size[32];
  std::snprintf(size, sizeof(size), "%zx\r\n", text.size());
  ASSERT_TRUE(good.Send(size + text + "\r\n0\r\n\r\n"));
  EXPECT_EQ(good.Read().status, 202);
  support::HttpConnection endless(address_);
  ASSERT_TRUE(endless.Send(head));
  EXPECT_EQ(endless.ReadHead().status, 100);
  const std::string chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  for (int i = 0; i < 6; ++i) endless.Send(chunk);
  EXPECT_EQ(endless.Read().status, 413);
}

TEST_F(PoslogUploadTest, WhoStopsInTheMiddleLeavesNothingBehind) {
  Start();
  support::HttpConnection half(address_);
  ASSERT_TRUE(half.Send("POST /poslog HTTP/1.1\r\nHost: x\r\n" + std::string(kAuthorized) +
                        "Content-Length: 1000\r\n\r\n<POSLog>"));
  support::HttpConnection silent(address_);
  EXPECT_TRUE(half.WaitForClose());
  EXPECT_TRUE(silent.WaitForClose());
  EXPECT_TRUE(support::WaitUntil(support::In(), [&] { return FilesInDrop() == 0; }));
  EXPECT_EQ(Post(Whole(ToText({}))).status, 202);
}

TEST_F(PoslogUploadTest, TooManyConnectionsAndFilesAreToldToComeBack) {
  daemon_.AnswerUntil(0);
  Start("connections_max = 2\nfiles_waiting_max = 2\n");
  EXPECT_EQ(Post(Whole(ToText({}))).status, 202);
  // The first is in work and stays there, so that the others wait.
  ASSERT_TRUE(daemon_.Observe([](const auto& log) { return log.facts.size() == 1; }));
  EXPECT_EQ(Post(Whole(ToText({.sequence = "2"}))).status, 202);
  EXPECT_EQ(Post(Whole(ToText({.sequence = "3"}))).status, 202);
  const support::HttpResponse full = Post(Whole(ToText({.sequence = "4"})));
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.header("retry-after"), "10");
  const support::HttpConnection one(address_);
  const support::HttpConnection two(address_);
  EXPECT_TRUE(support::WaitUntil(support::In(), [&] {
    return support::HttpConnection(address_).Call("GET", "/healthz").status == 503;
  }));
}

}  // namespace
}  // namespace stockd::poslog
