// Figures about what stands: turnover, days, sell-through, value.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kSales[] = {Needed::kSale};
constexpr Needed kSalesAndCost[] = {Needed::kSale, Needed::kItemCost};
constexpr Needed kSalesAndPrices[] = {Needed::kSale, Needed::kSalePrice, Needed::kItemPrice};
constexpr Needed kSalesCostAndPrice[] = {Needed::kSale, Needed::kSalePrice, Needed::kItemCost};
constexpr Needed kCosts[] = {Needed::kItemCost};
constexpr Needed kSalesAndReceipts[] = {Needed::kSale, Needed::kReceipt};
constexpr Measure kUnitFlows[] = {kSaleUnits, kReturnUnits, kSaleLines};
constexpr Measure kMoneyFlows[] = {kSaleValue,           kReturnValue, kSaleUnpricedLines,
                                   kReturnUnpricedLines, kSaleLines,   kReturnLines};
constexpr Measure kCostFlows[] = {kSaleCost, kReturnCost, kSaleUncostedUnits, kSaleUnits,
                                  kSaleLines};
constexpr Measure kMarginFlows[] = {
    kSaleValue, kReturnValue,       kSaleCost,  kReturnCost,  kSaleUncostedUnits,
    kSaleUnits, kSaleUnpricedLines, kSaleLines, kReturnLines, kReturnUnpricedLines};
constexpr Measure kSellThroughFlows[] = {kSaleUnits, kReturnUnits, kReceiptUnits, kTransferInUnits,
                                         kSaleLines};
constexpr Measure kOnHand[] = {kOnHandStep};
constexpr Measure kAtCost[] = {kCostStep};
constexpr Measure kAtRetail[] = {kRetailStep};

void EvaluateTurnoverUnits(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(NetUnits(sums)), Average(sums, kOnHandStep, kUnitDecimals),
        kYearDays / Days(sums));
}

void ExcludeUncosted(const Sums& sums, Outcome& outcome) {
  const Int128 uncosted = sums.Flow(kSaleUncostedUnits);
  Exclude(outcome, "COST_UNKNOWN_UNITS", uncosted / 1'000'000);
  outcome.coverable = sums.Flow(kSaleUnits);
  outcome.covered = outcome.coverable - uncosted;
}

void EvaluateTurnoverCost(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(NetCost(sums)), Average(sums, kCostStep, kMoneyDecimals),
        kYearDays / Days(sums));
  ExcludeUncosted(sums, outcome);
}

void EvaluateTurnoverRetail(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(NetValue(sums)), Average(sums, kRetailStep, kMoneyDecimals),
        kYearDays / Days(sums));
  ExcludeUnpriced(sums, outcome);
}

void EvaluateDaysOutstanding(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Average(sums, kCostStep, kMoneyDecimals), Money(NetCost(sums)), Days(sums));
  ExcludeUncosted(sums, outcome);
}

void EvaluateDaysOfSupply(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Closing(kOnHandStep)), Units(NetUnits(sums)), Days(sums));
}

void EvaluateSellThrough(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(NetUnits(sums)), Units(sums.Opening(kOnHandStep) + sums.Flow(kReceiptUnits)),
        100);
}

void EvaluateStoreSellThrough(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(NetUnits(sums)),
        Units(sums.Opening(kOnHandStep) + sums.Flow(kReceiptUnits) + sums.Flow(kTransferInUnits)),
        100);
}

void EvaluateGmroi(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(NetValue(sums) - NetCost(sums)), Average(sums, kCostStep, kMoneyDecimals));
  ExcludeUncosted(sums, outcome);
  Exclude(outcome, "PRICE_UNKNOWN",
          sums.Flow(kSaleUnpricedLines) + sums.Flow(kReturnUnpricedLines));
}

void EvaluateOnHandAverage(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Average(sums, kOnHandStep, kUnitDecimals));
}

void EvaluateOnHandMidpoint(const Sums& sums, Outcome& outcome) {
  Sum(outcome, {.value = sums.Opening(kOnHandStep) + sums.Closing(kOnHandStep),
                .divisor = 2,
                .decimals = kUnitDecimals});
}

void EvaluateOnHandClosing(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.Closing(kOnHandStep)));
}

void EvaluateValueAverage(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Average(sums, kCostStep, kMoneyDecimals));
}

void EvaluateValueClosing(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Money(sums.Closing(kCostStep)));
}

