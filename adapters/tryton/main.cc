// stockd-tryton: keeps stockd and a Tryton ERP in step.
#include <spdlog/spdlog.h>

#include <iostream>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/sdk/log.h"
#include "adapters/sdk/nearest_name.h"
#include "adapters/tryton/adapter_config.h"
#include "adapters/tryton/tryton_adapter.h"
#include "adapters/tryton/tryton_state.h"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

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

struct Arguments {
  std::optional<std::string> config;
  bool check_config = false;
  bool set_aside = false;
  bool help = false;
};

// Unset, with a message on standard error, when they are wrong.
std::optional<Arguments> ParseArguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string argument = values[i];
    if (argument == "--help" || argument == "-h") {
      arguments.help = true;
    } else if (argument == "--check-config") {
      arguments.check_config = true;
    } else if (argument == "--set-aside") {
      arguments.set_aside = true;
    } else if (argument == "--config" && i + 1 < count) {
      arguments.config = values[++i];
    } else if (argument.starts_with("--config=")) {
      arguments.config = argument.substr(std::string_view("--config=").size());
    } else if (argument == "--config") {
      std::cerr << "stockd-tryton: --config needs a file\n";
      return std::nullopt;
    } else {
      std::cerr << "stockd-tryton: unknown argument \"" << argument << "\"; did you mean "
                << stockd::sdk::NearestName(argument,
                                            {"--config", "--check-config", "--set-aside", "--help"})
                << "?\n";
      return std::nullopt;
    }
  }
  if (!arguments.help && !arguments.config) {
    std::cerr << "stockd-tryton: --config FILE is missing; --help explains\n";
    return std::nullopt;
  }
  return arguments;
}

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

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Arguments> arguments = ParseArguments(argc, argv);
  if (!arguments) return kExitUsage;
  if (arguments->help) {
    std::cout << kHelp;
    return 0;
  }
  const auto config = stockd::tryton::LoadAdapterConfig(*arguments->config);
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return kExitUsage;
  }
  if (arguments->check_config) {
    std::cout << *arguments->config << ": fine\n";
    return 0;
  }
  if (arguments->set_aside) return ListSetAside(*config);
  stockd::sdk::SetUpLog(config->log_level);
  const absl::Status status = stockd::tryton::RunTrytonAdapter(*config, std::stop_source());
  if (status.ok()) return 0;
  spdlog::error("adapter ended {}", status.ToString());
  return kExitFailed;
}
