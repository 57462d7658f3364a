// Streams of answers over HTTP: how they begin, go on, end and are left.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/daemon_parts.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr char kWatch[] = "AvailabilityService/WatchAvailability";

std::string Envelope(const std::string& message) {
  std::string bytes(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(message.size() >> shift & 0xFF);
  }
  return bytes + message;
}

class GatewayStream : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    DaemonFixture::SetUp();
  }

  // Begins a watch; its answer is still to be read.
  void Ask(HttpConnection& connection, const std::string& body, const std::string& headers = {},
           const std::string& method = kWatch) {
    ASSERT_TRUE(connection.Send("POST /stockd.v1." + method +
                                " HTTP/1.1\r\nHost: localhost\r\n"
                                "Content-Type: application/connect+json\r\n" +
                                headers + "Content-Length: " + std::to_string(body.size()) +
                                "\r\n\r\n" + body));
  }

  // One message of a stream, or its end. Each is a chunk of its own.
  struct Piece {
    int flags = -1;
    json message;
  };
  static Piece Next(HttpConnection& connection) {
    const std::string chunk = connection.ReadChunk();
    if (chunk.size() < 5) return {};
    return {.flags = chunk[0], .message = json::parse(chunk.substr(5), nullptr, false)};
  }
  // Reads on until a message names the position; false when none does.
  static bool ReadUntil(HttpConnection& connection, const std::string& sku,
                        const std::string& available) {
    while (true) {
      const Piece piece = Next(connection);
      if (piece.flags != 0) return false;
      for (const json& row : piece.message["availabilities"]) {
        if (row.value("sku", "") == sku && row.value("available", "") == available) return true;
      }
    }
  }
};

TEST_F(GatewayStream, LevelsArriveAsTheyMove) {
  Stock("MUG", "S01", 5);
  HttpConnection connection(daemon().http_address());
  ASSERT_NO_FATAL_FAILURE(Ask(connection, Envelope("{}")));
  const HttpResponse head = connection.ReadHead();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-type"), "application/connect+json");
  EXPECT_TRUE(ReadUntil(connection, "MUG", "5"));
  Stock("MUG", "S01", 2);
  EXPECT_TRUE(ReadUntil(connection, "MUG", "7"));
}

TEST_F(GatewayStream, ARefusalIsTheEndOfTheStream) {
  HttpConnection connection(daemon().http_address());
  ASSERT_NO_FATAL_FAILURE(Ask(connection, Envelope(R"({"skus":["NOBODY"]})")));
  EXPECT_EQ(connection.ReadHead().status, 200);
  const Piece end = Next(connection);
  EXPECT_EQ(end.flags, 2);
  EXPECT_EQ(end.message["error"]["code"], "not_found");
  EXPECT_EQ(end.message["error"]["details"][0]["debug"]["reason"], "SKU_UNKNOWN");
  EXPECT_EQ(connection.ReadChunk(), "");
  EXPECT_TRUE(connection.WaitForClose());
}

TEST_F(GatewayStream, BadRequestsEndItAtOnce) {
  for (const std::string& body :
       {std::string(), std::string("{}"), Envelope("{"), Envelope(R"({"x":1})"),
        Envelope("{}") + Envelope("{}"), std::string("\0\0\0\1\0", 5)}) {
    HttpConnection connection(daemon().http_address());
    ASSERT_NO_FATAL_FAILURE(Ask(connection, body));
    EXPECT_EQ(connection.ReadHead().status, 200);
    const Piece end = Next(connection);
    EXPECT_EQ(end.flags, 2);
    EXPECT_EQ(end.message["error"]["code"], "invalid_argument") << end.message;
  }
  HttpConnection connection(daemon().http_address());
  EXPECT_EQ(connection
                .Call("POST", std::string("/stockd.v1.") + kWatch,
                      "Content-Type: application/json\r\n", "{}")
                .status,
            415);
}

TEST_F(GatewayStream, ADeadlineEndsIt) {
  HttpConnection connection(daemon().http_address());
  ASSERT_NO_FATAL_FAILURE(Ask(connection, Envelope("{}"), "Connect-Timeout-Ms: 50\r\n"));
  EXPECT_EQ(connection.ReadHead().status, 200);
  Piece piece = Next(connection);
  while (piece.flags == 0) piece = Next(connection);
  EXPECT_EQ(piece.flags, 2);
  EXPECT_EQ(piece.message["error"]["code"], "deadline_exceeded");
}

// A caller that leaves gives its place to another: of the 32 streams of events, none is kept for
// the dead.
TEST_F(GatewayStream, WhoLeavesIsForgotten) {
  constexpr char kEvents[] = "StockEventService/WatchStockEvents";
  const auto begins = [&](HttpConnection& connection) {
    Ask(connection, Envelope("{}"), "", kEvents);
    connection.ReadHead();
    const Piece first = Next(connection);
    return first.flags == 0;
  };
  Stock("MUG", "S01", 5);
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(WaitUntil(In(std::chrono::seconds(10)), [&] {
      HttpConnection connection(daemon().http_address());
      return begins(connection);
    })) << i;
  }
}

// What a reader does not take is not made: the daemon holds one message for it.
TEST_F(GatewayStream, ASlowReaderGetsTheLatestAndCostsNothing) {
  HttpConnection connection(daemon().http_address(), 4096);
  ASSERT_NO_FATAL_FAILURE(Ask(connection, Envelope("{}")));
  EXPECT_EQ(connection.ReadHead().status, 200);
  for (int i = 0; i < 50; ++i) Stock("MUG", "S01", 1);
  EXPECT_TRUE(ReadUntil(connection, "MUG", "50"));
}

TEST_F(GatewayStream, AReaderThatTakesNothingIsCutOff) {
  Stop();
  config.http.write_timeout = std::chrono::milliseconds(200);
  Start();
  // Enough for the buffers of both ends.
  v1::PutItemsRequest items;
  v1::PutItemsResponse ignored;
  for (int i = 0; i < 1000; ++i) {
    v1::Item& item = *items.add_items();
    item.set_sku("SKU-" + std::to_string(i));
    item.set_name(std::string(200, 'x'));
  }
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, ignored).ok());
  HttpConnection connection(daemon().http_address(), 4096);
  std::string requests;
  const std::string body = R"({"pageSize":1000})";
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /stockd.v1.CatalogueService/ListItems HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  ASSERT_TRUE(connection.Send(requests));
  EXPECT_TRUE(WaitUntil(In(std::chrono::seconds(20)),
                        [&] { return daemon().parts().http_server->connection_count() == 0; }));
}

TEST_F(GatewayStream, StoppingEndsStreams) {
  HttpConnection connection(daemon().http_address());
  ASSERT_NO_FATAL_FAILURE(Ask(connection, Envelope("{}")));
  EXPECT_EQ(connection.ReadHead().status, 200);
  Stop();
  Piece piece = Next(connection);
  while (piece.flags == 0) piece = Next(connection);
  EXPECT_EQ(piece.flags, 2);
  EXPECT_THAT(piece.message.dump(), HasSubstr("error"));
  EXPECT_TRUE(connection.WaitForClose());
}

}  // namespace
}  // namespace stockd::support
