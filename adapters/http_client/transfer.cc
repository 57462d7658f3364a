#include "adapters/http_client/transfer.h"

#include <curl/curl.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "adapters/http_client/reply_collector.h"
#include "adapters/sdk/clock.h"

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;

// The longest that a transfer waits without looking at its time-outs.
constexpr milliseconds kLook{500};

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

void Append(HeaderList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return;
  (void)list.release();  // Now part of `longer`.
  list.reset(longer);
}

// libcurl leaves a header without a value out unless it ends in a semicolon.
std::string HeaderLine(const std::string& name, const std::string& value) {
  return value.empty() ? name + ";" : name + ": " + value;
}

HeaderList HeadersOf(const HttpRequest& request) {
  HeaderList list;
  bool has_type = false;
  for (const HttpHeader& header : request.headers) {
    has_type = has_type || IsSameName(header.name, "content-type");
    Append(list, HeaderLine(header.name, header.value));
  }
  for (const SecretHeader& header : request.secret_headers) {
    Append(list, HeaderLine(header.name, header.value.Reveal()));
  }
  if (!has_type) Append(list, "Content-Type:");  // Not the type of a form, which libcurl assumes.
  Append(list, "Expect:");  // Many servers answer late or never to a body that waits for leave.
  return list;
}

HttpFailure FailureOf(CURLcode code, bool has_reply_begun) {
  switch (code) {
    case CURLE_OK: return HttpFailure::kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HttpFailure::kResolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return HttpFailure::kConnect;
    case CURLE_SSL_CONNECT_ERROR: return HttpFailure::kTls;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return HttpFailure::kCertificate;
    case CURLE_OPERATION_TIMEDOUT: return HttpFailure::kConnectTimeout;
    case CURLE_PARTIAL_FILE: return HttpFailure::kTruncated;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR: return HttpFailure::kConnectionLost;
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return has_reply_begun ? HttpFailure::kTruncated : HttpFailure::kConnectionLost;
    case CURLE_FILESIZE_EXCEEDED: return HttpFailure::kTooLarge;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return HttpFailure::kMalformed;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM: return HttpFailure::kInvalid;
    default: return has_reply_begun ? HttpFailure::kMalformed : HttpFailure::kConnect;
  }
}

size_t OnHeader(char* bytes, size_t size, size_t count, void* collector) {
  const size_t length = size * count;
  return static_cast<ReplyCollector*>(collector)->AddHeaderLine({bytes, length}) ? length : 0;
}

size_t OnBody(char* bytes, size_t size, size_t count, void* collector) {
  const size_t length = size * count;
  // Less than was offered ends the transfer; of nothing, nothing is refused.
  return static_cast<ReplyCollector*>(collector)->AddBody({bytes, length}) ? length : length - 1;
}

// When an attempt has waited too long, and for what.
class Phases {
 public:
  Phases(const HttpTimeouts& timeouts, sdk::SteadyTime begin)
      : timeouts_(timeouts), begin_(begin), moved_at_(begin) {}

  // Looks how far the transfer is. A failure when a time is over.
  HttpFailure Look(CURL* easy, const ReplyCollector& reply, sdk::SteadyTime now) {
    curl_off_t ready_us = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    const bool is_connected = ready_us > 0;
    if (is_connected != is_connected_ || sent != sent_ || reply.bytes_seen() != received_) {
      moved_at_ = now;
    }
    is_connected_ = is_connected;
    sent_ = sent;
    received_ = reply.bytes_seen();
    const auto quiet = now - moved_at_;
    if (now - begin_ >= timeouts_.whole) return HttpFailure::kWholeTimeout;
    if (!is_connected) {
      return now - begin_ >= timeouts_.connect ? HttpFailure::kConnectTimeout : HttpFailure::kNone;
    }
    if (received_ == 0) {
      return quiet >= timeouts_.first_byte ? HttpFailure::kFirstByteTimeout : HttpFailure::kNone;
    }
    return quiet >= timeouts_.idle ? HttpFailure::kIdleTimeout : HttpFailure::kNone;
  }

  // Until a time may be over.
  milliseconds Rest(sdk::SteadyTime now) const {
    const milliseconds quiet_max = !is_connected_   ? timeouts_.connect
                                   : received_ == 0 ? timeouts_.first_byte
                                                    : timeouts_.idle;
    const auto rest = std::min(begin_ + timeouts_.whole, moved_at_ + quiet_max) - now;
    return std::clamp(std::chrono::ceil<milliseconds>(rest), milliseconds(1), kLook);
  }

