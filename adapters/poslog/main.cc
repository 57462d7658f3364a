// stockd-poslog: takes POSLog files of tills.
#include <spdlog/spdlog.h>

#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/poslog/poslog_adapter.h"
#include "adapters/poslog/poslog_config.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/program.h"

namespace {

using stockd::sdk::kExitFailed;

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

int Run(const stockd::poslog::PoslogConfig& config, const stockd::sdk::CommandLine& command) {
  const bool once = command.Has("--once");
  stockd::sdk::SetUpLog(config.log_level);
  const auto outcome = stockd::poslog::RunPoslogAdapter(config, once, std::stop_source());
  if (!outcome.ok()) {
    spdlog::error("adapter ended {}", outcome.status().ToString());
    return kExitFailed;
  }
  spdlog::info("adapter ended files_done={} files_failed={}", outcome->files_done,
               outcome->files_failed);
  // A failed file is in failed/ with its reason; only a run that ends with the files is judged by
  // them.
  return once && outcome->files_failed > 0 ? kExitFailed : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return stockd::sdk::RunProgram(
      {.name = "stockd-poslog", .help = kHelp, .flags = {"--once"}, .values = {}}, argc, argv,
      [](const std::string& path) { return stockd::poslog::LoadPoslogConfig(path); }, Run);
}
