#include "daemon/metrics.h"

#include <memory>
#include <utility>
#include <vector>

#include "daemon/base/version.h"
#include "daemon/daemon_parts.h"
#include "daemon/http/in_process_calls.h"
#include "daemon/http/metrics_text.h"
#include "daemon/process_figures.h"
#include "daemon/rpc/refusal_counts.h"

namespace stockd {
namespace {

using http::MetricsText;
using Kind = MetricsText::Kind;

constexpr char kListSources[] = "/stockd.v1.AdapterService/ListSources";
constexpr std::chrono::seconds kPatience{5};
constexpr double kMicro = 1e-6;

// What had to be asked for.
struct Gathered {
  v1::ListSourcesResponse sources;
  bool has_sources = false;
  engine::OpenReservations::ByMinute holds;
  bool has_holds = false;
};

double Seconds(Duration duration) { return static_cast<double>(duration.count()) * kMicro; }
double Seconds(Timestamp time) { return Seconds(time.time_since_epoch()); }
double Seconds(const google::protobuf::Timestamp& time) {
  return static_cast<double>(time.seconds()) + time.nanos() * 1e-9;
}

void ShowCalls(const rpc::CallMeter& calls, MetricsText& text) {
  text.Family("stockd_calls_total", Kind::kCounter,
              "Calls that ended, by method, transport and canonical code.");
  calls.ForEach(
      [&](std::string_view method, std::string_view transport, const rpc::CallMeter::Row& row) {
        for (size_t code = 0; code < rpc::CallMeter::kCodes; ++code) {
          const int64_t count = row.outcomes[code].load(std::memory_order_relaxed);
          if (count == 0) continue;
          text.Sample(count, {{"method", method},
                              {"transport", transport},
                              {"code", http::CodeName(static_cast<http::Code>(code))}});
        }
      });
  text.Family("stockd_call_seconds", Kind::kHistogram,
              "How long calls took; streams until their end.");
  calls.ForEach(
      [&](std::string_view method, std::string_view transport, const rpc::CallMeter::Row& row) {
        text.Parts(row.micros, kMicro, {{"method", method}, {"transport", transport}});
      });
  text.Family("stockd_refusals_total", Kind::kCounter,
              "Refusals by their machine-readable reason, rows of batches included.");
  for (const auto& [reason, count] : rpc::RefusalCounts()) {
    text.Sample(count, {{"reason", reason}});
  }
}

void ShowWriter(const engine::Engine& engine, MetricsText& text) {
  const engine::Measures& measures = engine.measures();
  text.One("stockd_writer_running", Kind::kGauge, "1 while commands are taken; alert: 0.",
           int64_t{engine.state() == engine::WriterState::kRunning});
  text.One("stockd_queue_depth", Kind::kGauge,
           "Commands that wait for the writer; alert: near engine.queue_max.",
           static_cast<int64_t>(engine.queue_depth()));
  text.One("stockd_commits_total", Kind::kCounter, "Batches committed.",
           static_cast<int64_t>(engine.commit_count()));
  text.One("stockd_commands_total", Kind::kCounter, "Commands committed.",
           static_cast<int64_t>(engine.command_count()));
  text.Family("stockd_commit_commands", Kind::kHistogram, "Commands in one commit.");
  text.Parts(measures.batch_commands, 1);
  text.Family("stockd_commit_seconds", Kind::kHistogram,
              "From the decisions of a batch to the disk; alert: p99 above what checkouts bear.");
  text.Parts(measures.commit_micros, kMicro);
  text.One("stockd_late_facts_total", Kind::kCounter,
           "Deltas that came after a count that had seen them.",
           measures.late_facts.load(std::memory_order_relaxed));
}

void ShowStock(engine::Engine& engine, const Gathered& gathered, MetricsText& text) {
  text.One("stockd_journal_sequence", Kind::kCounter, "Sequence of the newest journal entry.",
           static_cast<int64_t>(engine.changes().newest()));
  text.One("stockd_positions", Kind::kGauge, "Positions known.", engine.index().size());
  text.One("stockd_items", Kind::kGauge, "Items known.", engine.catalogue().item_count());
  text.One("stockd_index_bytes", Kind::kGauge, "Memory of the index.",
           engine.index().memory_bytes());
  text.One("stockd_shortfalls", Kind::kGauge,
           "Positions whose claims exceed their units; alert: above 0.",
           static_cast<int64_t>(engine.index().Shortfalls().size()));
  text.One("stockd_quarantined", Kind::kGauge, "Facts that wait in quarantine; alert: rising.",
           engine.quarantine_count());
  text.One("stockd_reservations_open", Kind::kGauge, "Reservations with held or committed units.",
           engine.open_count());
  const Timestamp now = engine.Now();
  const Timestamp deadline = engine.measures().next_deadline.load(std::memory_order_relaxed);
  text.One("stockd_hold_overdue_seconds", Kind::kGauge,
           "How long the oldest lapsed hold waits to be cleared; it stopped counting at its "
           "deadline. Alert: above 5.",
           deadline < now ? Seconds(now - deadline) : 0.0);
  if (!gathered.has_holds) return;
  constexpr std::pair<int64_t, std::string_view> kAges[] = {
      {1, "60"}, {5, "300"}, {15, "900"}, {60, "3600"}, {24 * 60, "86400"}, {INT64_MAX, "+Inf"}};
  text.Family("stockd_holds", Kind::kGauge,
              "Reservations that hold units, up to an age in seconds.");
  const int64_t minute = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
  for (const auto& [minutes, label] : kAges) {
    int64_t count = 0;
    for (const auto& [made, holds] : gathered.holds) {
      if (minute - made < minutes) count += holds;
    }
    text.Sample(count, {{"le", label}});
  }
}

// One figure of every source.
template <typename Value>
void ShowEach(const v1::ListSourcesResponse& sources, std::string_view name, Kind kind,
              std::string_view help, Value value, MetricsText& text) {
  text.Family(name, kind, help);
  for (const v1::Source& source : sources.sources()) {
    text.Sample(value(source), {{"source", source.source()}, {"kind", source.kind()}});
  }
}

void ShowSources(const v1::ListSourcesResponse& sources, MetricsText& text) {
  using S = v1::Source;
  const auto show = [&](std::string_view name, Kind kind, std::string_view help, auto value) {
    ShowEach(sources, name, kind, help, value, text);
  };
  show("stockd_source_connected", Kind::kGauge, "1 while its adapter is connected; alert: 0.",
       [](const S& s) { return int64_t{s.connected()}; });
  show("stockd_source_facts_applied_total", Kind::kCounter, "Facts applied, ever.",
       [](const S& s) { return int64_t{s.facts_applied()}; });
  show("stockd_source_duplicates_total", Kind::kCounter, "Facts told again since the start.",
       [](const S& s) { return int64_t{s.duplicates()}; });
  show("stockd_source_echoes_total", Kind::kCounter,
       "Levels of ours that came back since the start.",
       [](const S& s) { return int64_t{s.echoes()}; });
  show("stockd_source_fact_lag_seconds", Kind::kGauge,
       "From when its newest fact happened to when it was published; alert: beyond what the shop "
       "bears.",
       [](const S& s) { return static_cast<double>(s.fact_lag_us()) * kMicro; });
  show("stockd_source_newest_fact_timestamp_seconds", Kind::kGauge,
       "When its newest fact happened; 0: none yet. Alert: too long ago for opening hours.",
       [](const S& s) { return Seconds(s.newest_fact_time()); });
  show("stockd_source_level_lag", Kind::kGauge,
       "Changes that it was not sent yet; alert: rising while connected.",
       [](const S& s) { return static_cast<int64_t>(s.level_lag()); });
  show("stockd_source_refused_levels", Kind::kGauge, "Levels it did not take; alert: above 0.",
       [](const S& s) { return int64_t{s.refused_levels()}; });
  show("stockd_source_missing_numbers", Kind::kGauge,
       "Numbers missing from the sequences of its devices; alert: above 0 for long.",
       [](const S& s) { return int64_t{s.missing_numbers()}; });
  show("stockd_source_quarantined", Kind::kGauge, "Its facts in quarantine; alert: rising.",
       [](const S& s) { return int64_t{s.quarantined()}; });
  show("stockd_source_drift_units", Kind::kGauge,
       "Units it differed by when it was last compared; alert: above 0.",
       [](const S& s) { return int64_t{s.drift()}; });
  show("stockd_source_drift_positions", Kind::kGauge,
       "Positions it differed at when it was last compared.",
       [](const S& s) { return int64_t{s.drift_positions()}; });
  show("stockd_source_compared_timestamp_seconds", Kind::kGauge,
       "When it was last compared; 0: never.",
       [](const S& s) { return Seconds(s.reconcile_time()); });
  show("stockd_source_outbox", Kind::kGauge,
       "Facts that wait in its adapter, as the adapter told last; alert: rising.",
       [](const S& s) { return int64_t{s.health().outbox_depth()}; });
  show("stockd_source_troubled", Kind::kGauge,
       "1 while its adapter reports trouble with the system behind it; alert: 1.",
       [](const S& s) { return int64_t{!s.health().trouble().empty()}; });
}

void ShowProcess(Timestamp started_at, MetricsText& text) {
  const ProcessFigures figures = ReadProcessFigures();
  text.Family("stockd_build_info", Kind::kGauge, "The version that runs.");
  text.Sample(int64_t{1}, {{"version", kVersion}});
  text.One("process_cpu_seconds_total", Kind::kCounter, "Processor time used.",
           figures.cpu_seconds);
  text.One("process_resident_memory_bytes", Kind::kGauge, "Memory in use.", figures.resident_bytes);
  text.One("process_open_fds", Kind::kGauge, "Open files and connections; alert: near the limit.",
           figures.open_files);
  text.One("process_max_fds", Kind::kGauge, "The limit of open files and connections.",
           figures.open_files_max);
  text.One("process_threads", Kind::kGauge, "Threads.", figures.threads);
  text.One("process_start_time_seconds", Kind::kGauge, "When the daemon started.",
           Seconds(started_at));
}

void ShowHttp(const http::Server& server, MetricsText& text) {
  text.One("stockd_http_connections", Kind::kGauge,
           "HTTP connections open; alert: near http.connections_max.", server.connection_count());
  text.One("stockd_http_connections_rejected_total", Kind::kCounter,
           "HTTP connections turned away because too many were open; alert: rising.",
           server.rejected_count());
  text.One("stockd_http_connections_shed_total", Kind::kCounter,
           "HTTP connections ended while they waited, to make room for others; alert: rising.",
           server.shed_count());
}

std::string Render(Daemon::Parts& parts, Timestamp started_at, const Gathered& gathered) {
  MetricsText text;
  ShowCalls(parts.calls, text);
  ShowWriter(*parts.engine, text);
  ShowStock(*parts.engine, gathered, text);
  if (gathered.has_sources) ShowSources(gathered.sources, text);
  if (parts.http_server) ShowHttp(*parts.http_server, text);
  ShowProcess(started_at, text);
  return text.text();
}

class Metrics : public std::enable_shared_from_this<Metrics> {
 public:
  Metrics(Daemon::Parts& parts, const Clock& clock)
      : parts_(parts),
        started_at_(clock.Now()),
        calls_(http::InProcessCalls(parts.server->InProcessChannel(), parts.in_process_gate)) {}

