#pragma once

#include <span>
#include <string>

#include "tests/bench/figures.h"
#include "tests/bench/workshop.h"

namespace stockd::bench {

// One figure and how to find it. `run` fills in everything but the name.
struct Benchmark {
  const char* name;
  const char* what;  // One line for --list.
  Outcome (*run)(Workshop& workshop);
};

// By theme: single calls, feeds of adapters, orders, reports, ten million positions, plans.
std::span<const Benchmark> CallBenchmarks();
std::span<const Benchmark> FeedBenchmarks();
std::span<const Benchmark> OrderBenchmarks();
std::span<const Benchmark> ReportBenchmarks();
std::span<const Benchmark> ScaleBenchmarks();
std::span<const Benchmark> SourcingBenchmarks();

}  // namespace stockd::bench
