// What adapters send: facts and snapshots, against SQLite without a daemon around it.
#include <absl/strings/str_format.h>

#include <functional>
#include <future>
#include <vector>

#include "tests/bench/benchmarks.h"
#include "tests/bench/raw_sqlite.h"

namespace stockd::bench {
namespace {

constexpr double kWithoutBound = 1e9;  // Facts per second.

constexpr uint64_t kBatch = 1000;

Outcome Facts(Workshop& workshop) {
  const StockShape shape{.items = workshop.size(10'000, 1000), .locations = 1};
  const auto daemon = workshop.StartDaemon("feeds", shape);
  RawSqlite raw(workshop.Folder("raw"), shape.positions());
  FeedSpec spec = workshop.Feed(*daemon, shape);
  spec.batch = kBatch;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  const double cpu_before = daemon->process().cpu_seconds();
  workshop.Repeat(
      [&] {
        ++spec.run;
        const FeedResult result = workshop.RunFacts(spec);
        subjects.push_back(static_cast<double>(result.rows) / result.seconds);
      },
      [&] {
        yardsticks.push_back(
            RowsPerSecond(workshop.options().seconds, kBatch, [&] { raw.Facts(kBatch); }));
      });
  Outcome outcome{.subject = "facts of an adapter's stream, batches of 1000",
                  .yardstick = "raw SQLite",
                  .unit = "facts/s",
                  .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.6}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  const v1::GetStatusResponse status = daemon->Status();
  const double facts =
      static_cast<double>(status.sequence()) - static_cast<double>(shape.positions());
  outcome.notes.push_back(
      absl::StrFormat("server CPU per fact: %.2f us",
                      (daemon->process().cpu_seconds() - cpu_before) * 1e6 / std::max(1.0, facts)));
  daemon->Stop();
  return outcome;
}

Outcome Snapshot(Workshop& workshop) {
  const StockShape shape{.items = workshop.size(20'000, 200), .locations = 50, .on_hand = 1000};
  const auto daemon = workshop.StartDaemon("feeds", shape);
  RawSqlite raw(workshop.Folder("raw"), shape.positions());
  FeedSpec spec = workshop.Feed(*daemon, shape);
  spec.batch = kBatch;
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  int64_t changed = 0;
  std::vector<double> levels_only;
  // Seconds that SQLite takes when every position is written.
  const auto write_all = [&](void (RawSqlite::*write)(uint64_t, uint64_t)) {
    const double rate = RowsPerSecond(0, shape.positions(), [&] {
      for (uint64_t first = 0; first < shape.positions(); first += kBatch) {
        (raw.*write)(first, kBatch);
      }
    });
    return static_cast<double>(shape.positions()) / rate;
  };
  workshop.Repeat(
      [&] {
        const FeedResult result = workshop.RunSnapshot(spec);
        ++spec.run;
        subjects.push_back(result.seconds);
        changed = result.changed;
      },
      [&] {
        yardsticks.push_back(write_all(&RawSqlite::Counts));
        levels_only.push_back(write_all(&RawSqlite::Levels));
      });
  Outcome outcome{.subject = "snapshot, 1 % of the positions changed",
                  .yardstick = "raw SQLite counting every position",
                  .unit = "s",
                  .goal = {.kind = GoalKind::kAtLeast, .ratio = 5}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i], true);
  outcome.notes.push_back(std::to_string(shape.positions()) + " positions, " +
                          std::to_string(changed) + " changed; batches of 1000 on both sides");
  outcome.notes.push_back(absl::StrFormat("raw SQLite without journal entries: %.2f s, %.2f times",
                                          Median(levels_only),
                                          Median(levels_only) / Median(subjects)));
  daemon->Stop();
  return outcome;
}

// Facts that happened soon after the count of their position: with the long history, before most of
// what is known.
Outcome LateFacts(Workshop& workshop) {
  const StockShape short_shape{.items = workshop.size(10'000, 500), .locations = 1, .history = 0};
  StockShape long_shape = short_shape;
  long_shape.history = workshop.large_size(1000, 20);
  const auto short_past = workshop.StartDaemon("small", short_shape);
  const auto long_past = workshop.StartDaemon("large", long_shape);
  const auto spec_of = [&](DaemonProcess& daemon, const StockShape& shape) {
    FeedSpec spec = workshop.Feed(daemon, shape);
    spec.batch = kBatch;
    spec.dated_from_us = ToMicros(kCountedAt) + 1;
    spec.dated_within_us = int64_t{900} * 1'000'000;
    return spec;
  };
  FeedSpec long_spec = spec_of(*long_past, long_shape);
  FeedSpec short_spec = spec_of(*short_past, short_shape);
  Outcome outcome{.subject = "a late fact with 10,000,000 entries in the journal",
                  .yardstick = "with 10,000",
                  .unit = "us",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1.2}};
  const auto cost_us = [&](FeedSpec& spec) {
    ++spec.run;
    const FeedResult result = workshop.RunFacts(spec);
    return result.seconds * 1e6 / static_cast<double>(result.rows);
  };
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  workshop.Repeat([&] { subjects.push_back(cost_us(long_spec)); },
                  [&] { yardsticks.push_back(cost_us(short_spec)); });
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  short_past->Stop();
  long_past->Stop();
  return outcome;
}

Outcome Lag(Workshop& workshop) {
  const StockShape shape{.items = workshop.size(10'000, 500), .locations = 1};
  const auto daemon = workshop.StartDaemon("feeds", shape);
  LagSpec spec{.address = daemon->address(),
               .listeners = kListeners,
               .items = shape.items,
               .facts_per_s = kWithoutBound,
               .warm_up_s = workshop.options().warm_up_s(),
               .seconds = workshop.options().seconds};
  // The maximum is that with all the sources connected: they share the machine.
  const double most_per_s = workshop.RunLag(spec).facts_per_s;
  spec.facts_per_s = most_per_s / 2;
  Outcome outcome{.subject = "p99 from telling a fact to its level, 20 sources",
                  .yardstick = "50 ms",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  std::vector<double> p50_ms;
  std::vector<double> rates;
  for (int i = 0; i < workshop.options().repeats; ++i) {
    ++spec.run;
    const LagResult result = workshop.RunLag(spec);
    outcome.Add(result.p99_us / 1000, 50);
    p50_ms.push_back(result.p50_us / 1000);
    rates.push_back(static_cast<double>(result.levels) / workshop.options().seconds);
  }
  outcome.notes.push_back(absl::StrFormat(
      "%.0f facts/s, half of the maximum; %.0f levels/s at all sources together; p50 %.2f ms",
      spec.facts_per_s, Median(rates), Median(p50_ms)));
  daemon->Stop();
  return outcome;
}

// One checkout, one call after the other, while adapters send as fast as they can: neither may have
// to wait for what the other sends in bulk.
Outcome Beside(Workshop& workshop) {
  constexpr int kAdapters = 3;
  const StockShape shape{.items = workshop.size(10'000, 1000), .locations = 1};
  const auto daemon = workshop.StartDaemon("feeds", shape);
  LoadSpec checkout = workshop.Load(Call::kCreateReservation, shape);
  checkout.callers = 1;
  checkout.channels = 1;
  std::vector<double> grants;
  std::vector<double> facts_beside;
  std::vector<double> facts_alone;
  uint64_t run = 0;
  // Facts a second of all adapters together, while `meanwhile` runs.
  const auto send = [&](const std::function<void()>& meanwhile) {
    ++run;
    std::vector<std::future<FeedResult>> adapters;
    for (int i = 0; i < kAdapters; ++i) {
      FeedSpec spec = workshop.Feed(*daemon, shape);
      spec.source = "listener-" + std::to_string(i);
      spec.batch = kBatch;
      spec.run = run;
      adapters.push_back(
          std::async(std::launch::async, [&workshop, spec] { return workshop.RunFacts(spec); }));
    }
    meanwhile();
    double rate = 0;
    for (auto& adapter : adapters) {
      const FeedResult result = adapter.get();
      rate += static_cast<double>(result.rows) / result.seconds;
    }
    return rate;
  };
  Outcome outcome{.subject = "p99 of a reservation beside three adapters at full speed",
                  .yardstick = "50 ms",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  for (int i = 0; i < workshop.options().repeats; ++i) {
    facts_beside.push_back(send([&] {
      const LoadResult load = workshop.RunOnDaemon(checkout, *daemon).load;
      outcome.Add(load.p99_us / 1000, 50);
      grants.push_back(load.calls_per_s);
    }));
    facts_alone.push_back(send([] {}));
  }
  const double alone = workshop.RunOnDaemon(checkout, *daemon).load.calls_per_s;
  outcome.notes.push_back(
      absl::StrFormat("%.0f grants/s one after the other beside %.0f facts/s; %.0f grants/s alone, "
                      "%.0f facts/s alone",
                      Median(grants), Median(facts_beside), alone, Median(facts_alone)));
  daemon->Stop();
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"facts", "facts through an adapter's stream against raw SQLite", Facts},
    {"late-fact", "late facts with 10,000,000 entries in the journal against 10,000", LateFacts},
    {"lag", "from a fact to its level at 20 sources, at half of the maximum rate", Lag},
    {"beside", "one checkout beside three adapters at full speed", Beside},
    {"snapshot", "a snapshot of 1,000,000 positions against writing every one", Snapshot},
};

}  // namespace

std::span<const Benchmark> FeedBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
