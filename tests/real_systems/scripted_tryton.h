// Stands between the adapter and a Tryton server, and makes go wrong what goes wrong on the way.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace stockd::real_systems {

// A server on 127.0.0.1 that hands calls on to a real one and its answers back, unless its script
// says otherwise.
class ScriptedTryton {
 public:
  // What becomes of one call.
  struct Verdict {
    bool is_forwarded = true;     // The server gets it.
    bool is_answer_lost = false;  // The caller sees a broken connection instead of the answer.
    int status = 0;               // Not 0: this is answered instead, with `body`.
    std::string body = {};
    std::function<void()> before_answer = {};  // Called once the server has done it.
  };
  // `method` as called, for example "model.stock.shipment.out.create"; `body` is the whole request.
  using Script = std::function<Verdict(const std::string& method, const std::string& body)>;

  explicit ScriptedTryton(int server_port);
  ~ScriptedTryton();
  ScriptedTryton(const ScriptedTryton&) = delete;
  ScriptedTryton& operator=(const ScriptedTryton&) = delete;

  int port() const { return port_; }
  void SetScript(Script script);

 private:
  void Accept();
  void Serve(boost::asio::ip::tcp::socket caller);
  std::string Forward(const std::string& head, const std::string& body);

  const int server_port_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  int port_ = 0;
  std::mutex mutex_;
  Script script_;
  std::atomic<bool> is_stopping_{false};
  std::jthread thread_;
};

// An application error as Tryton answers it, with HTTP status 200.
[[nodiscard]] std::string ErrorBody(const std::string& kind, const std::string& details);

}  // namespace stockd::real_systems
