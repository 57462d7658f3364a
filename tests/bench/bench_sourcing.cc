// Where to take a cart from: the planner alone, in one thread of this process.
#include <absl/strings/str_format.h>
#include <time.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "tests/bench/benchmarks.h"
#include "tests/fulfilment/random_carts.h"

namespace stockd::bench {
namespace {

// A kind of cart, measured over many of it.
struct Family {
  const char* what;
  fulfilment::CartShape shape;
  bool ordinary;  // One or two units of each line.
};

constexpr Family kFamilies[] = {
    {"every location has every line", {.percent = 100}, true},
    {"each has 80 % of the lines", {.percent = 80}, true},
    {"each has 50 %", {.percent = 50}, true},
    {"each has 30 %", {.percent = 30}, true},
    {"each has 20 %", {.percent = 20}, true},
    {"each has 15 %", {.percent = 15}, true},
    {"each has 10 %", {.percent = 10}, true},
    {"each has 5 %", {.percent = 5}, true},
    {"100 %, equal costs", {.percent = 100, .equal_costs = true}, true},
    {"80 %, equal costs", {.percent = 80, .equal_costs = true}, true},
    {"50 %, equal costs", {.percent = 50, .equal_costs = true}, true},
    {"30 %, equal costs", {.percent = 30, .equal_costs = true}, true},
    {"20 %, equal costs", {.percent = 20, .equal_costs = true}, true},
    {"15 %, equal costs", {.percent = 15, .equal_costs = true}, true},
    {"10 %, equal costs", {.percent = 10, .equal_costs = true}, true},
    {"5 %, equal costs", {.percent = 5, .equal_costs = true}, true},
    {"up to 6 units, 1 to 3 at each of 50 %",
     {.percent = 50, .quantity_max = 6, .units_max = 3},
     false},
    {"the same at each of 15 %", {.percent = 15, .quantity_max = 6, .units_max = 3}, false},
    {"the same at each of 15 %, equal costs",
     {.percent = 15, .quantity_max = 6, .units_max = 3, .equal_costs = true},
     false},
    {"up to 12 units, 1 to 3 at each of 30 %",
     {.percent = 30, .quantity_max = 12, .units_max = 3},
     false},
    {"20 lines, 400 locations, each has 30 %",
     {.lines = 20, .locations = 400, .percent = 30},
     false},
    {"20 lines, 400 locations, each has 10 %",
     {.lines = 20, .locations = 400, .percent = 10},
     false},
    {"20 lines, 400 locations, 10 %, equal costs",
     {.lines = 20, .locations = 400, .percent = 10, .equal_costs = true},
     false},
};

// The processor time of this thread: neighbours on the machine do not count.
double ThreadMs() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

struct Times {
  std::vector<double> ms;
  int exact = 0;
};

Times Measure(const Family& family, uint64_t first_seed, uint64_t carts) {
  Times times;
  for (uint64_t seed = first_seed; seed < first_seed + carts; ++seed) {
    support::Random random(seed);
    const fulfilment::SourcingCase given = fulfilment::RandomCart(random, family.shape);
    const double begin = ThreadMs();
    const auto plan = fulfilment::PlanSourcing(given.cart, given.candidates, given.options);
    times.ms.push_back(ThreadMs() - begin);
    times.exact += plan.exact ? 1 : 0;
  }
  return times;
}

// The figure of a repetition is the median of the slowest family of ordinary carts: an average over
// easy and hard ones would hide the hard.
Outcome Sourcing(Workshop& workshop) {
  const uint64_t carts = workshop.size(200, 2);
  std::vector<Times> all(std::size(kFamilies));
  Outcome outcome{.subject = "plan of 10 lines over 200 locations, slowest kind, median",
                  .yardstick = "1 ms",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  for (int repeat = 0; repeat < workshop.options().repeats; ++repeat) {
    double slowest = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      const Times times = Measure(kFamilies[i], 1 + static_cast<uint64_t>(repeat) * carts, carts);
      if (kFamilies[i].ordinary) slowest = std::max(slowest, Median(times.ms));
      all[i].ms.insert(all[i].ms.end(), times.ms.begin(), times.ms.end());
      all[i].exact += times.exact;
    }
    outcome.Add(slowest, 1);
  }
  outcome.notes.push_back("processor time in ms: median, p99, longest; share that is exact");
  for (size_t i = 0; i < all.size(); ++i) {
    std::vector<double>& ms = all[i].ms;
    outcome.notes.push_back(absl::StrFormat(
        "%-44s %7.2f %7.2f %7.2f  %5.1f %%", kFamilies[i].what, Median(ms), Percentile(ms, 0.99),
        *std::ranges::max_element(ms), 100.0 * all[i].exact / static_cast<double>(ms.size())));
  }
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"sourcing", "where to take a cart of 10 lines from, over 200 locations", Sourcing},
};

}  // namespace

std::span<const Benchmark> SourcingBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
