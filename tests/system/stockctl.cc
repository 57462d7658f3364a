#include "tests/system/stockctl.h"

namespace stockd::system_test {

support::CommandResult RunStockctl(const std::string& address, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--server", address});
  return support::RunCommand(support::BuiltProgram("daemon/ctl/stockctl"), arguments,
                             std::chrono::minutes(2));
}

}  // namespace stockd::system_test