 private:
  const HttpTimeouts& timeouts_;
  const sdk::SteadyTime begin_;
  sdk::SteadyTime moved_at_;
  bool is_connected_ = false;
  curl_off_t sent_ = 0;
  size_t received_ = 0;
};

void InitialiseCurlOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    // OpenSSL writes to connections that the server has closed; the error is enough.
    (void)::signal(SIGPIPE, SIG_IGN);
  });
}

void SetMethod(CURL* easy, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (has_body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  } else {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void SetSecurity(CURL* easy, const HttpClientOptions& options) {
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!options.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // Only these.
  }
  if (!options.client_certificate.empty()) {
    curl_easy_setopt(easy, CURLOPT_SSLCERT, options.client_certificate.c_str());
    curl_easy_setopt(easy, CURLOPT_SSLKEY, options.client_key.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
}

void SetProxy(CURL* easy, const HttpClientOptions& options) {
  if (options.proxy == "none") {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    return;
  }
  if (!options.proxy.empty()) curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
  if (!options.no_proxy.empty()) curl_easy_setopt(easy, CURLOPT_NOPROXY, options.no_proxy.c_str());
  if (options.proxy_user.empty()) return;
  curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, options.proxy_user.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, options.proxy_password.Reveal().c_str());
}

}  // namespace

struct Transfer::Handles {
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();

  Handles() { curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 2L); }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
};

Transfer::Transfer(const HttpClientOptions& options) : options_(options) {
  InitialiseCurlOnce();
  handles_ = std::make_unique<Handles>();
}

Transfer::~Transfer() = default;

AttemptOutcome Transfer::Run(const HttpRequest& request, const std::string& url,
                             const std::stop_token& stop) {
  CURL* const easy = handles_->easy;
  CURLM* const multi = handles_->multi;
  if (easy == nullptr || multi == nullptr) {
    return {.failure = HttpFailure::kConnect, .explanation = "no memory", .is_nothing_sent = true};
  }
  curl_easy_reset(easy);
  ReplyCollector reply(options_.limits);
  std::array<char, CURL_ERROR_SIZE> explanation{};
  const HeaderList headers = HeadersOf(request);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // Does not wait for a name that is not found.
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, explanation.data());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 60L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.timeouts.connect.count()));
  // On a kept connection that the server has closed meanwhile libcurl sends a request again by
  // itself, a POST too, although the server may have taken the first one.
  if (!request.is_repeatable) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &reply);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
  SetMethod(easy, request);
  SetSecurity(easy, options_);
  SetProxy(easy, options_);

  AttemptOutcome outcome;
  Phases phases(options_.timeouts, sdk::SteadyNow());
  {
    const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
    curl_multi_add_handle(multi, easy);
    for (;;) {
      int running = 0;
      if (curl_multi_perform(multi, &running) != CURLM_OK) {
        outcome.failure = HttpFailure::kConnect;
        break;
      }
      if (running == 0) break;
      const sdk::SteadyTime now = sdk::SteadyNow();
      outcome.failure =
          stop.stop_requested() ? HttpFailure::kStopped : phases.Look(easy, reply, now);
      if (outcome.failure != HttpFailure::kNone) break;
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(phases.Rest(now).count()), nullptr);
    }
  }
  if (outcome.failure == HttpFailure::kNone) {
    int left = 0;
    const CURLMsg* const message = curl_multi_info_read(multi, &left);
    const CURLcode code = message == nullptr ? CURLE_RECV_ERROR : message->data.result;
    outcome.failure = reply.failure() != HttpFailure::kNone
                          ? reply.failure()
                          : FailureOf(code, reply.bytes_seen() > 0);
    if (reply.failure() == HttpFailure::kNone && code != CURLE_OK) {
      outcome.explanation =
          explanation.front() != '\0' ? explanation.data() : curl_easy_strerror(code);
    }
  }
  long request_bytes = 0;
  curl_off_t body_bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
  curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &body_bytes);
  outcome.is_nothing_sent = request_bytes == 0 && body_bytes == 0;
  curl_multi_remove_handle(multi, easy);
  if (outcome.failure == HttpFailure::kNone) outcome.reply = reply.Take();
  return outcome;
}

}  // namespace stockd::http_client
