#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "daemon/config/config.h"

namespace stockd::http {

class Site;

// The HTTP port: listens, limits connections, and lets a site answer. Thread-safe.
class Server {
 public:
  // Listens and serves from then on. Paths in `tls` are complete. On failure a text for people.
  static std::variant<std::unique_ptr<Server>, std::string> Start(const config::HttpConfig& config,
                                                                  const config::TlsConfig& tls,
                                                                  std::unique_ptr<Site> site);

  virtual ~Server() = default;

  // The configured host with the port that was bound, for example "127.0.0.1:7451".
  virtual const std::string& address() const = 0;

  // Takes no new connections, lets those go that wait for a request, and the others with their next
  // answer. Idempotent.
  virtual void StopTaking() = 0;
  // Gives what still runs `grace` to end, then cuts it off. Whatever calls wait for has ended
  // before: the services, the engine. Idempotent.
  virtual void Stop(std::chrono::milliseconds grace) = 0;

  // Connections open now.
  virtual int64_t connection_count() const = 0;
  // Those turned away so far because too many were open, and those ended while they waited for a
  // request, because few more could be opened.
  virtual int64_t rejected_count() const = 0;
  virtual int64_t shed_count() const = 0;
};

}  // namespace stockd::http
