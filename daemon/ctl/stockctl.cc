#include "daemon/ctl/stockctl.h"

#include <exception>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/command_line.h"
#include "daemon/ctl/error_text.h"
#include "daemon/ctl/request_id.h"
#include "daemon/ctl/table.h"

namespace stockd::ctl {
namespace {

constexpr const char* kServerDefault = "127.0.0.1:7450";

ClientOptions OptionsOf(const Arguments& arguments) {
  return {.server = arguments.Has("server") ? arguments.Text("server") : kServerDefault,
          .timeout = arguments.DurationOf("timeout"),
          .ca_file = arguments.Text("ca"),
          .certificate_file = arguments.Text("cert"),
          .key_file = arguments.Text("key")};
}

ExitCode RunCommand(const CommandLine& line, const Environment& environment) {
  Client client(OptionsOf(line.arguments));
  Session session{.client = client,
                  .out = environment.out,
                  .err = environment.err,
                  .json = line.arguments.Has("json"),
                  .colours = environment.out_colours,
                  .now = environment.clock.Now(),
                  .make_request_id = [&environment] {
                    return MakeUuid7(environment.clock.Now(), environment.chance());
                  }};
  try {
    return line.command->run(session, line.arguments);
  } catch (const CallFailed& failed) {
    const CallError error = DecodeError(failed.status);
    if (session.json) {
      PrintErrorJson(environment.err, error);
    } else {
      PrintError(environment.err, error, client.server(), environment.err_colours);
    }
    return ExitCodeFor(error);
  }
}

}  // namespace

ExitCode RunStockctl(const std::vector<std::string>& words, const Environment& environment) {
  try {
    const CommandLine line = ParseCommandLine(words);
    if (line.command != nullptr) return RunCommand(line, environment);
    environment.out << line.help;
    return words.empty() ? ExitCode::kUsage : ExitCode::kOk;
  } catch (const UsageError& error) {
    environment.err << Paint(std::string("stockctl: ") + error.what(), Colour::kBad,
                             environment.err_colours)
                    << "\n";
    return ExitCode::kUsage;
  } catch (const std::exception& error) {
    environment.err << "stockctl: " << error.what() << "\n";
    return ExitCode::kUsage;
  }
}

}  // namespace stockd::ctl
