// Figures about the time that deliveries take, and what goes wrong with them.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kOrdersNeeded[] = {Needed::kOrder};
constexpr Measure kErrors[] = {kCompleted,          kCompletedWithError, kErrorWrongItem,
                               kErrorWrongQuantity, kErrorWrongAddress,  kErrorDamaged,
                               kErrorLost};
constexpr Measure kCycleFlows[] = {kCycles, kCycleMicros, kNetCycleMicros, kCompleted};
constexpr Measure kSubTimes[] = {kCycles,        kReleases,      kReleaseMicros,
                                 kPickings,      kPickingMicros, kPackings,
                                 kPackingMicros, kTransits,      kTransitMicros};
constexpr Measure kParcels[] = {kParcelsEnded, kParcelsFirstTry};

void EvaluateCycle(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kCycles, kCycleMicros, Distribution::kCycleMicros, kMicrosPerHour, outcome);
}

void EvaluateNetCycle(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kCycles, kNetCycleMicros, Distribution::kNetCycleMicros, kMicrosPerHour,
                outcome);
}

// A part of the time: of the fulfilments that say when it began and ended.
void EvaluatePart(const Sums& sums, Measure count, Measure micros, Distribution distribution,
                  Outcome& outcome) {
  EvaluateTimes(sums, count, micros, distribution, kMicrosPerHour, outcome);
  outcome.covered = sums.Flow(count);
  outcome.coverable = sums.Flow(kCycles);
}

void EvaluateRelease(const Sums& sums, Outcome& outcome) {
  EvaluatePart(sums, kReleases, kReleaseMicros, Distribution::kReleaseMicros, outcome);
}

void EvaluatePicking(const Sums& sums, Outcome& outcome) {
  EvaluatePart(sums, kPickings, kPickingMicros, Distribution::kPickingMicros, outcome);
}

void EvaluatePacking(const Sums& sums, Outcome& outcome) {
  EvaluatePart(sums, kPackings, kPackingMicros, Distribution::kPackingMicros, outcome);
}

void EvaluateTransit(const Sums& sums, Outcome& outcome) {
  EvaluatePart(sums, kTransits, kTransitMicros, Distribution::kTransitMicros, outcome);
}

void EvaluateErrors(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kCompletedWithError)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateWrongItem(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kErrorWrongItem)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateWrongQuantity(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kErrorWrongQuantity)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateWrongAddress(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kErrorWrongAddress)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateDamaged(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kErrorDamaged)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateLost(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kErrorLost)), Count(sums.Flow(kCompleted)), 100);
}

void EvaluateFirstTry(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kParcelsFirstTry)), Count(sums.Flow(kParcelsEnded)), 100);
}

constexpr Figure kFigures[] = {
    {.key = "cycle_time",
     .name = "Order fulfilment cycle time",
     .name_turkish = "Teslimat süresi",
     .name_polish = "Czas realizacji zamówienia",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from the placing of the order to the customer having it, of what was "
                "collected or delivered in the time",
     .numerator = "hours",
     .denominator = "fulfilments completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kCycleFlows,
     .distribution = Distribution::kCycleMicros,
     .evaluate = EvaluateCycle},
    {.key = "net_cycle_time",
     .name = "Cycle time, net",
     .name_turkish = "Teslimat süresi (net)",
     .name_polish = "Czas realizacji (netto)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "cycle time less the time that the customer wished to wait",
     .numerator = "hours",
     .denominator = "fulfilments completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kCycleFlows,
     .distribution = Distribution::kNetCycleMicros,
     .evaluate = EvaluateNetCycle},
    {.key = "release_time",
     .name = "Time to the begin of picking",
     .name_turkish = "Toplamaya başlama süresi",
     .name_polish = "Czas do rozpoczęcia kompletacji",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from placing to the begin of picking, of what was completed",
     .numerator = "hours",
     .denominator = "fulfilments",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kSubTimes,
     .distribution = Distribution::kReleaseMicros,
     .evaluate = EvaluateRelease},
    {.key = "picking_time",
     .name = "Picking time",
     .name_turkish = "Toplama süresi",
     .name_polish = "Czas kompletacji",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from the begin of picking to packed, or ready to collect",
     .numerator = "hours",
     .denominator = "fulfilments",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kSubTimes,
     .distribution = Distribution::kPickingMicros,
     .evaluate = EvaluatePicking},
    {.key = "handover_time",
     .name = "Time to the carrier",
     .name_turkish = "Kargoya teslim süresi",
     .name_polish = "Czas do nadania",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from packed to the hands of the carrier",
     .numerator = "hours",
     .denominator = "fulfilments",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kSubTimes,
     .distribution = Distribution::kPackingMicros,
     .evaluate = EvaluatePacking},
    {.key = "transit_time",
     .name = "Transit time",
     .name_turkish = "Yolda geçen süre",
     .name_polish = "Czas transportu",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula = "time from the hands of the carrier to the customer",
     .numerator = "hours",
     .denominator = "fulfilments",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kSubTimes,
     .distribution = Distribution::kTransitMicros,
     .evaluate = EvaluateTransit},
    {.key = "delivery_error_rate",
     .name = "Delivery error rate",
     .name_turkish = "Teslimat hatası oranı",
     .name_polish = "Wskaźnik błędów dostaw",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with at least one error / fulfilments completed or lost, by "
                "completion",
     .numerator = "with error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateErrors},
    {.key = "error_wrong_item",
     .name = "Errors: wrong item",
     .name_turkish = "Hata: yanlış ürün",
     .name_polish = "Błąd: zły towar",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with this error / fulfilments completed or lost",
     .numerator = "with this error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateWrongItem},
    {.key = "error_wrong_quantity",
     .name = "Errors: wrong quantity",
     .name_turkish = "Hata: yanlış miktar",
     .name_polish = "Błąd: zła ilość",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with this error / fulfilments completed or lost",
     .numerator = "with this error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateWrongQuantity},
    {.key = "error_wrong_address",
     .name = "Errors: wrong address",
     .name_turkish = "Hata: yanlış adres",
     .name_polish = "Błąd: zły adres",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with this error / fulfilments completed or lost",
     .numerator = "with this error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateWrongAddress},
    {.key = "error_damaged",
     .name = "Errors: damaged",
     .name_turkish = "Hata: hasarlı",
     .name_polish = "Błąd: uszkodzenie",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with this error / fulfilments completed or lost",
     .numerator = "with this error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateDamaged},
    {.key = "error_lost",
     .name = "Errors: lost",
     .name_turkish = "Hata: kayıp",
     .name_polish = "Błąd: zaginięcie",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "fulfilments with this error / fulfilments completed or lost",
     .numerator = "with this error",
     .denominator = "completed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kErrors,
     .evaluate = EvaluateLost},
    {.key = "first_attempt_rate",
     .name = "Delivered at the first attempt",
     .name_turkish = "İlk denemede teslimat",
     .name_polish = "Doręczenia za pierwszym razem",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "parcels delivered without a failed attempt / parcels delivered or given back",
     .numerator = "at the first attempt",
     .denominator = "parcels",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kParcels,
     .evaluate = EvaluateFirstTry},
};

}  // namespace

std::span<const Figure> DeliveryFigures() { return kFigures; }

}  // namespace stockd::reports
