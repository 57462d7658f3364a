#include "tests/http/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>

namespace stockd::support {
namespace {

constexpr int kPatienceMs = 10'000;

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

HttpConnection::HttpConnection(const std::string& address, int receive_bytes) : host_(address) {
  const size_t colon = address.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr);
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_bytes > 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  }
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

HttpConnection::~HttpConnection() {
  if (socket_ >= 0) close(socket_);
}

bool HttpConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd ready{.fd = socket_, .events = POLLOUT};
    if (poll(&ready, 1, kPatienceMs) <= 0) return false;
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

void HttpConnection::FinishSending() { shutdown(socket_, SHUT_WR); }

bool HttpConnection::Fill() {
  pollfd ready{.fd = socket_, .events = POLLIN};
  if (poll(&ready, 1, kPatienceMs) <= 0) return false;
  char piece[16384];
  const ssize_t count = recv(socket_, piece, sizeof piece, 0);
  if (count <= 0) return false;
  buffer_.append(piece, static_cast<size_t>(count));
  return true;
}

std::string HttpConnection::Line() {
  size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill()) return {};
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string HttpConnection::Exactly(size_t count) {
  while (buffer_.size() < count && Fill()) {
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

HttpResponse HttpConnection::ReadHead() {
  HttpResponse response;
  const std::string first = Line();
  if (!first.starts_with("HTTP/1.1 ")) return response;
  response.status = std::atoi(first.c_str() + 9);
  for (std::string line = Line(); !line.empty(); line = Line()) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    response.headers[Lower(line.substr(0, colon))] =
        line.substr(line.find_first_not_of(' ', colon + 1));
  }
  return response;
}

std::string HttpConnection::ReadChunk() {
  const std::string size = Line();
  const std::string chunk = Exactly(std::strtoul(size.c_str(), nullptr, 16));
  Exactly(2);
  return chunk;
}

HttpResponse HttpConnection::Read(bool head_only) {
  HttpResponse response = ReadHead();
  if (head_only || response.status == 0) return response;
  if (response.header("transfer-encoding") == "chunked") {
    for (std::string chunk = ReadChunk(); !chunk.empty(); chunk = ReadChunk()) {
      response.body += chunk;
    }
  } else {
    response.body = Exactly(std::strtoul(response.header("content-length").c_str(), nullptr, 10));
  }
  return response;
}

bool HttpConnection::AnswersWithin(std::chrono::milliseconds time) {
  pollfd ready{.fd = socket_, .events = POLLIN};
  return poll(&ready, 1, static_cast<int>(time.count())) > 0;
}

bool HttpConnection::WaitForClose() {
  while (true) {
    pollfd ready{.fd = socket_, .events = POLLIN};
    if (poll(&ready, 1, kPatienceMs) <= 0) return false;
    char piece[16384];
    if (recv(socket_, piece, sizeof piece, 0) <= 0) return true;
  }
}

HttpResponse HttpConnection::Call(const std::string& method, const std::string& target,
                                  const std::string& headers, const std::string& body) {
  std::string request = method + " " + target + " HTTP/1.1\r\n" + headers;
  if (Lower(headers).find("host:") == std::string::npos) request += "Host: " + host_ + "\r\n";
  if (!body.empty() || method == "POST") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  if (!Send(request + "\r\n" + body)) return {};
  return Read(method == "HEAD");
}

HttpResponse PostJson(const std::string& address, const std::string& method,
                      const std::string& body, const std::string& headers) {
  HttpConnection connection(address);
  return connection.Call("POST", "/stockd.v1." + method,
                         "Content-Type: application/json\r\n" + headers, body);
}

}  // namespace stockd::support
