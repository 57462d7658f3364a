#pragma once

#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace boost::asio::ssl {
class context;
}

namespace stockd::http {

// The bytes of one connection, plain or encrypted. Belongs to the thread of its socket. At most one
// read and one write at a time.
class Transport {
 public:
  virtual ~Transport() = default;

  // False when there is no understanding.
  virtual boost::asio::awaitable<bool> Handshake() = 0;
  // The number of bytes that came; 0 at the end, when it failed, and after Cancel() or Close().
  virtual boost::asio::awaitable<size_t> Read(std::span<char> space) = 0;
  // The number of bytes that went, at least one; 0 when it failed, and after Cancel() or Close().
  virtual boost::asio::awaitable<size_t> Write(std::span<const char> bytes) = 0;
  // Tells the peer that nothing more comes. Answers say themselves where they end, so an encrypted
  // connection needs no farewell of its own.
  virtual void FinishWriting() = 0;
  // Ends what is pending.
  virtual void Cancel() = 0;
  virtual void Close() = 0;
};

std::unique_ptr<Transport> PlainTransport(boost::asio::ip::tcp::socket socket);
std::unique_ptr<Transport> TlsTransport(boost::asio::ip::tcp::socket socket,
                                        std::shared_ptr<boost::asio::ssl::context> context);

}  // namespace stockd::http