constexpr Figure kFigures[] = {
    {.key = "turnover_units",
     .name = "Inventory turnover (units)",
     .name_turkish = "Stok dönüş hızı (adet)",
     .name_polish = "Rotacja zapasów (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kTurnsPerYear,
     .formula = "net units sold / time-weighted average units on hand * 365 / days",
     .numerator = "net units sold",
     .denominator = "average units on hand",
     .dimensions = kPlaces,
     .needs = kSales,
     .by_currency = false,
     .flows = kUnitFlows,
     .steps = kOnHand,
     .evaluate = EvaluateTurnoverUnits},
    {.key = "turnover_cost",
     .name = "Inventory turnover (cost)",
     .name_turkish = "Stok dönüş hızı (maliyet)",
     .name_polish = "Rotacja zapasów (koszt)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kTurnsPerYear,
     .formula = "cost of net sales, at the cost of that time / time-weighted average stock at cost "
                "* 365 / days",
     .numerator = "cost of goods sold",
     .denominator = "average stock at cost",
     .dimensions = kPlaces,
     .needs = kSalesAndCost,
     .by_currency = true,
     .flows = kCostFlows,
     .steps = kAtCost,
     .evaluate = EvaluateTurnoverCost},
    {.key = "turnover_retail",
     .name = "Inventory turnover (retail)",
     .name_turkish = "Stok dönüş hızı (satış fiyatı)",
     .name_polish = "Rotacja zapasów (cena sprzedaży)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kTurnsPerYear,
     .formula = "net sales / time-weighted average stock at the items' prices * 365 / days",
     .numerator = "net sales",
     .denominator = "average stock at retail",
     .dimensions = kPlaces,
     .needs = kSalesAndPrices,
     .by_currency = true,
     .flows = kMoneyFlows,
     .steps = kAtRetail,
     .evaluate = EvaluateTurnoverRetail},
    {.key = "days_inventory_outstanding",
     .name = "Days inventory outstanding",
     .name_turkish = "Stokta kalma süresi (gün)",
     .name_polish = "Dni zapasu",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kDays,
     .formula = "time-weighted average stock at cost / cost of net sales * days",
     .numerator = "average stock at cost",
     .denominator = "cost of goods sold",
     .dimensions = kPlaces,
     .needs = kSalesAndCost,
     .by_currency = true,
     .flows = kCostFlows,
     .steps = kAtCost,
     .evaluate = EvaluateDaysOutstanding},
    {.key = "days_of_supply",
     .name = "Days of supply",
     .name_turkish = "Stok yeterlilik süresi (gün)",
     .name_polish = "Dni pokrycia zapasem",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kDays,
     .formula = "units on hand at the end of the time / net units sold a day, at the pace of the "
                "time; no forecast",
     .numerator = "units on hand",
     .denominator = "net units sold",
     .dimensions = kPlaces,
     .needs = kSales,
     .by_currency = false,
     .flows = kUnitFlows,
     .steps = kOnHand,
     .evaluate = EvaluateDaysOfSupply},
    {.key = "sell_through",
     .name = "Sell-through of the chain",
     .name_turkish = "Satış oranı (zincir)",
     .name_polish = "Wskaźnik wyprzedaży (sieć)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "net units sold / (opening units on hand + units received from suppliers)",
     .numerator = "net units sold",
     .denominator = "opening stock and receipts",
     .dimensions = kPlaces,
     .needs = kSalesAndReceipts,
     .by_currency = false,
     .flows = kSellThroughFlows,
     .steps = kOnHand,
     .evaluate = EvaluateSellThrough},
    {.key = "store_sell_through",
     .name = "Sell-through of a store",
     .name_turkish = "Satış oranı (mağaza)",
     .name_polish = "Wskaźnik wyprzedaży (sklep)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "net units sold / (opening units on hand + units received, transfers in included)",
     .numerator = "net units sold",
     .denominator = "opening stock, receipts and transfers in",
     .dimensions = kPlaces,
     .needs = kSales,
     .by_currency = false,
     .flows = kSellThroughFlows,
     .steps = kOnHand,
     .evaluate = EvaluateStoreSellThrough},
    {.key = "gmroi",
     .name = "Gross margin return on inventory",
     .name_turkish = "Stok yatırımının brüt kâr getirisi (GMROI)",
     .name_polish = "Zwrot marży z zapasów (GMROI)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kRatio,
     .formula = "(net sales - cost of net sales) / time-weighted average stock at cost",
     .numerator = "gross margin",
     .denominator = "average stock at cost",
     .dimensions = kPlaces,
     .needs = kSalesCostAndPrice,
     .by_currency = true,
     .flows = kMarginFlows,
     .steps = kAtCost,
     .evaluate = EvaluateGmroi},
    {.key = "on_hand_average",
     .name = "Average units on hand",
     .name_turkish = "Ortalama stok (adet)",
     .name_polish = "Średni zapas (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "integral of units on hand over the time / the time",
     .numerator = "average units on hand",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .steps = kOnHand,
     .evaluate = EvaluateOnHandAverage},
    {.key = "on_hand_midpoint",
     .name = "Mean of opening and closing units",
     .name_turkish = "Açılış ve kapanış stok ortalaması",
     .name_polish = "Średnia zapasu początkowego i końcowego",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "(opening + closing units on hand) / 2, as textbooks do; not time-weighted",
     .numerator = "mean of opening and closing",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .steps = kOnHand,
     .evaluate = EvaluateOnHandMidpoint},
    {.key = "on_hand",
     .name = "Units on hand",
     .name_turkish = "Eldeki stok (adet)",
     .name_polish = "Stan zapasu (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units on hand at the end of the time",
     .numerator = "units on hand",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .steps = kOnHand,
     .evaluate = EvaluateOnHandClosing},
    {.key = "stock_value_average",
     .name = "Average stock at cost",
     .name_turkish = "Ortalama stok değeri (maliyet)",
     .name_polish = "Średnia wartość zapasu (koszt)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kMoney,
     .formula = "integral of stock at the cost of that time over the time / the time",
     .numerator = "average stock at cost",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = kCosts,
     .by_currency = true,
     .steps = kAtCost,
     .evaluate = EvaluateValueAverage},
    {.key = "stock_value",
     .name = "Stock at cost",
     .name_turkish = "Stok değeri (maliyet)",
     .name_polish = "Wartość zapasu (koszt)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kMoney,
     .formula = "units on hand at the end of the time, at the cost of then",
     .numerator = "stock at cost",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = kCosts,
     .by_currency = true,
     .steps = kAtCost,
     .evaluate = EvaluateValueClosing},
};

}  // namespace

std::span<const Figure> StockFigures() { return kFigures; }

}  // namespace stockd::reports
