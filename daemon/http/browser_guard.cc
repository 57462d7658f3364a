#include "daemon/http/browser_guard.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include <algorithm>
#include <utility>

#include "daemon/http/exchange.h"

namespace stockd::http {
namespace {

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

bool Same(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(ToAbsl(a), ToAbsl(b));
}

// "name:port" without the port, and without the dot that may stand behind a whole name.
std::string_view NameOf(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  host = host.substr(0, host.find(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

// An address is nobody's name: it cannot be made to point elsewhere.
bool IsAddress(std::string_view name) {
  if (name.starts_with('[')) return name.ends_with(']');
  return !name.empty() && name.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

BrowserGuard::BrowserGuard(Options options) : options_(std::move(options)) {}

bool BrowserGuard::IsOwnName(std::string_view host) const {
  // A browser has compared the name with the certificate.
  if (options_.is_encrypted || host.empty()) return true;
  const std::string_view name = NameOf(host);
  if (IsAddress(name) || Same(name, "localhost") || Same(name, options_.own_host)) return true;
  if (absl::EndsWithIgnoreCase(ToAbsl(name), ".localhost")) return true;
  return std::ranges::any_of(options_.hosts,
                             [name](const std::string& known) { return Same(name, known); });
}

bool BrowserGuard::IsOwnOrigin(std::string_view origin, std::string_view host) const {
  const std::string_view scheme = options_.is_encrypted ? "https://" : "http://";
  return !host.empty() && origin.starts_with(scheme) && Same(origin.substr(scheme.size()), host);
}

BrowserGuard::Verdict BrowserGuard::Judge(const Request& request, bool is_page) const {
  if (!IsOwnName(request.host)) return {.answer = Answer::kWrongHost};
  if (request.origin.empty()) {
    // Browsers that send no origin still say where a request comes from; nobody else does.
    const bool is_foreign = request.fetch_site == "cross-site" || request.fetch_site == "same-site";
    return {.answer = is_foreign && !is_page ? Answer::kWrongOrigin : Answer::kAllowed};
  }
  if (IsOwnOrigin(request.origin, request.host)) return {};
  const bool is_listed = std::ranges::any_of(
      options_.origins, [&](const std::string& known) { return known == request.origin; });
  if (!is_listed) return {.answer = Answer::kWrongOrigin};
  Verdict verdict;
  AddHeader("access-control-allow-origin", request.origin, verdict.headers);
  AddHeader("vary", "origin", verdict.headers);
  if (request.method == "OPTIONS" && !request.preflight_method.empty()) {
    verdict.answer = Answer::kPreflight;
    AddHeader("access-control-allow-methods", "GET, POST", verdict.headers);
    AddHeader("access-control-allow-headers",
              "content-type, content-encoding, connect-protocol-version, connect-timeout-ms, "
              "connect-content-encoding, connect-accept-encoding",
              verdict.headers);
    AddHeader("access-control-max-age", "7200", verdict.headers);
  } else {
    AddHeader("access-control-expose-headers", "content-encoding, connect-content-encoding",
              verdict.headers);
  }
  return verdict;
}

}  // namespace stockd::http
