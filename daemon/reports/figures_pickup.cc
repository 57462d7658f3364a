// Figures about pick-ups, and what customers answer.
#include <algorithm>
#include <cmath>
#include <utility>

#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kOrdersNeeded[] = {Needed::kOrder};
constexpr Needed kPromises[] = {Needed::kOrder, Needed::kPromise};
constexpr Needed kAnswers[] = {Needed::kOrder, Needed::kAnswer};
constexpr Measure kReadyFlows[] = {kReadies, kReadyMicros};
constexpr Measure kDwellFlows[] = {kDwells, kDwellMicros};
constexpr Measure kWaitFlows[] = {kWaits, kWaitMicros, kDwells};
constexpr Measure kPickupDue[] = {kPickupsDue, kPickupsOnTime};
constexpr Measure kDeadlineFlows[] = {kDeadlines, kNoShows};
constexpr Measure kNps[] = {kNpsAnswers, kNpsPromoters, kNpsDetractors};
constexpr Measure kCsat[] = {kCsatAnswers, kCsatTop};

void EvaluateReady(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kReadies, kReadyMicros, Distribution::kReadyMicros, kMicrosPerMinute,
                outcome);
}

void EvaluateDwell(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kDwells, kDwellMicros, Distribution::kDwellMicros, kMicrosPerHour, outcome);
}

// Of those whose arrival was told.
void EvaluateWait(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kWaits, kWaitMicros, Distribution::kWaitMicros, kMicrosPerMinute, outcome);
  outcome.covered = sums.Flow(kWaits);
  outcome.coverable = sums.Flow(kDwells);
}

void EvaluateReadyOnTime(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kPickupsOnTime)), Count(sums.Flow(kPickupsDue)), 100);
}

void EvaluateNoShow(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kNoShows)), Count(sums.Flow(kDeadlines)), 100);
}

void EvaluateNps(const Sums& sums, Outcome& outcome) {
  const Int128 answers = sums.Flow(kNpsAnswers);
  const Int128 promoters = sums.Flow(kNpsPromoters);
  const Int128 detractors = sums.Flow(kNpsDetractors);
  Ratio(outcome, Count(promoters - detractors), Count(answers), 100);
  if (answers == 0) return;
  const auto n = static_cast<double>(answers);
  const double score = static_cast<double>(promoters - detractors) / n;
  const double variance = static_cast<double>(promoters + detractors) / n - score * score;
  const double half = 1.959964 * std::sqrt(std::max(0.0, variance) / n);
  outcome.interval = std::pair{100 * (score - half), 100 * (score + half)};
}

void EvaluateCsat(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kCsatTop)), Count(sums.Flow(kCsatAnswers)), 100);
  outcome.interval = ShareInterval(sums.Flow(kCsatTop), sums.Flow(kCsatAnswers));
}

constexpr Figure kFigures[] = {
    {.key = "ready_time",
     .name = "Ready time",
     .name_turkish = "Hazır olma süresi",
     .name_polish = "Czas przygotowania",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kMinutes,
     .formula = "time from placing to ready to collect, when the last line is ready",
     .numerator = "minutes",
     .denominator = "pick-ups ready",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kReadyFlows,
     .distribution = Distribution::kReadyMicros,
     .evaluate = EvaluateReady},
    {.key = "ready_on_time",
     .name = "Ready as promised",
     .name_turkish = "Söz verilen zamanda hazır",
     .name_polish = "Gotowe na czas",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "pick-ups ready not later than first promised / pick-ups promised for the time",
     .numerator = "on time",
     .denominator = "pick-ups due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kPickupDue,
     .evaluate = EvaluateReadyOnTime},
    {.key = "pickup_dwell",
     .name = "Pick-up dwell",
     .name_turkish = "Mağazada bekleme süresi",
     .name_polish = "Czas oczekiwania na odbiór",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from ready to collected, of what was collected",
     .numerator = "hours",
     .denominator = "pick-ups collected",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kDwellFlows,
     .distribution = Distribution::kDwellMicros,
     .evaluate = EvaluateDwell},
    {.key = "counter_wait",
     .name = "Wait at the counter",
     .name_turkish = "Tezgâhta bekleme süresi",
     .name_polish = "Czas obsługi przy odbiorze",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kMinutes,
     .formula = "time from the arrival of the customer to the hand-over, where the arrival was "
                "told",
     .numerator = "minutes",
     .denominator = "hand-overs",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kWaitFlows,
     .distribution = Distribution::kWaitMicros,
     .evaluate = EvaluateWait},
    {.key = "no_show_rate",
     .name = "No-show rate",
     .name_turkish = "Gelmeyen müşteri oranı",
     .name_polish = "Nieodebrane zamówienia",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "pick-ups that were ready and not collected / pick-ups that were ready and whose "
                "deadline fell into the time",
     .numerator = "no-shows",
     .denominator = "deadlines",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kDeadlineFlows,
     .evaluate = EvaluateNoShow},
    {.key = "nps",
     .name = "Net promoter score",
     .name_turkish = "Net tavsiye skoru (NPS)",
     .name_polish = "Wskaźnik NPS",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kPoints,
     .formula = "share of answers 9 and 10 - share of answers 0 to 6, on a scale of 0 to 10, by "
                "the completion of the order; with its interval",
     .numerator = "promoters - detractors",
     .denominator = "answers",
     .dimensions = kFulfilments,
     .needs = kAnswers,
     .by_currency = false,
     .flows = kNps,
     .evaluate = EvaluateNps},
    {.key = "csat",
     .name = "Customer satisfaction",
     .name_turkish = "Müşteri memnuniyeti (CSAT)",
     .name_polish = "Satysfakcja klientów (CSAT)",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kPercent,
     .formula = "answers 4 and 5 / answers, on a scale of 1 to 5; with its interval",
     .numerator = "answers 4 and 5",
     .denominator = "answers",
     .dimensions = kFulfilments,
     .needs = kAnswers,
     .by_currency = false,
     .flows = kCsat,
     .evaluate = EvaluateCsat},
};

}  // namespace

std::span<const Figure> PickupFigures() { return kFigures; }

}  // namespace stockd::reports
