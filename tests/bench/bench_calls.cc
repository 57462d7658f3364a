// Single calls: what an answer costs beside the least that a gRPC server can cost.
#include <absl/strings/str_format.h>

#include "tests/bench/benchmarks.h"
#include "tests/bench/disk_sync.h"
#include "tests/bench/raw_sqlite.h"

namespace stockd::bench {
namespace {

StockShape Spread(const Workshop& workshop) {
  return {.items = workshop.size(10'000, 1000), .locations = 1};
}

// Gathers what the two sides cost in processor time, for the notes.
struct Costs {
  std::vector<double> subject;
  std::vector<double> yardstick;
  std::vector<double> ratios;  // With the client, which shares the machine with the server.

  void Add(std::vector<double>& costs, const Measured& measured) {
    costs.push_back(measured.server_us_per_call);
    totals_[&costs == &subject] = measured.server_us_per_call + measured.client_us_per_call;
    if (subject.size() == yardstick.size()) ratios.push_back(totals_[0] / totals_[1]);
  }

  // A busy machine disturbs these figures far less than calls per second.
  std::vector<std::string> ToNotes(const char* subject_name, const char* yardstick_name) const {
    return {absl::StrFormat("server CPU per call: %s %.1f us, %s %.1f us", subject_name,
                            Median(subject), yardstick_name, Median(yardstick)),
            absl::StrFormat("calls for the same CPU time of server and client: ratio %.2f",
                            Median(ratios))};
  }

 private:
  double totals_[2] = {};  // Of the yardstick and of the subject, when last measured.
};

void AddNotes(Outcome& outcome, const std::vector<std::string>& notes) {
  outcome.notes.insert(outcome.notes.end(), notes.begin(), notes.end());
}

// Commands in one commit since `before`.
std::string BatchNote(DaemonProcess& daemon, const v1::GetStatusResponse& before) {
  const v1::GetStatusResponse after = daemon.Status();
  const auto commits = static_cast<double>(after.commit_count() - before.commit_count());
  const auto commands = static_cast<double>(after.command_count() - before.command_count());
  return absl::StrFormat("%.1f reservations in one commit on average",
                         commits > 0 ? commands / commits : 0);
}

// One kind of call of the daemon against the same of the echo server.
Outcome AgainstEcho(Workshop& workshop, Call call, Outcome outcome) {
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  const v1::GetStatusResponse before = daemon->Status();
  Costs costs;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  std::vector<double> p99s_ms;
  workshop.Repeat(
      [&] {
        const Measured one = workshop.RunOnDaemon(workshop.Load(call, shape), *daemon);
        subjects.push_back(one.load.calls_per_s);
        costs.Add(costs.subject, one);
        p99s_ms.push_back(one.load.p99_us / 1000);
      },
      [&] {
        const Measured one = workshop.RunOnEcho(workshop.Load(call, shape));
        yardsticks.push_back(one.load.calls_per_s);
        costs.Add(costs.yardstick, one);
      });
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.yardstick = "echo";
  outcome.unit = "calls/s";
  AddNotes(outcome, costs.ToNotes("stockd", "echo"));
  outcome.notes.push_back(absl::StrFormat("128 callers, p99 %.1f ms", Median(p99s_ms)));
  if (call == Call::kCreateReservation) outcome.notes.push_back(BatchNote(*daemon, before));
  daemon->Stop();
  return outcome;
}

// The same call of the same daemon as JSON over HTTP and as gRPC.
Outcome AgainstGrpc(Workshop& workshop, Call call, Outcome outcome) {
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  Costs costs;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  workshop.Repeat(
      [&] {
        const Measured one = workshop.RunOnHttp(workshop.Load(call, shape), *daemon);
        subjects.push_back(one.load.calls_per_s);
        costs.Add(costs.subject, one);
      },
      [&] {
        const Measured one = workshop.RunOnDaemon(workshop.Load(call, shape), *daemon);
        yardsticks.push_back(one.load.calls_per_s);
        costs.Add(costs.yardstick, one);
      });
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.yardstick = "gRPC";
  outcome.unit = "calls/s";
  outcome.goal = {.kind = GoalKind::kAtLeast, .ratio = 0.5};
  AddNotes(outcome, costs.ToNotes("HTTP", "gRPC"));
  daemon->Stop();
  return outcome;
}

Outcome HttpAvailability(Workshop& workshop) {
  return AgainstGrpc(workshop, Call::kGetAvailability,
                     {.subject = "GetAvailability as JSON over HTTP"});
}

Outcome HttpReservation(Workshop& workshop) {
  return AgainstGrpc(workshop, Call::kCreateReservation,
                     {.subject = "durable CreateReservation as JSON over HTTP"});
}

// One of the methods that do not run on the connection's thread.
Outcome HttpList(Workshop& workshop) {
  return AgainstGrpc(workshop, Call::kListAvailability,
                     {.subject = "ListAvailability, a page of ten, as JSON over HTTP"});
}

Outcome Availability(Workshop& workshop) {
  return AgainstEcho(workshop, Call::kGetAvailability,
                     {.subject = "GetAvailability, 10,000 SKUs",
                      .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.85}});
}

Outcome Reservation(Workshop& workshop) {
  return AgainstEcho(workshop, Call::kCreateReservation,
                     {.subject = "durable CreateReservation, 10,000 SKUs",
                      .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.70}});
}

// Two loads on the same daemon.
template <typename Change>
Outcome AgainstSpread(Workshop& workshop, Outcome outcome, Change change) {
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  Costs costs;
  LoadSpec changed = workshop.Load(Call::kCreateReservation, shape);
  change(changed);
  workshop.Repeat(
      [&] {
        const Measured one = workshop.RunOnDaemon(changed, *daemon);
        subjects.push_back(one.load.calls_per_s);
        costs.Add(costs.subject, one);
      },
      [&] {
        const Measured one =
            workshop.RunOnDaemon(workshop.Load(Call::kCreateReservation, shape), *daemon);
        yardsticks.push_back(one.load.calls_per_s);
        costs.Add(costs.yardstick, one);
      });
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.unit = "calls/s";
  AddNotes(outcome, costs.ToNotes("measured", "yardstick"));
  daemon->Stop();
  return outcome;
}

Outcome HotSku(Workshop& workshop) {
  return AgainstSpread(workshop,
                       {.subject = "CreateReservation, one SKU",
                        .yardstick = "10,000 SKUs",
                        .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.9}},
                       [](LoadSpec& spec) { spec.items = 1; });
}

Outcome ScatteredIds(Workshop& workshop) {
  return AgainstSpread(
      workshop, {.subject = "CreateReservation, ids as UUIDv4", .yardstick = "ids as UUIDv7"},
      [](LoadSpec& spec) { spec.ordered_ids = false; });
}

Outcome AgainstRaw(Workshop& workshop) {
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  RawSqlite raw(workshop.Folder("raw"), shape.positions());
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  uint64_t batch = 1;
  // The daemon first: its batches set the yardstick's.
  for (int i = 0; i < workshop.options().repeats; ++i) {
    const v1::GetStatusResponse before = daemon->Status();
    subjects.push_back(workshop.RunOnDaemon(workshop.Load(Call::kCreateReservation, shape), *daemon)
                           .load.calls_per_s);
    const v1::GetStatusResponse after = daemon->Status();
    const uint64_t commits = std::max<uint64_t>(1, after.commit_count() - before.commit_count());
    batch = std::max<uint64_t>(1, (after.command_count() - before.command_count()) / commits);
    yardsticks.push_back(
        RowsPerSecond(workshop.options().seconds, batch, [&] { raw.Reservations(batch); }));
  }
  Outcome outcome{.subject = "CreateReservation, 10,000 SKUs",
                  .yardstick = "raw SQLite",
                  .unit = "reservations/s"};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.notes.push_back(absl::StrFormat("batches of %d reservations", static_cast<int>(batch)));
  daemon->Stop();
  return outcome;
}

Outcome Batch(Workshop& workshop) {
  constexpr int kBatch = 100;
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  RawSqlite raw(workshop.Folder("raw"), shape.positions());
  LoadSpec spec = workshop.Load(Call::kBatchCreateReservations, shape);
  spec.batch = kBatch;
  spec.callers = 8;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  std::vector<double> costs_us;
  workshop.Repeat(
      [&] {
        const Measured one = workshop.RunOnDaemon(spec, *daemon);
        subjects.push_back(one.load.calls_per_s * kBatch);
        costs_us.push_back(one.server_us_per_call / kBatch);
      },
      [&] {
        yardsticks.push_back(
            RowsPerSecond(workshop.options().seconds, kBatch, [&] { raw.Reservations(kBatch); }));
      });
  Outcome outcome{.subject = "BatchCreateReservations of 100, 8 calls under way",
                  .yardstick = "raw SQLite, 100 in one commit",
                  .unit = "reservations/s",
                  .goal = {.kind = GoalKind::kAtLeast, .ratio = 2}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.notes.push_back(absl::StrFormat("server CPU per reservation: %.1f us", Median(costs_us)));
  daemon->Stop();
  return outcome;
}

Outcome Latency(Workshop& workshop) {
  const StockShape shape = Spread(workshop);
  const auto daemon = workshop.StartDaemon("calls", shape);
  LoadSpec spec = workshop.Load(Call::kCreateReservation, shape);
  std::vector<double> rates;
  for (int i = 0; i < std::min(3, workshop.options().repeats); ++i) {
    rates.push_back(workshop.RunOnDaemon(spec, *daemon).load.calls_per_s);
  }
  spec.calls_per_s = Median(rates) / 2;
  std::vector<double> latencies_ms;
  std::vector<double> medians_ms;
  std::vector<double> syncs_ms;
  workshop.Repeat(
      [&] {
        const Measured one = workshop.RunOnDaemon(spec, *daemon);
        latencies_ms.push_back(one.load.p99_us / 1000);
        medians_ms.push_back(one.load.p50_us / 1000);
      },
      [&] {
        syncs_ms.push_back(
            MeasureSync(workshop.Folder("calls"), workshop.options().seconds).p99_us / 1000);
      });
  Outcome outcome{.subject = "p99 of CreateReservation at half of the maximum rate",
                  .yardstick = "3 x p99 fdatasync + 5 ms",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  for (size_t i = 0; i < latencies_ms.size(); ++i) {
    outcome.Add(latencies_ms[i], 3 * syncs_ms[i] + 5);
  }
  outcome.notes.push_back(
      absl::StrFormat("%.0f scheduled calls/s, p50 %.2f ms; p99 fdatasync %.2f ms",
                      spec.calls_per_s, Median(medians_ms), Median(syncs_ms)));
  daemon->Stop();
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"availability", "GetAvailability against the echo server", Availability},
    {"reservation", "CreateReservation, spread over SKUs, against the echo server", Reservation},
    {"reservation-hot", "CreateReservation of one SKU against many SKUs", HotSku},
    {"reservation-ids", "CreateReservation with scattered ids against ordered ids", ScatteredIds},
    {"reservation-raw", "CreateReservation against raw SQLite", AgainstRaw},
    {"http-availability", "GetAvailability as JSON over HTTP against gRPC", HttpAvailability},
    {"http-list", "ListAvailability as JSON over HTTP against gRPC", HttpList},
    {"http-reservation", "CreateReservation as JSON over HTTP against gRPC", HttpReservation},
    {"reservation-batch", "reservations in calls of 100 against raw SQLite", Batch},
    {"reservation-latency", "p99 at half of the maximum rate against the disk's sync", Latency},
};

}  // namespace

std::span<const Benchmark> CallBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
