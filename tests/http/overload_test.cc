// More of everything than there is room for: what is under way goes on, and whoever behaves is
// served.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "daemon/daemon_parts.h"
#include "daemon/http/body_budget.h"
#include "daemon/http/gzip.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

using Connections = std::vector<std::unique_ptr<HttpConnection>>;

constexpr std::chrono::seconds kPatience{20};
// Both ends of a thousand connections are in this process.
constexpr rlim_t kFilesNeeded = 2500;

bool HasFiles() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min(files.rlim_max, std::max(files.rlim_cur, kFilesNeeded));
  setrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur >= kFilesNeeded;
}

class Overload : public DaemonFixture {
 protected:
  void SetUp() override { config.http.listen = "127.0.0.1:0"; }

  const http::Server& server() { return *daemon().parts().http_server; }
  bool IsWell() {
    return PostJson(daemon().http_address(), "CatalogueService/ListItems", "{}").status == 200;
  }
  Connections Open(int count) {
    Connections connections;
    for (int i = 0; i < count; ++i) {
      connections.push_back(std::make_unique<HttpConnection>(daemon().http_address()));
    }
    return connections;
  }
  // Begins a stream of levels that goes on until it is left.
  static bool Watch(HttpConnection& connection) {
    const std::string body("\0\0\0\0\2{}", 7);
    connection.Send(
        "POST /stockd.v1.AvailabilityService/WatchAvailability HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/connect+json\r\nContent-Length: 7\r\n\r\n" +
        body);
    return connection.ReadHead().status == 200;
  }
};

// Each of them holds a connection for as long as the head of a request may take, and comes again.
TEST_F(Overload, AThousandThatSendNoHeadToItsEndKeepNobodyOut) {
  if (!HasFiles()) GTEST_SKIP() << "the limit of open files is too low";
  DaemonFixture::SetUp();
  Connections slow = Open(static_cast<int>(config.http.connections_max));
  for (size_t i = 0; i < slow.size(); ++i) {
    slow[i]->Send(i % 2 == 0 ? "POST /stockd" : "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
  }
  // Those who came all at once may fill it to the brim; from then on each caller makes room.
  ASSERT_TRUE(WaitUntil(In(kPatience), [this] { return IsWell() && server().shed_count() >= 20; }));
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(IsWell()) << i;
  EXPECT_GE(server().shed_count(), 70);
}

TEST_F(Overload, IdleConnectionsMakeRoom) {
  config.http.connections_max = 10;
  DaemonFixture::SetUp();
  Connections idle = Open(10);
  for (const auto& one : idle) ASSERT_EQ(one->Call("GET", "/healthz").status, 200);
  EXPECT_TRUE(WaitUntil(In(kPatience), [this] { return IsWell(); }));
  EXPECT_GE(server().shed_count(), 1);
}

TEST_F(Overload, WhatIsUnderWayMakesNoRoom) {
  config.http.connections_max = 4;
  DaemonFixture::SetUp();
  Stock("MUG", "S01", 5);
  Connections busy = Open(4);
  for (const auto& one : busy) ASSERT_TRUE(Watch(*one));
  for (int i = 0; i < 10; ++i) {
    HttpConnection more(daemon().http_address());
    const HttpResponse response = more.Read();
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(response.body, HasSubstr("http.connections_max"));
  }
  EXPECT_EQ(server().shed_count(), 0);
  EXPECT_EQ(server().rejected_count(), 10);
  for (const auto& one : busy) EXPECT_NE(one->ReadChunk(), "");
  busy.clear();
  EXPECT_TRUE(WaitUntil(In(kPatience), [this] { return IsWell(); }));
}

TEST(BodyBudget, IsSharedAndGivenBack) {
  constexpr int64_t kSmall = http::BodyBudget::kSmallBytes;
  http::BodyBudget budget(3 * kSmall);
  http::BodyBudget::Share small(budget);
  http::BodyBudget::Share large(budget);
  EXPECT_TRUE(large.Grow(2 * kSmall));
  EXPECT_TRUE(large.Grow(3 * kSmall));
  EXPECT_FALSE(large.Grow(3 * kSmall + 1));
  EXPECT_TRUE(large.Grow(3 * kSmall)) << "what was refused is not counted";
  EXPECT_TRUE(small.Grow(kSmall)) << "small ones always have room";
  EXPECT_FALSE(small.Grow(kSmall + 1));
  large.Clear();
  EXPECT_TRUE(small.Grow(kSmall + 1));
}

TEST_F(Overload, LargeBodiesShareTheirMemory) {
  config.http.bodies_bytes_max = 200'000;
  DaemonFixture::SetUp();
  const std::string part(150'000, ' ');
  const std::string head =
      "POST /stockd.v1.CatalogueService/ListItems HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/json\r\nContent-Length: 150002\r\n\r\n";
  Connections two = Open(2);
  for (const auto& one : two) ASSERT_TRUE(one->Send(head + part));
  ASSERT_TRUE(WaitUntil(In(kPatience), [&] {
    return std::ranges::any_of(
        two, [](const auto& one) { return one->AnswersWithin(std::chrono::milliseconds(10)); });
  }));
  const bool is_first = two[0]->AnswersWithin(std::chrono::milliseconds(0));
  const HttpResponse refused = two[is_first ? 0 : 1]->Read();
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("resource_exhausted"));
  EXPECT_THAT(refused.body, HasSubstr("http.bodies_bytes_max"));
  EXPECT_TRUE(IsWell());
  HttpConnection& other = *two[is_first ? 1 : 0];
  // Neither may have got all it needs, when both grew at once.
  (void)other.Send("{}");
  EXPECT_THAT(other.Read().status, testing::AnyOf(200, 429));
  // What was held is given back, by those who were refused or left as well.
  EXPECT_TRUE(WaitUntil(In(kPatience), [&] {
    HttpConnection next(daemon().http_address());
    return next.Send(head + part + "{}") && next.Read().status == 200;
  }));
}

// The kernel keeps some megabytes for a reader that takes nothing, the daemon one message.
TEST_F(Overload, AStreamThatNobodyReadsIsCutOff) {
  constexpr int kItems = 3000;
  config.http.write_timeout = std::chrono::milliseconds(300);
  DaemonFixture::SetUp();
  const auto sku = [](int i) { return std::string(100, 'x') + std::to_string(i); };
  v1::PutItemsRequest items;
  for (int i = 0; i < kItems; ++i) {
    items.add_items()->set_sku(sku(i));
    if (items.items_size() < 1000) continue;
    v1::PutItemsResponse ignored;
    ASSERT_TRUE(
        client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, ignored).ok());
    items.Clear();
  }
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  uint64_t batch = 0;
  for (const char* location : {"S01", "S02", "W01"}) {
    std::vector<v1::Fact> facts;
    for (int i = 0; i < kItems; ++i) {
      facts.push_back(ToFact({.kind = v1::FACT_KIND_RECEIPT,
                              .event_id = location + std::to_string(i),
                              .sku = sku(i),
                              .location = location,
                              .quantity = 1}));
      if (facts.size() < 1000) continue;
      ASSERT_TRUE(stream.Send(++batch, facts).has_value());
      facts.clear();
    }
  }
  stream.WritesDone();
  ASSERT_TRUE(stream.Finish().ok());
  HttpConnection connection(daemon().http_address(), 4096);
  ASSERT_TRUE(Watch(connection));
  EXPECT_TRUE(WaitUntil(In(kPatience), [this] { return server().connection_count() == 0; }));
  EXPECT_TRUE(IsWell());
}

