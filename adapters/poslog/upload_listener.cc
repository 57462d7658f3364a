#include "adapters/poslog/upload_listener.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "adapters/poslog/upload_file.h"
#include "adapters/sdk/log.h"

namespace stockd::poslog {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace fs = std::filesystem;
using boost::system::error_code;
using tcp = boost::asio::ip::tcp;

constexpr uint32_t kHeadBytesMax = 16 * 1024;
constexpr size_t kBufferBytesMax = size_t{64} * 1024;
constexpr std::chrono::seconds kGoodbyePatience{2};
constexpr size_t kGoodbyeBytesMax = size_t{1} << 20;

// What is answered.
struct Answer {
  http::status status = http::status::ok;
  std::string text;  // JSON.
  bool closes = false;
};

Answer Refusal(http::status status, std::string_view why) {
  return {.status = status, .text = fmt::format("{{\"error\":\"{}\"}}\n", why), .closes = true};
}

// How long it takes tells nothing of where they differ.
bool AreSame(std::string_view one, std::string_view other) {
  unsigned difference = one.size() == other.size() ? 0 : 1;
  for (size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

int64_t CountWaiting(const fs::path& folder) {
  int64_t count = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    const bool is_hidden = entry->path().filename().string().starts_with('.');
    if (!is_hidden && entry->is_regular_file(gone)) ++count;
  }
  return count;
}

// Shared by all connections, which may outlive the listener by a moment.
class Site {
 public:
  Site(UploadOptions options, fs::path drop)
      : options_(std::move(options)), drop_(std::move(drop)) {}

  const UploadOptions& options() const { return options_; }

  int64_t connections = 0;  // Open now.

  // Looks at the head of a request. Unset: its body is wanted.
  std::optional<Answer> Screen(const http::request_header<>& head) const {
    const std::string_view target = head.target();
    if (target == "/healthz" && head.method() == http::verb::get) {
      return Answer{.text = "{\"status\":\"ok\"}\n"};
    }
    if (target != "/poslog")
      return Refusal(http::status::not_found, "POST /poslog is all there is");
    if (head.method() != http::verb::post) {
      return Refusal(http::status::method_not_allowed, "a POSLog is sent with POST");
    }
    if (!AreSame(head[http::field::authorization], "Bearer " + options_.token)) {
      return Refusal(http::status::unauthorized, "Authorization: Bearer TOKEN is missing or wrong");
    }
    const std::string_view packing = head[http::field::content_encoding];
    if (!packing.empty() && !beast::iequals(packing, "identity")) {
      return Refusal(http::status::unsupported_media_type, "send it without Content-Encoding");
    }
    if (CountWaiting(drop_) >= options_.files_waiting_max) {
      return Refusal(http::status::service_unavailable, "too many files wait; try again later");
    }
    return std::nullopt;
  }

  absl::StatusOr<UploadFile> CreateFile() { return UploadFile::Create(drop_, ++files_); }

 private:
  const UploadOptions options_;
  const fs::path drop_;
  uint64_t files_ = 0;
};

Answer OfDisk(const absl::Status& status) {
  spdlog::error("upload not queued {}", status.ToString());
  return absl::IsResourceExhausted(status)
             ? Refusal(http::status::insufficient_storage, "the disk is full")
             : Refusal(http::status::internal_server_error, "the disk refuses; see the log");
}

class Connection {
 public:
  Connection(tcp::socket socket, std::shared_ptr<Site> site)
      : stream_(std::move(socket)), buffer_(kBufferBytesMax), site_(std::move(site)) {
    ++site_->connections;
  }
  ~Connection() { --site_->connections; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  asio::awaitable<void> Run() {
    if (site_->connections > site_->options().connections_max) {
      co_await Write(Refusal(http::status::service_unavailable, "too many connections are open"));
    } else {
      while (co_await ServeOne()) {
      }
    }
    co_await SayGoodbye();
  }

 private:
  using Parser = http::request_parser<http::buffer_body>;

  // False: the connection ends.
  asio::awaitable<bool> ServeOne() {
    Parser parser;
    parser.header_limit(kHeadBytesMax);
    parser.body_limit(static_cast<uint64_t>(site_->options().body_bytes_max));
    error_code error;
    stream_.expires_after(site_->options().idle_timeout);
    co_await http::async_read_header(stream_, buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return co_await Refuse(error);
    std::optional<Answer> answer = site_->Screen(parser.get().base());
    const bool has_body = !parser.is_done();
    if (answer) {
      answer->closes = answer->closes || has_body || !parser.keep_alive();
    } else {
      answer = co_await TakeBody(parser);
      if (!answer) co_return false;
      answer->closes = answer->closes || !parser.keep_alive();
    }
    co_return co_await Write(*answer) && !answer->closes;
  }

  // Says what is wrong with a request that cannot be read, if there is somebody to tell.
  asio::awaitable<bool> Refuse(error_code error) {
    if (error == http::error::header_limit) {
      co_await Write(
          Refusal(http::status::request_header_fields_too_large, "the head is too large"));
    } else if (error == http::error::body_limit) {
      co_await Write(Refusal(http::status::payload_too_large,
                             "larger than body_bytes_max; send it in several"));
    } else if (error.category() == http::make_error_code(http::error::bad_method).category() &&
               error != http::error::end_of_stream && error != http::error::partial_message) {
      co_await Write(Refusal(http::status::bad_request, "this is no HTTP request"));
    }
    co_return false;
  }

  // Unset: nobody is there any more.
  asio::awaitable<std::optional<Answer>> TakeBody(Parser& parser) {
    absl::StatusOr<UploadFile> file = site_->CreateFile();
    if (!file.ok()) co_return OfDisk(file.status());
    error_code error;
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      stream_.expires_after(site_->options().idle_timeout);
      co_await asio::async_write(stream_, asio::buffer(kContinue),
                                 asio::redirect_error(asio::use_awaitable, error));
    }
    while (!error && !parser.is_done()) {
      auto& body = parser.get().body();
      body.data = chunk_.data();
      body.size = chunk_.size();
      stream_.expires_after(site_->options().idle_timeout);
      co_await http::async_read_some(stream_, buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
      if (error == http::error::need_buffer) error = {};
      const std::string_view bytes(chunk_.data(), chunk_.size() - body.size);
      if (absl::Status status = file->Add(bytes); !status.ok()) co_return OfDisk(status);
    }
    if (error) {
      co_await Refuse(error);
      co_return std::nullopt;
    }
    const absl::StatusOr<std::string> name = file->Queue();
    if (!name.ok()) co_return OfDisk(name.status());
    spdlog::info("upload queued file={}", sdk::LogValue(*name));
    co_return Answer{.status = http::status::accepted,
                     .text = fmt::format("{{\"file\":\"{}\"}}\n", *name)};
  }

  // False: nobody takes it.
  asio::awaitable<bool> Write(const Answer& answer) {
    http::response<http::string_body> response(answer.status, 11);
    response.set(http::field::content_type, "application/json");
    response.set(http::field::cache_control, "no-store");
    if (answer.status == http::status::unauthorized) {
      response.set(http::field::www_authenticate, "Bearer");
    }
    if (answer.status == http::status::service_unavailable) {
      response.set(http::field::retry_after, "10");
    }
    response.keep_alive(!answer.closes);
    response.body() = answer.text;
    response.prepare_payload();
    error_code error;
    stream_.expires_after(site_->options().idle_timeout);
    co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  // Who still sends would not see the answer if the connection just ended.
  asio::awaitable<void> SayGoodbye() {
    error_code error;
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    stream_.expires_after(kGoodbyePatience);
    for (size_t seen = 0; !error && seen < kGoodbyeBytesMax;) {
      seen += co_await stream_.async_read_some(asio::buffer(chunk_),
                                               asio::redirect_error(asio::use_awaitable, error));
    }
    stream_.close();
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::shared_ptr<Site> site_;
  std::array<char, size_t{32} * 1024> chunk_{};
};

asio::awaitable<void> Serve(tcp::socket socket, std::shared_ptr<Site> site) {
  const auto connection = std::make_unique<Connection>(std::move(socket), std::move(site));
  co_await connection->Run();
}

asio::awaitable<void> Accept(tcp::acceptor acceptor, std::shared_ptr<Site> site) {
  for (;;) {
    error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of files, most likely: they come back as connections end.
      spdlog::warn("connection not accepted error={}", sdk::LogValue(error.message()));
      asio::steady_timer pause(acceptor.get_executor(), std::chrono::seconds(1));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    asio::co_spawn(acceptor.get_executor(), Serve(std::move(socket), site), asio::detached);
  }
}

absl::Status CannotListen(const std::string& listen, const error_code& error) {
  return absl::UnavailableError(fmt::format("cannot listen on {}: {}", listen, error.message()));
}

}  // namespace

absl::StatusOr<UploadListener> UploadListener::Open(asio::io_context& context,
                                                    const UploadOptions& options,
                                                    const fs::path& drop_directory) {
  const size_t colon = options.listen.rfind(':');
  std::string host = options.listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, options.listen.substr(colon + 1), error);
  if (error || found.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("{} is not an address: {}", options.listen, error.message()));
  }
  const tcp::endpoint endpoint = *found.begin();
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return CannotListen(options.listen, error);
  const int port = acceptor.local_endpoint(error).port();
  UploadFile::RemoveLeftovers(drop_directory);
  asio::co_spawn(context,
                 Accept(std::move(acceptor), std::make_shared<Site>(options, drop_directory)),
                 asio::detached);
  return UploadListener(port);
}

}  // namespace stockd::poslog
