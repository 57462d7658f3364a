#pragma once

#include <span>
#include <string>

#include "tests/bench/figures.h"

namespace stockd::bench {

// "reached", "MISSED", or empty when there is no goal.
std::string Verdict(const Outcome& outcome);

// The lines about one benchmark, printed as soon as it is done.
std::string Story(const Outcome& outcome);

// All benchmarks, one a line.
std::string Table(std::span<const Outcome> outcomes);

// The same as a document: {"benchmarks": [...]}, with the figure of every repetition.
std::string Json(std::span<const Outcome> outcomes);

}  // namespace stockd::bench
