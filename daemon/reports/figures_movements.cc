// Figures about units that come and go otherwise than by sales.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

template <Measure measure>
constexpr Measure kOnly[] = {measure};

template <Measure measure>
void EvaluateSum(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.Flow(measure)));
}

constexpr Figure kFigures[] = {
    {.key = "units_received",
     .name = "Units received",
     .name_turkish = "Teslim alınan adet",
     .name_polish = "Przyjęte sztuki",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units of receipts from suppliers, by when they occurred",
     .numerator = "units received",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kReceiptUnits>,
     .evaluate = EvaluateSum<kReceiptUnits>},
    {.key = "units_adjusted_up",
     .name = "Units found",
     .name_turkish = "Stok fazlası düzeltmeleri (adet)",
     .name_polish = "Korekty na plus (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units of adjustments upwards, by when they occurred",
     .numerator = "units found",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kAdjustedUpUnits>,
     .evaluate = EvaluateSum<kAdjustedUpUnits>},
    {.key = "units_adjusted_down",
     .name = "Units written off",
     .name_turkish = "Stok eksiği düzeltmeleri (adet)",
     .name_polish = "Korekty na minus (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units of adjustments downwards, by when they occurred",
     .numerator = "units written off",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kAdjustedDownUnits>,
     .evaluate = EvaluateSum<kAdjustedDownUnits>},
    {.key = "units_damaged",
     .name = "Units damaged",
     .name_turkish = "Hasarlı adet",
     .name_polish = "Uszkodzone sztuki",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units told to be damaged, by when they occurred",
     .numerator = "units damaged",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kDamagedUnits>,
     .evaluate = EvaluateSum<kDamagedUnits>},
    {.key = "units_transferred_in",
     .name = "Units transferred in",
     .name_turkish = "Gelen transfer (adet)",
     .name_polish = "Przesunięcia przychodzące (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units that came from other locations, by when they occurred",
     .numerator = "units in",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kTransferInUnits>,
     .evaluate = EvaluateSum<kTransferInUnits>},
    {.key = "units_transferred_out",
     .name = "Units transferred out",
     .name_turkish = "Giden transfer (adet)",
     .name_polish = "Przesunięcia wychodzące (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "units sent to other locations, by when they occurred",
     .numerator = "units out",
     .denominator = "",
     .dimensions = kPlaces | Dimension::kSource,
     .needs = {},
     .by_currency = false,
     .flows = kOnly<kTransferOutUnits>,
     .evaluate = EvaluateSum<kTransferOutUnits>},
};

}  // namespace

std::span<const Figure> MovementFigures() { return kFigures; }

}  // namespace stockd::reports
