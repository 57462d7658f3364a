#include "daemon/http/browser_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stockd::http {
namespace {

using Answer = BrowserGuard::Answer;

constexpr bool kPage = true;
constexpr bool kCall = false;

Answer Judge(const Request& request, bool is_page = kCall, bool is_encrypted = false) {
  const BrowserGuard guard({.own_host = "stock.example",
                            .hosts = {"tablet.local"},
                            .origins = {"https://shop.example"},
                            .is_encrypted = is_encrypted});
  return guard.Judge(request, is_page).answer;
}

// A name that somebody made to point at this machine would let his pages read it as their own.
TEST(BrowserGuard, KnowsItsNames) {
  for (const char* host :
       {"localhost", "localhost:7451", "LOCALHOST.", "a.localhost:1", "127.0.0.1", "10.1.2.3:7451",
        "[::1]:7451", "[::1]", "stock.example", "tablet.local:1", ""}) {
    EXPECT_EQ(Judge({.method = "POST", .host = host}), Answer::kAllowed) << host;
  }
  for (const char* host : {"evil.example", "evil.example:7451", "localhost.evil.example",
                           "127.0.0.1.evil.example", "[::1", "1.2.3.4x", "xlocalhost", ":7451"}) {
    EXPECT_EQ(Judge({.method = "POST", .host = host}), Answer::kWrongHost) << host;
    EXPECT_EQ(Judge({.method = "GET", .host = host}, kPage), Answer::kWrongHost) << host;
  }
  EXPECT_EQ(Judge({.method = "POST", .host = "any.example"}, kCall, true), Answer::kAllowed)
      << "the certificate has told";
}

TEST(BrowserGuard, LetsItsOwnPagesAndTheListedOnesCall) {
  const auto from = [](std::string_view origin, bool is_encrypted = false) {
    return Judge({.method = "POST", .host = "localhost:7451", .origin = origin}, kCall,
                 is_encrypted);
  };
  EXPECT_EQ(from("http://localhost:7451"), Answer::kAllowed);
  EXPECT_EQ(from("https://localhost:7451", true), Answer::kAllowed);
  EXPECT_EQ(from("https://shop.example"), Answer::kAllowed);
  for (const char* origin :
       {"http://localhost:7452", "https://localhost:7451", "http://localhost", "null", "x",
        "http://shop.example", "https://shop.example.evil.example", "https://SHOP.example"}) {
    EXPECT_EQ(from(origin), Answer::kWrongOrigin) << origin;
  }
}

// An <img> or a link sends no origin.
TEST(BrowserGuard, RefusesForeignRequestsWithoutAnOrigin) {
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_EQ(Judge({.method = "GET", .host = "localhost", .fetch_site = site}),
              Answer::kWrongOrigin);
    EXPECT_EQ(Judge({.method = "GET", .host = "localhost", .fetch_site = site}, kPage),
              Answer::kAllowed);
  }
  for (const char* site : {"same-origin", "none", ""}) {
    EXPECT_EQ(Judge({.method = "GET", .host = "localhost", .fetch_site = site}), Answer::kAllowed);
  }
}

TEST(BrowserGuard, AnswersPreflightsOfListedOriginsOnly) {
  const BrowserGuard guard({.origins = {"https://shop.example"}});
  Request request{.method = "OPTIONS",
                  .host = "localhost",
                  .origin = "https://shop.example",
                  .preflight_method = "POST"};
  const BrowserGuard::Verdict verdict = guard.Judge(request, kCall);
  EXPECT_EQ(verdict.answer, Answer::kPreflight);
  EXPECT_THAT(verdict.headers,
              testing::HasSubstr("access-control-allow-origin: https://shop.example\r\n"));
  EXPECT_THAT(verdict.headers, testing::Not(testing::HasSubstr("*")));
  request.origin = "https://other.example";
  EXPECT_EQ(guard.Judge(request, kCall).answer, Answer::kWrongOrigin);
}

}  // namespace
}  // namespace stockd::http
