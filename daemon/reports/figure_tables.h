#pragma once

#include <span>

#include "daemon/reports/figure.h"

namespace stockd::reports {

// The figures of each area; Figures() joins them.
std::span<const Figure> TradeFigures();
std::span<const Figure> OrderFigures();
std::span<const Figure> CustomerFigures();
std::span<const Figure> StockFigures();
std::span<const Figure> MovementFigures();
std::span<const Figure> StandingFigures();
std::span<const Figure> ShelfFigures();
std::span<const Figure> HoldFigures();
std::span<const Figure> FillFigures();
std::span<const Figure> DeliveryFigures();
std::span<const Figure> PromiseFigures();
std::span<const Figure> PickupFigures();
std::span<const Figure> UntoldFigures();
std::span<const Figure> SystemFigures();

}  // namespace stockd::reports
