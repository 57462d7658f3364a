// Figures about what was found of what customers ordered.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kOrdersNeeded[] = {Needed::kOrder};
constexpr Measure kPlacing[] = {
    kPlacedOrders,    kPickupOrders,        kCancelledEarlyOrders, kOpenOrders,
    kDecidedOrders,   kFilledOrders,        kDecidedLines,         kFilledLines,
    kDecidedUnits,    kFilledUnits,         kNotFoundUnits,        kSoldUnits,
    kBrokenUnits,     kOtherMissingUnits,   kShortLines,           kSubstitutedLines,
    kSubstituteUnits, kSubstituteKeptUnits, kPickedLines,          kPickErrorLines};

// Orders of which nobody knows yet, and those that were cancelled before anybody picked.
void CoverPlacing(const Sums& sums, Outcome& outcome) {
  Exclude(outcome, "CANCELLED_EARLY", sums.Flow(kCancelledEarlyOrders));
  Exclude(outcome, "STILL_OPEN", sums.Flow(kOpenOrders));
  outcome.covered = sums.Flow(kDecidedOrders);
  outcome.coverable = outcome.covered + sums.Flow(kOpenOrders);
}

void EvaluatePlaced(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Count(sums.Flow(kPlacedOrders)));
  Exclude(outcome, "CANCELLED_EARLY", sums.Flow(kCancelledEarlyOrders));
}

void EvaluatePickupShare(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kPickupOrders)), Count(sums.Flow(kPlacedOrders)), 100);
}

void EvaluateUnitFill(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kFilledUnits)), Units(sums.Flow(kDecidedUnits)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateLineFill(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kFilledLines)), Count(sums.Flow(kDecidedLines)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateOrderFill(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kFilledOrders)), Count(sums.Flow(kDecidedOrders)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateNoStock(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kNotFoundUnits) + sums.Flow(kSoldUnits)),
        Units(sums.Flow(kDecidedUnits)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateNotFound(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kNotFoundUnits)), Units(sums.Flow(kDecidedUnits)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateOversold(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kSoldUnits)), Units(sums.Flow(kDecidedUnits)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateBroken(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kBrokenUnits)), Units(sums.Flow(kDecidedUnits)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateShortLines(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kShortLines)), Count(sums.Flow(kDecidedLines)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateSubstitution(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kSubstitutedLines)), Count(sums.Flow(kDecidedLines)), 100);
  CoverPlacing(sums, outcome);
}

void EvaluateSubstituteKept(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kSubstituteKeptUnits)), Units(sums.Flow(kSubstituteUnits)), 100);
}

void EvaluatePickAccuracy(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kPickedLines) - sums.Flow(kPickErrorLines)),
        Count(sums.Flow(kPickedLines)), 100);
  CoverPlacing(sums, outcome);
}

constexpr Figure kFigures[] = {
    {.key = "orders_placed",
     .name = "Orders placed",
     .name_turkish = "Verilen siparişler",
     .name_polish = "Złożone zamówienia",
     .section = "delivery",
     .phase = Phase::kDecision,
     .unit = Unit::kCount,
     .formula = "orders by their placing, without those cancelled before anybody picked",
     .numerator = "orders",
     .denominator = "",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluatePlaced},
    {.key = "pickup_share",
     .name = "Share of orders collected",
     .name_turkish = "Mağazadan teslim (BOPIS) payı",
     .name_polish = "Udział odbioru w sklepie (BOPIS)",
     .section = "pickup",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula = "orders of which something is collected / orders placed",
     .numerator = "orders collected",
     .denominator = "orders placed",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluatePickupShare},
    {.key = "unit_fill_rate",
     .name = "Fill rate (units)",
     .name_turkish = "Karşılama oranı (adet)",
     .name_polish = "Wskaźnik realizacji (sztuki)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units found at the first attempt / units ordered, without those that the "
                "customer cancelled; of orders that were picked",
     .numerator = "units found",
     .denominator = "units ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateUnitFill},
    {.key = "line_fill_rate",
     .name = "Fill rate (lines)",
     .name_turkish = "Karşılama oranı (satır)",
     .name_polish = "Wskaźnik realizacji (pozycje)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "lines found completely at the first attempt / lines ordered, of orders that were "
                "picked",
     .numerator = "lines found",
     .denominator = "lines ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateLineFill},
    {.key = "order_fill_rate",
     .name = "Fill rate (orders)",
     .name_turkish = "Karşılama oranı (sipariş)",
     .name_polish = "Wskaźnik realizacji (zamówienia)",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "orders found completely at the first attempt / orders that were picked",
     .numerator = "orders found",
     .denominator = "orders",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateOrderFill},
    {.key = "no_stock_rate",
     .name = "Missing for want of stock",
     .name_turkish = "Stok yokluğundan eksik",
     .name_polish = "Braki z powodu stanu",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units that were not found or had been sold to somebody else / units ordered",
     .numerator = "units missing",
     .denominator = "units ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateNoStock},
    {.key = "record_error_rate",
     .name = "Missing, the record was wrong",
     .name_turkish = "Kayıt hatası nedeniyle eksik",
     .name_polish = "Braki przez błąd ewidencji",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units that were not found / units ordered",
     .numerator = "units not found",
     .denominator = "units ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateNotFound},
    {.key = "oversold_rate",
     .name = "Missing, sold to somebody else",
     .name_turkish = "Başkasına satıldığı için eksik",
     .name_polish = "Braki przez sprzedaż innemu",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units that somebody else took first / units ordered",
     .numerator = "units sold to somebody else",
     .denominator = "units ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateOversold},
    {.key = "damaged_stock_rate",
     .name = "Missing, damaged",
     .name_turkish = "Hasar nedeniyle eksik",
     .name_polish = "Braki przez uszkodzenie",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units that were found damaged / units ordered",
     .numerator = "units damaged",
     .denominator = "units ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateBroken},
    {.key = "short_line_rate",
     .name = "Short lines",
     .name_turkish = "Eksik satır oranı",
     .name_polish = "Pozycje niepełne",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "lines of which units were missing / lines ordered, of orders that were picked",
     .numerator = "short lines",
     .denominator = "lines ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateShortLines},
    {.key = "substitution_rate",
     .name = "Substitution rate",
     .name_turkish = "İkame oranı",
     .name_polish = "Wskaźnik zamienników",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "lines with a substitute / lines ordered, of orders that were picked",
     .numerator = "substituted lines",
     .denominator = "lines ordered",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateSubstitution},
    {.key = "substitute_acceptance",
     .name = "Substitutes accepted",
     .name_turkish = "Kabul edilen ikameler",
     .name_polish = "Przyjęte zamienniki",
     .section = "pickup",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units of substitutes that the customer kept / units of substitutes",
     .numerator = "units kept",
     .denominator = "units of substitutes",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluateSubstituteKept},
    {.key = "pick_accuracy",
     .name = "Pick accuracy",
     .name_turkish = "Toplama doğruluğu",
     .name_polish = "Dokładność kompletacji",
     .section = "delivery",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "lines without a wrong item or quantity / lines picked",
     .numerator = "lines without error",
     .denominator = "lines picked",
     .dimensions = kFulfilments,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kPlacing,
     .evaluate = EvaluatePickAccuracy},
};

}  // namespace

std::span<const Figure> FillFigures() { return kFigures; }

}  // namespace stockd::reports
