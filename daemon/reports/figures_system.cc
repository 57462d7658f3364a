// Figures about the daemon and its sources.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Measure kFactFlows[] = {kFactLines, kLateLines, kLatenessMicros};

void EvaluateLateFacts(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kLateLines)), Count(sums.Flow(kFactLines)), 100);
}

void EvaluateLateness(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kFactLines, kLatenessMicros, Distribution::kLatenessMicros, kMicrosPerHour,
                outcome);
}

constexpr Figure kFigures[] = {
    {.key = "late_facts",
     .name = "Late facts",
     .name_turkish = "Geç gelen kayıtlar",
     .name_polish = "Spóźnione zdarzenia",
     .section = "system",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "facts told more than an hour after they occurred / facts, counts left out",
     .numerator = "late facts",
     .denominator = "facts",
     .dimensions = kTrade,
     .needs = {},
     .by_currency = false,
     .flows = kFactFlows,
     .evaluate = EvaluateLateFacts},
    {.key = "fact_lateness",
     .name = "Lateness of facts",
     .name_turkish = "Kayıt gecikmesi",
     .name_polish = "Opóźnienie zdarzeń",
     .section = "system",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from the occurrence of facts to their record, counts left out; mean and "
                "percentiles",
     .numerator = "hours",
     .denominator = "facts",
     .dimensions = kTrade,
     .needs = {},
     .by_currency = false,
     .flows = kFactFlows,
     .distribution = Distribution::kLatenessMicros,
     .evaluate = EvaluateLateness},
};

}  // namespace

std::span<const Figure> SystemFigures() { return kFigures; }

}  // namespace stockd::reports
