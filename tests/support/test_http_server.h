#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace stockd::support {

// What a client sent.
struct TestRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
  int connection = 0;  // Counts from 0.

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// The server's end of a connection, byte by byte, so that a test can misbehave as servers do.
class TestPeer {
 public:
  virtual ~TestPeer() = default;

  // False when the client takes no more.
  virtual bool Send(std::string_view bytes) = 0;
  // Waits until the client closes the connection or the server ends: true, or false when
  // `patience` is over.
  virtual bool WaitForClose(std::chrono::milliseconds patience) = 0;
  // Ends the connection by a reset.
  virtual void Reset() = 0;
};

// PEM files of a server that encrypts.
struct TestServerTls {
  std::string certificate_file;
  std::string key_file;
};

// A small HTTP server on a loopback port. Each connection has a thread.
class TestHttpServer {
 public:
  // Answers one request; whether the connection stays open. Called on several threads.
  using Handler = std::function<bool(const TestRequest& request, TestPeer& peer)>;

  // `port` 0: any. Throws std::system_error when it cannot listen.
  explicit TestHttpServer(Handler handler, int port = 0, TestServerTls tls = {});
  // Ends all connections.
  ~TestHttpServer();
  TestHttpServer(const TestHttpServer&) = delete;
  TestHttpServer& operator=(const TestHttpServer&) = delete;

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" and the path.
  std::string url(const std::string& path) const;
  // All that came so far, in order.
  std::vector<TestRequest> requests() const;

  // A whole reply with its length.
  static std::string Reply(int status, std::string_view body = "", std::string_view headers = "");

 private:
  class Connection;

  void Accept();
  void Serve(int socket, int number);

  const Handler handler_;
  const TestServerTls tls_;
  int listener_ = -1;
  int end_ = -1;  // An eventfd, readable once the server ends.
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<TestRequest> requests_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace stockd::support
