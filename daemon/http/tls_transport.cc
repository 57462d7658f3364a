#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/http/transport.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;

class Tls final : public Transport {
 public:
  Tls(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  asio::awaitable<bool> Handshake() override {
    boost::system::error_code code;
    co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                     asio::redirect_error(asio::use_awaitable, code));
    co_return !code;
  }

  asio::awaitable<size_t> Read(std::span<char> space) override {
    boost::system::error_code code;
    const size_t count = co_await stream_.async_read_some(
        asio::buffer(space.data(), space.size()), asio::redirect_error(asio::use_awaitable, code));
    co_return code ? 0 : count;
  }

  asio::awaitable<size_t> Write(std::span<const char> bytes) override {
    boost::system::error_code code;
    const size_t count = co_await stream_.async_write_some(
        asio::buffer(bytes.data(), bytes.size()), asio::redirect_error(asio::use_awaitable, code));
    co_return code ? 0 : count;
  }

  void FinishWriting() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  void Cancel() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().cancel(ignored);
  }

  void Close() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  const std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> TlsTransport(asio::ip::tcp::socket socket,
                                        std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<Tls>(std::move(socket), std::move(context));
}

}  // namespace stockd::http
