// Orders: what a hundred thousand customers who do not come cost everybody else.
#include <absl/strings/str_format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <memory>
#include <thread>

#include "stockd/v1/availability_service.grpc.pb.h"
#include "tests/bench/benchmarks.h"
#include "tests/bench/pickup_database.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using WallClock = std::chrono::system_clock;

constexpr auto kClearedMax = std::chrono::seconds(120);
// The share of the maximum rate at which reservations are made: a daemon that is busy, not one that
// is drowning.
constexpr double kShare = 0.5;

struct Sizes {
  StockShape shape;
  uint64_t items = 0;  // With pick-ups, the last of the shape.
  uint64_t orders = 0;

  // Reservations are for the other ones.
  StockShape rest() const {
    StockShape without = shape;
    without.items -= items;
    return without;
  }
};

Sizes SizesFor(const Workshop& workshop) {
  return {.shape = {.items = workshop.size(11'000, 1100), .locations = 1},
          .items = workshop.size(1000, 100),
          .orders = workshop.size(100'000, 1000)};
}

// Reads how many units of the items with pick-ups are available.
class Shelf {
 public:
  Shelf(const std::string& address, const Sizes& sizes)
      : stub_(v1::AvailabilityService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
    for (uint64_t i = sizes.shape.items - sizes.items; i < sizes.shape.items; ++i) {
      v1::Position& position = *request_.add_positions();
      position.set_sku(Sku(i));
      position.set_location(LocationCode(0));
    }
  }

  int64_t Available() {
    grpc::ClientContext context;
    v1::BatchGetAvailabilityResponse response;
    if (const auto status = stub_->BatchGetAvailability(&context, request_, &response);
        !status.ok()) {
      throw BenchError("availability cannot be read: " + status.error_message());
    }
    int64_t sum = 0;
    for (const v1::Availability& row : response.availabilities()) sum += row.available();
    return sum;
  }

 private:
  std::unique_ptr<v1::AvailabilityService::Stub> stub_;
  v1::BatchGetAvailabilityRequest request_;
};

struct Cleared {
  double undisturbed_ms = 0;
  double disturbed_ms = 0;
  double orders_per_s = 0;  // Written down while reservations were made.
  double read_ms = 0;       // From the deadline until a read had seen every unit free.
  int64_t left = 0;         // Orders that were still to be written down when the measurement ended.
};

void SleepUntil(WallClock::time_point instant) {
  std::this_thread::sleep_until(instant);  // tidy: allow sleeps: real time is measured
}

// Reads the shelf around the deadline: before it nothing is free, at the first read that begins
// after it everything is. Returns milliseconds from the deadline until that answer.
double ReadAround(Shelf& shelf, const Sizes& sizes, WallClock::time_point deadline) {
  const int64_t all = static_cast<int64_t>(sizes.items) * sizes.shape.on_hand;
  const int64_t claimed = static_cast<int64_t>(sizes.orders);
  const int64_t before = shelf.Available();
  if (WallClock::now() >= deadline) throw BenchError("the deadline passed before it was looked at");
  if (before != all - claimed) {
    throw BenchError(
        absl::StrFormat("%d units were free before the deadline", before - all + claimed));
  }
  SleepUntil(deadline);
  const int64_t after = shelf.Available();
  const double ms = std::chrono::duration<double, std::milli>(WallClock::now() - deadline).count();
  if (after != all) {
    throw BenchError(absl::StrFormat("%d units were claimed after the deadline", all - after));
  }
  return ms;
}

// One daemon, with the deadline of all pick-ups some seconds after its start.
Cleared ClearOnce(Workshop& workshop, const Sizes& sizes, double& rate) {
  const auto seconds = [](double value) {
    return std::chrono::duration_cast<WallClock::duration>(std::chrono::duration<double>(value));
  };
  const Options& options = workshop.options();
  const std::filesystem::path database =
      CopyDatabase(PickupDatabase(options.directory, sizes.shape, sizes.items, sizes.orders),
                   workshop.Folder("pickups"));
  // Three loads before the deadline, with time for starts between them.
  const auto deadline = std::chrono::time_point_cast<std::chrono::microseconds>(
      WallClock::now() + seconds(3 * (options.seconds + options.warm_up_s() + 2) + 10));
  EndPickupsAt(database, Timestamp(deadline.time_since_epoch()));
  DaemonProcess daemon(options.daemon, database);
  Shelf shelf(daemon.address(), sizes);
  LoadSpec load = workshop.Load(Call::kCreateReservation, sizes.rest());
  if (rate == 0) rate = workshop.RunOnDaemon(load, daemon).load.calls_per_s * kShare;
  load.calls_per_s = rate;
  Cleared cleared;
  cleared.undisturbed_ms = workshop.RunOnDaemon(load, daemon).load.p99_us / 1000;

  // The last load's warm-up ends at the deadline.
  SleepUntil(deadline - seconds(options.warm_up_s() + 0.5));
  std::thread reader([&] { cleared.read_ms = ReadAround(shelf, sizes, deadline); });
  SleepUntil(deadline - seconds(options.warm_up_s()));
  cleared.disturbed_ms = workshop.RunOnDaemon(load, daemon).load.p99_us / 1000;
  const double passed = std::chrono::duration<double>(WallClock::now() - deadline).count();
  cleared.left = daemon.Status().order_open_count();
  cleared.orders_per_s =
      static_cast<double>(static_cast<int64_t>(sizes.orders) - cleared.left) / passed;
  reader.join();
  const auto patience = WallClock::now() + kClearedMax;
  while (daemon.Status().order_open_count() > 0) {
    if (WallClock::now() > patience) throw BenchError("the pick-ups are not cleared");
    SleepUntil(WallClock::now() + std::chrono::milliseconds(50));
  }
  daemon.Stop();
  return cleared;
}

Outcome Pickups(Workshop& workshop) {
  const Sizes sizes = SizesFor(workshop);
  Outcome outcome{.subject = "p99 of CreateReservation while 100,000 pick-ups end at once",
                  .yardstick = "before they do",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 3}};
  double rate = 0;
  std::vector<double> reads_ms;
  std::vector<double> orders_per_s;
  std::vector<double> left;
  for (int i = 0; i < std::min(3, workshop.options().repeats); ++i) {
    const Cleared cleared = ClearOnce(workshop, sizes, rate);
    outcome.Add(cleared.disturbed_ms, cleared.undisturbed_ms);
    reads_ms.push_back(cleared.read_ms);
    orders_per_s.push_back(cleared.orders_per_s);
    left.push_back(static_cast<double>(cleared.left));
  }
  outcome.notes.push_back(absl::StrFormat(
      "every unit was free in the first read after the deadline, answered within %.1f ms",
      Median(reads_ms)));
  outcome.notes.push_back(absl::StrFormat(
      "%.0f scheduled calls/s; meanwhile %.0f orders/s were written down, %.0f were left when the "
      "measurement ended",
      rate, Median(orders_per_s), Median(left)));
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"pickups", "p99 of CreateReservation while 100,000 pick-ups reach their deadline", Pickups},
};

}  // namespace

std::span<const Benchmark> OrderBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
