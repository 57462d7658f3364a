#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/http/transport.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;

class Plain final : public Transport {
 public:
  explicit Plain(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<bool> Handshake() override { co_return true; }

  asio::awaitable<size_t> Read(std::span<char> space) override {
    boost::system::error_code code;
    const size_t count = co_await socket_.async_read_some(
        asio::buffer(space.data(), space.size()), asio::redirect_error(asio::use_awaitable, code));
    co_return code ? 0 : count;
  }

  asio::awaitable<size_t> Write(std::span<const char> bytes) override {
    boost::system::error_code code;
    const size_t count = co_await socket_.async_write_some(
        asio::buffer(bytes.data(), bytes.size()), asio::redirect_error(asio::use_awaitable, code));
    co_return code ? 0 : count;
  }

  void FinishWriting() override {
    boost::system::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  void Cancel() override {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

  void Close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Transport> PlainTransport(asio::ip::tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

}  // namespace stockd::http
