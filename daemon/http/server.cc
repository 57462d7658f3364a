#include "daemon/http/server.h"

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/config/values.h"
#include "daemon/http/io_thread.h"
#include "daemon/http/tls_contexts.h"
#include "daemon/rpc/tls_files.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Connections beyond the limit that are told so at the same time; more are closed without a word.
constexpr int64_t kRejectionsMax = 64;
// Once only this part of the connections is free, each new one ends one that waits, so that neither
// idle browsers nor somebody who sends no head to the end keep others out.
constexpr int64_t kReserve = 10;
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kCertificateRefresh{60};

ConnectionLimits Limits(const config::HttpConfig& config) {
  return {.request = {.body_bytes_max = static_cast<uint64_t>(config.body_bytes_max)},
          .header = ToTicks(config.header_timeout),
          .body = ToTicks(config.body_timeout),
          .write = ToTicks(config.write_timeout),
          .idle = ToTicks(config.idle_timeout)};
}

class AsioServer final : public Server {
 public:
  AsioServer(const config::HttpConfig& config, const config::TlsConfig& tls,
             std::unique_ptr<Site> site)
      : config_(config),
        limits_(Limits(config)),
        site_(std::move(site)),
        bodies_(config.bodies_bytes_max) {
    if (!tls.certificate.empty()) tls_.emplace(tls);
    const auto cores = static_cast<int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    const int64_t count = config.threads == 0 ? cores : config.threads;
    for (int64_t i = 0; i < count; ++i) threads_.push_back(std::make_unique<IoThread>());
    acceptor_.emplace(threads_.front()->context());
    timer_.emplace(threads_.front()->context());
    certificate_timer_.emplace(threads_.front()->context());
  }

  ~AsioServer() override { Stop(std::chrono::milliseconds(0)); }

  std::string Listen() {
    const auto problem = [this](const boost::system::error_code& code) {
      return "cannot listen on " + config_.listen + " for HTTP: " + code.message() +
             ". Is another program using the port, or is the address not this machine's? See "
             "http.listen.";
    };
    const auto where = config::ParseHostPort(config_.listen);
    boost::system::error_code code;
    tcp::resolver resolver(threads_.front()->context());
    const auto found =
        resolver.resolve(where->host, std::to_string(where->port), tcp::resolver::passive, code);
    if (code || found.empty()) return problem(code);
    const tcp::endpoint endpoint = *found.begin();
    if (acceptor_->open(endpoint.protocol(), code); code) return problem(code);
    acceptor_->set_option(tcp::acceptor::reuse_address(true), code);
    if (acceptor_->bind(endpoint, code); code) return problem(code);
    if (acceptor_->listen(asio::socket_base::max_listen_connections, code); code) {
      return problem(code);
    }
    address_ = config_.listen.substr(0, config_.listen.rfind(':') + 1) +
               std::to_string(acceptor_->local_endpoint().port());
    asio::post(threads_.front()->context(), [this] {
      Accept();
      if (tls_) RefreshCertificates();
    });
    return {};
  }

  const std::string& address() const override { return address_; }
  int64_t connection_count() const override { return open_.load(std::memory_order_relaxed); }
  int64_t rejected_count() const override { return rejected_.load(std::memory_order_relaxed); }
  int64_t shed_count() const override { return shed_.load(std::memory_order_relaxed); }

  void StopTaking() override {
    asio::post(threads_.front()->context(), [this] {
      boost::system::error_code ignored;
      acceptor_->close(ignored);
      timer_->cancel();
      certificate_timer_->cancel();
    });
    for (const auto& thread : threads_) thread->StopSoon();
  }

