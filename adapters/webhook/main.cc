// stockd-webhook: tells a CRM, or anything with a webhook, what happens to orders.
#include <spdlog/spdlog.h>

#include <iostream>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/sdk/log.h"
#include "adapters/sdk/program.h"
#include "adapters/webhook/letter_folder.h"
#include "adapters/webhook/webhook_adapter.h"
#include "adapters/webhook/webhook_config.h"

namespace {

using stockd::sdk::kExitFailed;
using stockd::webhook::LetterCommand;
using stockd::webhook::LetterFolder;

constexpr std::string_view kHelp =
    R"(stockd-webhook sends what happens to orders, from placed to handed over, as signed JSON to one or more
endpoints: CloudEvents 1.0, at least once, in order for each order.

usage: stockd-webhook --config FILE [--check-config | --list-letters | --send-again LETTER | --drop LETTER]

  --config FILE        the configuration, see config/adapters/webhook.toml for every key
  --check-config       check the configuration and end
  --list-letters       show the messages that were given up, and endpoints that want no more (410)
  --send-again LETTER  send one of them again (as the list names it, or "all"); "NAME-closed" opens an endpoint
  --drop LETTER        forget one; the messages behind it in its order go on
  --help               this text

The last three may be used while the adapter runs, and take effect within a second or two; else with its next
start.

exit codes: 0 all well; 1 the disk or the folder refused; 2 wrong usage or configuration
)";

int Order(const LetterFolder& letters, const std::string& letter, LetterCommand::Action action) {
  const auto count = letters.Order(letter, action);
  if (!count.ok()) {
    std::cerr << "stockd-webhook: " << count.status().message() << '\n';
    return kExitFailed;
  }
  std::cout << *count << " to be "
            << (action == LetterCommand::Action::kDrop ? "dropped" : "sent again") << '\n';
  return 0;
}

int Run(const stockd::webhook::WebhookConfig& config, const stockd::sdk::CommandLine& command) {
  const LetterFolder letters(config.letter_folder);
  if (command.Has("--list-letters")) {
    std::cout << letters.List();
    return 0;
  }
  if (command.Has("--send-again")) {
    return Order(letters, command.Value("--send-again"), LetterCommand::Action::kSendAgain);
  }
  if (command.Has("--drop")) {
    return Order(letters, command.Value("--drop"), LetterCommand::Action::kDrop);
  }
  stockd::sdk::SetUpLog(config.log_level);
  const absl::Status status = stockd::webhook::RunWebhookAdapter(config, std::stop_source());
  if (status.ok()) return 0;
  spdlog::error("adapter ended {}", status.ToString());
  return kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  return stockd::sdk::RunProgram(
      {.name = "stockd-webhook",
       .help = kHelp,
       .flags = {"--list-letters"},
       .values = {"--send-again", "--drop"}},
      argc, argv, [](const std::string& path) { return stockd::webhook::LoadWebhookConfig(path); },
      Run);
}
