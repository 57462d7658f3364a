#include "daemon/http/gateway.h"

#include <optional>
#include <utility>

#include "daemon/config/values.h"
#include "daemon/http/browser_guard.h"
#include "daemon/http/connect_endpoint.h"
#include "daemon/http/connect_request.h"
#include "daemon/http/connection.h"
#include "daemon/http/csv_endpoint.h"
#include "daemon/http/event.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kText = "text/plain; charset=utf-8";
// Nothing from elsewhere, nothing within a page, no page of ours within another.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

BrowserGuard::Options GuardOptions(const GatewayParts& parts) {
  const auto where = config::ParseHostPort(parts.config.listen);
  return {.own_host = where ? where->host : std::string(),
          .hosts = parts.config.hosts,
          .origins = parts.config.cors_origins,
          .is_encrypted = parts.is_encrypted};
}

// Calls of methods have a dot in their first part, as packages have; files have none.
bool IsCall(std::string_view path) {
  const std::string_view first = path.substr(1, path.find('/', 1) - 1);
  return path.size() > 1 && first.find('.') != std::string_view::npos &&
         path.find('/', 1) != std::string_view::npos;
}

// What the daemon answers itself, whatever browsers go there.
bool IsOwn(std::string_view path) {
  return path == "/healthz" || path == "/readyz" || path == "/metrics" ||
         path.starts_with(CsvEndpoint::kFolder) || IsCall(path);
}

constexpr std::string_view kCommonHeaders =
    "x-content-type-options: nosniff\r\ncross-origin-resource-policy: same-origin\r\n";

class GatewaySite final : public Site {
 public:
  explicit GatewaySite(GatewayParts parts)
      : guard_(GuardOptions(parts)),
        calls_(std::move(parts.calls)),
        methods_(&parts.meter),
        endpoint_(*calls_, methods_, parts.clock, static_cast<size_t>(parts.config.body_bytes_max)),
        csv_(*calls_, methods_, std::move(parts.csv_forms)),
        is_ready_(std::move(parts.is_ready)),
        metrics_(std::move(parts.metrics)),
        assets_(parts.assets) {}

  std::optional<Response> Screen(const Request& request) override {
    const BrowserGuard::Verdict verdict = Judge(request);
    std::string headers = Headers(request, verdict);
    if (verdict.answer != BrowserGuard::Answer::kAllowed) return Turn(verdict, std::move(headers));
    if (IsCall(request.path)) return endpoint_.Screen(request, headers);
    const bool is_table = request.path.starts_with(CsvEndpoint::kFolder);
    if (request.method == "GET" || (request.method == "HEAD" && !is_table)) return std::nullopt;
    AddHeader("allow", is_table ? "GET" : "GET, HEAD", headers);
    return Response{.status = 405,
                    .content_type = kText,
                    .headers = std::move(headers),
                    .body = "This path takes GET.\n"};
  }

  asio::awaitable<void> Serve(Exchange& exchange) override {
    const Request& request = exchange.request();
    std::string headers = Headers(request, Judge(request));
    if (IsCall(request.path)) {
      co_await endpoint_.Serve(exchange, std::move(headers));
    } else if (request.path.starts_with(CsvEndpoint::kFolder)) {
      co_await csv_.Serve(exchange, std::move(headers));
    } else if (request.path == "/metrics") {
      co_await ShowMetrics(exchange, std::move(headers));
    } else {
      co_await exchange.Answer(Show(request, std::move(headers)));
    }
  }

  Response Refusal(int status, const std::string& why) override {
    Code code = Code::kInvalidArgument;
    if (status == 408) code = Code::kDeadlineExceeded;
    if (status == 413 || status == 429 || status == 431) code = Code::kResourceExhausted;
    if (status == 503) code = Code::kUnavailable;
    Response response =
        ErrorResponse(Refuse(code, "REQUEST_REFUSED", why), std::string(kCommonHeaders));
    response.status = status;
    return response;
  }

