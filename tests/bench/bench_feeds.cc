// What adapters send: facts and snapshots, against SQLite without a daemon around it.
#include <absl/strings/str_format.h>

#include "tests/bench/benchmarks.h"
#include "tests/bench/raw_sqlite.h"

namespace stockd::bench {
namespace {

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

constexpr Benchmark kBenchmarks[] = {
    {"facts", "facts through an adapter's stream against raw SQLite", Facts},
    {"snapshot", "a snapshot of 1,000,000 positions against writing every one", Snapshot},
};

}  // namespace

std::span<const Benchmark> FeedBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
