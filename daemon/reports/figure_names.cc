#include <array>

#include "daemon/reports/figure.h"

namespace stockd::reports {
namespace {

constexpr std::array<std::pair<Dimension, std::string_view>, 10> kDimensions = {{
    {Dimension::kLocation, "location"},
    {Dimension::kGroup, "group"},
    {Dimension::kCategory, "category"},
    {Dimension::kItem, "item"},
    {Dimension::kChannel, "channel"},
    {Dimension::kFulfilment, "fulfilment"},
    {Dimension::kSource, "source"},
    {Dimension::kCurrency, "currency"},
    {Dimension::kCarrier, "carrier"},
    {Dimension::kService, "service"},
}};

}  // namespace

const Figure* FindFigure(std::string_view key) {
  for (const Figure& figure : Figures()) {
    if (figure.key == key) return &figure;
  }
  return nullptr;
}

std::string_view NeededName(Needed needed) {
  switch (needed) {
    case Needed::kSale: return "sale";
    case Needed::kSalePrice: return "unit price of sales";
    case Needed::kSaleReference: return "reference of sales";
    case Needed::kReturn: return "return";
    case Needed::kReceipt: return "receipt";
    case Needed::kCount: return "count";
    case Needed::kItemCost: return "unit cost of items";
    case Needed::kItemPrice: return "price of items";
    case Needed::kCustomer: return "customer reference of sales";
    case Needed::kHold: return "reservation";
    case Needed::kOrder: return "order";
    case Needed::kPromise: return "promise of an order";
    case Needed::kAnswer: return "answer of a customer";
    case Needed::kStoreHours: return "opening hours of the past";
    case Needed::kTarget: return "reorder point and target of positions";
    case Needed::kPublished: return "history of levels shown";
    case Needed::kRefusal: return "refused reservation";
    case Needed::kVisit: return "visits";
    case Needed::kContact: return "online contact of customers";
    case Needed::kPresent: return "a period that reaches the present";
  }
  return "";
}

std::string_view UnitName(Unit unit) {
  switch (unit) {
    case Unit::kCount: return "count";
    case Unit::kUnits: return "units";
    case Unit::kMoney: return "money";
    case Unit::kPercent: return "%";
    case Unit::kRatio: return "ratio";
    case Unit::kTurnsPerYear: return "turns/year";
    case Unit::kDays: return "days";
    case Unit::kHours: return "hours";
    case Unit::kMinutes: return "minutes";
    case Unit::kPoints: return "points";
    case Unit::kUnitsPerOrder: return "units/order";
    case Unit::kMoneyPerOrder: return "money/order";
  }
  return "";
}

std::string_view PhaseName(Phase phase) {
  switch (phase) {
    case Phase::kAwareness: return "awareness";
    case Phase::kConsideration: return "consideration";
    case Phase::kDecision: return "decision";
    case Phase::kService: return "service";
    case Phase::kLoyalty: return "loyalty";
  }
  return "";
}

std::string_view DimensionName(Dimension dimension) {
  for (const auto& [known, name] : kDimensions) {
    if (known == dimension) return name;
  }
  return "";
}

std::optional<Dimension> FindDimension(std::string_view name) {
  for (const auto& [dimension, known] : kDimensions) {
    if (known == name) return dimension;
  }
  return std::nullopt;
}

}  // namespace stockd::reports
