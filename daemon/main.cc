// stockd: the program. Reads the configuration, runs the daemon until it is told to stop.
#include <absl/synchronization/mutex.h>
#include <getopt.h>
#include <malloc.h>
#include <sched.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <sqlite3.h>

#include "daemon/base/clock.h"
#include "daemon/base/version.h"
#include "daemon/config/config.h"
#include "daemon/daemon.h"
#include "daemon/log.h"
#include "daemon/service_manager.h"

namespace stockd {
namespace {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

constexpr char kHelp[] =
    R"(stockd keeps one true picture of stock and serves it over gRPC and HTTP.

Usage: stockd --config FILE [--check-config]

  -c, --config FILE   Configuration, in TOML. Every key with its meaning: config/stockd.toml
      --check-config  Checks the configuration and ends; nothing is opened or changed.
      --version       Prints the version and ends.
  -h, --help          Prints this and ends.

When it is ready it prints to standard output: stockd listening on HOST:PORT
and, if HTTP is configured, a second line: stockd HTTP on HOST:PORT
The log goes to standard error. SIGTERM or SIGINT stops it: what was accepted is finished first;
a second signal ends it at once, which loses nothing that was acknowledged.

Exit codes:
  0  Stopped as asked, or the configuration is good.
  1  It could not start, or could not stop in good order; the log says why.
  2  The command line or the configuration is wrong.
)";

struct Arguments {
  std::string config_path;
  bool check_config = false;
};

// The arguments, or the exit code when there is nothing left to do.
std::variant<Arguments, ExitCode> ParseArguments(int argc, char** argv) {
  enum : int { kCheckConfig = 256, kVersionOption };
  constexpr option kOptions[] = {{"config", required_argument, nullptr, 'c'},
                                 {"check-config", no_argument, nullptr, kCheckConfig},
                                 {"version", no_argument, nullptr, kVersionOption},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  Arguments arguments;
  for (int found = 0; (found = getopt_long(argc, argv, "c:h", kOptions, nullptr)) != -1;) {
    switch (found) {
      case 'c': arguments.config_path = optarg; break;
      case kCheckConfig: arguments.check_config = true; break;
      case kVersionOption: std::printf("stockd %s\n", std::string(kVersion).c_str()); return kDone;
      case 'h': std::fputs(kHelp, stdout); return kDone;
      default: std::fputs("Try `stockd --help`.\n", stderr); return kUsage;
    }
  }
  if (optind < argc) {
    std::fprintf(stderr, "stockd: unexpected argument: %s\nTry `stockd --help`.\n", argv[optind]);
    return kUsage;
  }
  if (arguments.config_path.empty()) {
    std::fputs("stockd: --config FILE is required.\nTry `stockd --help`.\n", stderr);
    return kUsage;
  }
  return arguments;
}

// The signals that stop the daemon, taken from the moment this is made.
class StopSignals {
 public:
  StopSignals() : signals_(context_, SIGTERM, SIGINT) {}

  // Waits for the first one and returns its number. From then on the next one ends the process.
  int Wait() {
    int number = 0;
    signals_.async_wait(
        [&number](const boost::system::error_code&, int signal) { number = signal; });
    context_.run();
    signals_.clear();
    return number;
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
};

// Debian's Abseil looks for deadlocks at every lock, also those of gRPC, and SQLite counts its
// memory under one lock; nobody asks for either, and a reservation takes some dozen locks.
// REQUIRES: no other thread runs yet.
void LeaveOutBookkeeping() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// A thread that wakes up lets the running one finish its turn, instead of interrupting it for every
// single message: calls and answers then come in bunches. A wish; without it everything works as
// well.
// REQUIRES: no other thread runs yet, for threads take it over from the one that starts them.
void LetOthersFinish() {
  constexpr sched_param kNoPriority{};
  (void)sched_setscheduler(0, SCHED_BATCH, &kNoPriority);
}

// What a commit frees, the next one needs again. Left alone, glibc gives it to the kernel and takes
// it back page by page, several times a commit.
void KeepMemory() {
  constexpr int kKeptBytes = 64 << 20;  // Of each of glibc's arenas.
  constexpr int kOwnMappingBytes = 4 << 20;
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_MMAP_THRESHOLD, kOwnMappingBytes);
}

int Run(config::Config config) {
  LeaveOutBookkeeping();
  LetOthersFinish();
  KeepMemory();
  std::signal(SIGPIPE, SIG_IGN);
  StopSignals stop_signals;
  SystemClock clock;
  spdlog::info("starting version={}", kVersion);
  Daemon daemon(std::move(config), clock);
  if (const std::string error = daemon.Start(); !error.empty()) {
    spdlog::error("cannot start: {}", error);
    return kFailed;
  }
  std::printf("stockd listening on %s\n", daemon.address().c_str());
  if (const std::string http = daemon.http_address(); !http.empty()) {
    std::printf("stockd HTTP on %s\n", http.c_str());
  }
  std::fflush(stdout);
  NotifyServiceManager("READY=1\nSTATUS=listening on " + daemon.address());

  spdlog::info("stopping signal={}", stop_signals.Wait());
  NotifyServiceManager("STOPPING=1");
  const std::string error = daemon.Stop();
  if (!error.empty()) {
    spdlog::error("did not stop in good order, all that was acknowledged is on disk error={}",
                  LogValue(error));
  } else {
    spdlog::info("stopped");
  }
  const ExitCode code = error.empty() ? kDone : kFailed;
  if (daemon.busy()) {
    spdlog::warn("an audit or a backup was cut short");
    std::_Exit(code);
  }
  return code;
}

int Main(int argc, char** argv) {
  const auto parsed = ParseArguments(argc, argv);
  if (const auto* code = std::get_if<ExitCode>(&parsed)) return *code;
  const auto& arguments = std::get<Arguments>(parsed);
  auto loaded = config::LoadConfig(arguments.config_path);
  if (const auto* errors = std::get_if<std::vector<config::ConfigError>>(&loaded)) {
    for (const config::ConfigError& error : *errors)
      std::fprintf(stderr, "%s\n", config::ToText(error).c_str());
    return kUsage;
  }
  if (arguments.check_config) {
    std::printf("%s is good\n", arguments.config_path.c_str());
    return kDone;
  }
  auto& config = std::get<config::Config>(loaded);
  SetUpLog(config.log.level);
  return Run(std::move(config));
}

}  // namespace
}  // namespace stockd

int main(int argc, char** argv) { return stockd::Main(argc, argv); }
