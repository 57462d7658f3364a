#include "daemon/config/check_config.h"

#include <set>

#include "daemon/config/keys.h"
#include "daemon/config/values.h"

namespace stockd::config {
namespace {

void Add(std::vector<ConfigError>& errors, std::string key, std::string message,
         std::string advice) {
  errors.push_back(
      {.key = std::move(key), .message = std::move(message), .advice = std::move(advice)});
}

void CheckTls(const Config& config, std::vector<ConfigError>& errors) {
  const TlsConfig& tls = config.tls;
  if (tls.certificate.empty() && !tls.key.empty()) {
    Add(errors, "tls.certificate", "is missing although tls.key is set",
        "Set both, or neither to run without TLS.");
  }
  if (!tls.certificate.empty() && tls.key.empty()) {
    Add(errors, "tls.key", "is missing although tls.certificate is set",
        "Set both, or neither to run without TLS.");
  }
  if (!tls.client_ca.empty() && tls.certificate.empty() && tls.key.empty()) {
    Add(errors, "tls.client_ca", "has no effect without tls.certificate and tls.key",
        "Set all three: callers can only be authenticated over TLS.");
  }
}

// What is listened on: an address, and one that others can reach only if they can be recognised.
void CheckAddress(const Config& config, const std::string& key, const std::string& listen,
                  const std::string& example, std::vector<ConfigError>& errors) {
  const std::optional<HostPort> address = ParseHostPort(listen);
  if (!address) {
    Add(errors, key, "\"" + listen + "\" is not an address and a port from 0 to 65535",
        "Write it like " + example + ", \"[::1]:7450\" or \"stock.example:7450\".");
    return;
  }
  const TlsConfig& tls = config.tls;
  const std::string words(kInsecureListenerWords);
  const bool authenticated = !tls.certificate.empty() && !tls.key.empty() && !tls.client_ca.empty();
  const bool is_open_on_purpose = config.server.allow_insecure_listener == words;
  if (IsLoopback(address->host) || authenticated || is_open_on_purpose) return;
  Add(errors, key,
      "\"" + listen +
          "\" can be reached from other machines, and anybody there could read and change stock",
      "Set tls.certificate, tls.key and tls.client_ca; or listen on 127.0.0.1; or, on a network "
      "you trust wholly, set server.allow_insecure_listener = \"" +
          words + "\".");
}

void CheckListeners(const Config& config, std::vector<ConfigError>& errors) {
  const ServerConfig& server = config.server;
  const std::string words(kInsecureListenerWords);
  if (!server.allow_insecure_listener.empty() && server.allow_insecure_listener != words) {
    Add(errors, "server.allow_insecure_listener", "takes nothing or exactly \"" + words + "\"",
        "Write those words if that is what you want, or remove the key.");
    return;
  }
  CheckAddress(config, "server.listen", server.listen, "\"127.0.0.1:7450\"", errors);
  if (!config.http.listen.empty()) {
    CheckAddress(config, "http.listen", config.http.listen, "\"127.0.0.1:7451\"", errors);
  }
}

void CheckOrigins(const Config& config, std::vector<ConfigError>& errors) {
  for (const std::string& origin : config.http.cors_origins) {
    const size_t scheme = origin.starts_with("https://")  ? 8
                          : origin.starts_with("http://") ? 7
                                                          : 0;
    const std::string_view host = std::string_view(origin).substr(scheme);
    if (scheme > 0 && !host.empty() && host.find_first_of("/*?#@ ") == std::string_view::npos) {
      continue;
    }
    Add(errors, "http.cors_origins", "\"" + origin + "\" is not an origin",
        "Write scheme, host and, unless it is the usual one, port, as in "
        "\"https://shop.example\".");
  }
}

void CheckSources(const Config& config, std::vector<ConfigError>& errors) {
  if (config.source.size() > kSourcesMax) {
    Add(errors, "source", "has " + std::to_string(config.source.size()) + " blocks",
        "At most " + std::to_string(kSourcesMax) + " sources may connect to one daemon.");
  }
  std::set<std::string_view> ids;
  for (size_t i = 0; i < config.source.size(); ++i) {
    const SourceConfig& source = config.source[i];
    const std::string prefix = "source[" + std::to_string(i) + "].";
    if (!source.id.empty() && !ids.insert(source.id).second) {
      Add(errors, prefix + "id", "\"" + source.id + "\" is taken by an earlier source",
          "Give each source an id of its own: facts are recognised by it.");
    }
    if (source.id == "stockd") {
      Add(errors, prefix + "id", "\"stockd\" is the daemon's own name",
          "Give the source another id: under this one the daemon records what orders take and "
          "bring back.");
    }
    if (!source.locations.empty() && !source.group.empty()) {
      Add(errors, prefix + "group", "is set together with locations",
          "Keep one of them: they both say which levels the source is sent.");
    }
    std::set<std::string_view> locations;
    for (const std::string& location : source.locations) {
      if (!locations.insert(location).second) {
        Add(errors, prefix + "locations", "names \"" + location + "\" twice", "Remove one.");
      }
    }
  }
}

}  // namespace

std::vector<ConfigError> CheckConfig(const Config& config) {
  std::vector<ConfigError> errors;
  CheckListeners(config, errors);
  CheckOrigins(config, errors);
  CheckTls(config, errors);
  CheckSources(config, errors);
  return errors;
}

}  // namespace stockd::config
