#pragma once

#include <memory>
#include <string>
#include <variant>

#include "daemon/daemon.h"
#include "daemon/http/server.h"

namespace stockd {

// Opens the HTTP port over the services of `parts`, whose gRPC server runs; or says why not. Paths
// in `tls` are complete.
std::variant<std::unique_ptr<http::Server>, std::string> StartHttp(const config::Config& config,
                                                                   const config::TlsConfig& tls,
                                                                   const Clock& clock,
                                                                   Daemon::Parts& parts);

}  // namespace stockd
