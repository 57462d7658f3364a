// From bytes to requests, however the bytes are cut.
#include "daemon/http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::http {
namespace {

using State = RequestReader::State;

// Gives it all at once.
State Give(RequestReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = reader.Space();
    const size_t count = std::min(space.size(), bytes.size());
    std::copy_n(bytes.begin(), count, space.begin());
    reader.Came(count);
    bytes.remove_prefix(count);
    reader.Parse();
  }
  return reader.Parse();
}

int RefusalOf(std::string_view bytes) {
  RequestReader reader({.header_bytes_max = 1024, .body_bytes_max = 100});
  return Give(reader, bytes) == State::kRefused ? reader.refusal_status() : 0;
}

constexpr std::string_view kPost =
    "POST /stockd.v1.A/B?x=1&y=%20 HTTP/1.1\r\nHost: localhost:7451\r\n"
    "content-type: application/json\r\nContent-Length: 2\r\nConnect-Timeout-Ms: 5\r\n\r\n{}";

TEST(RequestReader, ReadsARequestWithWhatMattersOfItsHead) {
  RequestReader reader({});
  ASSERT_EQ(Give(reader, kPost), State::kRequest);
  const Request& request = reader.request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/stockd.v1.A/B");
  EXPECT_EQ(request.query, "x=1&y=%20");
  EXPECT_EQ(request.host, "localhost:7451");
  EXPECT_EQ(request.content_type, "application/json");
  EXPECT_EQ(request.connect_timeout, "5");
  EXPECT_EQ(request.body, "{}");
  EXPECT_TRUE(request.keep_alive);
}

// Requests that a client sends without waiting are read one after the other, in any pieces.
TEST(RequestReader, PiecesAndPipelinesMakeNoDifference) {
  const std::string chunked =
      "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  const std::string stream = std::string(kPost) + chunked + std::string(kPost);
  support::ForEachSeed(100, [&](uint64_t seed) {
    support::Random random(seed);
    RequestReader reader({});
    std::vector<std::string> bodies;
    std::string_view rest = stream;
    while (!rest.empty()) {
      const auto size = static_cast<size_t>(random.Between(1, 40));
      const std::string_view piece = rest.substr(0, size);
      rest.remove_prefix(piece.size());
      for (State state = Give(reader, piece); state == State::kRequest; state = reader.Parse()) {
        bodies.emplace_back(reader.request().body);
        reader.Next();
      }
      ASSERT_NE(reader.Parse(), State::kRefused) << reader.refusal();
    }
    EXPECT_EQ(bodies, (std::vector<std::string>{"{}", "abcde", "{}"}));
  });
}

TEST(RequestReader, SaysHowFarARequestHasCome) {
  RequestReader reader({});
  EXPECT_EQ(reader.Parse(), State::kIdle);
  EXPECT_EQ(Give(reader, "POST / HT"), State::kHead);
  EXPECT_EQ(Give(reader, "TP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"),
            State::kBody);
  EXPECT_TRUE(reader.request().expects_continue);
  EXPECT_EQ(Give(reader, "ab"), State::kBody);
  EXPECT_EQ(Give(reader, "c"), State::kRequest);
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(RefusalOf("\x16\x03\x01\x02\x01\x01\xfc\x03\x03 TLS"), 400);
  EXPECT_EQ(RefusalOf("hello\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(RefusalOf("GET / HTTP/3.0\r\n\r\n"), 505);
  EXPECT_EQ(RefusalOf("GET / HTTP/1.1\r\n\r\n"), 400) << "no host";
  EXPECT_EQ(RefusalOf(head + "Host: b\r\n\r\n"), 400) << "two hosts";
  EXPECT_EQ(RefusalOf("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf(head + "Content-Length: 101\r\n\r\n"), 413);
  EXPECT_EQ(RefusalOf(head + "Content-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf(head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), 400);
  EXPECT_EQ(RefusalOf(head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400)
      << "two lengths";
  EXPECT_EQ(RefusalOf(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
  EXPECT_EQ(RefusalOf(head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"), 413);
  EXPECT_EQ(RefusalOf(head + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x')),
            413);
  EXPECT_EQ(RefusalOf(head + "X: " + std::string(2000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(RefusalOf("GET /" + std::string(2000, 'x')), 431) << "and without an end";
  EXPECT_EQ(RefusalOf(head + "no colon\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf(head + "a b: c\r\n\r\n"), 400);
  EXPECT_EQ(RefusalOf(std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 30)), 400);
}

TEST(RequestReader, AnOldRequestNeedsNoHost) {
  RequestReader reader({});
  ASSERT_EQ(Give(reader, "GET /healthz HTTP/1.0\r\n\r\n"), State::kRequest);
  EXPECT_TRUE(reader.request().is_http_1_0);
  EXPECT_FALSE(reader.request().keep_alive);
}

// Whatever comes, cut in whatever way: an answer or more bytes are wanted, never anything else.
TEST(RequestReader, BrokenBytesBreakNothing) {
  support::ForEachSeed(2000, [&](uint64_t seed) {
    support::Random random(seed);
    std::string bytes = std::string(kPost) + std::string(kPost);
    for (int64_t i = random.Between(1, 5); i > 0; --i) {
      const size_t at = random.Below(bytes.size());
      if (random.Percent(50)) {
        bytes[at] = static_cast<char>(random.Next());
      } else {
        bytes.erase(at, random.Below(20));
      }
      if (bytes.empty()) bytes = "x";
    }
    RequestReader reader({.header_bytes_max = 1024, .body_bytes_max = 100});
    for (int i = 0; i < 5 && Give(reader, i == 0 ? bytes : "") == State::kRequest; ++i) {
      reader.Next();
    }
    if (reader.Parse() == State::kRefused) {
      EXPECT_GE(reader.refusal_status(), 400);
      EXPECT_FALSE(reader.refusal().empty());
    }
  });
}

}  // namespace
}  // namespace stockd::http
