#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/time.h"
#include "daemon/reports/distribution.h"
#include "daemon/reports/exact.h"
#include "daemon/reports/measure.h"

namespace stockd::reports {

// By what a report can be grouped and filtered; bits of a mask.
enum class Dimension : uint16_t {
  kLocation = 1 << 0,
  kGroup = 1 << 1,
  kCategory = 1 << 2,
  kItem = 1 << 3,
  kChannel = 1 << 4,     // Where the customer ordered.
  kFulfilment = 1 << 5,  // How the units reach the customer.
  kSource = 1 << 6,      // Who told it.
  kCurrency = 1 << 7,
  kCarrier = 1 << 8,  // Who brought it,
  kService = 1 << 9,  // and how.
};
constexpr uint16_t operator|(Dimension a, Dimension b) {
  return static_cast<uint16_t>(static_cast<int>(a) | static_cast<int>(b));
}
constexpr uint16_t operator|(uint16_t a, Dimension b) {
  return static_cast<uint16_t>(a | static_cast<int>(b));
}
constexpr bool Has(uint16_t mask, Dimension dimension) {
  return (mask & static_cast<uint16_t>(dimension)) != 0;
}

// What must have been told at least once for a figure to mean anything.
enum class Needed : uint8_t {
  kSale,
  kSalePrice,
  kSaleReference,
  kReturn,
  kReceipt,
  kCount,
  kItemCost,
  kItemPrice,
  kCustomer,
  kHold,
  kOrder,
  kPromise,
  kAnswer,
  kVisit,
  kContact,
  // Nothing tells these yet.
  kStoreHours,
  kTarget,
  kPublished,
  kRefusal,
  kPresent,
};

enum class Unit : uint8_t {
  kCount,
  kUnits,
  kMoney,
  kPercent,
  kRatio,
  kTurnsPerYear,
  kDays,
  kHours,
  kMinutes,
  kPoints,
  kUnitsPerOrder,
  kMoneyPerOrder,
};

// The stages of a customer's journey, by which the console groups figures.
enum class Phase : uint8_t { kAwareness, kConsideration, kDecision, kService, kLoyalty };

// What one group and one stretch of time add up to.
class Sums {
 public:
  virtual ~Sums() = default;

  // What happened within the time.
  virtual Int128 Flow(Measure measure) const = 0;
  // What stood at the begin and at the end, by its step's measure.
  virtual Int128 Opening(Measure step) const = 0;
  virtual Int128 Closing(Measure step) const = 0;
  // What stood times how many microseconds.
  virtual Int128 Integral(Measure step) const = 0;
  // (bin, how often), in the order of bins.
  virtual std::vector<std::pair<int, int64_t>> Bins(Distribution distribution) const = 0;
  // The values themselves, lowest first, when they are few; else the bins have to do.
  virtual std::vector<int64_t> Values(Distribution distribution) const = 0;
  virtual Duration length() const = 0;
  // The same measure over all groups of this time, for shares.
  virtual Int128 FlowOfAll(Measure measure) const = 0;
};

// The customers of one group and one stretch of time.
struct CustomerSums {
  int64_t active = 0;         // Customers who ordered.
  int64_t repeated = 0;       // Of these, who ordered more than once.
  int64_t active_before = 0;  // Customers who ordered in the stretch before.
  int64_t retained = 0;       // Of these, who ordered again.
  int64_t orders_known = 0;   // Orders that name their customer.
  // What those whose first purchase fell into the stretch spent to date, returns taken off, in
  // 10^-12 of the currency's unit; lowest first.
  std::vector<Int128> spent;
  // Customers by place and day: who collected something, and who of them bought something else
  // there and then.
  int64_t collected = 0;
  int64_t attached = 0;
};

// What stands now in one group.
struct StandingSums {
  Int128 units = 0;       // In 10^-6 selling units, as are the next two.
  Int128 idle_units = 0;  // At positions of which nothing was sold for the time asked for.
  Int128 old_units = 0;   // That came longer ago.
  Int128 value = 0;       // At cost, in 10^-12.
  Int128 idle_value = 0;
  std::map<int64_t, Int128> ages;  // Units by the days since they came.
};

// What has to be read for a figure.
enum class FigureKind : uint8_t {
  kSums,       // Cells.
  kCustomers,  // Who ordered on which day.
  kSpent,      // What customers spent to date.
  kAttached,   // Who collected something and who bought, by place and day.
  kStanding,   // What stands now, position by position.
};

struct Percentile {
  int percent = 0;
  double value = 0;
};

// How many times lay within low <= time < high, in the figure's unit.
struct HistogramBin {
  double low = 0;
  double high = 0;  // Infinite in the last one.
  int64_t count = 0;
};

// What a figure is made of and comes to.
struct Outcome {
  Exact numerator;
  Exact denominator;
  double factor = 1;            // value = numerator / denominator * factor.
  bool has_denominator = true;  // A sum has none: its value is the numerator.
  std::vector<Percentile> percentiles;
  bool percentiles_exact = false;
  bool wants_histogram = false;  // Asks evaluate() for the next one.
  std::vector<HistogramBin> histogram;
  // Where the true value lies in 95 of 100 samples like this one; of answers to questions.
  std::optional<std::pair<double, double>> interval;
  std::vector<std::pair<std::string_view, Int128>> exclusions;  // Reason, count.
  // How many of how many facts the figure could use.
  Int128 covered = 0;
  Int128 coverable = 0;
};

// Numerator by denominator and factor, or the sum itself. Nothing by nothing is no value.
std::optional<double> ValueOf(const Outcome& outcome);

// One figure: everything that the contract, the programs, the documentation and the console say of
// it comes from here.
struct Figure {
  std::string_view key;
  std::string_view name;  // English.
  std::string_view name_turkish;
  std::string_view name_polish;
  std::string_view section;  // "stock", "commercial", "system" ...
  Phase phase;
  Unit unit;
  std::string_view formula;
  std::string_view numerator;
  std::string_view denominator;  // Empty for a sum.
  uint16_t dimensions;           // Mask of Dimension.
  std::span<const Needed> needs;
  // Money does not add up over currencies: such figures are kept apart by currency.
  bool by_currency;
  std::span<const Measure> flows;  // What evaluate() asks for.
  std::span<const Measure> steps;
  std::optional<Distribution> distribution;
  FigureKind kind = FigureKind::kSums;
  bool has_percentiles = false;  // Others than those of a distribution.
  void (*evaluate)(const Sums& sums, Outcome& outcome) = nullptr;                    // Of kSums.
  void (*evaluate_customers)(const CustomerSums& sums, Outcome& outcome) = nullptr;  // Of others,
  void (*evaluate_standing)(const StandingSums& sums, Outcome& outcome) = nullptr;   // kStanding.
};

std::span<const Figure> Figures();
const Figure* FindFigure(std::string_view key);

std::string_view NeededName(Needed needed);
std::string_view UnitName(Unit unit);
std::string_view PhaseName(Phase phase);
std::string_view DimensionName(Dimension dimension);
std::optional<Dimension> FindDimension(std::string_view name);

}  // namespace stockd::reports
