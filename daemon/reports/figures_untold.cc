// Figures that have a definition and no facts yet: nothing tells what they need, and their rows
// name it.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

constexpr Needed kPublishedNeeded[] = {Needed::kPublished};
constexpr Needed kRefusals[] = {Needed::kRefusal};
constexpr Needed kTargets[] = {Needed::kTarget};
constexpr Needed kHours[] = {Needed::kStoreHours};

void EvaluateUntold(const Sums&, Outcome& outcome) { Ratio(outcome, Count(0), Count(0), 100); }

constexpr Figure kFigures[] = {
    {.key = "stock_out_rate_shown",
     .name = "Stock-out rate of levels shown (time)",
     .name_turkish = "Stok tükenme oranı (gösterilen, süre)",
     .name_polish = "Wskaźnik braków (poziomy pokazywane, czas)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "time that the level shown was nothing / time that positions were shown",
     .numerator = "position-seconds without a level",
     .denominator = "position-seconds",
     .dimensions = kPlaces,
     .needs = kPublishedNeeded,
     .by_currency = false,
     .evaluate = EvaluateUntold},
    {.key = "demand_stock_out_rate",
     .name = "Stock-out rate (demand)",
     .name_turkish = "Stok tükenme oranı (talep)",
     .name_polish = "Wskaźnik braków (popyt)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "lines that could not be reserved when they were asked for / lines asked for",
     .numerator = "lines unmet",
     .denominator = "lines asked for",
     .dimensions = kPlaces,
     .needs = kRefusals,
     .by_currency = false,
     .evaluate = EvaluateUntold},
    {.key = "replenishment_time",
     .name = "Replenishment time",
     .name_turkish = "Stok tamamlanma süresi",
     .name_polish = "Czas uzupełnienia zapasu",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kHours,
     .formula = "time from below the reorder point to the target level; stock_out_duration is the "
                "same from nothing to something",
     .numerator = "hours",
     .denominator = "replenishments",
     .dimensions = kPlaces,
     .needs = kTargets,
     .by_currency = false,
     .evaluate = EvaluateUntold},
    {.key = "refusal_rate",
     .name = "Refusal rate",
     .name_turkish = "Reddedilen rezervasyon oranı",
     .name_polish = "Wskaźnik odmów rezerwacji",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula = "reservations refused for want of stock / reservations asked for",
     .numerator = "refused",
     .denominator = "asked for",
     .dimensions = kPlaces,
     .needs = kRefusals,
     .by_currency = false,
     .evaluate = EvaluateUntold},
    {.key = "ready_time_open",
     .name = "Ready time in open hours",
     .name_turkish = "Hazır olma süresi (açık saatlerde)",
     .name_polish = "Czas przygotowania (w godzinach otwarcia)",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kMinutes,
     .formula = "time from placing to ready to collect while the store was open",
     .numerator = "minutes",
     .denominator = "pick-ups ready",
     .dimensions = kFulfilments,
     .needs = kHours,
     .by_currency = false,
     .evaluate = EvaluateUntold},
};

}  // namespace

std::span<const Figure> UntoldFigures() { return kFigures; }

}  // namespace stockd::reports
