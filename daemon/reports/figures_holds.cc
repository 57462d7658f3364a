// Figures about reservations that hold units for a time.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kHoldsNeeded[] = {Needed::kHold};
constexpr Measure kHoldFlows[] = {kHolds, kHoldsConverted, kHoldsExpired, kHoldsReleased};
constexpr Measure kHeldFlows[] = {kHeldUnits, kHeldUnitsConverted, kHeldTime, kHeldTimeWasted};
constexpr uint16_t kHoldPlaces = Dimension::kLocation | Dimension::kGroup | Dimension::kChannel;
constexpr uint16_t kHeldPlaces = kPlaces | Dimension::kChannel;

// Those that are open may still become anything.
void CoverHolds(const Sums& sums, Outcome& outcome) {
  outcome.coverable = sums.Flow(kHolds);
  outcome.covered =
      sums.Flow(kHoldsConverted) + sums.Flow(kHoldsExpired) + sums.Flow(kHoldsReleased);
  Exclude(outcome, "STILL_OPEN", outcome.coverable - outcome.covered);
}

void EvaluateConversion(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kHoldsConverted)), Count(sums.Flow(kHolds)), 100);
  CoverHolds(sums, outcome);
}

void EvaluateExpired(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kHoldsExpired)), Count(sums.Flow(kHolds)), 100);
  CoverHolds(sums, outcome);
}

void EvaluateReleased(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kHoldsReleased)), Count(sums.Flow(kHolds)), 100);
  CoverHolds(sums, outcome);
}

void EvaluateUnitConversion(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kHeldUnitsConverted)), Units(sums.Flow(kHeldUnits)), 100);
}

// Both in unit-seconds.
void EvaluateWaste(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, {.value = sums.Flow(kHeldTimeWasted), .decimals = 12},
        {.value = sums.Flow(kHeldTime), .decimals = 12}, 100);
}

constexpr Figure kFigures[] = {
    {.key = "hold_conversion",
     .name = "Reservation conversion",
     .name_turkish = "Rezervasyon dönüşüm oranı",
     .name_polish = "Konwersja rezerwacji",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula =
         "holds of which units were committed or sold / holds granted, both by their granting",
     .numerator = "holds converted",
     .denominator = "holds",
     .dimensions = kHoldPlaces,
     .needs = kHoldsNeeded,
     .by_currency = false,
     .flows = kHoldFlows,
     .evaluate = EvaluateConversion},
    {.key = "hold_expiry",
     .name = "Reservations expired",
     .name_turkish = "Süresi dolan rezervasyonlar",
     .name_polish = "Rezerwacje wygasłe",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula =
         "holds that ended at their deadline with nothing committed / holds granted, both by "
         "their granting",
     .numerator = "holds expired",
     .denominator = "holds",
     .dimensions = kHoldPlaces,
     .needs = kHoldsNeeded,
     .by_currency = false,
     .flows = kHoldFlows,
     .evaluate = EvaluateExpired},
    {.key = "hold_release",
     .name = "Reservations given back",
     .name_turkish = "Bırakılan rezervasyonlar",
     .name_polish = "Rezerwacje zwolnione",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula =
         "holds that were given back before their deadline with nothing committed / holds granted, "
         "both by their granting",
     .numerator = "holds given back",
     .denominator = "holds",
     .dimensions = kHoldPlaces,
     .needs = kHoldsNeeded,
     .by_currency = false,
     .flows = kHoldFlows,
     .evaluate = EvaluateReleased},
    {.key = "hold_unit_conversion",
     .name = "Reserved units converted",
     .name_turkish = "Rezerve adet dönüşümü",
     .name_polish = "Konwersja zarezerwowanych sztuk",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula = "units that left a hold by commitment or sale / units that left a hold",
     .numerator = "units converted",
     .denominator = "units that left a hold",
     .dimensions = kHeldPlaces,
     .needs = kHoldsNeeded,
     .by_currency = false,
     .flows = kHeldFlows,
     .evaluate = EvaluateUnitConversion},
    {.key = "hold_waste",
     .name = "Hold waste",
     .name_turkish = "Boşa tutulan rezervasyon süresi",
     .name_polish = "Marnotrawstwo rezerwacji",
     .section = "reservations",
     .phase = Phase::kDecision,
     .unit = Unit::kPercent,
     .formula =
         "unit-seconds held of units that were given back or expired / unit-seconds held, by "
         "when the units left the hold",
     .numerator = "unit-seconds wasted",
     .denominator = "unit-seconds held",
     .dimensions = kHeldPlaces,
     .needs = kHoldsNeeded,
     .by_currency = false,
     .flows = kHeldFlows,
     .evaluate = EvaluateWaste},
};

}  // namespace

std::span<const Figure> HoldFigures() { return kFigures; }

}  // namespace stockd::reports
