#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace stockd::bench {

// What to measure, how long, and where.
struct Options {
  std::vector<std::string> names;  // Names or parts of them; empty: every benchmark.
  bool list = false;
  bool json = false;
  bool quick = false;               // Shorter, and a tenth of the largest sizes.
  bool smoke = false;               // Tiny sizes and durations: only shows that everything runs.
  double seconds = 2.5;             // Of each measurement, without its warm-up.
  uint64_t lines = 10'000'000;      // Sale lines of the year of which figures are made.
  int repeats = 5;                  // Measurements of subject and yardstick, one after the other.
  std::filesystem::path directory;  // For databases; on the file system to be measured.
  std::filesystem::path daemon;     // The program stockd.
  std::filesystem::path self;       // This program.

  double warm_up_s() const { return smoke ? 0.05 : 0.5; }
};

extern const char kHelp[];

// The options, or a text that says what is wrong with the command line. Help and list are options
// like others.
struct ParsedOptions {
  Options options;
  bool help = false;
};
std::variant<ParsedOptions, std::string> ParseOptions(int argc, char** argv);

}  // namespace stockd::bench
