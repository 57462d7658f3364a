// Figures about sales and returns, line by line.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kSales[] = {Needed::kSale};
constexpr Needed kPricedSales[] = {Needed::kSale, Needed::kSalePrice};
constexpr Measure kUnitFlows[] = {kSaleUnits, kReturnUnits, kSaleLines};
constexpr Measure kMoneyFlows[] = {kSaleValue,           kReturnValue, kSaleUnpricedLines,
                                   kReturnUnpricedLines, kSaleLines,   kReturnLines};

void EvaluateGrossSales(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Money(sums.Flow(kSaleValue)));
  CoverSales(sums, outcome, sums.Flow(kSaleUnpricedLines), "PRICE_UNKNOWN");
}

void EvaluateNetSales(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Money(NetValue(sums)));
  ExcludeUnpriced(sums, outcome);
}

void EvaluateShare(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(NetValue(sums)),
        Money(sums.FlowOfAll(kSaleValue) - sums.FlowOfAll(kReturnValue)), 100);
  ExcludeUnpriced(sums, outcome);
}

void EvaluateUnitsSold(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.Flow(kSaleUnits)));
}

void EvaluateUnitsReturned(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.Flow(kReturnUnits)));
}

void EvaluateReturnsToSales(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kReturnUnits)), Units(sums.Flow(kSaleUnits)), 100);
}

// Of those whose customer is known; so many of all sales in shops are.
void EvaluateRopo(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(sums.Flow(kShopContactedValue)), Money(sums.Flow(kShopKnownValue)), 100);
  outcome.covered = sums.Flow(kShopKnownLines);
  outcome.coverable = sums.Flow(kShopLines);
  Exclude(outcome, "CUSTOMER_UNKNOWN", outcome.coverable - outcome.covered);
}

constexpr Needed kContactsNeeded[] = {Needed::kSale, Needed::kSalePrice, Needed::kContact};
constexpr Measure kRopoFlows[] = {kShopContactedValue, kShopKnownValue, kShopKnownLines,
                                  kShopLines};

constexpr Figure kFigures[] = {
    {.key = "net_sales",
     .name = "Net sales",
     .name_turkish = "Toplam satış geliri",
     .name_polish = "Przychody ze sprzedaży netto",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kMoney,
     .formula = "value of sales - value of returns, at the prices of the facts",
     .numerator = "net sales",
     .denominator = "",
     .dimensions = kTrade,
     .needs = kPricedSales,
     .by_currency = true,
     .flows = kMoneyFlows,
     .evaluate = EvaluateNetSales},
    {.key = "gross_sales",
     .name = "Gross sales",
     .name_turkish = "Brüt satış geliri",
     .name_polish = "Przychody ze sprzedaży brutto",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kMoney,
     .formula = "value of sales before returns, at the prices of the facts",
     .numerator = "gross sales",
     .denominator = "",
     .dimensions = kTrade,
     .needs = kPricedSales,
     .by_currency = true,
     .flows = kMoneyFlows,
     .evaluate = EvaluateGrossSales},
    {.key = "sales_share",
     .name = "Share of net sales",
     .name_turkish = "Satış payı (kanal bazında satış)",
     .name_polish = "Udział w sprzedaży",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula = "net sales of the group / net sales of all groups of the same time",
     .numerator = "net sales",
     .denominator = "net sales of all groups",
     .dimensions = kTrade,
     .needs = kPricedSales,
     .by_currency = true,
     .flows = kMoneyFlows,
     .evaluate = EvaluateShare},
    {.key = "units_sold",
     .name = "Units sold",
     .name_turkish = "Satılan adet",
     .name_polish = "Sprzedane sztuki",
     .section = "commercial",
     .phase = Phase::kDecision,
     .unit = Unit::kUnits,
     .formula = "units of sales before returns",
     .numerator = "units sold",
     .denominator = "",
     .dimensions = kTrade,
     .needs = kSales,
     .by_currency = false,
     .flows = kUnitFlows,
     .evaluate = EvaluateUnitsSold},
    {.key = "units_returned",
     .name = "Units returned",
     .name_turkish = "İade edilen adet",
     .name_polish = "Zwrócone sztuki",
     .section = "commercial",
     .phase = Phase::kService,
     .unit = Unit::kUnits,
     .formula = "units of returns, by the day of the return",
     .numerator = "units returned",
     .denominator = "",
     .dimensions = kTrade,
     .needs = kSales,
     .by_currency = false,
     .flows = kUnitFlows,
     .evaluate = EvaluateUnitsReturned},
    {.key = "returns_to_sales",
     .name = "Returns to sales of the same time",
     .name_turkish = "İade / satış oranı",
     .name_polish = "Zwroty do sprzedaży",
     .section = "commercial",
     .phase = Phase::kService,
     .unit = Unit::kPercent,
     .formula = "units returned / units sold, both by their own day",
     .numerator = "units returned",
     .denominator = "units sold",
     .dimensions = kTrade,
     .needs = kSales,
     .by_currency = false,
     .flows = kUnitFlows,
     .evaluate = EvaluateReturnsToSales},
    {.key = "ropo_share",
     .name = "Research online, purchase offline (14 days)",
     .name_turkish = "ROPO payı (14 gün)",
     .name_polish = "Efekt ROPO (14 dni)",
     .section = "commercial",
     .phase = Phase::kAwareness,
     .unit = Unit::kPercent,
     .formula = "value of sales in shops to customers who had an online contact with the item in "
                "the 14 days before / value of sales in shops to known customers; coverage is the "
                "share of lines whose customer is known",
     .numerator = "sales after a contact",
     .denominator = "sales to known customers",
     .dimensions = kTrade,
     .needs = kContactsNeeded,
     .by_currency = true,
     .flows = kRopoFlows,
     .evaluate = EvaluateRopo},
};

}  // namespace

std::span<const Figure> TradeFigures() { return kFigures; }

}  // namespace stockd::reports
