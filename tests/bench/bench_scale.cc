// Ten million positions: memory, speed and start.
#include <absl/strings/str_format.h>

#include <chrono>

#include "tests/bench/benchmarks.h"
#include "tests/bench/raw_sqlite.h"

namespace stockd::bench {
namespace {

StockShape Small(const Workshop& workshop) {
  return {.items = workshop.size(10'000, 1000), .locations = 1};
}

StockShape Large(const Workshop& workshop) {
  return {.items = workshop.large_size(200'000, 1000), .locations = workshop.size(50, 5)};
}

Outcome Memory(Workshop& workshop) {
  const StockShape large = Large(workshop);
  const IndexMemory memory = workshop.RunIndexMemory(large.positions(), large.locations);
  Outcome outcome{.subject = "memory of the availability index",
                  .yardstick = "200 bytes",
                  .unit = "bytes/position",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  outcome.Add(memory.resident_bytes, 200);
  outcome.notes.push_back(absl::StrFormat("%d positions; by the index's own account %.1f bytes",
                                          memory.positions, memory.counted_bytes));
  return outcome;
}

Outcome Throughput(Workshop& workshop, Call call, const char* subject) {
  const StockShape small_shape = Small(workshop);
  const StockShape large_shape = Large(workshop);
  const auto small = workshop.StartDaemon("small", small_shape);
  const auto large = workshop.StartDaemon("large", large_shape);
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  workshop.Repeat(
      [&] {
        subjects.push_back(
            workshop.RunOnDaemon(workshop.Load(call, large_shape), *large).load.calls_per_s);
      },
      [&] {
        yardsticks.push_back(
            workshop.RunOnDaemon(workshop.Load(call, small_shape), *small).load.calls_per_s);
      });
  Outcome outcome{.subject = subject,
                  .yardstick = "10,000 positions",
                  .unit = "calls/s",
                  .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.8}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  small->Stop();
  large->Stop();
  return outcome;
}

Outcome LargeAvailability(Workshop& workshop) {
  return Throughput(workshop, Call::kGetAvailability, "GetAvailability, 10,000,000 positions");
}

Outcome LargeReservation(Workshop& workshop) {
  return Throughput(workshop, Call::kCreateReservation, "CreateReservation, 10,000,000 positions");
}

Outcome StartUp(Workshop& workshop) {
  const StockShape shape = Large(workshop);
  const std::filesystem::path database =
      CopyDatabase(workshop.Stock(shape), workshop.Folder("large"));
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  double resident = 0;
  workshop.Repeat(
      [&] {
        DaemonProcess daemon(workshop.options().daemon, database);
        subjects.push_back(daemon.start_seconds());
        resident = static_cast<double>(daemon.process().resident_bytes());
        daemon.Stop();
      },
      [&] {
        const auto begin = std::chrono::steady_clock::now();
        if (RawSqlite::SelectAll(database) != shape.positions()) {
          throw BenchError("the large database is damaged; delete " + database.string());
        }
        yardsticks.push_back(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
      });
  Outcome outcome{.subject = "start until it serves",
                  .yardstick = "SELECT of the same rows",
                  .unit = "s",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 3}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  outcome.notes.push_back(
      absl::StrFormat("%d positions; the whole daemon occupies %.1f bytes for each",
                      shape.positions(), resident / static_cast<double>(shape.positions())));
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"scale-memory", "memory of the index with 10,000,000 positions", Memory},
    {"scale-availability", "GetAvailability with 10,000,000 positions against 10,000",
     LargeAvailability},
    {"scale-reservation", "CreateReservation with 10,000,000 positions against 10,000",
     LargeReservation},
    {"scale-start", "start with 10,000,000 positions against a SELECT", StartUp},
};

}  // namespace

std::span<const Benchmark> ScaleBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
