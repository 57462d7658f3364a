#include "daemon/ctl/help_text.h"

#include <algorithm>

#include "daemon/ctl/text_width.h"

namespace stockd::ctl {
namespace {

using Kind = Argument::Kind;

bool IsOperand(const Argument& argument) {
  return argument.kind == Kind::kOperand || argument.kind == Kind::kOperands;
}

struct Entry {
  std::string name;
  std::string help;
};

// Names in one column, what they mean in the other.
std::string Columns(const std::vector<Entry>& entries) {
  size_t width = 0;
  for (const Entry& entry : entries) width = std::max(width, entry.name.size());
  std::string text;
  for (const Entry& entry : entries) {
    text += "  " + entry.name + std::string(width - entry.name.size() + 2, ' ') + entry.help + "\n";
  }
  return text;
}

std::string HelpOf(const Argument& argument) {
  std::string help(argument.help);
  if (argument.choices.empty()) return help;
  help += " One of:";
  for (const std::string_view choice : argument.choices) help += " " + std::string(choice);
  return help;
}

Entry EntryOf(const Argument& argument) {
  if (IsOperand(argument)) return {std::string(argument.value), HelpOf(argument)};
  std::string name = "--" + std::string(argument.name);
  if (argument.kind != Kind::kFlag) name += " " + std::string(argument.value);
  return {std::move(name), HelpOf(argument) + (argument.required ? " Required." : "")};
}

std::string Indent(std::string_view lines) {
  std::string text;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    text += "  " + std::string(lines.substr(0, end)) + "\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return text;
}

std::string GlobalOptions() {
  std::vector<Entry> entries;
  for (const Argument& argument : GlobalArguments()) entries.push_back(EntryOf(argument));
  entries.push_back({"--help, -h", "This help, or the help of the command before it."});
  return "Options of every command:\n" + Columns(entries);
}

std::string ExitCodes() {
  return "Exit codes:\n" +
         Columns({{"0", "Done."},
                  {"1", "The daemon refused; the reason and what to do next are printed."},
                  {"2", "The command line or an input file is not right; nothing was asked for."},
                  {"3",
                   "No daemon answered in time. A change may have been made or not: repeat it with "
                   "the same ids."},
                  {"4",
                   "An answer to act on: drift, a shortfall, less than --at-least, rows skipped, "
                   "facts still waiting, a daemon that takes nothing new."}});
}

}  // namespace

std::string UsageLine(const Command& command) {
  std::string line = "stockctl " + std::string(command.name);
  for (const Argument& argument : command.arguments) {
    std::string part;
    if (IsOperand(argument)) {
      part = std::string(argument.value) + (argument.kind == Kind::kOperands ? "..." : "");
    } else if (argument.required) {
      part = "--" + std::string(argument.name) + " " + std::string(argument.value);
    } else {
      continue;
    }
    line += argument.required ? " " + part : " [" + part + "]";
  }
  return line + " [options]";
}

std::string OverviewText() {
  std::string text =
      "stockctl asks and tells a running stockd about stock.\n\n"
      "Usage: stockctl COMMAND [options]; `stockctl COMMAND --help` explains one and shows an "
      "example.\n";
  std::vector<std::string_view> groups;
  for (const Command& command : Commands()) {
    if (std::find(groups.begin(), groups.end(), command.group) == groups.end()) {
      groups.push_back(command.group);
    }
  }
  for (const std::string_view group : groups) {
    std::vector<Entry> entries;
    for (const Command& command : Commands()) {
      if (command.group != group) continue;
      entries.push_back({std::string(command.name), std::string(command.summary)});
    }
    text += "\n" + std::string(group) + ":\n" + Columns(entries);
  }
  return text + "\n" + GlobalOptions() + "\n" + ExitCodes() +
         "\nInstants are UTC. Quantities are whole numbers of the item's smallest unit; `stockctl "
         "items` shows\nits scale. NO_COLOR turns colours off.\n";
}

std::string FamilyText(std::string_view first_word) {
  std::vector<Entry> entries;
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(std::string(first_word) + " ")) continue;
    entries.push_back({std::string(command.name), std::string(command.summary)});
  }
  return "Usage: stockctl " + std::string(first_word) + " COMMAND [options]\n\n" + Columns(entries);
}

std::string HelpText(const Command& command) {
  std::vector<Entry> operands;
  std::vector<Entry> options;
  for (const Argument& argument : command.arguments) {
    (IsOperand(argument) ? operands : options).push_back(EntryOf(argument));
  }
  std::string text = std::string(command.summary) + "\n\nUsage: " + UsageLine(command) + "\n";
  if (!operands.empty()) text += "\n" + Columns(operands);
  if (!options.empty()) text += "\nOptions:\n" + Columns(options);
  return text + "\nExample:\n" + Indent(command.example) + "\n" + GlobalOptions();
}

}  // namespace stockd::ctl
