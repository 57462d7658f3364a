#include "adapters/sdk/program.h"

#include <algorithm>

#include "adapters/sdk/nearest_name.h"

namespace stockd::sdk {

std::optional<CommandLine> CommandLine::Parse(const Program& program, int count, char** words) {
  std::vector<std::string> flags = program.flags;
  flags.insert(flags.end(), {"--check-config", "--help"});
  std::vector<std::string> values = program.values;
  values.emplace_back("--config");
  CommandLine line;
  for (int i = 1; i < count; ++i) {
    std::string option = words[i];
    if (option == "-h") option = "--help";
    if (std::ranges::find(flags, option) != flags.end()) {
      line.given_[option];
      continue;
    }
    // --config FILE and --config=FILE.
    const size_t equals = option.find('=');
    const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
    const std::string name = option.substr(0, equals);
    if (std::ranges::find(values, name) == values.end()) {
      flags.insert(flags.end(), values.begin(), values.end());
      std::cerr << program.name << ": unknown argument \"" << option << "\"; did you mean "
                << NearestName(name, flags) << "?\n";
      return std::nullopt;
    }
    if (equals == std::string::npos && i + 1 == count) {
      std::cerr << program.name << ": " << name << " needs a value\n";
      return std::nullopt;
    }
    line.given_[name] = equals == std::string::npos ? words[++i] : value;
  }
  if (!line.Has("--help") && line.Value("--config").empty()) {
    std::cerr << program.name << ": --config FILE is missing; --help explains\n";
    return std::nullopt;
  }
  return line;
}

std::string CommandLine::Value(const std::string& option) const {
  const auto found = given_.find(option);
  return found == given_.end() ? "" : found->second;
}

}  // namespace stockd::sdk
