#include "tests/support/test_http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

namespace stockd::support {
namespace {

int Checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

// Reads requests and writes what the handler says, with or without TLS.
class TestHttpServer::Connection final : public TestPeer {
 public:
  Connection(int socket, int end, const TestServerTls& tls) : socket_(socket), end_(end) {
    if (tls.certificate_file.empty()) return;
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate_chain_file(context_.get(), tls.certificate_file.c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), tls.key_file.c_str(), SSL_FILETYPE_PEM);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
  }
  ~Connection() override {
    if (ssl_ != nullptr) SSL_shutdown(ssl_.get());
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool Accept() { return ssl_ == nullptr || (Wait(-1) && SSL_accept(ssl_.get()) == 1); }

  std::optional<TestRequest> Read() {
    size_t head = std::string::npos;
    while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!Fill()) return std::nullopt;
    }
    TestRequest request;
    size_t at = buffer_.find("\r\n");
    const std::string first = buffer_.substr(0, at);
    const size_t blank = first.find(' ');
    request.method = first.substr(0, blank);
    request.target = first.substr(blank + 1, first.rfind(' ') - blank - 1);
    while (at < head) {
      const size_t next = buffer_.find("\r\n", at + 2);
      const std::string line = buffer_.substr(at + 2, next - at - 2);
      const size_t colon = line.find(": ");
      if (colon != std::string::npos) {
        request.headers[Lower(line.substr(0, colon))] = line.substr(colon + 2);
      }
      at = next;
    }
    const std::string length = request.header("content-length");
    const size_t body = length.empty() ? 0 : std::stoul(length);
    buffer_.erase(0, head + 4);
    while (buffer_.size() < body) {
      if (!Fill()) return std::nullopt;
    }
    request.body = buffer_.substr(0, body);
    buffer_.erase(0, body);
    return request;
  }

  bool Send(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count =
          ssl_ != nullptr ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                          : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  bool WaitForClose(std::chrono::milliseconds patience) override {
    pollfd watched[] = {{.fd = socket_, .events = POLLRDHUP, .revents = 0},
                        {.fd = end_, .events = POLLIN, .revents = 0}};
    return ::poll(watched, 2, static_cast<int>(patience.count())) > 0;
  }

  void Reset() override {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ssl_.reset();
  }

 private:
  struct Freer {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  // False when the server ends first.
  bool Wait(int patience_ms) {
    if (ssl_ != nullptr && SSL_pending(ssl_.get()) > 0) return true;
    pollfd watched[] = {{.fd = socket_, .events = POLLIN, .revents = 0},
                        {.fd = end_, .events = POLLIN, .revents = 0}};
    return ::poll(watched, 2, patience_ms) > 0 && watched[1].revents == 0;
  }

  bool Fill() {
    char piece[16384];
    if (!Wait(-1)) return false;
    const ssize_t count = ssl_ != nullptr ? SSL_read(ssl_.get(), piece, sizeof piece)
                                          : ::recv(socket_, piece, sizeof piece, 0);
    if (count <= 0) return false;
    buffer_.append(piece, static_cast<size_t>(count));
    return true;
  }

  const int socket_;
  const int end_;
  std::unique_ptr<SSL_CTX, Freer> context_;
  std::unique_ptr<SSL, Freer> ssl_;
  std::string buffer_;
};

TestHttpServer::TestHttpServer(Handler handler, int port, TestServerTls tls)
    : handler_(std::move(handler)), tls_(std::move(tls)) {
  (void)::signal(SIGPIPE, SIG_IGN);  // Clients go while OpenSSL writes.
  listener_ = Checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  Checked(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), "bind");
  Checked(::listen(listener_, 64), "listen");
  Checked(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port_ = ntohs(address.sin_port);
  end_ = Checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
  acceptor_ = std::thread([this] { Accept(); });
}

TestHttpServer::~TestHttpServer() {
  (void)::eventfd_write(end_, 1);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
  ::close(end_);
}

std::string TestHttpServer::url(const std::string& path) const {
  return (tls_.key_file.empty() ? "http://127.0.0.1:" : "https://127.0.0.1:") +
         std::to_string(port_) + path;
}

std::vector<TestRequest> TestHttpServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::string TestHttpServer::Reply(int status, std::string_view body, std::string_view headers) {
  std::string reply = "HTTP/1.1 " + std::to_string(status) +
                      " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return reply.append(headers).append("\r\n").append(body);
}

void TestHttpServer::Accept() {
  for (int number = 0;; ++number) {
    pollfd watched[] = {{.fd = listener_, .events = POLLIN, .revents = 0},
                        {.fd = end_, .events = POLLIN, .revents = 0}};
    if (::poll(watched, 2, -1) < 0 || watched[1].revents != 0) return;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    threads_.emplace_back([this, socket, number] { Serve(socket, number); });
  }
}

void TestHttpServer::Serve(int socket, int number) {
  Connection connection(socket, end_, tls_);
  if (!connection.Accept()) return;
  for (;;) {
    std::optional<TestRequest> request = connection.Read();
    if (!request) return;
    request->connection = number;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(*request);
    }
    if (!handler_(*request, connection)) return;
  }
}

}  // namespace stockd::support