// Small on the line, large or slow once it is looked at.
TEST_F(Overload, BodiesThatGrowAreRefusedAndCostLittle) {
  DaemonFixture::SetUp();
  const std::string before = Fingerprint();
  const auto refused = [this](const std::string& body, const std::string& headers = {}) {
    const HttpResponse response =
        PostJson(daemon().http_address(), "ReservationService/CreateReservation", body, headers);
    EXPECT_THAT(response.status, AnyOf(400, 429)) << response.body;
    EXPECT_LT(response.body.size(), 4096u);
  };
  std::string lines = R"({"reservationId":"r","lines":[{})";
  while (lines.size() < 4'000'000) lines += ",{}";
  refused(lines + "]}");
  std::string deep = "{\"lines\":";
  deep.append(2'000'000, '[');
  refused(deep);
  std::string objects;
  while (objects.size() < 4'000'000) objects += "{\"lines\":[";
  refused(objects);
  refused("{\"" + std::string(4'000'000, 'x') + "\":1}");
  refused("{\"reservationId\":\"" + std::string(4'000'000, 'x') + "\"}");
  refused("{\"lines\":[{\"quantity\":" + std::string(4'000'000, '9') + "}]}");
  std::string bomb;
  http::Zip("{" + std::string(100'000'000, ' ') + "}", bomb);
  ASSERT_LT(bomb.size(), 1'000'000u);
  refused(bomb, "Content-Encoding: gzip\r\n");
  EXPECT_EQ(Fingerprint(), before);
}

}  // namespace
}  // namespace stockd::support
