// Figures about promises to customers, by when they fall due: up to the last full hour, for what is
// promised for later is neither kept nor broken.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kPromises[] = {Needed::kOrder, Needed::kPromise};
constexpr Measure kDue[] = {kDeliveriesDue, kDeliveriesOnTime, kOrdersWithoutPromise};
constexpr Measure kLate[] = {kDeliveriesLate, kDeliveryLateMicros, kDeliveriesDue,
                             kDeliveriesOnTime};
constexpr Measure kOrderDue[] = {
    kOrdersDue,       kOrdersOnTime, kOrdersInFull, kOrdersOtif, kOrdersPerfect,
    kLinesDue,        kLinesOtif,    kUnitsDue,     kUnitsOtif,  kOrdersWithoutPromise,
    kOrdersUndamaged, kOrdersRight};

void CoverPromised(const Sums& sums, Outcome& outcome) {
  const Int128 without = sums.Flow(kOrdersWithoutPromise);
  Exclude(outcome, "NO_PROMISE", without);
  outcome.covered = sums.Flow(kOrdersDue);
  outcome.coverable = outcome.covered + without;
}

void EvaluateOnTime(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kDeliveriesOnTime)), Count(sums.Flow(kDeliveriesDue)), 100);
  Exclude(outcome, "NO_PROMISE", sums.Flow(kOrdersWithoutPromise));
}

// What has not come yet is late by nobody knows how much.
void EvaluateLate(const Sums& sums, Outcome& outcome) {
  EvaluateTimes(sums, kDeliveriesLate, kDeliveryLateMicros, Distribution::kDeliveryLateMicros,
                kMicrosPerHour, outcome);
  outcome.coverable = sums.Flow(kDeliveriesDue) - sums.Flow(kDeliveriesOnTime);
  outcome.covered = sums.Flow(kDeliveriesLate);
  Exclude(outcome, "NOT_THERE_YET", outcome.coverable - outcome.covered);
}

void EvaluateInFull(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kOrdersInFull)), Count(sums.Flow(kOrdersDue)), 100);
  CoverPromised(sums, outcome);
}

void EvaluateOtif(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kOrdersOtif)), Count(sums.Flow(kOrdersDue)), 100);
  CoverPromised(sums, outcome);
}

void EvaluateLineOtif(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kLinesOtif)), Count(sums.Flow(kLinesDue)), 100);
  CoverPromised(sums, outcome);
}

void EvaluateUnitOtif(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kUnitsOtif)), Units(sums.Flow(kUnitsDue)), 100);
  CoverPromised(sums, outcome);
}

void EvaluatePerfect(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kOrdersPerfect)), Count(sums.Flow(kOrdersDue)), 100);
  CoverPromised(sums, outcome);
}

// The product of four rates over as many denominators: an approximation, and labelled so.
void EvaluatePerfectIndex(const Sums& sums, Outcome& outcome) {
  const Int128 due = sums.Flow(kOrdersDue);
  Ratio(outcome,
        Count(sums.Flow(kOrdersOnTime) * sums.Flow(kOrdersInFull) * sums.Flow(kOrdersUndamaged) *
              sums.Flow(kOrdersRight)),
        Count(due * due * due * due), 100);
  CoverPromised(sums, outcome);
}

constexpr Figure kFigures[] = {
    {.key = "on_time_delivery",
     .name = "On-time delivery",
     .name_turkish = "Zamanında teslimat oranı",
     .name_polish = "Dostawy na czas",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "deliveries not later than first promised / deliveries promised for the time; "
                "what has not come is late",
     .numerator = "on time",
     .denominator = "deliveries due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kDue,
     .evaluate = EvaluateOnTime},
    {.key = "delivery_lateness",
     .name = "Lateness of late deliveries",
     .name_turkish = "Geciken teslimatların gecikmesi",
     .name_polish = "Opóźnienie spóźnionych dostaw",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kHours,
     .formula =
         "time from the first promise to the customer having it, of what came late; mean and "
         "percentiles; what has not come is counted apart",
     .numerator = "hours",
     .denominator = "late deliveries",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kLate,
     .distribution = Distribution::kDeliveryLateMicros,
     .evaluate = EvaluateLate},
    {.key = "in_full",
     .name = "In full",
     .name_turkish = "Eksiksiz teslimat oranı",
     .name_polish = "Zamówienia kompletne",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula =
         "orders of which the customer got all that was ordered, or could have collected it; "
         "substitutes not counted / orders due",
     .numerator = "orders in full",
     .denominator = "orders due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluateInFull},
    {.key = "otif",
     .name = "On time in full (orders)",
     .name_turkish = "Zamanında ve eksiksiz (OTIF, sipariş)",
     .name_polish = "Na czas i w całości (OTIF, zamówienia)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "orders both on time and in full / orders due, by the last of their first "
                "promises",
     .numerator = "orders on time in full",
     .denominator = "orders due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluateOtif},
    {.key = "otif_lines",
     .name = "On time in full (lines)",
     .name_turkish = "OTIF (satır)",
     .name_polish = "OTIF (pozycje)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "lines complete, of orders on time / lines due",
     .numerator = "lines on time in full",
     .denominator = "lines due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluateLineOtif},
    {.key = "otif_units",
     .name = "On time in full (units)",
     .name_turkish = "OTIF (adet)",
     .name_polish = "OTIF (sztuki)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units with the customer, of orders on time / units due",
     .numerator = "units on time",
     .denominator = "units due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluateUnitOtif},
    {.key = "perfect_order",
     .name = "Perfect orders",
     .name_turkish = "Kusursuz sipariş oranı",
     .name_polish = "Zamówienia doskonałe",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "orders on time, in full and without any error told / orders due; judged order by "
                "order",
     .numerator = "perfect orders",
     .denominator = "orders due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluatePerfect},
    {.key = "perfect_order_index",
     .name = "Perfect order index (product)",
     .name_turkish = "Kusursuz sipariş endeksi (çarpım)",
     .name_polish = "Indeks zamówień doskonałych (iloczyn)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "share on time * share in full * share undamaged * share without a wrong item, "
                "quantity or address, of orders due: an approximation of perfect_order that other "
                "houses publish",
     .numerator = "product of the four counts",
     .denominator = "fourth power of orders due",
     .dimensions = kFulfilments,
     .needs = kPromises,
     .by_currency = false,
     .flows = kOrderDue,
     .evaluate = EvaluatePerfectIndex},
};

}  // namespace

std::span<const Figure> PromiseFigures() { return kFigures; }

}  // namespace stockd::reports
