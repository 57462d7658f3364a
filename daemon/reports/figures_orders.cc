// Figures about orders, and about returns by the day of the sale.
#include <algorithm>

#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kOrdersNeeded[] = {Needed::kSale, Needed::kSaleReference};
constexpr Needed kPricedOrders[] = {Needed::kSale, Needed::kSalePrice, Needed::kSaleReference};
constexpr Needed kReturnsOfSales[] = {Needed::kSale, Needed::kSaleReference, Needed::kReturn};
constexpr Measure kOrderFlows[] = {kOrders,     kOrderLines,         kOrderUnits,
                                   kOrderValue, kOrderUnpricedLines, kSaleLines};
constexpr Measure kCohortFlows[] = {kSaleUnits, kCohortReturnUnits, kCrossReturnUnits,
                                    kReturnUnmatchedLines, kCohortReturnLines};
constexpr Measure kNetOrderFlows[] = {
    kOrders, kOrderLines, kOrderValue, kOrderUnpricedLines, kSaleLines, kCohortReturnValue};

void CoverOrderLines(const Sums& sums, Outcome& outcome) {
  outcome.coverable = sums.Flow(kSaleLines);
  outcome.covered = sums.Flow(kOrderLines);
  Exclude(outcome, "REFERENCE_MISSING", outcome.coverable - outcome.covered);
}

void EvaluateOrders(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Count(sums.Flow(kOrders)));
  CoverOrderLines(sums, outcome);
}

void EvaluateOrderValue(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(sums.Flow(kOrderValue)), Count(sums.Flow(kOrders)));
  CoverOrderLines(sums, outcome);
  Exclude(outcome, "PRICE_UNKNOWN", sums.Flow(kOrderUnpricedLines));
}

void EvaluateNetOrderValue(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(sums.Flow(kOrderValue) - sums.Flow(kCohortReturnValue)),
        Count(sums.Flow(kOrders)));
  CoverOrderLines(sums, outcome);
  Exclude(outcome, "PRICE_UNKNOWN", sums.Flow(kOrderUnpricedLines));
}

void EvaluateOrderUnits(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kOrderUnits)), Count(sums.Flow(kOrders)));
  CoverOrderLines(sums, outcome);
}

void EvaluateVisits(const Sums& sums, Outcome& outcome) { Sum(outcome, Count(sums.Flow(kVisits))); }

void EvaluateConversion(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kOrders)), Count(sums.Flow(kVisits)), 100);
  outcome.interval =
      ShareInterval(std::min(sums.Flow(kOrders), sums.Flow(kVisits)), sums.Flow(kVisits));
}

void CoverReturns(const Sums& sums, Outcome& outcome) {
  Exclude(outcome, "SALE_UNKNOWN", sums.Flow(kReturnUnmatchedLines));
  outcome.covered = sums.Flow(kCohortReturnLines);
  outcome.coverable = outcome.covered + sums.Flow(kReturnUnmatchedLines);
}

void EvaluateReturnRate(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kCohortReturnUnits)), Units(sums.Flow(kSaleUnits)), 100);
  CoverReturns(sums, outcome);
}

void EvaluateCrossReturns(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kCrossReturnUnits)), Units(sums.Flow(kCohortReturnUnits)), 100);
  CoverReturns(sums, outcome);
}

constexpr Needed kVisitsNeeded[] = {Needed::kVisit};
constexpr Needed kVisitsAndOrders[] = {Needed::kVisit, Needed::kSale, Needed::kSaleReference};
constexpr Measure kVisitFlows[] = {kVisits, kOrders};
constexpr uint16_t kVisitPlaces = Dimension::kLocation | Dimension::kGroup | Dimension::kChannel;

