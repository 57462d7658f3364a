#include <vector>

#include "daemon/reports/figure.h"
#include "daemon/reports/figure_tables.h"

namespace stockd::reports {

std::span<const Figure> Figures() {
  static const std::vector<Figure> kAll = [] {
    std::vector<Figure> all;
    for (const auto& part :
         {TradeFigures(), OrderFigures(), CustomerFigures(), StockFigures(), MovementFigures(),
          StandingFigures(), ShelfFigures(), HoldFigures(), FillFigures(), DeliveryFigures(),
          PromiseFigures(), PickupFigures(), UntoldFigures(), SystemFigures()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return kAll;
}

}  // namespace stockd::reports
