#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace stockd::support {

// What came back.
struct HttpResponse {
  int status = 0;  // 0: nothing, or nothing that is a response, came in time.
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // Out of its chunks.

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// One connection to an HTTP server, byte by byte. Waits at most ten seconds for anything.
// Thread-compatible.
class HttpConnection {
 public:
  // `receive_bytes`: how much the kernel takes in that nobody reads; 0: as usual.
  explicit HttpConnection(const std::string& address, int receive_bytes = 0);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  bool is_connected() const { return socket_ >= 0; }

  // False when the server takes no more.
  bool Send(std::string_view bytes);
  // No more will be sent.
  void FinishSending();

  // The next response; of a HEAD request only the head.
  HttpResponse Read(bool head_only = false);
  // The next response's status line and headers, before its body.
  HttpResponse ReadHead();
  // The next chunk of a body in chunks; empty at its end.
  std::string ReadChunk();
  // Whether anything comes, or the server closes the connection, within this time.
  bool AnswersWithin(std::chrono::milliseconds time);
  // Whether the server closes the connection, whatever else it sends before.
  bool WaitForClose();

  // A whole request and its response.
  HttpResponse Call(const std::string& method, const std::string& target,
                    const std::string& headers = {}, const std::string& body = {});

 private:
  bool Fill();
  std::string Line();
  std::string Exactly(size_t count);

  int socket_ = -1;
  std::string buffer_;
  std::string host_;
};

// POST of a JSON body to "/stockd.v1.<method>" on a connection of its own.
HttpResponse PostJson(const std::string& address, const std::string& method,
                      const std::string& body, const std::string& headers = {});

}  // namespace stockd::support
