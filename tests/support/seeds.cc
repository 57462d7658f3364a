#include "tests/support/seeds.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace stockd::support {
namespace {

template <typename Number>
Number FromEnvironment(const char* name, Number fallback) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return fallback;
  const char* end = text + std::strlen(text);
  Number number = 0;
  const auto parsed = std::from_chars(text, end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number < 0) {
    std::fprintf(stderr, "%s is \"%s\"; it takes a whole number, 0 or more.\n", name, text);
    std::exit(2);
  }
  return number;
}

}  // namespace

Seeds SeedsToRun(int runs_default) {
  return {.first = FromEnvironment<uint64_t>("STOCKD_SEED", 1),
          .runs = FromEnvironment<int>("STOCKD_RUNS", runs_default)};
}

std::string HowToRepeat(uint64_t seed) {
  const std::string number = std::to_string(seed);
  return "seed " + number + "; repeat with: ./dev sim --seed=" + number + " --runs=1";
}

}  // namespace stockd::support