 private:
  static Response Turn(const BrowserGuard::Verdict& verdict, std::string headers) {
    switch (verdict.answer) {
      case BrowserGuard::Answer::kAllowed: break;
      case BrowserGuard::Answer::kPreflight: return {.status = 204, .headers = std::move(headers)};
      case BrowserGuard::Answer::kWrongHost: {
        Response response =
            ErrorResponse(Refuse(Code::kPermissionDenied, "HOST_NOT_ALLOWED",
                                 "This machine was called by a name that is not in http.hosts."),
                          std::move(headers));
        response.status = 421;
        return response;
      }
      case BrowserGuard::Answer::kWrongOrigin: break;
    }
    return ErrorResponse(Refuse(Code::kPermissionDenied, "ORIGIN_NOT_ALLOWED",
                                "Pages of other sites may call only if http.cors_origins names "
                                "their origin."),
                         std::move(headers));
  }

  BrowserGuard::Verdict Judge(const Request& request) const {
    return guard_.Judge(request, Page(request) != nullptr);
  }

  // What a browser is shown, if it is a file. Only a browser that goes somewhere asks for HTML:
  // programs that call a path that does not exist are told so.
  const AssetTable::Entry* Page(const Request& request) const {
    if (IsOwn(request.path)) return nullptr;
    const bool is_visit = request.accept.find("text/html") != std::string_view::npos;
    return is_visit ? assets_.FindPage(request.path) : assets_.Find(request.path);
  }

  std::string Headers(const Request& request, const BrowserGuard::Verdict& verdict) const {
    std::string headers(kCommonHeaders);
    headers += verdict.headers;
    if (Page(request) == nullptr) AddHeader("cache-control", "no-store", headers);
    return headers;
  }

  Response Show(const Request& request, std::string headers) {
    if (const auto* page = Page(request)) {
      return ShowAsset(request, *page, std::move(headers));
    }
    Response response{.content_type = kText, .headers = std::move(headers)};
    if (request.path == "/healthz") {
      response.body = "ok\n";
    } else if (request.path == "/readyz") {
      const bool is_ready = is_ready_();
      response.status = is_ready ? 200 : 503;
      response.body = is_ready ? "ready\n" : "not ready: commands are not taken\n";
    } else {
      response.status = 404;
      response.body = "There is nothing here. Calls go to /stockd.v1.Service/Method.\n";
    }
    return response;
  }

  asio::awaitable<void> ShowMetrics(Exchange& exchange, std::string headers) {
    struct Gathered {
      explicit Gathered(asio::any_io_executor executor) : event(std::move(executor)) {}
      Event event;
      std::function<std::string()> text;
    };
    const auto gathered = std::make_shared<Gathered>(exchange.executor());
    metrics_([gathered](std::function<std::string()> text) {
      gathered->text = std::move(text);
      gathered->event.Set();
    });
    co_await gathered->event.Wait();
    Response response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                      .headers = std::move(headers),
                      .body = gathered->text()};
    co_await exchange.Answer(std::move(response));
  }

  static Response ShowAsset(const Request& request, const AssetTable::Entry& entry,
                            std::string headers) {
    AddHeader("content-security-policy", kContentPolicy, headers);
    AddHeader("referrer-policy", "no-referrer", headers);
    AddHeader("x-frame-options", "DENY", headers);
    AddHeader("cross-origin-opener-policy", "same-origin", headers);
    // Asked for again each time, and sent again only when it has changed.
    AddHeader("cache-control", "no-cache", headers);
    AddHeader("etag", entry.etag, headers);
    AddHeader("vary", "accept, accept-encoding", headers);
    if (request.if_none_match.find(entry.etag) != std::string_view::npos) {
      return {.status = 304, .headers = std::move(headers)};
    }
    std::string_view bytes = entry.asset.bytes;
    if (!entry.zipped.empty() && AcceptsGzip(request.accept_encoding)) {
      AddHeader("content-encoding", "gzip", headers);
      bytes = entry.zipped;
    }
    return {.content_type = entry.asset.content_type,
            .headers = std::move(headers),
            .body = std::string(bytes)};
  }

  const BrowserGuard guard_;
  const std::unique_ptr<Calls> calls_;
  Methods methods_;
  ConnectEndpoint endpoint_;
  CsvEndpoint csv_;
  const std::function<bool()> is_ready_;
  const std::function<void(absl::AnyInvocable<void(std::function<std::string()>)>)> metrics_;
  const AssetTable assets_;
};

}  // namespace

std::unique_ptr<Site> Gateway(GatewayParts parts) {
  return std::make_unique<GatewaySite>(std::move(parts));
}

}  // namespace stockd::http
