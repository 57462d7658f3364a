#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stockd::bench {

// The middle of the values; 0 when there are none.
double Median(std::vector<double> values);

// The value that the share `rank` (0 to 1) of the values does not exceed. Reorders them.
double Percentile(std::vector<double>& values, double rank);

// Calls `once`, which does `rows` rows, again and again for so long, at least once. Returns rows a
// second.
double RowsPerSecond(double seconds, uint64_t rows, const std::function<void()>& once);

// Which side of its goal a ratio has to be on.
enum class GoalKind { kNone, kAtLeast, kAtMost };

struct Goal {
  GoalKind kind = GoalKind::kNone;
  double ratio = 0;
};

// What one benchmark found.
struct Outcome {
  std::string name;
  std::string subject;    // What is measured, for people.
  std::string yardstick;  // What it is measured against.
  std::string unit;       // Of both figures.
  Goal goal;
  std::vector<double> subjects;    // One figure for each repetition.
  std::vector<double> yardsticks;  // The yardstick's of the same repetition.
  std::vector<double> ratios;
  std::vector<std::string> notes;

  // Adds a repetition. The ratio is measured / against, or the inverse of that.
  void Add(double measured, double against, bool inverse = false);

  double ratio() const { return Median(ratios); }
  // Whether the goal was reached, to the two decimals that are shown.
  bool reached() const;
};

}  // namespace stockd::bench
