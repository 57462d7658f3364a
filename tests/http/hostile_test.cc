// Callers that are broken, slow, greedy or rude: each is told or cut off, and the others do not
// notice.
#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "daemon/daemon_parts.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"
#include "tests/support/test_certificates.h"

namespace stockd::support {
namespace {

using testing::HasSubstr;

constexpr char kHead[] =
    "POST /stockd.v1.CatalogueService/ListItems HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/json\r\n";

class Hostile : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    config.http.body_bytes_max = 64 << 10;
    config.http.header_timeout = std::chrono::milliseconds(200);
    config.http.body_timeout = std::chrono::milliseconds(200);
    config.http.idle_timeout = std::chrono::milliseconds(500);
    DaemonFixture::SetUp();
  }

  std::string http() { return daemon().http_address(); }
  bool IsWell() { return PostJson(http(), "CatalogueService/ListItems", "{}").status == 200; }
  HttpResponse AnswerTo(const std::string& bytes) {
    HttpConnection connection(http());
    EXPECT_TRUE(connection.Send(bytes));
    HttpResponse response = connection.Read();
    EXPECT_TRUE(connection.WaitForClose()) << bytes;
    return response;
  }
};

TEST_F(Hostile, WhatIsNoRequestIsToldSoInTheFormOfARefusal) {
  const struct {
    std::string bytes;
    int status;
    std::string code;
  } kCases[] = {
      {"hello\r\n\r\n", 400, "invalid_argument"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "invalid_argument"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "invalid_argument"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "invalid_argument"},
      {std::string(kHead) + "Content-Length: 70000\r\n\r\n", 413, "resource_exhausted"},
      {std::string(kHead) + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431,
       "resource_exhausted"},
      // What two machines in a row could take apart in two ways.
      {std::string(kHead) + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400,
       "invalid_argument"},
      {std::string(kHead) + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400,
       "invalid_argument"},
      {std::string(kHead) + "Content-Length: -2\r\n\r\n{}", 400, "invalid_argument"},
      {std::string(kHead) + "Content-Length: 0x2\r\n\r\n{}", 400, "invalid_argument"},
      {std::string(kHead) + "Content-Length : 2\r\n\r\n{}", 400, "invalid_argument"},
      {std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n-1\r\n{}", 400, "invalid_argument"},
      {std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}", 400,
       "invalid_argument"},
      {std::string(kHead) + std::string("X: a\0b\r\n\r\n", 10), 400, "invalid_argument"},
  };
  for (const auto& one : kCases) {
    const HttpResponse response = AnswerTo(one.bytes);
    EXPECT_EQ(response.status, one.status) << one.bytes;
    EXPECT_THAT(response.body, HasSubstr("\"code\":\"" + one.code + "\"")) << one.bytes;
    EXPECT_EQ(response.header("connection"), "close");
  }
  EXPECT_TRUE(IsWell());
}

