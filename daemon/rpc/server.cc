#include "daemon/rpc/server.h"

#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/rpc/metered_calls.h"
#include "daemon/rpc/tls_files.h"

namespace stockd::rpc {
namespace {

// How often the certificate files are looked at: a renewed certificate needs no restart.
constexpr unsigned kCertificateRefreshSeconds = 60;
constexpr int kMetadataBytesMax = 16 << 10;
// A peer that vanished without a word is noticed after the sum of both.
constexpr int kKeepaliveTimeMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// Callers may ping this often; much more often is taken for an attack and disconnects them.
constexpr int kPingIntervalMinMs = 5'000;
// Memory that all connections together may use for messages on their way.
constexpr size_t kQuotaBytesMin = size_t{256} << 20;
constexpr size_t kQuotaMessages = 64;

std::shared_ptr<grpc::ServerCredentials> Credentials(const config::TlsConfig& tls) {
  if (tls.certificate.empty()) return grpc::InsecureServerCredentials();
  auto provider = tls.client_ca.empty()
                      ? std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
                            tls.key, tls.certificate, kCertificateRefreshSeconds)
                      : std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
                            tls.key, tls.certificate, tls.client_ca, kCertificateRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(std::move(provider));
  options.watch_identity_key_cert_pairs();
  if (!tls.client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

void Limit(grpc::ServerBuilder& builder, const config::ServerConfig& config) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(config.message_bytes_max));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(config.concurrent_streams_max));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  // Two daemons on one port would share the callers by chance.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // Adapters and watchers are silent for hours; they may probe whether we still live.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kPingIntervalMinMs);

  grpc::ResourceQuota quota("stockd");
  quota.Resize(
      std::max(kQuotaBytesMin, kQuotaMessages * static_cast<size_t>(config.message_bytes_max)));
  const auto cores = static_cast<int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  quota.SetMaxThreads(
      static_cast<int>(config.threads == 0 ? std::max<int64_t>(cores, 4) : config.threads));
  builder.SetResourceQuota(quota);
}

// `listen` with the port that was bound.
std::string AddressOf(const std::string& listen, int port) {
  return listen.substr(0, listen.rfind(':') + 1) + std::to_string(port);
}

}  // namespace

std::variant<std::unique_ptr<Server>, std::string> Server::Start(
    const config::ServerConfig& config, const config::TlsConfig& tls,
    std::span<grpc::Service* const> services, CallMeter& meter, const Clock& clock) {
  if (std::string error = CheckTlsFiles(tls); !error.empty()) return error;
  static const bool plugins = [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  (void)plugins;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(config.listen, Credentials(tls), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  Limit(builder, config);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(WatchedCalls(meter, clock));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return "cannot listen on " + config.listen +
           ". Is another program using the port, or is the address not this "
           "machine's? See server.listen.";
  }
  return std::unique_ptr<Server>(
      new Server(std::move(server), port, AddressOf(config.listen, port)));
}

Server::Server(std::unique_ptr<grpc::Server> server, int port, std::string address)
    : server_(std::move(server)), port_(port), address_(std::move(address)) {}

Server::~Server() { Shutdown(std::chrono::milliseconds(0)); }

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

void Server::SetServing(bool serving) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(serving);
}

void Server::Shutdown(std::chrono::milliseconds grace) {
  server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                 gpr_time_from_millis(grace.count(), GPR_TIMESPAN)));
  server_->Wait();
}

}  // namespace stockd::rpc
