#pragma once

#include <absl/functional/any_invocable.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/config/config.h"
#include "daemon/http/assets.h"
#include "daemon/http/calls.h"
#include "daemon/http/csv_forms.h"
#include "daemon/rpc/call_meter.h"

namespace stockd::http {

class Site;

// What the port shows, with what it shows it of.
struct GatewayParts {
  config::HttpConfig config;
  bool is_encrypted = false;
  std::unique_ptr<Calls> calls;
  rpc::CallMeter& meter;
  const Clock& clock;
  // Whether the daemon takes commands. Called on any thread.
  std::function<bool()> is_ready;
  // Gathers figures, on any thread, and gives what makes their text.
  std::function<void(absl::AnyInvocable<void(std::function<std::string()>)>)> metrics;
  std::vector<CsvForm> csv_forms;
  std::span<const Asset> assets;
};

// The site of the daemon: the contract's methods in the Connect protocol, /healthz, /readyz,
// /metrics, tables as CSV, and the files for browsers.
std::unique_ptr<Site> Gateway(GatewayParts parts);

}  // namespace stockd::http
