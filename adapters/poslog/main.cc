// stockd-poslog: takes POSLog files of tills.
#include <spdlog/spdlog.h>

#include <iostream>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/poslog/poslog_adapter.h"
#include "adapters/poslog/poslog_config.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/nearest_name.h"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

constexpr std::string_view kHelp =
    R"(stockd-poslog takes ARTS/NRF POSLog XML of tills, dropped into a folder or sent with HTTP POST, and tells
stockd what was sold and returned.

usage: stockd-poslog --config FILE [--once] [--check-config]

  --config FILE    the configuration, see config/adapters/poslog.toml for every key
  --once           take the files that wait, until all is acknowledged; then end
  --check-config   check the configuration and end
  --help           this text

A file is taken when it is complete: its writer gives it a name that begins with '.' or ends in .tmp or .part
while it writes, and renames it then. Inside the drop folder
  work/    holds the file that is in work; after a crash or power cut it goes on where it stopped
  done/    holds each file with <file>.summary.json and, if any, <file>.rejected.xml: transactions set aside,
           with reasons
  failed/  holds files that are of no use as a whole, with <file>.error.txt

exit codes: 0 all well; 1 a file failed, or the daemon or the disk refused; 2 wrong usage or configuration
)";

struct Arguments {
  std::optional<std::string> config;
  bool once = false;
  bool check_config = false;
  bool help = false;
};

// Unset, with a message on standard error, when they are wrong.
std::optional<Arguments> ParseArguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string argument = values[i];
    if (argument == "--help" || argument == "-h") {
      arguments.help = true;
    } else if (argument == "--once") {
      arguments.once = true;
    } else if (argument == "--check-config") {
      arguments.check_config = true;
    } else if (argument == "--config" && i + 1 < count) {
      arguments.config = values[++i];
    } else if (argument.starts_with("--config=")) {
      arguments.config = argument.substr(std::string_view("--config=").size());
    } else if (argument == "--config") {
      std::cerr << "stockd-poslog: --config needs a file\n";
      return std::nullopt;
    } else {
      std::cerr << "stockd-poslog: unknown argument \"" << argument << "\"; did you mean "
                << stockd::sdk::NearestName(argument,
                                            {"--config", "--once", "--check-config", "--help"})
                << "?\n";
      return std::nullopt;
    }
  }
  if (!arguments.help && !arguments.config) {
    std::cerr << "stockd-poslog: --config FILE is missing; --help explains\n";
    return std::nullopt;
  }
  return arguments;
}

int ExitCode(const absl::StatusOr<stockd::poslog::AdapterOutcome>& outcome) {
  if (!outcome.ok()) {
    spdlog::error("adapter ended {}", outcome.status().ToString());
    return kExitFailed;
  }
  spdlog::info("adapter ended files_done={} files_failed={}", outcome->files_done,
               outcome->files_failed);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Arguments> arguments = ParseArguments(argc, argv);
  if (!arguments) return kExitUsage;
  if (arguments->help) {
    std::cout << kHelp;
    return 0;
  }
  const auto config = stockd::poslog::LoadPoslogConfig(*arguments->config);
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return kExitUsage;
  }
  if (arguments->check_config) {
    std::cout << *arguments->config << ": fine\n";
    return 0;
  }
  stockd::sdk::SetUpLog(config->log_level);
  const auto outcome =
      stockd::poslog::RunPoslogAdapter(*config, arguments->once, std::stop_source());
  const int code = ExitCode(outcome);
  // A failed file is in failed/ with its reason; only a run that ends with the files is judged by
  // them.
  return code == 0 && arguments->once && outcome->files_failed > 0 ? kExitFailed : code;
}
