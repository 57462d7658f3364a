// stockd-sample: makes the sample data, and trades with it.
#include <absl/status/status.h>
#include <getopt.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "adapters/sample/chain.h"
#include "adapters/sample/config_files.h"
#include "adapters/sample/expected_levels.h"
#include "adapters/sample/opening.h"
#include "adapters/sample/sample_directory.h"
#include "adapters/sample/trade.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/stop_signals.h"

namespace stockd::sample {
namespace {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

constexpr char kHelp[] =
    R"(stockd-sample makes an invented retailer and lets it trade. `./dev run` uses it; by hand:

  stockd-sample init --directory DIR [--seed N] [--listen HOST:PORT] [--http HOST:PORT]
      Makes the retailer, unless DIR has one: the ERP's opening files, and stockd's configuration
      DIR/config/stockd.toml. Prints what is there.
  stockd-sample connect --directory DIR --server HOST:PORT
      Writes the adapters' configurations DIR/config/{erp,pos,web}.toml.
  stockd-sample trade --directory DIR --server HOST:PORT [--speed N] [--minutes N]
      Goes on where the trade stood: drops files as simulated time passes, and holds units as a
      checkout does. SIGTERM or SIGINT stops it, with everything that happened in the drop folders.
  stockd-sample levels --directory DIR --minutes N
      Prints what stockd shall have on hand after N simulated minutes, as CSV.

  --directory DIR     where everything is kept
  --seed N            another retailer for each number; default 1
  --listen HOST:PORT  where stockd shall listen; default 127.0.0.1:0, any free port
  --http HOST:PORT    where it shall do so for HTTP; the same default
  --server HOST:PORT  where stockd listens
  --speed N           simulated seconds in a real one, until the present is reached; default 60
  --minutes N         simulated minutes since the beginning

Exit codes: 0 done; 1 it failed, the message says why; 2 wrong usage.
)";

struct Arguments {
  std::string command;
  std::string directory;
  ListenAddresses listen;
  TradeOptions trade;
  std::optional<uint64_t> seed;
};

template <typename Number>
bool Parse(std::string_view text, Number low, Number high, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && *number >= low &&
         *number <= high;
}

bool Refuse(const std::string& message) {
  std::fprintf(stderr, "stockd-sample: %s\nTry `stockd-sample --help`.\n", message.c_str());
  return false;
}

bool TakeOption(int option, const std::string& value, Arguments& arguments) {
  switch (option) {
    case 'd': arguments.directory = value; return true;
    case 'l': arguments.listen.grpc = value; return true;
    case 'w': arguments.listen.http = value; return true;
    case 'a': arguments.trade.address = value; return true;
    case 's':
      return Parse<uint64_t>(value, 0, UINT64_MAX, &arguments.seed.emplace()) ||
             Refuse("--seed must be a whole number, not \"" + value + "\"");
    case 'x':
      return Parse<double>(value, 0.000001, 1e6, &arguments.trade.speed) ||
             Refuse("--speed must be a number above 0 and below a million, not \"" + value + "\"");
    case 'm':
      return Parse<int64_t>(value, 1, 100'000, &arguments.trade.minutes.emplace()) ||
             Refuse("--minutes must be a whole number from 1 to 100000, not \"" + value + "\"");
    default: return Refuse("unknown option");
  }
}

bool IsComplete(const Arguments& arguments) {
  const std::string& command = arguments.command;
  const bool is_known =
      command == "init" || command == "connect" || command == "trade" || command == "levels";
  if (!is_known) return Refuse("the command must be init, connect, trade or levels");
  if (arguments.directory.empty()) return Refuse("--directory is missing");
  const bool needs_server = command == "connect" || command == "trade";
  if (needs_server && arguments.trade.address.empty()) return Refuse("--server is missing");
  if (command == "levels" && !arguments.trade.minutes) return Refuse("--minutes is missing");
  return true;
}

// Unset when there is nothing left to do; `code` then says how it ended.
std::optional<Arguments> ParseArguments(int argc, char** argv, ExitCode* code) {
  constexpr option kOptions[] = {{"directory", required_argument, nullptr, 'd'},
                                 {"listen", required_argument, nullptr, 'l'},
                                 {"http", required_argument, nullptr, 'w'},
                                 {"server", required_argument, nullptr, 'a'},
                                 {"seed", required_argument, nullptr, 's'},
                                 {"speed", required_argument, nullptr, 'x'},
                                 {"minutes", required_argument, nullptr, 'm'},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  *code = kUsage;
  Arguments arguments;
  for (int found = 0; (found = getopt_long(argc, argv, "h", kOptions, nullptr)) != -1;) {
    if (found == 'h') {
      std::fputs(kHelp, stdout);
      *code = kDone;
      return std::nullopt;
    }
    if (!TakeOption(found, found == '?' ? "" : optarg, arguments)) return std::nullopt;
  }
  if (optind + 1 == argc) arguments.command = argv[optind];
  if (!IsComplete(arguments)) return std::nullopt;
  return arguments;
}

absl::Status Init(const Arguments& arguments, const SampleDirectory& directory) {
  const absl::StatusOr<std::string> summary = OpenSample(directory, arguments.seed);
  if (!summary.ok()) return summary.status();
  std::puts(summary->c_str());
  return WriteDaemonConfig(directory, arguments.listen);
}

absl::Status Trade(const Arguments& arguments, const SampleDirectory& directory) {
  std::stop_source stop;
  boost::asio::io_context context;
  const sdk::StopSignals signals(context, stop);
  const std::jthread helper([&context] { context.run(); });
  const absl::Status status = RunTrade(directory, arguments.trade, stop.get_token());
  context.stop();
  return status;
}

absl::Status Run(const Arguments& arguments) {
  const SampleDirectory directory(arguments.directory);
  if (arguments.command == "init") return Init(arguments, directory);
  if (arguments.command == "connect") {
    return WriteAdapterConfigs(directory, arguments.trade.address);
  }
  if (arguments.command == "trade") return Trade(arguments, directory);
  return PrintExpectedLevels(directory, *arguments.trade.minutes);
}

int Main(int argc, char** argv) {
  ExitCode code = kDone;
  const std::optional<Arguments> arguments = ParseArguments(argc, argv, &code);
  if (!arguments) return code;
  sdk::SetUpLog("info");
  const absl::Status status = Run(*arguments);
  if (status.ok()) return kDone;
  std::fprintf(stderr, "stockd-sample: %s\n", std::string(status.message()).c_str());
  return kFailed;
}

}  // namespace
}  // namespace stockd::sample

int main(int argc, char** argv) { return stockd::sample::Main(argc, argv); }
