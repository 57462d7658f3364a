// The command line of an adapter, and the way from it to a running adapter.
#pragma once

#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::sdk {

inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// What a program is called and what it understands beside --config FILE, --check-config and --help.
struct Program {
  std::string name;
  std::string_view help;            // What --help prints.
  std::vector<std::string> flags;   // "--once"
  std::vector<std::string> values;  // Options that a value follows.
};

// The options that were given.
class CommandLine {
 public:
  // Nothing, with a message on standard error, when they are wrong. There is a --config unless help
  // is asked for.
  static std::optional<CommandLine> Parse(const Program& program, int count, char** words);

  bool Has(const std::string& option) const { return given_.contains(option); }
  // Empty for a flag, and for what was not given.
  std::string Value(const std::string& option) const;

 private:
  std::map<std::string, std::string> given_;
};

// The `main` of an adapter. `load(path)` gives its configuration or says all that is wrong with it;
// `run(config, command)` gives the exit code.
template <typename Load, typename Run>
int RunProgram(const Program& program, int count, char** words, Load load, Run run) {
  const std::optional<CommandLine> command = CommandLine::Parse(program, count, words);
  if (!command) return kExitUsage;
  if (command->Has("--help")) {
    std::cout << program.help;
    return 0;
  }
  const auto config = load(command->Value("--config"));
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return kExitUsage;
  }
  if (command->Has("--check-config")) {
    std::cout << command->Value("--config") << ": fine\n";
    return 0;
  }
  return run(*config, *command);
}

}  // namespace stockd::sdk
