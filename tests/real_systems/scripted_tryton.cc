#include "tests/real_systems/scripted_tryton.h"

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace stockd::real_systems {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string ValueOf(const std::string& head, const std::string& name) {
  const std::string lower = absl::AsciiStrToLower(head);
  const size_t begin = lower.find("\r\n" + name + ":");
  if (begin == std::string::npos) return {};
  const size_t value = begin + name.size() + 3;
  return std::string(
      absl::StripAsciiWhitespace(head.substr(value, head.find("\r\n", value) - value)));
}

std::string MethodOf(const std::string& body) {
  constexpr std::string_view kName = "\"method\":\"";
  const size_t begin = body.find(kName);
  if (begin == std::string::npos) return {};
  const size_t value = begin + kName.size();
  return body.substr(value, body.find('"', value) - value);
}

// The same, for a connection that ends with the answer.
std::string WithoutKeepAlive(const std::string& head) {
  std::string result;
  for (size_t begin = 0; begin < head.size();) {
    const size_t end = head.find("\r\n", begin);
    const std::string line = head.substr(begin, end - begin);
    if (line.empty()) break;
    if (!absl::AsciiStrToLower(line).starts_with("connection:")) result += line + "\r\n";
    begin = end + 2;
  }
  return result + "Connection: close\r\n\r\n";
}

}  // namespace

std::string ErrorBody(const std::string& kind, const std::string& details) {
  return fmt::format(R"({{"id":1,"error":["{}",{}]}})", kind, details);
}

ScriptedTryton::ScriptedTryton(int server_port)
    : server_port_(server_port),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      thread_([this] { Accept(); }) {}

ScriptedTryton::~ScriptedTryton() {
  is_stopping_ = true;
  // Wakes the thread that waits for callers.
  tcp::socket last(context_);
  boost::system::error_code error;
  last.connect(tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<uint16_t>(port_)),
               error);
}

void ScriptedTryton::SetScript(Script script) {
  const std::scoped_lock lock(mutex_);
  script_ = std::move(script);
}

void ScriptedTryton::Accept() {
  std::vector<std::jthread> callers;
  while (!is_stopping_) {
    boost::system::error_code error;
    tcp::socket caller = acceptor_.accept(error);
    if (error || is_stopping_) break;
    callers.emplace_back(
        [this, caller = std::move(caller)]() mutable { Serve(std::move(caller)); });
  }
}

std::string ScriptedTryton::Forward(const std::string& head, const std::string& body) {
  boost::system::error_code error;
  tcp::socket server(context_);
  server.connect(
      tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<uint16_t>(server_port_)), error);
  if (error) return {};
  asio::write(server, asio::buffer(WithoutKeepAlive(head) + body), error);
  std::string answer;
  if (!error) asio::read(server, asio::dynamic_buffer(answer), error);
  return error == asio::error::eof ? answer : std::string();
}

void ScriptedTryton::Serve(tcp::socket caller) {
  boost::system::error_code error;
  std::string request;
  asio::read_until(caller, asio::dynamic_buffer(request), "\r\n\r\n", error);
  if (error) return;
  const size_t head_size = request.find("\r\n\r\n") + 4;
  const std::string head = request.substr(0, head_size);
  size_t body_size = 0;
  if (!absl::SimpleAtoi(ValueOf(head, "content-length"), &body_size)) return;
  if (request.size() < head_size + body_size) {
    asio::read(caller, asio::dynamic_buffer(request),
               asio::transfer_exactly(head_size + body_size - request.size()), error);
    if (error) return;
  }
  const std::string body = request.substr(head_size, body_size);
  Script script;
  {
    const std::scoped_lock lock(mutex_);
    script = script_;
  }
  const Verdict verdict = script ? script(MethodOf(body), body) : Verdict();
  std::string answer;
  if (verdict.is_forwarded) answer = Forward(head, body);
  if (verdict.before_answer) verdict.before_answer();
  if (verdict.is_answer_lost) return;
  if (verdict.status != 0) {
    answer = fmt::format(
        "HTTP/1.1 {} Scripted\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
        verdict.status, verdict.body.size(), verdict.body);
  }
  asio::write(caller, asio::buffer(answer), error);
}

}  // namespace stockd::real_systems