constexpr Figure kFigures[] = {
    {.key = "visits",
     .name = "Visits",
     .name_turkish = "Ziyaret sayısı",
     .name_polish = "Liczba wizyt",
     .section = "commercial",
     .phase = Phase::kAwareness,
     .unit = Unit::kCount,
     .formula = "visits of a channel as they were told, by the hour; the latest count of an hour "
                "stands",
     .numerator = "visits",
     .denominator = "",
     .dimensions = kVisitPlaces,
     .needs = kVisitsNeeded,
     .by_currency = false,
     .flows = kVisitFlows,
     .evaluate = EvaluateVisits},
    {.key = "conversion",
     .name = "Conversion",
     .name_turkish = "Dönüşüm oranı",
     .name_polish = "Współczynnik konwersji",
     .section = "commercial",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "orders / visits, where visits were told; with its interval",
     .numerator = "orders",
     .denominator = "visits",
     .dimensions = kVisitPlaces,
     .needs = kVisitsAndOrders,
     .by_currency = false,
     .flows = kVisitFlows,
     .evaluate = EvaluateConversion},
    {.key = "orders",
     .name = "Orders",
     .name_turkish = "Sipariş sayısı",
     .name_polish = "Liczba zamówień",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kCount,
     .formula = "distinct references of sales of one source, by the earliest line",
     .numerator = "orders",
     .denominator = "",
     .dimensions = kOrderPlaces,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kOrderFlows,
     .evaluate = EvaluateOrders},
    {.key = "average_order_value",
     .name = "Average order value",
     .name_turkish = "Ortalama sipariş değeri (AOV)",
     .name_polish = "Średnia wartość zamówienia (AOV)",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kMoneyPerOrder,
     .formula = "value of sale lines that name an order, before returns / orders",
     .numerator = "value of orders",
     .denominator = "orders",
     .dimensions = kOrderPlaces,
     .needs = kPricedOrders,
     .by_currency = true,
     .flows = kOrderFlows,
     .evaluate = EvaluateOrderValue},
    {.key = "average_order_value_net",
     .name = "Average order value after returns",
     .name_turkish = "Ortalama sipariş değeri (iade sonrası)",
     .name_polish = "Średnia wartość zamówienia (po zwrotach)",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kMoneyPerOrder,
     .formula = "(value of sale lines that name an order - value of what came back of the sales of "
                "the time, whenever) / orders",
     .numerator = "value of orders kept",
     .denominator = "orders",
     .dimensions = kOrderPlaces,
     .needs = kPricedOrders,
     .by_currency = true,
     .flows = kNetOrderFlows,
     .evaluate = EvaluateNetOrderValue},
    {.key = "units_per_order",
     .name = "Units per transaction",
     .name_turkish = "Sipariş başına adet",
     .name_polish = "Sztuki na transakcję",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kUnitsPerOrder,
     .formula = "units of sale lines that name an order / orders",
     .numerator = "units",
     .denominator = "orders",
     .dimensions = kOrderPlaces,
     .needs = kOrdersNeeded,
     .by_currency = false,
     .flows = kOrderFlows,
     .evaluate = EvaluateOrderUnits},
    {.key = "return_rate",
     .name = "Return rate",
     .name_turkish = "İade oranı",
     .name_polish = "Wskaźnik zwrotów",
     .section = "commercial",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units returned of the sales of the time, whenever and wherever they came back / "
                "units sold",
     .numerator = "units returned",
     .denominator = "units sold",
     .dimensions = kTrade,
     .needs = kReturnsOfSales,
     .by_currency = false,
     .flows = kCohortFlows,
     .evaluate = EvaluateReturnRate},
    {.key = "cross_returns",
     .name = "Returns that came back elsewhere",
     .name_turkish = "Kanallar arası iadeler",
     .name_polish = "Zwroty międzykanałowe",
     .section = "commercial",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units returned at another location than the sale's / units returned, both by the "
                "day of the sale",
     .numerator = "units returned elsewhere",
     .denominator = "units returned",
     .dimensions = kTrade,
     .needs = kReturnsOfSales,
     .by_currency = false,
     .flows = kCohortFlows,
     .evaluate = EvaluateCrossReturns},
};

}  // namespace

std::span<const Figure> OrderFigures() { return kFigures; }

}  // namespace stockd::reports
