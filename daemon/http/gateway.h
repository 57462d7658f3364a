#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "daemon/config/config.h"
#include "daemon/http/assets.h"
#include "daemon/http/calls.h"

namespace stockd::http {

class Site;

// What the port shows, with what it shows it of.
struct GatewayParts {
  config::HttpConfig config;
  bool is_encrypted = false;
  std::unique_ptr<Calls> calls;
  // Whether the daemon takes commands. Called on any thread.
  std::function<bool()> is_ready;
  std::span<const Asset> assets;
};

// The site of the daemon: the contract's methods in the Connect protocol, /healthz, /readyz, and
// the files for browsers.
std::unique_ptr<Site> Gateway(GatewayParts parts);

}  // namespace stockd::http