// A client that goes on sending still gets to read why it is refused.
TEST_F(Hostile, AGiantBodyIsRefusedBeforeItHasCome) {
  HttpConnection connection(http());
  ASSERT_TRUE(connection.Send(std::string(kHead) + "Content-Length: 8000000\r\n\r\n"));
  connection.Send(std::string(1'000'000, 'x'));
  EXPECT_EQ(connection.Read().status, 413);
  HttpConnection chunks(http());
  ASSERT_TRUE(chunks.Send(std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 20; ++i) chunks.Send("1000\r\n" + std::string(4096, 'x') + "\r\n");
  EXPECT_EQ(chunks.Read().status, 413);
  EXPECT_TRUE(IsWell());
}

TEST_F(Hostile, ARequestThatDoesNotComeToItsEndIsTimedOut) {
  for (const std::string& bytes : {std::string("POST /stockd"), std::string(kHead),
                                   std::string(kHead) + "Content-Length: 5\r\n\r\n{"}) {
    const HttpResponse response = AnswerTo(bytes);
    EXPECT_EQ(response.status, 408) << bytes;
    EXPECT_THAT(response.body, HasSubstr("deadline_exceeded"));
  }
  EXPECT_TRUE(IsWell());
}

// One byte at a time must not win more time.
TEST_F(Hostile, TricklingDoesNotHelp) {
  HttpConnection connection(http());
  const std::string head = std::string(kHead) + "X: " + std::string(10'000, 'x');
  size_t at = 0;
  while (at < head.size() && !connection.AnswersWithin(std::chrono::milliseconds(10))) {
    connection.Send(head.substr(at++, 1));
  }
  EXPECT_LT(at, 200u);
  EXPECT_EQ(connection.Read().status, 408);
}

TEST_F(Hostile, SilenceIsClosedWithoutAWord) {
  HttpConnection connection(http());
  EXPECT_EQ(connection.Read().status, 0);
  HttpConnection used(http());
  EXPECT_EQ(used.Call("GET", "/healthz").status, 200);
  EXPECT_TRUE(used.WaitForClose());
}

// A call that began on the channel inside the process after its server was gone crashed the daemon.
TEST_F(Hostile, RequestsThatArriveDuringTheShutdownAreToldSo) {
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> refused = 0;
    std::atomic<int> answered = 0;
    {
      std::vector<std::jthread> callers;
      for (int i = 0; i < 4; ++i) {
        callers.emplace_back([&, connection = std::make_unique<HttpConnection>(http())] {
          const std::string request = std::string(kHead) + "Content-Length: 2\r\n\r\n{}";
          while (connection->Send(request)) {
            const HttpResponse response = connection->Read();
            if (response.status == 0) return;
            ++(response.status == 200 ? answered : refused);
            if (response.status != 200) EXPECT_EQ(response.status, 503) << response.body;
          }
        });
      }
      EXPECT_TRUE(WaitUntil(In(), [&] { return answered > 20; }));
      Stop();
    }
    Start();
  }
}

TEST_F(Hostile, LeavingInTheMiddleHarmsNobody) {
  for (const std::string& bytes :
       {std::string(), std::string("POST"), std::string(kHead) + "Content-Length: 9\r\n\r\n{",
        std::string(kHead) + "Content-Length: 2\r\n\r\n{}"}) {
    HttpConnection connection(http());
    connection.Send(bytes);
  }
  EXPECT_TRUE(WaitUntil(In(std::chrono::seconds(10)),
                        [this] { return daemon().parts().http_server->connection_count() == 0; }));
  EXPECT_TRUE(IsWell());
}

TEST_F(Hostile, ALargeBodyIsAskedForBeforeItIsSent) {
  HttpConnection connection(http());
  ASSERT_TRUE(
      connection.Send(std::string(kHead) + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(connection.ReadHead().status, 100);
  ASSERT_TRUE(connection.Send("{}"));
  EXPECT_EQ(connection.Read().status, 200);
  HttpConnection refused(http());
  ASSERT_TRUE(
      refused.Send(std::string(kHead) + "Content-Length: 70000\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(refused.ReadHead().status, 413);
}

TEST_F(Hostile, OldClientsGetOneAnswer) {
  const HttpResponse response = AnswerTo("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok\n");
}

TEST_F(Hostile, StoppingLetsNobodyHang) {
  HttpConnection idle(http());
  ASSERT_EQ(idle.Call("GET", "/healthz").status, 200);
  HttpConnection begun(http());
  begun.Send("POST /");
  Stop();
  EXPECT_TRUE(idle.WaitForClose());
  EXPECT_TRUE(begun.WaitForClose());
}

TEST_F(Hostile, APortThatIsTakenIsSaid) {
  config::Config other = config;
  other.http.listen = http();
  other.storage.database = (folder() / "other.sqlite").string();
  Daemon second(other, clock);
  const std::string error = second.Start();
  EXPECT_THAT(error, HasSubstr("cannot listen on " + http() + " for HTTP"));
  EXPECT_THAT(error, HasSubstr("http.listen"));
}

}  // namespace
}  // namespace stockd::support
