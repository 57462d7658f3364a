#include "tests/bench/workshop.h"

#include "tests/bench/disk_sync.h"

namespace stockd::bench {
namespace {

constexpr double kEchoStartMax = 20;
constexpr double kRoleSecondsMax = 900;
constexpr double kRoleEndMax = 60;

}  // namespace

Workshop::Workshop(Options options) : options_(std::move(options)) {
  std::filesystem::create_directories(options_.directory);
  if (IsInMemory(options_.directory)) {
    throw BenchError(options_.directory.string() +
                     " is in memory, where a sync costs nothing. Name a folder on a disk with "
                     "--directory.");
  }
  if (!std::filesystem::exists(options_.daemon)) {
    throw BenchError(options_.daemon.string() + " is missing. Build it, or name it with --daemon.");
  }
}

std::filesystem::path Workshop::Folder(const std::string& name) const {
  std::filesystem::path folder = options_.directory / name;
  std::filesystem::create_directories(folder);
  return folder;
}

std::filesystem::path Workshop::Stock(const StockShape& shape) const {
  return StockDatabase(options_.directory, shape);
}

std::unique_ptr<DaemonProcess> Workshop::StartDaemon(const std::string& name,
                                                     const StockShape& shape,
                                                     const std::string& more_config) const {
  return std::make_unique<DaemonProcess>(options_.daemon, CopyDatabase(Stock(shape), Folder(name)),
                                         more_config);
}

Process& Workshop::Echo() {
  if (!echo_) {
    echo_ = std::make_unique<Process>(
        std::vector<std::string>{options_.self.string(), "--role", "echo-server"},
        Folder("echo") / "echo.log");
    const std::string line = echo_->ReadLine(kEchoStartMax);
    echo_address_ = line.substr(line.rfind(' ') + 1);
  }
  return *echo_;
}

LoadSpec Workshop::Load(Call call, const StockShape& shape) const {
  return {.call = call,
          .warm_up_s = options_.warm_up_s(),
          .seconds = options_.seconds,
          .items = shape.items,
          .locations = shape.locations};
}

Measured Workshop::Run(const LoadSpec& spec, const Process& server) {
  const double cpu_before = server.cpu_seconds();
  Measured measured{.load = RunRole("load", spec).get<LoadResult>()};
  const double used = server.cpu_seconds() - cpu_before;
  if (measured.load.failures > 0) {
    throw BenchError(std::to_string(measured.load.failures) +
                     " calls failed; the first: " + measured.load.failure);
  }
  const auto calls = static_cast<double>(std::max<int64_t>(1, measured.load.calls));
  measured.server_us_per_call = used * 1e6 / calls;
  measured.client_us_per_call = measured.load.cpu_s * 1e6 / calls;
  return measured;
}

Measured Workshop::RunOnDaemon(LoadSpec spec, DaemonProcess& daemon) {
  spec.address = daemon.address();
  spec.echo = false;
  spec.run = ++run_;
  return Run(spec, daemon.process());
}

Measured Workshop::RunOnHttp(LoadSpec spec, DaemonProcess& daemon) {
  spec.address = daemon.http_address();
  spec.http = true;
  spec.run = ++run_;
  return Run(spec, daemon.process());
}

Measured Workshop::RunOnEcho(LoadSpec spec) {
  const Process& echo = Echo();
  spec.address = echo_address_;
  spec.echo = true;
  spec.run = ++run_;
  return Run(spec, echo);
}

FeedSpec Workshop::Feed(DaemonProcess& daemon, const StockShape& shape) const {
  return {.address = daemon.address(),
          .source = kSourceId,
          .items = shape.items,
          .locations = shape.locations,
          .warm_up_s = options_.warm_up_s(),
          .seconds = options_.seconds,
          .base = shape.on_hand};
}

FeedResult Workshop::RunFacts(const FeedSpec& spec) const {
  return RunRole("facts", spec).get<FeedResult>();
}

FeedResult Workshop::RunSnapshot(const FeedSpec& spec) const {
  return RunRole("snapshot", spec).get<FeedResult>();
}

LagResult Workshop::RunLag(const LagSpec& spec) const {
  return RunRole("lag", spec).get<LagResult>();
}

IndexMemory Workshop::RunIndexMemory(uint64_t positions, uint64_t locations) const {
  return RunRole("index-memory", {{"positions", positions}, {"locations", locations}})
      .get<IndexMemory>();
}

void Workshop::Repeat(const std::function<void()>& subject,
                      const std::function<void()>& yardstick) const {
  for (int i = 0; i < options_.repeats; ++i) {
    const bool subject_first = i % 2 == 1;
    (subject_first ? subject : yardstick)();
    (subject_first ? yardstick : subject)();
  }
}

nlohmann::json Workshop::RunRole(const std::string& role, const nlohmann::json& argument) const {
  Process child({options_.self.string(), "--role", role, argument.dump()},
                options_.directory / (role + ".log"));
  auto answer = nlohmann::json::parse(child.ReadLine(kRoleSecondsMax));
  if (answer.contains("error")) throw BenchError(answer["error"].get<std::string>());
  child.Wait(kRoleEndMax);
  return answer;
}

}  // namespace stockd::bench
