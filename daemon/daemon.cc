#include "daemon/daemon.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/base/check.h"
#include "daemon/daemon_parts.h"
#include "daemon/device_log.h"
#include "daemon/http_calls.h"
#include "daemon/log.h"

namespace stockd {
namespace {

// Calls that change something take milliseconds; what is left after this time are streams, which go
// on for ever.
constexpr std::chrono::milliseconds kShutdownGrace{1000};
// Calls that wait for a plan.
constexpr size_t kJobsMax = 1000;

storage::SqliteOptions StorageOptions(const config::Config& config, const std::string& vfs_name) {
  return {.path = config::ResolvePath(config, config.storage.database).string(),
          .cache_bytes = config.storage.cache_bytes,
          .checkpoint_pages = static_cast<int>(config.storage.checkpoint_pages),
          .vfs_name = vfs_name};
}

engine::EngineOptions EngineOptions(const config::Config& config, const storage::SecretKey& key) {
  return {.queue_max = static_cast<size_t>(config.engine.queue_max),
          .batch_max = static_cast<size_t>(config.engine.batch_max),
          .expiries_per_batch_max = static_cast<int>(config.engine.expiries_per_batch_max),
          .fact_limits = {.look_back = config.facts.look_back,
                          .future_tolerance = config.facts.future_tolerance},
          .keep_requests = config.reservation.keep_requests,
          .pickup_key = key};
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

storage::AbsoluteRule AbsoluteRule(config::AbsoluteRule rule) {
  switch (rule) {
    case config::AbsoluteRule::kCount: return storage::AbsoluteRule::kCount;
    case config::AbsoluteRule::kDiff: return storage::AbsoluteRule::kDiff;
    case config::AbsoluteRule::kAudit: return storage::AbsoluteRule::kAudit;
  }
  return storage::AbsoluteRule::kAudit;
}

std::vector<sync::ConfiguredSource> Sources(const config::Config& config) {
  std::vector<sync::ConfiguredSource> sources;
  for (const config::SourceConfig& source : config.source) {
    sources.push_back({.id = source.id,
                       .kind = KindName(source.kind),
                       .absolute = AbsoluteRule(source.absolute),
                       .echoes = source.echoes,
                       .channel = source.channel,
                       .locations = source.locations,
                       .group = source.group,
                       .reconcile_every = source.reconcile_every});
  }
  return sources;
}

rpc::SessionLimits SessionLimits(const config::AdaptersConfig& adapters) {
  return {.batch_size_max = static_cast<int>(adapters.batch_size_max),
          .batches_in_flight_max = static_cast<int>(adapters.batches_in_flight_max),
          .hello_timeout = adapters.hello_timeout,
          .snapshot_rows_max = adapters.snapshot_rows_max};
}

rpc::ReservationLimits ReservationLimits(const config::ReservationConfig& reservation) {
  return {.ttl_default = reservation.ttl_default,
          .lines_max = static_cast<size_t>(reservation.lines_max)};
}

rpc::SourcingRates SourcingRates(const config::SourcingConfig& sourcing) {
  const auto of_kind = [](int64_t handling_micros, int64_t scarcity_weight) {
    return rpc::SourcingRates::OfKind{.handling_micros = handling_micros,
                                      .scarcity_weight = static_cast<int32_t>(scarcity_weight)};
  };
  return {
      .parcel_cost_micros = sourcing.parcel_cost_micros,
      .cost_per_km_micros = sourcing.cost_per_km_micros,
      .distance_unknown_km = sourcing.distance_unknown_km,
      .store = of_kind(sourcing.store_handling_micros, sourcing.store_scarcity_weight),
      .warehouse = of_kind(sourcing.warehouse_handling_micros, sourcing.warehouse_scarcity_weight),
      .dark_store =
          of_kind(sourcing.dark_store_handling_micros, sourcing.dark_store_scarcity_weight),
      .steps_max = sourcing.steps_max};
}

reports::ReportsOptions ReportsOptions(const config::Config& config, const std::string& vfs_name) {
  const std::string database = config::ResolvePath(config, config.storage.database).string();
  return {.database = database,
          .rollups = config.reports.database.empty()
                         ? database + "-reports"
                         : config::ResolvePath(config, config.reports.database).string(),
          .zone_name = config.reports.time_zone,
          .online_channels = config.reports.online_channels,
          .interval = config.reports.interval,
          .cache_bytes = config.reports.cache_bytes,
          .vfs_name = vfs_name};
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
  if (std::string error = OpenReports(); !error.empty()) return error;
  return Serve();
}

std::string Daemon::OpenDatabase() {
  const storage::SqliteOptions options = StorageOptions(config_, vfs_name_);
  auto opened = storage::OpenSqlite(options);
  if (auto* status = std::get_if<storage::Status>(&opened)) return std::move(status->error);
  parts_->database = std::move(std::get<storage::SqliteDatabase>(opened));
  const std::string key_path = storage::KeyPath(options.path);
  if (storage::Status status = storage::OpenKeyFile(key_path, parts_->key); !status.ok()) {
    return std::move(status.error);
  }
  spdlog::info("database opened path={}", LogValue(options.path));
  return {};
}

std::string Daemon::LoadEngine() {
  Parts& parts = *parts_;
  parts.pump.emplace(clock_);
  engine::Engine& engine =
      parts.engine.emplace(*parts.database.store, clock_, EngineOptions(config_, parts.key.key));
  const Timestamp began = clock_.Now();
  sync::DeviceBook& devices = parts.devices.emplace();
  devices.OnAlarm([&engine](const sync::DeviceAlarm& alarm) {
    LogDeviceAlarm(alarm, engine.catalogue().SourceName(alarm.source));
  });
  storage::LoadVisitor others;
  others.device = [&devices](const storage::Device& device) { devices.Load(device); };
  others.device_gap = [&devices](SourceId source, std::string_view device,
                                 const storage::DeviceGap& gap) {
    devices.LoadGap(source, device, gap);
  };
  if (storage::Status status = engine.Load(std::move(others)); !status.ok()) {
    return std::move(status.error);
  }
  try {
    parts.records.Load(*parts.database.reader);
  } catch (const storage::ReadError& error) {
    return error.what();
  }
  if (parts.key.created && engine.open_order_count() > 0) {
    spdlog::warn(
        "new key made, pick-up codes that customers have must be issued again orders_open={}",
        engine.open_order_count());
  }
  spdlog::info(
      "database loaded positions={} items={} reservations_open={} orders_open={} quarantined={} "
      "sequence={} took_ms={} index_bytes={}",
      engine.index().size(), engine.catalogue().item_count(), engine.open_count(),
      engine.open_order_count(), engine.quarantine_count(), engine.changes().newest(),
      Millis(clock_.Now() - began), engine.index().memory_bytes());
  return {};
}

std::string Daemon::OpenReports() {
  if (!config_.reports.enabled) return {};
  reports::Reports& reports =
      parts_->reports.emplace(*parts_->engine, clock_, ReportsOptions(config_, vfs_name_));
  if (std::string error = reports.Open(); !error.empty()) return error;
  spdlog::info("reports opened sequence={} behind={}", reports.state().sequence,
               parts_->engine->changes().newest() - reports.state().sequence);
  return {};
}

std::string Daemon::Serve() {
  Parts& parts = *parts_;
  engine::Engine& engine = *parts.engine;
  storage::Reader& reader = *parts.database.reader;
  parts.sources.emplace(engine, Sources(config_));
  parts.replay.emplace(engine, reader, parts.records);
  parts.waiting_order_facts.emplace(engine, reader, parts.records);
  try {
    parts.waiting_order_facts->Load();
  } catch (const storage::ReadError& error) {
    return error.what();
  }
  if (std::string error = ScheduleReconciliations(); !error.empty()) return error;
  parts.availability.emplace(engine, reader, *parts.pump);
  parts.reservation.emplace(engine, reader, ReservationLimits(config_.reservation));
  parts.quota.emplace(engine, reader);
  parts.stock_events.emplace(engine, *parts.pump);
  parts.report.emplace(engine, parts.reports ? &*parts.reports : nullptr);
  parts.experiment.emplace(engine, reader, parts.reports ? &*parts.reports : nullptr);
  parts.work_queue.emplace(kJobsMax);
  const rpc::SourcingRates rates = SourcingRates(config_.sourcing);
  parts.sourcing.emplace(engine, *parts.work_queue, rates, ReservationLimits(config_.reservation));
  parts.order_parts.emplace(engine, reader, *parts.waiting_order_facts, *parts.work_queue, rates);
  parts.order.emplace(*parts.order_parts, *parts.pump);
  parts.catalogue.emplace(engine, reader, [&replay = *parts.replay] { replay.NamesAdded(); });
  parts.mapping.emplace(engine, [&replay = *parts.replay] { replay.NamesAdded(); });
  parts.reconciliation.emplace(engine, reader, *parts.sources, parts.records, *parts.schedule);
  parts.adapter.emplace(engine, reader, *parts.sources, *parts.pump, *parts.devices, parts.records,
                        *parts.replay, *parts.waiting_order_facts, SessionLimits(config_.adapters));
  parts.operations.emplace(engine, reader, config::ResolvePath(config_, config_.backup.directory));

  engine.OnFailure([this](const std::string& error) { WriterFailed(error); });
  engine.ObserveOrders([&waiting = *parts.waiting_order_facts](engine::UnitOfWork& unit,
                                                               const std::string& order_id) {
    waiting.OrderChanged(unit, order_id);
  });
  parts.pump->Start(engine.changes());
  // Not every event of an order changes a level.
  engine.order_events().Listen([&pump = *parts.pump] { pump.Kick(); });
  if (parts.reports) parts.reports->Start();
  engine.Start();
  if (!parts.sources->Register(parts.records))
    return "the sources cannot be recorded: " + engine.failure();
  // A crash may have come between a new name and the facts that waited for it.
  parts.replay->NamesAdded();
  parts.waiting_order_facts->TryAll();

  grpc::Service* const services[] = {
      &*parts.availability,   &*parts.reservation,  &*parts.catalogue, &*parts.mapping,
      &*parts.quota,          &*parts.stock_events, &*parts.adapter,   &*parts.operations,
      &*parts.reconciliation, &*parts.order,        &*parts.sourcing,  &*parts.report,
      &*parts.experiment};
  auto started = rpc::Server::Start(config_.server, Tls(config_), services, parts.calls, clock_);
  if (auto* error = std::get_if<std::string>(&started)) return std::move(*error);
  {
    const absl::MutexLock lock(&server_mutex_);
    parts.server = std::move(std::get<std::unique_ptr<rpc::Server>>(started));
    parts.server->SetServing(engine.state() == engine::WriterState::kRunning);
  }
  if (std::string error = ServeHttp(); !error.empty()) return error;
  spdlog::info("listening address={} http={} tls={} client_certificates={} sources={}", address(),
               config_.http.listen.empty() ? "off" : http_address(),
               !config_.tls.certificate.empty(), !config_.tls.client_ca.empty(),
               config_.source.size());
  return {};
}

std::string Daemon::ServeHttp() {
  if (config_.http.listen.empty()) return {};
  auto started = StartHttp(config_, Tls(config_), clock_, *parts_);
  if (auto* error = std::get_if<std::string>(&started)) return std::move(*error);
  parts_->http_server = std::move(std::get<std::unique_ptr<http::Server>>(started));
  return {};
}

std::string Daemon::ScheduleReconciliations() {
  Parts& parts = *parts_;
  try {
    parts.schedule = std::make_shared<sync::ReconcileSchedule>(*parts.engine, *parts.sources,
                                                               *parts.database.reader);
  } catch (const storage::ReadError& error) {
    return error.what();
  }
  if (parts.schedule->has_schedule()) parts.pump->Add(parts.schedule);
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

std::string Daemon::http_address() const {
  return parts_->http_server ? parts_->http_server->address() : std::string();
}

std::string Daemon::Stop() {
  Parts& parts = *parts_;
  if (stopped_) return {};
  stopped_ = true;
  if (parts.http_server) parts.http_server->StopTaking();
  // Calls that wait for the roll-ups are answered.
  if (parts.reports) parts.reports->Stop();
  if (parts.server) {
    parts.server->SetServing(false);
    parts.operations->Stop();
    parts.in_process_gate->Close();
    // While the engine runs: calls that wait for it are answered.
    parts.server->Shutdown(kShutdownGrace);
    parts.work_queue->Stop();
  }
  if (parts.pump) parts.pump->Stop();
  std::string error;
  if (parts.engine) error = parts.engine->Stop().error;
  // Last: until then its threads carry the answers of calls that went through gRPC and the engine.
  if (parts.http_server) parts.http_server->Stop(kShutdownGrace);
  return error;
}

bool Daemon::busy() const { return parts_->operations && parts_->operations->busy(); }

}  // namespace stockd
