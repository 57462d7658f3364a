// Servers and networks as they are: slow, lying, full, gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <zlib.h>

#include <sstream>
#include <stop_token>
#include <thread>

#include "tests/http_client/client_fixture.h"
#include "tests/support/process.h"
#include "tests/support/process_clock.h"

namespace stockd::http_client {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::SizeIs;

class BadServers : public ClientTest {
 protected:
  // Sends the bytes one by one until the client has enough.
  static bool Drip(TestPeer& peer, std::string_view bytes) {
    for (const char byte : bytes) {
      if (peer.WaitForClose(milliseconds(20)) || !peer.Send({&byte, 1})) return false;
    }
    return false;
  }
};

// --- time-outs ---

TEST_F(BadServers, OneThatNeverAnswersIsGivenUp) {
  options.retries.attempts_max = 2;
  options.timeouts.first_byte = milliseconds(100);
  Serve([](const TestRequest&, TestPeer& peer) {
    peer.WaitForClose(support::kPatience);
    return false;
  });
  const auto reply = Get("/");
  EXPECT_EQ(reply.status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(NothingWasSent(reply.status()));
  EXPECT_EQ(failed(HttpFailure::kFirstByteTimeout), 2);
}

TEST_F(BadServers, OneThatDripsItsHeadIsGivenUp) {
  options.retries.attempts_max = 1;
  options.timeouts.whole = milliseconds(300);
  Serve([](const TestRequest&, TestPeer& peer) {
    return Drip(peer, "HTTP/1.1 200 Said\r\nX-Long: " + std::string(100'000, 'x'));
  });
  EXPECT_EQ(Get("/").status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(failed(HttpFailure::kWholeTimeout) + failed(HttpFailure::kFirstByteTimeout), 1);
}

TEST_F(BadServers, OneThatStopsWithinTheBodyIsGivenUp) {
  options.retries.attempts_max = 1;
  options.timeouts.idle = milliseconds(100);
  Serve([](const TestRequest&, TestPeer& peer) {
    peer.Send("HTTP/1.1 200 Said\r\nContent-Length: 10\r\n\r\nabc");
    peer.WaitForClose(support::kPatience);
    return false;
  });
  EXPECT_EQ(Get("/").status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(failed(HttpFailure::kIdleTimeout), 1);
}

TEST_F(BadServers, OneThatDripsItsBodyForEverIsGivenUp) {
  options.retries.attempts_max = 1;
  options.timeouts.whole = milliseconds(300);
  Serve([](const TestRequest&, TestPeer& peer) {
    peer.Send("HTTP/1.1 200 Said\r\nContent-Length: 100000\r\n\r\n");
    return Drip(peer, std::string(100'000, 'x'));
  });
  EXPECT_EQ(Get("/").status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(failed(HttpFailure::kWholeTimeout), 1);
}

TEST_F(BadServers, OneThatDoesNotBeginEncryptionIsGivenUp) {
  options.retries.attempts_max = 1;
  options.timeouts.connect = milliseconds(100);
  TestHttpServer& server = ServeStatuses({});  // Waits for a request, and gets a handshake.
  const auto reply =
      client().Call({.url = "https://127.0.0.1:" + std::to_string(server.port()), .name = "call"});
  EXPECT_EQ(reply.status().code(), StatusCode::kDeadlineExceeded) << reply.status();
  EXPECT_TRUE(NothingWasSent(reply.status()));
  EXPECT_EQ(failed(HttpFailure::kConnectTimeout), 1);
}

// --- replies that are none ---

TEST_F(BadServers, AReplyThatEndsEarlyIsNoReply) {
  options.retries.attempts_max = 2;
  Serve([](const TestRequest& request, TestPeer& peer) {
    peer.Send(request.target == "/length"
                  ? "HTTP/1.1 200 Said\r\nContent-Length: 10\r\n\r\nabc"
                  : "HTTP/1.1 200 Said\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    return false;
  });
  for (const char* path : {"/length", "/chunks"}) {
    EXPECT_EQ(Get(path).status().code(), StatusCode::kUnavailable) << path;
  }
  EXPECT_EQ(failed(HttpFailure::kTruncated), 4);
}

TEST_F(BadServers, WhatIsNotHttpIsNoReply) {
  Serve([](const TestRequest&, TestPeer& peer) {
    peer.Send("SSH-2.0-OpenSSH_9.2\r\n");
    return false;
  });
  EXPECT_EQ(Get("/").status().code(), StatusCode::kDataLoss) << Get("/").status();
}

TEST_F(BadServers, ABodyBeyondTheLimitIsNotRead) {
  options.limits.body_bytes_max = 100'000;
  Serve([](const TestRequest& request, TestPeer& peer) {
    if (request.target == "/declared") {
      peer.Send("HTTP/1.1 200 Said\r\nContent-Length: 1000000000\r\n\r\n");
    } else {
      peer.Send("HTTP/1.1 200 Said\r\n\r\n");
    }
    const std::string piece(10'000, 'x');
    while (peer.Send(piece)) {
    }
    return false;
  });
  for (const char* path : {"/declared", "/endless"}) {
    EXPECT_EQ(Get(path).status().code(), StatusCode::kResourceExhausted) << path;
  }
  EXPECT_EQ(failed(HttpFailure::kTooLarge), 2);
}

// 1000 bytes that unpack to a million.
TEST_F(BadServers, APackedBodyIsMeasuredUnpacked) {
  options.limits.body_bytes_max = 100'000;
  const std::string plain(1'000'000, 'x');
  std::string packed(10'000, '\0');
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  Serve([&packed](const TestRequest& request, TestPeer& peer) {
    const std::string body = request.target == "/bomb" ? packed : "not packed";
    return peer.Send(TestHttpServer::Reply(200, body, "Content-Encoding: gzip\r\n"));
  });
  EXPECT_EQ(Get("/bomb").status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(Get("/broken").status().code(), StatusCode::kDataLoss);
}

TEST_F(BadServers, HeadersBeyondTheLimitsAreNotRead) {
  Serve([](const TestRequest& request, TestPeer& peer) {
    const std::string header = request.target == "/many"
                                   ? "X: y\r\n"
                                   : std::string("X: ") + std::string(1000, 'y') + "\r\n";
    peer.Send("HTTP/1.1 200 Said\r\n");
    while (peer.Send(header)) {
    }
    return false;
  });
  for (const char* path : {"/many", "/long"}) {
    EXPECT_EQ(Get(path).status().code(), StatusCode::kResourceExhausted) << path;
  }
}

// --- connections ---

TEST_F(BadServers, AResetIsTriedAgainOnlyWhenThatDoesNoHarm) {
  options.retries.attempts_max = 3;
  Serve([](const TestRequest&, TestPeer& peer) {
    peer.Reset();
    return false;
  });
  const auto once = Post("order", false);
  EXPECT_EQ(once.status().code(), StatusCode::kUnavailable);
  EXPECT_FALSE(NothingWasSent(once.status()));
  EXPECT_EQ(request_count(), 1);
  EXPECT_EQ(Post("level", true).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(request_count(), 4);
}

// libcurl sends a POST again by itself when a connection that it kept turns out to be closed.
TEST_F(BadServers, AKeptConnectionThatClosesDoesNotDoubleAWrite) {
  Serve([](const TestRequest& request, TestPeer& peer) {
    return request.method == "GET" && peer.Send(TestHttpServer::Reply(200));
  });
  ASSERT_TRUE(Get("/").ok());  // Leaves a connection.
  EXPECT_EQ(Post("order", false).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(request_count(), 2);
}

TEST_F(BadServers, WhatNeverArrivedMayAlwaysBeTriedAgain) {
  options.retries.attempts_max = 3;
  const auto reply =
      client().Call({.method = "POST",
                     .url = "http://127.0.0.1:" + std::to_string(support::FreePort()),
                     .name = "order"});
  EXPECT_EQ(reply.status().code(), StatusCode::kUnavailable) << reply.status();
  EXPECT_TRUE(NothingWasSent(reply.status()));
  EXPECT_EQ(client().metrics().retries, 2);
  EXPECT_EQ(failed(HttpFailure::kConnect), 3);
  EXPECT_THAT(clock.slept(), SizeIs(2));
}

TEST_F(BadServers, StoppingEndsACallThatHangs) {
  std::stop_source arrived;
  Serve([&arrived](const TestRequest&, TestPeer& peer) {
    arrived.request_stop();
    peer.WaitForClose(support::kPatience);
    return false;
  });
  const std::stop_callback stop(arrived.get_token(), [this] { client().Stop(); });
  client();
  const auto begin = support::SteadyNow();
  EXPECT_EQ(Get("/").status().code(), StatusCode::kCancelled);
  EXPECT_LT(support::SteadyNow() - begin, milliseconds(2000));
  EXPECT_EQ(Get("/").status().code(), StatusCode::kCancelled);
}

TEST_F(BadServers, StoppingEndsAPauseOnTheRealClock) {
  options.retries.pauses = {.initial = milliseconds(60'000), .max = milliseconds(60'000)};
  std::atomic<int> asked = 0;
  TestHttpServer server([&asked](const TestRequest&, TestPeer& peer) {
    ++asked;
    return peer.Send(TestHttpServer::Reply(503));
  });
  const auto patient = HttpClient::Make(options);
  ASSERT_TRUE(patient.ok());
  absl::Status status;
  std::thread caller([&] {
    status =
        (*patient)->Call({.url = server.url("/"), .is_repeatable = true, .name = "call"}).status();
  });
  ASSERT_TRUE(support::WaitUntil(support::In(), [&] { return asked == 1; }));
  (*patient)->Stop();
  caller.join();
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
}

// --- retries ---

TEST_F(BadServers, BusyServersAreAskedAgainWithGrowingPauses) {
  ServeStatuses({503, 502, 504});
  EXPECT_EQ(Get("/")->status, 200);
  EXPECT_EQ(client().metrics().retries, 3);
  const auto pauses = clock.slept();
  ASSERT_THAT(pauses, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_GE(pauses[i], milliseconds(250) * (1 << i));
    EXPECT_LE(pauses[i], milliseconds(500) * (1 << i));
  }
}

TEST_F(BadServers, AttemptsAreBoundedAndTheLastReplyIsTheAnswer) {
  ServeStatuses({503, 503, 503, 503, 503, 503});
  EXPECT_EQ(Get("/")->status, 503);
  EXPECT_EQ(request_count(), 4);
}

TEST_F(BadServers, OtherRepliesAreAnswers) {
  for (const int status : {400, 401, 404, 409, 410, 422, 500, 501}) {
    const size_t before = client().metrics().attempts;
    TestHttpServer server([status](const TestRequest&, TestPeer& peer) {
      return peer.Send(TestHttpServer::Reply(status));
    });
    EXPECT_EQ(
        client().Call({.url = server.url("/"), .is_repeatable = true, .name = "call"})->status,
        status);
    EXPECT_EQ(client().metrics().attempts, before + 1);
  }
}

TEST_F(BadServers, AWriteIsNotRepeatedAfterAnyReply) {
  ServeStatuses({503});
  EXPECT_EQ(Post("order")->status, 503);
  EXPECT_EQ(request_count(), 1);
}

TEST_F(BadServers, RetryAfterIsHeardInSeconds) {
  ServeStatuses({503}, "Retry-After: 7\r\n");
  EXPECT_EQ(Get("/")->status, 200);
  EXPECT_THAT(clock.slept(), ElementsAre(milliseconds(7000)));
}

TEST_F(BadServers, RetryAfterIsHeardAsADateAndCapped) {
  options.retries.retry_after_max = milliseconds(60'000);
  // The clock stands at Wed, 04 Oct 2024 00:00:00.
  ServeStatuses({503, 503}, "Retry-After: Sat, 05 Oct 2024 00:00:00 GMT\r\n");
  EXPECT_EQ(Get("/")->status, 200);
  EXPECT_THAT(clock.slept(), ElementsAre(milliseconds(60'000), milliseconds(60'000)));
}

TEST_F(BadServers, ACallDoesNotLastLongerThanAllowed) {
  options.retries.call_max = milliseconds(10'000);
  ServeStatuses({503, 503}, "Retry-After: 7\r\n");
  EXPECT_EQ(Get("/")->status, 503);
  EXPECT_THAT(clock.slept(), ElementsAre(milliseconds(7000)));
}

// A 429 to one call holds the others back, too.
TEST_F(BadServers, TooManyRequestsSlowTheHostDownForAll) {
  options.rate = {.requests_per_s = 10, .burst = 5};
  ServeStatuses({429}, "Retry-After: 30\r\n");
  EXPECT_EQ(Post("order")->status, 429);
  EXPECT_EQ(Get("/")->status, 200);
  EXPECT_THAT(clock.slept(), ElementsAre(milliseconds(30'000)));
  EXPECT_EQ(client().metrics().replies_429, 1);
  EXPECT_EQ(client().metrics().waits, 1);
}

TEST_F(BadServers, CallsBeyondTheRateWaitTheirTurn) {
  options.rate = {.requests_per_s = 4, .burst = 2};
  ServeStatuses({});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Get("/")->status, 200);
  EXPECT_THAT(clock.slept(), ElementsAre(milliseconds(250), milliseconds(250)));
}

TEST_F(BadServers, ACallWhoseTurnComesTooLateIsNotMade) {
  options.rate = {.requests_per_s = 1, .burst = 1};
  options.retries.call_max = milliseconds(500);
  ServeStatuses({});
  EXPECT_EQ(Get("/")->status, 200);
  const auto late = Get("/");
  EXPECT_EQ(late.status().code(), StatusCode::kUnavailable);
  EXPECT_TRUE(NothingWasSent(late.status()));
  EXPECT_EQ(failed(HttpFailure::kTurnTooLate), 1);
  clock.Advance(milliseconds(600));
  EXPECT_EQ(Get("/")->status, 200);  // The turn that was not taken is left to others.
}

// --- secrets ---

TEST_F(BadServers, NoLogAndNoErrorSpeaksOfSecrets) {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  auto logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  logger->set_level(spdlog::level::trace);
  spdlog::set_default_logger(logger);
  options.retries.attempts_max = 2;
  TestHttpServer& server = Serve([](const TestRequest&, TestPeer& peer) {
    peer.Reset();
    return false;
  });
  const std::string hush = "hush-7f3a";
  std::string errors;
  for (const std::string& base :
       {server.url("/" + hush), std::string("https://no-such.invalid/") + hush,
        "http://" + hush + "@127.0.0.1/"}) {
    const auto reply = client().Call({.method = "POST",
                                      .url = base + "?key=" + hush,
                                      .headers = {{"Cookie", hush}},
                                      .secret_headers = {{"Authorization", Secret(hush)}},
                                      .body = hush,
                                      .is_repeatable = true,
                                      .name = "call"});
    errors += reply.status().ToString();
  }
  errors += ToLogLine(client().metrics());
  spdlog::set_default_logger(before);
  EXPECT_THAT(log.str(), testing::HasSubstr("http call tried again call=call"));
  EXPECT_THAT(log.str(), testing::Not(testing::HasSubstr(hush)));
  EXPECT_THAT(errors, testing::Not(testing::HasSubstr(hush)));
}

}  // namespace
}  // namespace stockd::http_client