  void Gather(MetricsDone done) {
    const auto call = calls_->NewUnary(*methods_.Find(kListSources), kPatience);
    call->Start([self = shared_from_this(), call,
                 done = std::move(done)](const http::CallStatus& status) mutable {
      const auto gathered = std::make_shared<Gathered>();
      gathered->has_sources = status.ok();
      if (status.ok()) gathered->sources.CopyFrom(call->response());
      self->AskWriter(gathered, std::move(done));
    });
  }

 private:
  void AskWriter(const std::shared_ptr<Gathered>& gathered, MetricsDone done) {
    using Holds = engine::OpenReservations::ByMinute;
    parts_.engine->Submit(
        engine::MakeTask(
            [](engine::UnitOfWork& unit) -> Holds { return unit.open().held_by_minute(); },
            [self = shared_from_this(), gathered, done = std::move(done)](
                engine::CommitOutcome outcome, Holds&& holds) mutable {
              gathered->has_holds = outcome == engine::CommitOutcome::kCommitted;
              gathered->holds = std::move(holds);
              done([self, gathered] { return Render(self->parts_, self->started_at_, *gathered); });
            }),
        engine::Admission::kAlways);
  }

  Daemon::Parts& parts_;
  const Timestamp started_at_;
  const std::unique_ptr<http::Calls> calls_;
  http::Methods methods_;
};

}  // namespace

std::function<void(MetricsDone)> MetricsOf(Daemon::Parts& parts, const Clock& clock) {
  return [metrics = std::make_shared<Metrics>(parts, clock)](MetricsDone done) {
    metrics->Gather(std::move(done));
  };
}

}  // namespace stockd
