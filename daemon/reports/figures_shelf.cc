// Figures about empty shelves and about what counts find.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kCounts[] = {Needed::kCount};
constexpr Needed kCountsAndCost[] = {Needed::kCount, Needed::kItemCost};
constexpr Measure kCountFlows[] = {kCountedLines,    kAccurateLines,     kBookUnits,
                                   kCountErrorUnits, kCountSurplusUnits, kFirstCountLines};
constexpr Measure kShrinkageFlows[] = {kShrinkageCost,      kSaleValue,       kReturnValue,
                                       kCountedLines,       kFirstCountLines, kSaleUnpricedLines,
                                       kReturnUnpricedLines};
constexpr Measure kStockOutFlows[] = {kStockOuts, kStockOutsEnded, kStockOutMicros};
constexpr Measure kOut[] = {kOutStep, kRangedStep};

void EvaluateStockOutRate(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, {.value = sums.Integral(kOutStep), .decimals = 6},
        {.value = sums.Integral(kRangedStep), .decimals = 6}, 100);
}

void EvaluateStockOuts(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Count(sums.Flow(kStockOuts)));
}

// Those that still run are counted and kept out of the average: nobody knows how long they take.
void EvaluateStockOutDuration(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, {.value = sums.Flow(kStockOutMicros), .decimals = 6},
        Count(sums.Flow(kStockOutsEnded)), 1e6 / kMicrosPerHour);
  outcome.coverable = sums.Flow(kStockOuts);
  outcome.covered = sums.Flow(kStockOutsEnded);
  Exclude(outcome, "STILL_RUNNING", outcome.coverable - outcome.covered);
  AddPercentiles(sums, Distribution::kStockOutMicros, kMicrosPerHour, outcome);
}

void CoverCounts(const Sums& sums, Outcome& outcome) {
  Exclude(outcome, "FIRST_COUNT", sums.Flow(kFirstCountLines));
  outcome.covered = sums.Flow(kCountedLines);
  outcome.coverable = outcome.covered + sums.Flow(kFirstCountLines);
}

void EvaluateRecordAccuracy(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.Flow(kAccurateLines)), Count(sums.Flow(kCountedLines)), 100);
  CoverCounts(sums, outcome);
}

void EvaluateRecordError(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Units(sums.Flow(kCountErrorUnits)), Units(sums.Flow(kBookUnits)), 100);
  CoverCounts(sums, outcome);
}

void EvaluateCountSurplus(const Sums& sums, Outcome& outcome) {
  Sum(outcome, Units(sums.Flow(kCountSurplusUnits)));
  CoverCounts(sums, outcome);
}

void EvaluateShrinkage(const Sums& sums, Outcome& outcome) {
  Ratio(outcome, Money(sums.Flow(kShrinkageCost)), Money(NetValue(sums)), 100);
  CoverCounts(sums, outcome);
}

constexpr Figure kFigures[] = {
    {.key = "stock_out_rate",
     .name = "Stock-out rate (time)",
     .name_turkish = "Stok tükenme oranı (süre)",
     .name_polish = "Wskaźnik braków (czas)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula =
         "time that positions had nothing on hand / time that they were known, day and night",
     .numerator = "position-seconds without stock",
     .denominator = "position-seconds",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .steps = kOut,
     .evaluate = EvaluateStockOutRate},
    {.key = "stock_outs",
     .name = "Stock-outs begun",
     .name_turkish = "Başlayan stok tükenmeleri",
     .name_polish = "Rozpoczęte braki",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kCount,
     .formula = "times that on hand fell to nothing",
     .numerator = "stock-outs",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .flows = kStockOutFlows,
     .evaluate = EvaluateStockOuts},
    {.key = "stock_out_duration",
     .name = "Duration of stock-outs",
     .name_turkish = "Stok kapatma süresi",
     .name_polish = "Czas trwania braków",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kHours,
     .formula =
         "time from nothing on hand to something, of those begun in the time and ended; mean "
         "and percentiles; those that still run are counted apart",
     .numerator = "seconds without stock",
     .denominator = "stock-outs ended",
     .dimensions = kPlaces,
     .needs = {},
     .by_currency = false,
     .flows = kStockOutFlows,
     .distribution = Distribution::kStockOutMicros,
     .evaluate = EvaluateStockOutDuration},
    {.key = "record_accuracy",
     .name = "Inventory record accuracy",
     .name_turkish = "Stok kayıt doğruluğu",
     .name_polish = "Dokładność ewidencji zapasów",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula =
         "counts that found exactly what the books said of that instant, late facts included "
         "/ counts",
     .numerator = "accurate counts",
     .denominator = "counts",
     .dimensions = kPlaces,
     .needs = kCounts,
     .by_currency = false,
     .flows = kCountFlows,
     .evaluate = EvaluateRecordAccuracy},
    {.key = "record_error",
     .name = "Inventory record error",
     .name_turkish = "Stok kayıt hatası",
     .name_polish = "Błąd ewidencji zapasów",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "sum of |counted - book| / sum of |book|",
     .numerator = "units of difference",
     .denominator = "units in the books",
     .dimensions = kPlaces,
     .needs = kCounts,
     .by_currency = false,
     .flows = kCountFlows,
     .evaluate = EvaluateRecordError},
    {.key = "count_surplus",
     .name = "Surplus found by counts",
     .name_turkish = "Sayım farkı (adet)",
     .name_polish = "Różnica inwentaryzacyjna (sztuki)",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kUnits,
     .formula = "sum of counted - book, with its sign",
     .numerator = "surplus units",
     .denominator = "",
     .dimensions = kPlaces,
     .needs = kCounts,
     .by_currency = false,
     .flows = kCountFlows,
     .evaluate = EvaluateCountSurplus},
    {.key = "shrinkage",
     .name = "Shrinkage",
     .name_turkish = "Fire oranı",
     .name_polish = "Ubytki",
     .section = "stock",
     .phase = Phase::kConsideration,
     .unit = Unit::kPercent,
     .formula = "(book - counted) at cost, as of the count and with late facts / net sales",
     .numerator = "missing stock at cost",
     .denominator = "net sales",
     .dimensions = kPlaces,
     .needs = kCountsAndCost,
     .by_currency = true,
     .flows = kShrinkageFlows,
     .evaluate = EvaluateShrinkage},
};

}  // namespace

std::span<const Figure> ShelfFigures() { return kFigures; }

}  // namespace stockd::reports
