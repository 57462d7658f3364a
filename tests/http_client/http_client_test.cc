// Calls against a real server on loopback that answers as it should.
#include "adapters/http_client/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/http_client/client_fixture.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"
#include "tests/support/test_certificates.h"

namespace stockd::http_client {
namespace {

class HttpCalls : public ClientTest {};

TEST_F(HttpCalls, AReplyHasStatusHeadersInAnyCaseAndBody) {
  TestHttpServer& server = Serve([](const TestRequest&, TestPeer& peer) {
    return peer.Send(TestHttpServer::Reply(418, "short and stout", "X-Pot: tea \r\nX-pot: 2\r\n"));
  });
  const auto reply = Get("/pot?size=1");
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->status, 418);
  EXPECT_EQ(reply->body, "short and stout");
  EXPECT_EQ(reply->headers.Find("x-POT"), "tea");
  EXPECT_EQ(reply->headers.Find("x-cup"), std::nullopt);
  const TestRequest request = server.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/pot?size=1");
  EXPECT_EQ(request.header("user-agent"), "stockd/1.0");
  EXPECT_EQ(request.header("accept-encoding"), "gzip");
}

TEST_F(HttpCalls, EveryMethodCarriesWhatItWasGiven) {
  TestHttpServer& server = ServeStatuses({});
  const std::string body = std::string("a\0b", 3) + std::string(2'000'000, 'x');
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const auto reply = client().Call({.method = method,
                                      .url = server.url("/"),
                                      .headers = {{"Content-Type", "application/json"}},
                                      .secret_headers = {{"Authorization", Secret("Bearer t")}},
                                      .body = body,
                                      .name = "write"});
    ASSERT_TRUE(reply.ok()) << reply.status();
    const TestRequest request = server.requests().back();
    EXPECT_EQ(request.method, method);
    EXPECT_EQ(request.body, body);
    EXPECT_EQ(request.header("content-type"), "application/json");
    EXPECT_EQ(request.header("authorization"), "Bearer t");
    EXPECT_EQ(request.header("expect"), "");
  }
  ASSERT_TRUE(client().Call({.method = "POST", .url = server.url("/"), .name = "empty"}).ok());
  EXPECT_EQ(server.requests().back().header("content-length"), "0");
  EXPECT_EQ(server.requests().back().header("content-type"), "");
}

TEST_F(HttpCalls, AHeadHasNoBody) {
  TestHttpServer& server = Serve([](const TestRequest&, TestPeer& peer) {
    return peer.Send("HTTP/1.1 200 Said\r\nContent-Length: 99\r\n\r\n");
  });
  const auto reply = client().Call({.method = "HEAD", .url = server.url("/"), .name = "head"});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->headers.Find("content-length"), "99");
  EXPECT_EQ(reply->body, "");
}

TEST_F(HttpCalls, RepeatableCallsShareAConnection) {
  TestHttpServer& server = ServeStatuses({});
  ASSERT_TRUE(Get("/1").ok());
  ASSERT_TRUE(Get("/2").ok());
  EXPECT_EQ(server.requests().at(1).connection, 0);
}

TEST_F(HttpCalls, ManyThreadsCallAtOnce) {
  options.rate.requests_per_s = 0;
  Serve([](const TestRequest& request, TestPeer& peer) {
    return peer.Send(TestHttpServer::Reply(200, request.target));
  });
  HttpClient& shared = client();
  std::atomic<int> right = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(i);
        const auto reply = Get(path);
        right += reply.ok() && reply->body == path;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(right, 400);
  EXPECT_EQ(shared.metrics().replies_2xx, 400);
}

TEST_F(HttpCalls, WhatCouldSaySomethingElseIsNotSent) {
  TestHttpServer& server = ServeStatuses({});
  const std::vector<HttpRequest> requests = {
      {.url = server.url("/"), .headers = {{"X-A", "1\r\nX-B: 2"}}, .name = "call"},
      {.url = server.url("/"), .headers = {{"X A", "1"}}, .name = "call"},
      {.url = server.url("/"), .secret_headers = {{"X-A", Secret("1\n2")}}, .name = "call"},
      {.method = "GET /other", .url = server.url("/"), .name = "call"},
      {.url = "ftp://127.0.0.1/", .name = "call"},
      {.url = "file:///etc/hostname", .name = "call"},
      {.url = "no url", .name = "call"},
      {.url = "http://user:hush@127.0.0.1:1/", .name = "call"},
      {.url = "http://shop.example/", .name = "call"},
  };
  for (const HttpRequest& request : requests) {
    const auto reply = client().Call(request);
    EXPECT_EQ(reply.status().code(), absl::StatusCode::kInvalidArgument) << request.url;
    EXPECT_TRUE(NothingWasSent(reply.status()));
    EXPECT_THAT(std::string(reply.status().message()), testing::Not(testing::HasSubstr("hush")));
  }
  EXPECT_EQ(request_count(), 0);
}

