#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "daemon/base/clock.h"
#include "daemon/config/config.h"
#include "daemon/rpc/call_meter.h"

namespace stockd::rpc {

// The gRPC port: the services, standard health and reflection. Thread-safe.
class Server {
 public:
  // Listens and serves from then on. The services outlive the server. Paths in `tls` are complete.
  // On failure a text for people: the address is in use or not ours, a certificate cannot be read.
  // Calls are noted in `meter`; it and the clock outlive the server too.
  static std::variant<std::unique_ptr<Server>, std::string> Start(
      const config::ServerConfig& config, const config::TlsConfig& tls,
      std::span<grpc::Service* const> services, CallMeter& meter, const Clock& clock);

  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const { return port_; }
  // The configured host with the port that was bound, for example "127.0.0.1:7450".
  const std::string& address() const { return address_; }

  // A way to call it that never leaves the process.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // What the health service answers, for the whole server. True from the start.
  void SetServing(bool serving);

  // Takes no new calls, gives those that run `grace` to finish, cancels the rest and waits until
  // all have ended. Whatever a call waits for must still be running. Idempotent.
  void Shutdown(std::chrono::milliseconds grace);

 private:
  Server(std::unique_ptr<grpc::Server> server, int port, std::string address);

  const std::unique_ptr<grpc::Server> server_;
  const int port_;
  const std::string address_;
};

}  // namespace stockd::rpc
