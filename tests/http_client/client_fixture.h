#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http_client/http_client.h"
#include "tests/support/manual_clock.h"
#include "tests/support/test_http_server.h"

namespace stockd::http_client {

using std::chrono::milliseconds;
using support::TestHttpServer;
using support::TestPeer;
using support::TestRequest;

// A client whose pauses take no time, and servers that misbehave.
class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    options.seed = 1;
    options.proxy = "none";
    options.timeouts = {.connect = milliseconds(5000),
                        .first_byte = milliseconds(5000),
                        .idle = milliseconds(5000),
                        .whole = milliseconds(10'000)};
  }

  TestHttpServer& Serve(TestHttpServer::Handler handler, support::TestServerTls tls = {}) {
    server_ = std::make_unique<TestHttpServer>(std::move(handler), 0, std::move(tls));
    return *server_;
  }
  // Answers with these statuses, one after the other, and then with 200.
  TestHttpServer& ServeStatuses(std::vector<int> statuses, std::string headers = "") {
    return Serve([this, statuses = std::move(statuses), headers = std::move(headers)](
                     const TestRequest&, TestPeer& peer) {
      const size_t number = served_++;
      const int status = number < statuses.size() ? statuses[number] : 200;
      return peer.Send(TestHttpServer::Reply(status, "said", status == 200 ? "" : headers));
    });
  }
  HttpClient& client() {
    if (client_ == nullptr) client_ = *HttpClient::Make(options, &clock);
    return *client_;
  }
  absl::StatusOr<HttpReply> Get(const std::string& path) {
    return client().Call({.url = server_->url(path), .is_repeatable = true, .name = "get"});
  }
  absl::StatusOr<HttpReply> Post(const std::string& body, bool is_repeatable = false) {
    return client().Call({.method = "POST",
                          .url = server_->url("/post"),
                          .body = body,
                          .is_repeatable = is_repeatable,
                          .name = "post"});
  }
  TestHttpServer& server() { return *server_; }
  size_t request_count() const { return server_->requests().size(); }
  int64_t failed(HttpFailure failure) { return client().metrics().failed(failure); }

  HttpClientOptions options;
  support::ManualClock clock;

 private:
  std::atomic<size_t> served_{0};
  std::unique_ptr<TestHttpServer> server_;
  std::unique_ptr<HttpClient> client_;  // Ends before the server.
};

}  // namespace stockd::http_client
