#pragma once

#include <string>

#include "daemon/config/config.h"

namespace stockd::rpc {

// Why the files of `tls` cannot serve, with what to do; empty when they can, or when TLS is off.
// gRPC itself would start and then refuse every handshake. Paths are complete.
std::string CheckTlsFiles(const config::TlsConfig& tls);

}  // namespace stockd::rpc
