#include "tests/bench/options.h"

#include <getopt.h>

#include <cstdlib>

namespace stockd::bench {
namespace {

std::filesystem::path OwnPath() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error);
}

bool ParseNumber(const char* text, double min, double max, double& value) {
  char* end = nullptr;
  value = std::strtod(text, &end);
  return end != text && *end == '\0' && value >= min && value <= max;
}

}  // namespace

const char kHelp[] =
    R"(stockd-bench measures stockd against yardsticks of the same run.

Usage: stockd-bench [NAME...] [options]

NAME is a benchmark's name or a part of some; without one, all are run.

  --list             Lists the benchmarks and ends.
  --json             Prints one JSON document instead of tables.
  --seconds N        Length of each measurement; default 2.5.
  --repeat N         Pairs of measurements, subject and yardstick in turn; default 5. The table
                     shows medians.
  --quick            3 pairs of 1 s each, and a tenth of what takes minutes to make: a first look
                     within a few minutes. Goals are meant for full sizes.
  --lines N          Sale lines of the year of reports-year; default 10000000, of a chain with 200
                     stores. Orders are a tenth of them. The first run makes the database.
  --smoke            Tiny sizes and durations: shows that everything runs, measures nothing.
  --directory DIR    Where databases are made; it must not be in memory. Default: data, beside this
                     program. The large database is kept there for the next run.
  --daemon FILE      The program stockd; default: that of the same build.
  -h, --help         Prints this and ends.

Exit codes: 0 measured, whether goals were reached or missed; 1 something did not work; 2 wrong
command line.
)";

std::variant<ParsedOptions, std::string> ParseOptions(int argc, char** argv) {
  enum : int { kList = 256, kJson, kSeconds, kRepeat, kQuick, kLines, kSmoke, kDirectory, kDaemon };
  constexpr option kOptions[] = {{"list", no_argument, nullptr, kList},
                                 {"json", no_argument, nullptr, kJson},
                                 {"seconds", required_argument, nullptr, kSeconds},
                                 {"repeat", required_argument, nullptr, kRepeat},
                                 {"quick", no_argument, nullptr, kQuick},
                                 {"lines", required_argument, nullptr, kLines},
                                 {"smoke", no_argument, nullptr, kSmoke},
                                 {"directory", required_argument, nullptr, kDirectory},
                                 {"daemon", required_argument, nullptr, kDaemon},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  ParsedOptions parsed;
  Options& options = parsed.options;
  options.self = OwnPath();
  const std::filesystem::path here = options.self.parent_path();
  options.directory = here / "data";
  options.daemon = here.parent_path().parent_path() / "daemon" / "stockd";
  for (int found = 0; (found = getopt_long(argc, argv, "h", kOptions, nullptr)) != -1;) {
    double number = 0;
    switch (found) {
      case kList: options.list = true; break;
      case kJson: options.json = true; break;
      case kQuick:
        options.quick = true;
        options.seconds = 1;
        options.repeats = 3;
        break;
      case kSmoke:
        options.smoke = true;
        options.seconds = 0.15;
        options.repeats = 1;
        break;
      case kSeconds:
        if (!ParseNumber(optarg, 0.05, 600, number)) return "--seconds takes 0.05 to 600";
        options.seconds = number;
        break;
      case kRepeat:
        if (!ParseNumber(optarg, 1, 1000, number)) return "--repeat takes 1 to 1000";
        options.repeats = static_cast<int>(number);
        break;
      case kLines:
        if (!ParseNumber(optarg, 1000, 1e9, number)) return "--lines takes 1000 to 1000000000";
        options.lines = static_cast<uint64_t>(number);
        break;
      case kDirectory: options.directory = std::filesystem::absolute(optarg); break;
      case kDaemon: options.daemon = std::filesystem::absolute(optarg); break;
      case 'h': parsed.help = true; break;
      default: return "see the line above";
    }
  }
  for (int i = optind; i < argc; ++i) options.names.emplace_back(argv[i]);
  return parsed;
}

}  // namespace stockd::bench
