#include "daemon/daemon.h"

#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/base/check.h"
#include "daemon/daemon_parts.h"
#include "daemon/log.h"

namespace stockd {
namespace {

// Calls that change something take milliseconds; what is left after this time are streams, which go
// on for ever.
constexpr std::chrono::milliseconds kShutdownGrace{1000};

storage::SqliteOptions StorageOptions(const config::Config& config, const std::string& vfs_name) {
  return {.path = config::ResolvePath(config, config.storage.database).string(),
          .cache_bytes = config.storage.cache_bytes,
          .checkpoint_pages = static_cast<int>(config.storage.checkpoint_pages),
          .vfs_name = vfs_name};
}

engine::EngineOptions EngineOptions(const config::Config& config) {
  return {.queue_max = static_cast<size_t>(config.engine.queue_max),
          .batch_max = static_cast<size_t>(config.engine.batch_max),
          .expiries_per_batch_max = static_cast<int>(config.engine.expiries_per_batch_max),
          .fact_limits = {.look_back = config.facts.look_back,
                          .future_tolerance = config.facts.future_tolerance},
          .keep_requests = config.reservation.keep_requests};
}

std::string KindName(config::SourceKind kind) {
  switch (kind) {
    case config::SourceKind::kErp: return "erp";
    case config::SourceKind::kPos: return "pos";
    case config::SourceKind::kWeb: return "web";
    case config::SourceKind::kOther: return "other";
  }
  return "other";
}

std::vector<sync::ConfiguredSource> Sources(const config::Config& config) {
  std::vector<sync::ConfiguredSource> sources;
  for (const config::SourceConfig& source : config.source) {
    sources.push_back({.id = source.id,
                       .kind = KindName(source.kind),
                       .applies_counts = source.absolute == config::AbsoluteRule::kCount,
                       .channel = source.channel,
                       .locations = source.locations,
                       .group = source.group});
  }
  return sources;
}

rpc::SessionLimits SessionLimits(const config::AdaptersConfig& adapters) {
  return {.batch_size_max = static_cast<int>(adapters.batch_size_max),
          .batches_in_flight_max = static_cast<int>(adapters.batches_in_flight_max),
          .hello_timeout = adapters.hello_timeout,
          .snapshot_rows_max = adapters.snapshot_rows_max};
}

config::TlsConfig Tls(const config::Config& config) {
  return {.certificate = config::ResolvePath(config, config.tls.certificate).string(),
          .key = config::ResolvePath(config, config.tls.key).string(),
          .client_ca = config::ResolvePath(config, config.tls.client_ca).string()};
}

int64_t Millis(Duration duration) { return duration / std::chrono::milliseconds(1); }

}  // namespace

Daemon::Daemon(config::Config config, const Clock& clock, std::string vfs_name)
    : config_(std::move(config)),
      clock_(clock),
      vfs_name_(std::move(vfs_name)),
      parts_(std::make_unique<Parts>()) {}

Daemon::~Daemon() { (void)Stop(); }

std::string Daemon::Start() {
  if (std::string error = OpenDatabase(); !error.empty()) return error;
  if (std::string error = LoadEngine(); !error.empty()) return error;
  return Serve();
}

std::string Daemon::OpenDatabase() {
  const storage::SqliteOptions options = StorageOptions(config_, vfs_name_);
  auto opened = storage::OpenSqlite(options);
  if (auto* status = std::get_if<storage::Status>(&opened)) return std::move(status->error);
  parts_->database = std::move(std::get<storage::SqliteDatabase>(opened));
  spdlog::info("database opened path={}", LogValue(options.path));
  return {};
}

std::string Daemon::LoadEngine() {
  Parts& parts = *parts_;
  parts.pump.emplace(clock_);
  engine::Engine& engine =
      parts.engine.emplace(*parts.database.store, clock_, EngineOptions(config_));
  const Timestamp began = clock_.Now();
  if (storage::Status status = engine.Load(); !status.ok()) return std::move(status.error);
  spdlog::info(
      "database loaded positions={} items={} reservations_open={} quarantined={} sequence={} "
      "took_ms={} "
      "index_bytes={}",
      engine.index().size(), engine.catalogue().item_count(), engine.open_count(),
      engine.quarantine_count(), engine.changes().newest(), Millis(clock_.Now() - began),
      engine.index().memory_bytes());
  return {};
}

std::string Daemon::Serve() {
  Parts& parts = *parts_;
  engine::Engine& engine = *parts.engine;
  storage::Reader& reader = *parts.database.reader;
  parts.sources.emplace(engine, Sources(config_));
  parts.replay.emplace(engine, reader);
  parts.availability.emplace(engine, reader, *parts.pump);
  parts.reservation.emplace(
      engine, reader,
      rpc::ReservationLimits{.ttl_default = config_.reservation.ttl_default,
                             .lines_max = static_cast<size_t>(config_.reservation.lines_max)});
  parts.catalogue.emplace(engine, reader, [&replay = *parts.replay] { replay.NamesAdded(); });
  parts.adapter.emplace(engine, reader, *parts.sources, *parts.pump, *parts.replay,
                        SessionLimits(config_.adapters));
  parts.operations.emplace(engine, reader, config::ResolvePath(config_, config_.backup.directory));

  engine.OnFailure([this](const std::string& error) { WriterFailed(error); });
  parts.pump->Start(engine.changes());
  engine.Start();
  if (!parts.sources->Register()) return "the sources cannot be recorded: " + engine.failure();
  // A crash may have come between a new name and the facts that waited for it.
  parts.replay->NamesAdded();

  const std::array<grpc::Service*, 5> services{&*parts.availability, &*parts.reservation,
                                               &*parts.catalogue, &*parts.adapter,
                                               &*parts.operations};
  auto started = rpc::Server::Start(config_.server, Tls(config_), services);
  if (auto* error = std::get_if<std::string>(&started)) return std::move(*error);
  {
    const absl::MutexLock lock(&server_mutex_);
    parts.server = std::move(std::get<std::unique_ptr<rpc::Server>>(started));
    parts.server->SetServing(engine.state() == engine::WriterState::kRunning);
  }
  spdlog::info("listening address={} tls={} client_certificates={} sources={}", address(),
               !config_.tls.certificate.empty(), !config_.tls.client_ca.empty(),
               config_.source.size());
  return {};
}

void Daemon::WriterFailed(const std::string& error) {
  spdlog::error("writer failed, nothing is taken until a restart, reads go on error={}",
                LogValue(error));
  const absl::MutexLock lock(&server_mutex_);
  if (parts_->server) parts_->server->SetServing(false);
}

const std::string& Daemon::address() const {
  STOCKD_CHECK(parts_->server != nullptr);
  return parts_->server->address();
}

std::string Daemon::Stop() {
  Parts& parts = *parts_;
  if (stopped_) return {};
  stopped_ = true;
  if (parts.server) {
    parts.server->SetServing(false);
    parts.operations->Stop();
    // While the engine runs: calls that wait for it are answered.
    parts.server->Shutdown(kShutdownGrace);
  }
  if (parts.pump) parts.pump->Stop();
  if (!parts.engine) return {};
  return parts.engine->Stop().error;
}

bool Daemon::busy() const { return parts_->operations && parts_->operations->busy(); }

}  // namespace stockd
