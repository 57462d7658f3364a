// stockd-adapter-check: does an adapter, a daemon or a recorded stream keep to the contract?
#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/check/adapter_check.h"
#include "adapters/check/daemon_check.h"
#include "adapters/check/recording.h"
#include "adapters/check/stream_rules.h"
#include "adapters/sdk/nearest_name.h"

namespace {

using namespace stockd::check;  // NOLINT(google-build-using-namespace): main() is its only user.

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

constexpr std::string_view kHelp =
    R"(stockd-adapter-check checks who speaks stockd.v1.AdapterService against the contract.

usage: stockd-adapter-check adapter [OPTIONS] -- COMMAND...
       stockd-adapter-check daemon HOST:PORT --source ID [OPTIONS]
       stockd-adapter-check stream FILE [--json]

adapter    starts the adapter and plays a daemon to it that loses acknowledgements, breaks streams, tells levels
           twice, stops reading, restarts, is slow, and whose clock is wrong; then ends it with SIGTERM. In the
           command {daemon} becomes the address to connect to; it is in the environment as STOCKD_DAEMON too.
           Give the adapter facts to tell, a hundred or so, and an empty state.
  --config FILE       a configuration in which {daemon} becomes the address; {config} in the command becomes
                      the path of the result, FILE.check
  --record FILE       writes the conversation, for `stream`
  --patience-s N      for everything up to SIGTERM (40)
  --reconnect-s N     from the end of a stream to the next (15)
  --half-open-ms N    how long the daemon is silent (2000)
  --quiet-ms N        without facts for so long, the adapter has no more (1000)
  --act-ms N          what is tried on a stream waits so long for facts (2000)
  --snapshot-ms N     for the answer to a request for a snapshot, which need not come (2000)

daemon     plays an adapter that does everything wrong. CHANGES STOCK: only for a daemon that serves nobody.
  --source ID         a source that the daemon is configured with
  --patience-s N      for each check (15)

stream     checks a recording; --record writes one, and adapters/check/recording.h says what is in it

--json     the report as JSON

exit codes: 0 all that was tried passed; 1 something failed; 2 wrong usage, or nothing could be checked
)";

const std::vector<std::string> kFlags = {
    "--config", "--record",      "--patience-s", "--reconnect-s", "--half-open-ms", "--quiet-ms",
    "--act-ms", "--snapshot-ms", "--source",     "--json",        "--help"};

struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string> flags;
  std::vector<std::string> command;  // Behind "--".
  bool json = false;

  std::string Text(const std::string& flag) const {
    const auto found = flags.find(flag);
    return found == flags.end() ? std::string() : found->second;
  }

  // In milliseconds: the flag's value times `unit`.
  std::chrono::milliseconds Time(const std::string& flag, std::chrono::milliseconds unit,
                                 std::chrono::milliseconds fallback) const {
    const auto found = flags.find(flag);
    return found == flags.end() ? fallback : std::stoi(found->second) * unit;
  }
};

int Usage(const std::string& message) {
  std::cerr << "stockd-adapter-check: " << message << "; --help explains\n";
  return kExitUsage;
}

// Unset, with a message on standard error, when they are wrong.
std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") {
      arguments.command.assign(argv + i + 1, argv + argc);
      break;
    }
    if (word == "--json") {
      arguments.json = true;
    } else if (!word.starts_with("--")) {
      arguments.words.push_back(word);
    } else if (std::find(kFlags.begin(), kFlags.end(), word) == kFlags.end() || i + 1 >= argc) {
      Usage("unknown or incomplete " + word + ", did you mean " +
            stockd::sdk::NearestName(word, kFlags) + "?");
      return std::nullopt;
    } else {
      arguments.flags[word] = argv[++i];
    }
  }
  return arguments;
}

int Print(const Report& report, bool json) {
  std::cout << (json ? ToJson(report) : ToText(report));
  return report.is_good() ? 0 : kExitFailed;
}

int CheckAdapterCommand(const Arguments& arguments) {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  if (arguments.command.empty()) return Usage("-- COMMAND is missing");
  AdapterCheckOptions options;
  options.command = arguments.command;
  options.config_template = arguments.Text("--config");
  options.recording = arguments.Text("--record");
  options.patience = arguments.Time("--patience-s", seconds(1), options.patience);
  options.reconnect_max = arguments.Time("--reconnect-s", seconds(1), options.reconnect_max);
  options.half_open = arguments.Time("--half-open-ms", milliseconds(1), options.half_open);
  options.quiet = arguments.Time("--quiet-ms", milliseconds(1), options.quiet);
  options.act_patience = arguments.Time("--act-ms", milliseconds(1), options.act_patience);
  options.snapshot_patience =
      arguments.Time("--snapshot-ms", milliseconds(1), options.snapshot_patience);
  const absl::StatusOr<Report> report = CheckAdapter(options);
  if (!report.ok()) return Usage(std::string(report.status().message()));
  return Print(*report, arguments.json);
}

int CheckDaemonCommand(const Arguments& arguments) {
  if (arguments.words.size() != 2) return Usage("daemon needs HOST:PORT");
  if (arguments.Text("--source").empty()) return Usage("--source ID is missing");
  DaemonCheckOptions options{.address = arguments.words[1], .source = arguments.Text("--source")};
  options.patience = arguments.Time("--patience-s", std::chrono::seconds(1), options.patience);
  return Print(CheckDaemonAt(options), arguments.json);
}

int CheckStreamCommand(const Arguments& arguments) {
  if (arguments.words.size() != 2) return Usage("stream needs FILE");
  const absl::StatusOr<std::vector<Event>> events = ReadRecording(arguments.words[1]);
  if (!events.ok()) return Usage(std::string(events.status().message()));
  return Print({.subject = "recording " + arguments.words[1], .checks = CheckStreams(*events)},
               arguments.json);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && (argv[1] == std::string_view("--help") || argv[1] == std::string_view("-h"))) {
    std::cout << kHelp;
    return 0;
  }
  const std::optional<Arguments> arguments = Parse(argc, argv);
  if (!arguments) return kExitUsage;
  const std::string command = arguments->words.empty() ? "" : arguments->words.front();
  try {
    if (command == "adapter") return CheckAdapterCommand(*arguments);
    if (command == "daemon") return CheckDaemonCommand(*arguments);
    if (command == "stream") return CheckStreamCommand(*arguments);
  } catch (const std::logic_error&) {
    return Usage("a number is wrong");  // From std::stoi.
  }
  return Usage("the first word must be adapter, daemon or stream");
}
