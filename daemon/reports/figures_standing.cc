// Figures about how old the stock is that stands now, and what nobody buys.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

constexpr Needed kCosts[] = {Needed::kItemCost};

void EvaluateDead(const StandingSums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.idle_units));
}

void EvaluateDeadShare(const StandingSums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.idle_units), Units(sums.units), 100);
}

void EvaluateDeadValue(const StandingSums& sums, Outcome& outcome) {
  Sum(outcome, Money(sums.idle_value));
}

void EvaluateOldShare(const StandingSums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.old_units), Units(sums.units), 100);
}

void EvaluateAge(const StandingSums& sums, Outcome& outcome) {
  Int128 unit_days = 0;
  for (const auto& [days, units] : sums.ages) unit_days += units * days;
  Ratio(outcome, Units(unit_days), Units(sums.units));
  outcome.percentiles_exact = true;
  if (sums.units == 0) return;
  for (const int percent : {50, 90, 95, 99}) {
    Int128 seen = 0;
    for (const auto& [days, units] : sums.ages) {
      seen += units;
      if (seen * 100 < sums.units * percent) continue;
      outcome.percentiles.push_back({percent, static_cast<double>(days)});
      break;
    }
  }
}

constexpr Figure kFigures[] = {
    {.key = "dead_stock",
     .name = "Dead stock",
     .name_turkish = "Ölü stok (adet)",
     .name_polish = "Martwy zapas (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units on hand now at positions of which nothing was sold for the idle time (90 "
                "days unless asked otherwise)",
     .numerator = "units without a sale",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .kind = FigureKind::kStanding,
     .evaluate_standing = EvaluateDead},
    {.key = "dead_stock_share",
     .name = "Share of dead stock",
     .name_turkish = "Ölü stok payı",
     .name_polish = "Udział martwego zapasu",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "dead_stock / units on hand now",
     .numerator = "units without a sale",
     .denominator = "units on hand",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .kind = FigureKind::kStanding,
     .evaluate_standing = EvaluateDeadShare},
    {.key = "dead_stock_value",
     .name = "Dead stock at cost",
     .name_turkish = "Ölü stok değeri (maliyet)",
     .name_polish = "Wartość martwego zapasu (koszt)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kMoney,
     .formula = "dead_stock at the cost of now",
     .numerator = "value without a sale",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = kCosts,
     .by_currency = true,
     .kind = FigureKind::kStanding,
     .evaluate_standing = EvaluateDeadValue},
    {.key = "aged_stock_share",
     .name = "Share of old stock",
     .name_turkish = "Yaşlanmış stok payı",
     .name_polish = "Udział starego zapasu",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "units that came longer ago than the idle time / units on hand now; what came "
                "first leaves first",
     .numerator = "old units",
     .denominator = "units on hand",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .kind = FigureKind::kStanding,
     .evaluate_standing = EvaluateOldShare},
    {.key = "stock_age",
     .name = "Age of stock",
     .name_turkish = "Stok yaşı",
     .name_polish = "Wiek zapasu",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kDays,
     .formula = "days since the units on hand now came, first in, first out; mean and percentiles "
                "by units",
     .numerator = "unit-days",
     .denominator = "units on hand",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .kind = FigureKind::kStanding,
     .has_percentiles = true,
     .evaluate_standing = EvaluateAge},
};

}  // namespace

std::span<const Figure> StandingFigures() { return kFigures; }

}  // namespace stockd::reports
