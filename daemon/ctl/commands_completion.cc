// Scripts that let a shell complete stockctl's commands and options.
#include <algorithm>
#include <ostream>
#include <set>

#include "daemon/ctl/command.h"

namespace stockd::ctl {
namespace {

using Kind = Argument::Kind;

bool IsOption(const Argument& argument) {
  return argument.kind != Kind::kOperand && argument.kind != Kind::kOperands;
}

std::string FirstWord(std::string_view name) { return std::string(name.substr(0, name.find(' '))); }

std::string SecondWord(std::string_view name) {
  const size_t space = name.find(' ');
  return space == std::string_view::npos ? "" : std::string(name.substr(space + 1));
}

// The first words of all commands, each once, in order.
std::vector<std::string> FirstWords() {
  std::vector<std::string> words;
  for (const Command& command : Commands()) {
    const std::string word = FirstWord(command.name);
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

template <typename Words>
std::string Join(const Words& words) {
  std::string joined;
  for (const auto& word : words) {
    if (!joined.empty()) joined += ' ';
    joined += word;
  }
  return joined;
}

// What may follow the first word: second words, choices of operands, and options.
std::set<std::string> WordsAfter(const std::string& first_word) {
  std::set<std::string> words = {"--help"};
  for (const Command& command : Commands()) {
    if (FirstWord(command.name) != first_word) continue;
    if (!SecondWord(command.name).empty()) words.insert(SecondWord(command.name));
    for (const Argument& argument : command.arguments) {
      if (IsOption(argument)) {
        words.insert("--" + std::string(argument.name));
      } else {
        words.insert(argument.choices.begin(), argument.choices.end());
      }
    }
  }
  for (const Argument& argument : GlobalArguments()) {
    words.insert("--" + std::string(argument.name));
  }
  return words;
}

// Options with a closed list of values: name -> values.
std::set<std::pair<std::string, std::string>> OptionChoices() {
  std::set<std::pair<std::string, std::string>> choices;
  for (const Command& command : Commands()) {
    for (const Argument& argument : command.arguments) {
      if (!IsOption(argument) || argument.choices.empty()) continue;
      choices.insert({"--" + std::string(argument.name), Join(argument.choices)});
    }
  }
  return choices;
}

// The body that bash and zsh share: zsh reads it in its bash mode.
void PrintBash(std::ostream& out) {
  out << "_stockctl() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W \""
      << Join(FirstWords())
      << " --help\" -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case $before in\n"
         "    --ca|--cert|--key) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n";
  for (const auto& [option, values] : OptionChoices()) {
    out << "    " << option << ") COMPREPLY=($(compgen -W \"" << values
        << "\" -- \"$word\")); return ;;\n";
  }
  out << "  esac\n"
         "  case ${COMP_WORDS[1]} in\n";
  for (const std::string& word : FirstWords()) {
    out << "    " << word << ") words=\"" << Join(WordsAfter(word)) << "\" ;;\n";
  }
  out << "    *) words=\"\" ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "  [[ ${COMP_WORDS[1]} == import && $word != -* && $COMP_CWORD -ge 3 ]] &&\n"
         "    COMPREPLY+=($(compgen -f -- \"$word\"))\n"
         "  return 0\n"
         "}\n"
         "complete -F _stockctl stockctl\n";
}

std::string FishQuote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

void PrintFishOption(std::ostream& out, const std::string& condition, const Argument& argument) {
  out << "complete -c stockctl" << condition << " -l " << argument.name;
  const bool file = argument.value == "FILE";
  if (argument.kind != Kind::kFlag) out << (file ? " -r -F" : " -x");
  if (!argument.choices.empty()) out << " -a " << FishQuote(Join(argument.choices));
  out << " -d " << FishQuote(argument.help) << "\n";
}

void PrintFish(std::ostream& out) {
  out << "complete -c stockctl -f\n";
  for (const Argument& argument : GlobalArguments()) PrintFishOption(out, "", argument);
  for (const std::string& word : FirstWords()) {
    std::string_view summary;
    for (const Command& command : Commands()) {
      if (FirstWord(command.name) == word && summary.empty()) summary = command.summary;
    }
    out << "complete -c stockctl -n __fish_use_subcommand -a " << word << " -d "
        << FishQuote(summary) << "\n";
  }
  for (const Command& command : Commands()) {
    const std::string condition =
        " -n " + FishQuote("__fish_seen_subcommand_from " + FirstWord(command.name));
    if (!SecondWord(command.name).empty()) {
      out << "complete -c stockctl" << condition << " -a " << SecondWord(command.name) << " -d "
          << FishQuote(command.summary) << "\n";
    }
    for (const Argument& argument : command.arguments) {
      if (IsOption(argument)) {
        PrintFishOption(out, condition, argument);
      } else if (!argument.choices.empty()) {
        out << "complete -c stockctl" << condition << " -a " << FishQuote(Join(argument.choices))
            << "\n";
      }
    }
  }
  out << "complete -c stockctl -n '__fish_seen_subcommand_from import' -F\n";
}

ExitCode RunCompletion(Session& session, const Arguments& arguments) {
  const std::string& shell = arguments.Text("shell");
  if (shell == "fish") {
    PrintFish(session.out);
    return ExitCode::kOk;
  }
  if (shell == "zsh") session.out << "autoload -Uz bashcompinit && bashcompinit\n";
  PrintBash(session.out);
  return ExitCode::kOk;
}

}  // namespace

void AddCompletionCommands(std::vector<Command>& commands) {
  Argument shell = Operand("shell", "SHELL", "The shell.");
  shell.choices = {"bash", "zsh", "fish"};
  commands.push_back({"completion",
                      "Operation",
                      "Print a script that lets a shell complete commands and options.",
                      "stockctl completion fish | source\n"
                      "source <(stockctl completion bash)",
                      {shell},
                      RunCompletion});
}

}  // namespace stockd::ctl
