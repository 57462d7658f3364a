#include "tests/bench/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <nlohmann/json.hpp>

namespace stockd::bench {
namespace {

// Three digits or so, as many as a noisy machine supports.
std::string Figure(double value) {
  char text[32];
  const int decimals = std::abs(value) >= 100 ? 0 : std::abs(value) >= 10 ? 1 : 2;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string digits = text;
  const size_t whole = std::min(digits.find('.'), digits.size());
  for (size_t at = whole; at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string Ratio(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", ratio);
  return text;
}

std::string GoalText(const Goal& goal) {
  switch (goal.kind) {
    case GoalKind::kNone: return "-";
    case GoalKind::kAtLeast: return ">= " + Ratio(goal.ratio);
    case GoalKind::kAtMost: return "<= " + Ratio(goal.ratio);
  }
  return {};
}

std::string Range(const Outcome& outcome) {
  const auto [low, high] = std::ranges::minmax_element(outcome.ratios);
  return low == outcome.ratios.end() ? std::string() : Ratio(*low) + " - " + Ratio(*high);
}

}  // namespace

std::string Verdict(const Outcome& outcome) {
  if (outcome.goal.kind == GoalKind::kNone) return {};
  return outcome.reached() ? "reached" : "MISSED";
}

std::string Story(const Outcome& outcome) {
  std::string text =
      outcome.name + ": " + outcome.subject + " " + Figure(Median(outcome.subjects)) + " " +
      outcome.unit + "; " + outcome.yardstick + " " + Figure(Median(outcome.yardsticks)) + " " +
      outcome.unit + "; ratio " + Ratio(outcome.ratio()) + " (" + Range(outcome) + ")";
  if (outcome.goal.kind != GoalKind::kNone) {
    text += ", goal " + GoalText(outcome.goal) + ": " + Verdict(outcome);
  }
  for (const std::string& note : outcome.notes) text += "\n  " + note;
  return text + "\n";
}

std::string Table(std::span<const Outcome> outcomes) {
  std::vector<std::vector<std::string>> rows{
      {"benchmark", "measured", "yardstick", "unit", "ratio", "lowest - highest", "goal", ""}};
  for (const Outcome& outcome : outcomes) {
    rows.push_back({outcome.name, Figure(Median(outcome.subjects)),
                    Figure(Median(outcome.yardsticks)), outcome.unit, Ratio(outcome.ratio()),
                    Range(outcome), GoalText(outcome.goal), Verdict(outcome)});
  }
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool is_number = i == 1 || i == 2 || i == 4;
      line += is_number ? padding + row[i] : row[i] + padding;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string Json(std::span<const Outcome> outcomes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Outcome& outcome : outcomes) {
    nlohmann::ordered_json row{{"name", outcome.name},
                               {"subject", outcome.subject},
                               {"yardstick", outcome.yardstick},
                               {"unit", outcome.unit},
                               {"subject_median", Median(outcome.subjects)},
                               {"yardstick_median", Median(outcome.yardsticks)},
                               {"ratio", outcome.ratio()},
                               {"goal", GoalText(outcome.goal)},
                               {"verdict", Verdict(outcome)},
                               {"subjects", outcome.subjects},
                               {"yardsticks", outcome.yardsticks},
                               {"ratios", outcome.ratios},
                               {"notes", outcome.notes}};
    list.push_back(std::move(row));
  }
  return nlohmann::ordered_json{{"benchmarks", list}}.dump(2) + "\n";
}

}  // namespace stockd::bench
