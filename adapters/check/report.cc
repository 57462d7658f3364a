#include "adapters/check/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace stockd::check {
namespace {

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed: return "passed";
    case Verdict::kFailed: return "failed";
    case Verdict::kNotTried: return "not tried";
  }
  __builtin_unreachable();
}

int64_t Count(const Report& report, Verdict verdict) {
  return std::ranges::count(report.checks, verdict, &CheckResult::verdict);
}

int64_t Tried(const Report& report) {
  return static_cast<int64_t>(report.checks.size()) - Count(report, Verdict::kNotTried);
}

}  // namespace

bool Report::is_good() const {
  return Count(*this, Verdict::kFailed) == 0 && Count(*this, Verdict::kPassed) > 0;
}

std::string ToText(const Report& report) {
  std::string text = report.subject + "\n";
  for (const CheckResult& check : report.checks) {
    text += fmt::format("  {:<9}  {:<26}  {}\n", NameOf(check.verdict), check.name, check.claim);
    if (!check.why.empty()) text += fmt::format("{:40} {}\n", "", check.why);
  }
  text += fmt::format("score {} of {}", Count(report, Verdict::kPassed), Tried(report));
  const int64_t not_tried = Count(report, Verdict::kNotTried);
  if (not_tried > 0) text += fmt::format("; {} not tried", not_tried);
  return text + "\n";
}

std::string ToJson(const Report& report) {
  nlohmann::json checks = nlohmann::json::array();
  for (const CheckResult& check : report.checks) {
    checks.push_back({{"name", check.name},
                      {"claim", check.claim},
                      {"verdict", NameOf(check.verdict)},
                      {"why", check.why}});
  }
  return nlohmann::json{{"subject", report.subject},
                        {"passed", Count(report, Verdict::kPassed)},
                        {"tried", Tried(report)},
                        {"checks", std::move(checks)}}
             .dump(2) +
         "\n";
}

}  // namespace stockd::check
