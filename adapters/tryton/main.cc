// stockd-tryton: keeps stockd and a Tryton ERP in step.
#include <spdlog/spdlog.h>

#include <iostream>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/sdk/log.h"
#include "adapters/sdk/program.h"
#include "adapters/tryton/adapter_config.h"
#include "adapters/tryton/tryton_adapter.h"
#include "adapters/tryton/tryton_state.h"

namespace {

using stockd::sdk::kExitFailed;

constexpr std::string_view kHelp =
    R"(stockd-tryton keeps stockd and a Tryton ERP in step: products, warehouses, opening levels and moves go to
stockd; what other channels sell, return, receive or count goes to Tryton as shipments.

usage: stockd-tryton --config FILE [--check-config | --set-aside]

  --config FILE    the configuration, see config/adapters/tryton.toml for every key
  --check-config   check the configuration and end
  --set-aside      list the moves of Tryton that could not be told, with reasons, and end; the adapter must not run
  --help           this text

exit codes: 0 all well; 1 the daemon or the disk refused; 2 wrong usage or configuration
)";

int ListSetAside(const stockd::tryton::AdapterConfig& config) {
  const auto state = stockd::tryton::TrytonState::Open(config.state_directory / "tryton.sqlite");
  if (!state.ok()) {
    std::cerr << state.status().message() << '\n';
    return kExitFailed;
  }
  for (const auto& waiting : (*state)->set_aside()) {
    std::cout << waiting.move << '\t' << waiting.reason << '\n';
  }
  return 0;
}

int Run(const stockd::tryton::AdapterConfig& config, const stockd::sdk::CommandLine& command) {
  if (command.Has("--set-aside")) return ListSetAside(config);
  stockd::sdk::SetUpLog(config.log_level);
  const absl::Status status = stockd::tryton::RunTrytonAdapter(config, std::stop_source());
  if (status.ok()) return 0;
  spdlog::error("adapter ended {}", status.ToString());
  return kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  return stockd::sdk::RunProgram(
      {.name = "stockd-tryton", .help = kHelp, .flags = {"--set-aside"}, .values = {}}, argc, argv,
      [](const std::string& path) { return stockd::tryton::LoadAdapterConfig(path); }, Run);
}
