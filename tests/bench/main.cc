// stockd-bench: `./dev bench`. Measures the daemon against yardsticks of the same run.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "tests/bench/benchmarks.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/lag_client.h"
#include "tests/bench/options.h"
#include "tests/bench/report.h"

namespace stockd::bench {
namespace {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

std::vector<Benchmark> All() {
  std::vector<Benchmark> all;
  for (const auto benchmarks : {CallBenchmarks(), FeedBenchmarks(), OrderBenchmarks(),
                                ReportBenchmarks(), ScaleBenchmarks(), SourcingBenchmarks()}) {
    all.insert(all.end(), benchmarks.begin(), benchmarks.end());
  }
  return all;
}

// A whole name chooses that benchmark only, for some names begin with another.
bool Chooses(const std::string& name, const std::vector<Benchmark>& all, const char* candidate) {
  const bool whole = std::ranges::any_of(
      all, [&name](const Benchmark& benchmark) { return name == benchmark.name; });
  return whole ? name == candidate : std::strstr(candidate, name.c_str()) != nullptr;
}

std::vector<Benchmark> Chosen(const std::vector<std::string>& names) {
  const std::vector<Benchmark> all = All();
  if (names.empty()) return all;
  std::vector<Benchmark> chosen;
  for (const Benchmark& benchmark : all) {
    if (std::ranges::any_of(
            names, [&](const std::string& name) { return Chooses(name, all, benchmark.name); })) {
      chosen.push_back(benchmark);
    }
  }
  return chosen;
}

int Measure(const Options& options, const std::vector<Benchmark>& benchmarks) {
  Workshop workshop(options);
  std::vector<Outcome> outcomes;
  for (const Benchmark& benchmark : benchmarks) {
    if (!options.json) std::fprintf(stderr, "%s ...\n", benchmark.name);
    Outcome outcome = benchmark.run(workshop);
    outcome.name = benchmark.name;
    if (options.smoke) outcome.goal = {};  // Such sizes neither reach nor miss anything.
    if (!options.json) {
      std::printf("%s\n", Story(outcome).c_str());
      std::fflush(stdout);
    }
    if (outcome.ratio() <= 0) throw BenchError(outcome.name + " yielded no figure");
    outcomes.push_back(std::move(outcome));
  }
  if (options.smoke && !options.json) {
    std::printf("Smoke run: everything works, but these sizes say nothing about speed.\n");
  }
  std::fputs(options.json ? Json(outcomes).c_str() : Table(outcomes).c_str(), stdout);
  return kDone;
}

int Main(int argc, char** argv) {
  const auto parsed = ParseOptions(argc, argv);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    std::fprintf(stderr, "stockd-bench: %s\nTry `stockd-bench --help`.\n", wrong->c_str());
    return kUsage;
  }
  const auto& [options, help] = std::get<ParsedOptions>(parsed);
  if (help) {
    std::fputs(kHelp, stdout);
    return kDone;
  }
  const std::vector<Benchmark> benchmarks = Chosen(options.names);
  if (benchmarks.empty()) {
    std::fprintf(stderr, "stockd-bench: no benchmark has that name. Try `stockd-bench --list`.\n");
    return kUsage;
  }
  if (options.list) {
    for (const Benchmark& benchmark : benchmarks) {
      std::printf("%-20s %s\n", benchmark.name, benchmark.what);
    }
    return kDone;
  }
  return Measure(options, benchmarks);
}

// A child of the program above. Its one line of output is the answer.
int RunRole(const std::string& role, const std::string& argument) {
  if (role == "echo-server") return RunEchoServer();
  nlohmann::json answer;
  try {
    const auto spec = nlohmann::json::parse(argument);
    if (role == "load") {
      answer = RunLoad(spec.get<LoadSpec>());
    } else if (role == "facts") {
      answer = SendFacts(spec.get<FeedSpec>());
    } else if (role == "snapshot") {
      answer = SendSnapshot(spec.get<FeedSpec>());
    } else if (role == "lag") {
      answer = MeasureLag(spec.get<LagSpec>());
    } else if (role == "index-memory") {
      answer = MeasureIndexMemory(spec.at("positions"), spec.at("locations"));
    } else {
      answer["error"] = "there is no role " + role;
    }
  } catch (const std::exception& error) {
    answer["error"] = error.what();
  }
  std::printf("%s\n", answer.dump().c_str());
  std::fflush(stdout);
  // Calls that were given up may still be under way; their objects must outlive them.
  std::_Exit(answer.contains("error") ? kFailed : kDone);
}

}  // namespace
}  // namespace stockd::bench

int main(int argc, char** argv) {
  using namespace stockd::bench;
  try {
    if (argc >= 3 && std::strcmp(argv[1], "--role") == 0) {
      return RunRole(argv[2], argc > 3 ? argv[3] : "");
    }
    return Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stockd-bench: %s\n", error.what());
    return kFailed;
  }
}
