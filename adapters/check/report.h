// What was checked, and how it went.
#pragma once

#include <string>
#include <vector>

namespace stockd::check {

enum class Verdict { kPassed, kFailed, kNotTried };

// One check.
struct CheckResult {
  std::string name;   // Stable, for example "facts_repeated_unchanged".
  std::string claim;  // What the contract asks for.
  Verdict verdict = Verdict::kNotTried;
  std::string why;  // Failed: what happened instead. Not tried: what was missing.
};

// All checks of one run.
struct Report {
  std::string subject;  // What was checked.
  std::vector<CheckResult> checks;

  bool is_good() const;
};

// For people: one line a check, and the score.
[[nodiscard]] std::string ToText(const Report& report);
// One JSON document: {"subject", "passed", "tried", "checks": [{"name", "claim", "verdict",
// "why"}]}.
[[nodiscard]] std::string ToJson(const Report& report);

}  // namespace stockd::check