  void Stop(std::chrono::milliseconds grace) override {
    if (std::exchange(stopped_, true)) return;
    StopTaking();
    const auto all_ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ == 0; };
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&all_ended), absl::FromChrono(grace));
    }
    for (const auto& thread : threads_) thread->StopNow();
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&all_ended), absl::FromChrono(kTick));
    }
    for (const auto& thread : threads_) thread->Join();
  }

 private:
  // On the first thread.
  void Accept() {
    IoThread& thread = *threads_[next_thread_++ % threads_.size()];
    acceptor_->async_accept(thread.context(), [this, &thread](const boost::system::error_code& code,
                                                              tcp::socket socket) {
      if (code == asio::error::operation_aborted || !acceptor_->is_open()) return;
      if (code) return Pause(code);
      Welcome(thread, std::move(socket));
      Accept();
    });
  }

  // There are no file descriptors, or no memory: the others go on, and later there will be again.
  void Pause(const boost::system::error_code& code) {
    spdlog::warn("cannot take an HTTP connection, tried again soon problem=\"{}\"", code.message());
    timer_->expires_after(kAcceptPause);
    timer_->async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) Accept();
    });
  }

  void RefreshCertificates() {
    certificate_timer_->expires_after(kCertificateRefresh);
    certificate_timer_->async_wait([this](const boost::system::error_code& cancelled) {
      if (cancelled) return;
      tls_->Refresh();
      RefreshCertificates();
    });
  }

  void Welcome(IoThread& thread, tcp::socket socket) {
    const bool is_too_many = open_.load() >= config_.connections_max;
    if (is_too_many) {
      rejected_.fetch_add(1, std::memory_order_relaxed);
      if (rejecting_.load() >= kRejectionsMax) return;
    }
    if (open_.load() >= config_.connections_max - config_.connections_max / kReserve) {
      asio::post(thread.context(), [this, &thread] {
        if (thread.MakeRoom()) shed_.fetch_add(1, std::memory_order_relaxed);
      });
    }
    std::atomic<int64_t>& count = is_too_many ? rejecting_ : open_;
    count.fetch_add(1);
    {
      const absl::MutexLock lock(&mutex_);
      ++running_;
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto transport =
        tls_ ? TlsTransport(std::move(socket), tls_->Current()) : PlainTransport(std::move(socket));
    asio::post(thread.context(), [this, &thread, &count, is_too_many,
                                  transport = std::move(transport)]() mutable {
      auto connection = std::make_shared<Connection>(
          std::move(transport), thread.context().get_executor(), *site_, limits_, bodies_);
      auto work = is_too_many
                      ? connection->Reject(site_->Refusal(
                            503, "More connections are open than http.connections_max allows."))
                      : connection->Run();
      thread.Add(connection, std::move(work), [this, &count] {
        count.fetch_sub(1);
        const absl::MutexLock lock(&mutex_);
        --running_;
      });
    });
  }

  const config::HttpConfig config_;
  const ConnectionLimits limits_;
  const std::unique_ptr<Site> site_;
  BodyBudget bodies_;
  std::string address_;
  std::atomic<int64_t> open_{0};
  std::atomic<int64_t> rejecting_{0};
  std::atomic<int64_t> rejected_{0};
  std::atomic<int64_t> shed_{0};
  bool stopped_ = false;
  absl::Mutex mutex_;
  int64_t running_ ABSL_GUARDED_BY(mutex_) = 0;  // Connections of either kind.

  std::vector<std::unique_ptr<IoThread>> threads_;
  // The first thread's.
  std::optional<TlsContexts> tls_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> timer_;
  std::optional<asio::steady_timer> certificate_timer_;
  size_t next_thread_ = 0;
};

}  // namespace

std::variant<std::unique_ptr<Server>, std::string> Server::Start(const config::HttpConfig& config,
                                                                 const config::TlsConfig& tls,
                                                                 std::unique_ptr<Site> site) {
  if (std::string error = rpc::CheckTlsFiles(tls); !error.empty()) return error;
  auto server = std::make_unique<AsioServer>(config, tls, std::move(site));
  if (std::string error = server->Listen(); !error.empty()) return error;
  return server;
}

}  // namespace stockd::http