TEST_F(HttpCalls, RedirectsAreFollowedWithinTheHostOnly) {
  TestHttpServer other([](const TestRequest&, TestPeer& peer) {
    return peer.Send(TestHttpServer::Reply(200, "other"));
  });
  TestHttpServer& server = Serve([&other](const TestRequest& request, TestPeer& peer) {
    const std::string to = request.target == "/here"   ? "there"
                           : request.target == "/away" ? other.url("/")
                           : request.target == "/loop" ? "/loop"
                                                       : "";
    return peer.Send(to.empty() ? TestHttpServer::Reply(200, request.target)
                                : TestHttpServer::Reply(302, "", "Location: " + to + "\r\n"));
  });
  EXPECT_EQ(Get("/here")->body, "/there");
  EXPECT_EQ(Get("/away")->status, 302);
  EXPECT_EQ(Get("/loop")->status, 302);
  EXPECT_EQ(client()
                .Call({.url = server.url("/here"),
                       .secret_headers = {{"X-Key", Secret("k")}},
                       .name = "call"})
                ->status,
            302);
  EXPECT_EQ(client()
                .Call({.url = server.url("/here"),
                       .headers = {{"Authorization", "Basic eDp5"}},
                       .name = "call"})
                ->status,
            302);
  EXPECT_EQ(client().Call({.method = "POST", .url = server.url("/here"), .name = "call"})->status,
            302);
  EXPECT_EQ(other.requests().size(), 0);
}

TEST_F(HttpCalls, AProxyIsAskedUnlessTheHostIsExcepted) {
  TestHttpServer& proxy = Serve([](const TestRequest&, TestPeer& peer) {
    return peer.Send(TestHttpServer::Reply(200, "by proxy"));
  });
  options.proxy = proxy.url("");
  options.proxy_user = "user";
  options.proxy_password = Secret("word");
  options.is_plain_http_allowed = true;
  options.no_proxy = "127.0.0.1";
  const auto reply = client().Call({.url = "http://shop.example/items", .name = "call"});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(proxy.requests().at(0).target, "http://shop.example/items");
  EXPECT_EQ(proxy.requests().at(0).header("proxy-authorization"), "Basic dXNlcjp3b3Jk");
  EXPECT_EQ(Get("/own")->body, "by proxy");
  EXPECT_EQ(proxy.requests().at(1).target, "/own");
}

TEST_F(HttpCalls, AnUnpackedReplyHasItsOwnLength) {
  // "packed" by gzip.
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x2b\x48\x4c\xce\x4e\x4d\x01\x00\x10\xb4"
      "\xf6\x21\x06\x00\x00\x00",
      26);
  Serve([&packed](const TestRequest&, TestPeer& peer) {
    return peer.Send(TestHttpServer::Reply(200, packed, "Content-Encoding: gzip\r\n"));
  });
  const auto reply = Get("/");
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->body, "packed");
  EXPECT_EQ(reply->headers.Find("content-length"), std::nullopt);
}

class HttpCertificates : public ClientTest {
 protected:
  void ServeAs(const support::TestAuthority& authority) {
    const support::Certificate own = authority.Issue("server");
    support::WriteFile(folder_.path() / "server.pem", own.certificate);
    support::WriteFile(folder_.path() / "server.key", own.key);
    support::WriteFile(folder_.path() / "trusted.pem", trusted_.certificate());
    Serve([](const TestRequest&, TestPeer& peer) { return peer.Send(TestHttpServer::Reply(200)); },
          {.certificate_file = folder_.path() / "server.pem",
           .key_file = folder_.path() / "server.key"});
  }

  const support::TestAuthority trusted_{"trusted"};
  const support::TestAuthority stranger_{"stranger"};
  support::TempDirectory folder_;
};

TEST_F(HttpCertificates, AnAuthorityOfOurOwnIsTrusted) {
  ServeAs(trusted_);
  options.ca_file = folder_.path() / "trusted.pem";
  EXPECT_EQ(Get("/")->status, 200);
}

TEST_F(HttpCertificates, AStrangersCertificateEndsTheCallAtOnce) {
  ServeAs(stranger_);
  options.ca_file = folder_.path() / "trusted.pem";
  const auto reply = Get("/");
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnauthenticated) << reply.status();
  EXPECT_TRUE(NothingWasSent(reply.status()));
  EXPECT_EQ(client().metrics().attempts, 1);
  EXPECT_EQ(request_count(), 0);
}

TEST_F(HttpCertificates, TheMachinesAuthoritiesDoNotKnowOurs) {
  ServeAs(trusted_);
  EXPECT_EQ(Get("/").status().code(), absl::StatusCode::kUnauthenticated);
}

TEST_F(HttpCertificates, AnotherNameThanTheCertificatesIsRefused) {
  ServeAs(trusted_);
  options.ca_file = folder_.path() / "trusted.pem";
  std::string url = "https://[::ffff:127.0.0.1]:";
  const std::string own = server().url("/");
  url += own.substr(own.rfind(':') + 1);
  const auto reply = client().Call({.url = url, .is_repeatable = true, .name = "call"});
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnauthenticated) << reply.status();
  EXPECT_EQ(request_count(), 0);
}

}  // namespace
}  // namespace stockd::http_client
