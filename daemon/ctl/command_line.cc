// The only file that includes CLI11, which takes longest of all to compile.
#include "daemon/ctl/command_line.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "daemon/config/nearest_name.h"
#include "daemon/ctl/help_text.h"

namespace stockd::ctl {
namespace {

using Kind = Argument::Kind;
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

// What CLI11 writes the words of one command to. Must not move once options point into it.
struct Slot {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::map<std::string, std::vector<std::string>, std::less<>> texts;
  std::map<std::string, bool, std::less<>> flags;
};

void AddArgument(CLI::App& app, const Argument& argument, Slot& slot) {
  const std::string name(argument.name);
  if (argument.kind == Kind::kFlag) {
    app.add_flag("--" + name, slot.flags[name]);
    return;
  }
  const bool operand = argument.kind == Kind::kOperand || argument.kind == Kind::kOperands;
  CLI::Option* option = app.add_option(operand ? name : "--" + name, slot.texts[name]);
  option->required(argument.required);
  // One value for each time it is named; a list of operands takes what is left.
  if (argument.kind == Kind::kOperands) {
    option->expected(argument.required ? 1 : 0, CLI::detail::expected_max_vector_size);
  } else if (argument.kind == Kind::kOptions) {
    option->expected(1)->allow_extra_args(false)->take_all();
  } else {
    option->expected(1)->allow_extra_args(false)->multi_option_policy(
        CLI::MultiOptionPolicy::Throw);
  }
  if (argument.name == "server") option->envname("STOCKD_SERVER");
}

// The app of a command's first word, made when it is not there yet.
CLI::App* FindOrAdd(CLI::App& app, const std::string& word) {
  for (CLI::App* child : app.get_subcommands([](CLI::App*) { return true; })) {
    if (child->get_name() == word) return child;
  }
  CLI::App* child = app.add_subcommand(word);
  child->fallthrough();  // Global options may stand behind the command too.
  return child;
}

bool IsCommand(std::string_view name) {
  const std::vector<Command>& all = Commands();
  return std::any_of(all.begin(), all.end(),
                     [name](const Command& command) { return command.name == name; });
}

void AddCommand(CLI::App& root, const Command& command, Slot& slot) {
  const size_t space = command.name.find(' ');
  CLI::App* app = FindOrAdd(root, std::string(command.name.substr(0, space)));
  if (space != std::string_view::npos) {
    // Some first words are commands by themselves, too.
    if (!IsCommand(command.name.substr(0, space))) app->require_subcommand(1);
    app = FindOrAdd(*app, std::string(command.name.substr(space + 1)));
  }
  slot.command = &command;
  slot.app = app;
  for (const Argument& argument : command.arguments) AddArgument(*app, argument, slot);
}

// The command that was named; null when none was. Of "sources" and "sources devices" the longer
// one.
const Slot* NamedSlot(const std::vector<std::unique_ptr<Slot>>& slots) {
  const Slot* named = nullptr;
  for (const auto& slot : slots) {
    if (!slot->app->parsed()) continue;
    if (named == nullptr || slot->command->name.size() > named->command->name.size()) {
      named = slot.get();
    }
  }
  return named;
}

// The help for as much of a command as was named.
std::string HelpFor(const CLI::App& root, const std::vector<std::unique_ptr<Slot>>& slots) {
  if (const Slot* slot = NamedSlot(slots)) return HelpText(*slot->command);
  const auto named = root.get_subcommands();
  return named.empty() ? OverviewText() : FamilyText(named.front()->get_name());
}

// Refuses a value that is not among an argument's choices.
void CheckChoices(const std::vector<Argument>& known, const Values& values) {
  for (const Argument& argument : known) {
    const auto given = values.find(argument.name);
    if (argument.choices.empty() || given == values.end()) continue;
    for (const std::string& value : given->second) {
      const auto& choices = argument.choices;
      if (std::find(choices.begin(), choices.end(), value) != choices.end()) continue;
      std::string message = "\"" + value + "\" is not one of";
      for (const std::string_view choice : choices) message += " " + std::string(choice);
      throw UsageError(message + " (for " + std::string(argument.name) + ")");
    }
  }
}

Values ValuesOf(const Slot& slot) {
  Values values;
  for (const auto& [name, texts] : slot.texts) {
    if (!texts.empty()) values[name] = texts;
  }
  for (const auto& [name, given] : slot.flags) {
    if (given) values[name] = {"true"};
  }
  return values;
}

// The first word that is no option decides what was meant.
std::string UnknownCommand(const std::vector<std::string>& words) {
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) {
    names.push_back(command.name.substr(0, command.name.find(' ')));
  }
  for (const std::string& word : words) {
    if (word.starts_with('-')) continue;
    if (std::find(names.begin(), names.end(), word) != names.end()) return "";
    const std::string nearest = config::NearestName(word, names);
    return "there is no command \"" + word + "\"" +
           (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?");
  }
  return "";
}

// What an option that does not exist was meant to be.
std::string NearestOption(const std::vector<std::string>& words, const Command* command) {
  std::vector<std::string> names = {"--help"};
  for (const Argument& argument : GlobalArguments())
    names.push_back("--" + std::string(argument.name));
  if (command != nullptr) {
    for (const Argument& argument : command->arguments) {
      const bool operand = argument.kind == Kind::kOperand || argument.kind == Kind::kOperands;
      if (!operand) names.push_back("--" + std::string(argument.name));
    }
  }
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || name == "--") continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string nearest = config::NearestName(name, {names.begin(), names.end()});
    return "there is no option \"" + name + "\"" +
           (nearest.empty() ? "" : "; did you mean " + nearest + "?");
  }
  return "";
}

const Command* NamedCommand(const std::vector<std::unique_ptr<Slot>>& slots) {
  const Slot* slot = NamedSlot(slots);
  return slot == nullptr ? nullptr : slot->command;
}

[[noreturn]] void ThrowUsage(const CLI::ParseError& error, const std::vector<std::string>& words,
                             const Command* command) {
  std::string message = UnknownCommand(words);
  if (message.empty()) message = NearestOption(words, command);
  if (message.empty()) message = error.what();
  const std::string whose = command == nullptr ? "" : " " + std::string(command->name);
  if (command != nullptr) message += "\nUsage: " + UsageLine(*command);
  throw UsageError(message + "\nSee `stockctl" + whose + " --help`.");
}

}  // namespace

CommandLine ParseCommandLine(const std::vector<std::string>& words) {
  CLI::App root("", "stockctl");
  root.set_help_flag("--help,-h");
  Slot global;
  for (const Argument& argument : GlobalArguments()) AddArgument(root, argument, global);
  std::vector<std::unique_ptr<Slot>> slots;
  for (const Command& command : Commands()) {
    slots.push_back(std::make_unique<Slot>());
    AddCommand(root, command, *slots.back());
  }
  root.require_subcommand(1);
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // As CLI11 wants them.
    if (words.empty()) return {.help = OverviewText()};
    root.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return {.help = HelpFor(root, slots)};
  } catch (const CLI::ParseError& error) {
    ThrowUsage(error, words, NamedCommand(slots));
  }
  if (const Slot* slot = NamedSlot(slots)) {
    Values values = ValuesOf(*slot);
    CheckChoices(slot->command->arguments, values);
    values.merge(ValuesOf(global));
    return {.command = slot->command, .arguments = Arguments(std::move(values))};
  }
  throw UsageError("no command was given. See `stockctl --help`.");
}

}  // namespace stockd::ctl
