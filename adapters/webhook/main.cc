// stockd-webhook: tells a CRM, or anything with a webhook, what happens to orders.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/log.h"
#include "adapters/sdk/nearest_name.h"
#include "adapters/webhook/letter_folder.h"
#include "adapters/webhook/webhook_adapter.h"
#include "adapters/webhook/webhook_config.h"

namespace {

using stockd::webhook::LetterCommand;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

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

struct Arguments {
  std::string config;
  std::string action;  // One of the options; empty: run.
  std::string letter;
};

// Unset, with a message on standard error, when they are wrong.
std::optional<Arguments> ParseArguments(const std::vector<std::string>& words) {
  const std::vector<std::string> known = {"--config",     "--check-config", "--list-letters",
                                          "--send-again", "--drop",         "--help"};
  Arguments arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i] == "-h" ? "--help" : words[i];
    const bool takes_value = word == "--config" || word == "--send-again" || word == "--drop";
    if (takes_value && i + 1 == words.size()) {
      std::cerr << "stockd-webhook: " << word << " needs a value\n";
      return std::nullopt;
    }
    if (word == "--config") {
      arguments.config = words[++i];
    } else if (std::ranges::find(known, word) != known.end()) {
      arguments.action = word;
      if (takes_value) arguments.letter = words[++i];
    } else {
      std::cerr << "stockd-webhook: unknown argument \"" << word << "\"; did you mean "
                << stockd::sdk::NearestName(word, known) << "?\n";
      return std::nullopt;
    }
  }
  if (arguments.config.empty() && arguments.action != "--help") {
    std::cerr << "stockd-webhook: --config FILE is missing; --help explains\n";
    return std::nullopt;
  }
  return arguments;
}

int Order(const stockd::webhook::LetterFolder& letters, const Arguments& arguments) {
  const auto count = letters.Order(arguments.letter, arguments.action == "--drop"
                                                         ? LetterCommand::Action::kDrop
                                                         : LetterCommand::Action::kSendAgain);
  if (!count.ok()) {
    std::cerr << "stockd-webhook: " << count.status().message() << '\n';
    return kExitFailed;
  }
  std::cout << *count << " to be " << (arguments.action == "--drop" ? "dropped" : "sent again")
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto arguments = ParseArguments({argv + 1, argv + argc});
  if (!arguments) return kExitUsage;
  if (arguments->action == "--help") {
    std::cout << kHelp;
    return 0;
  }
  const auto config = stockd::webhook::LoadWebhookConfig(arguments->config);
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return kExitUsage;
  }
  if (arguments->action == "--check-config") {
    std::cout << arguments->config << ": fine\n";
    return 0;
  }
  const stockd::webhook::LetterFolder letters(config->letter_folder);
  if (arguments->action == "--list-letters") {
    std::cout << letters.List();
    return 0;
  }
  if (!arguments->action.empty()) return Order(letters, *arguments);
  stockd::sdk::SetUpLog(config->log_level);
  const absl::Status status = stockd::webhook::RunWebhookAdapter(*config, std::stop_source());
  if (status.ok()) return 0;
  spdlog::error("adapter ended {}", status.ToString());
  return kExitFailed;
}
