// Figures about customers.
#include "daemon/reports/figure_tables.h"
#include "daemon/reports/figure_terms.h"

namespace stockd::reports {
namespace {

using enum Measure;

constexpr Needed kCustomersNeeded[] = {Needed::kSale, Needed::kSaleReference, Needed::kCustomer};
constexpr Needed kSpenders[] = {Needed::kSale, Needed::kSalePrice, Needed::kCustomer};
constexpr Measure kCustomerFlows[] = {kOrders, kOrdersWithCustomer};

void EvaluateActive(const CustomerSums& sums, Outcome& outcome) {
  Sum(outcome, Count(sums.active));
}

void EvaluateRepeat(const CustomerSums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.repeated), Count(sums.active), 100);
}

void EvaluateRetention(const CustomerSums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.retained), Count(sums.active_before), 100);
}

void EvaluateOrdersPerCustomer(const CustomerSums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.orders_known), Count(sums.active));
}

void EvaluateSpent(const CustomerSums& sums, Outcome& outcome) {
  Int128 total = 0;
  for (const Int128 spent : sums.spent) total += spent;
  const auto count = static_cast<int64_t>(sums.spent.size());
  Ratio(outcome, Money(total), Count(count));
  outcome.percentiles_exact = true;
  if (count == 0) return;
  for (const int percent : {50, 90, 95, 99}) {
    const auto rank = static_cast<size_t>((count * percent + 99) / 100);
    outcome.percentiles.push_back(
        {percent, static_cast<double>(Money(sums.spent[rank - 1]).Approximate())});
  }
}

void EvaluateAttached(const CustomerSums& sums, Outcome& outcome) {
  Ratio(outcome, Count(sums.attached), Count(sums.collected), 100);
}

constexpr uint16_t kWhere = Dimension::kLocation | Dimension::kGroup;
constexpr Needed kCollectors[] = {Needed::kOrder, Needed::kSale, Needed::kCustomer};

constexpr Figure kFigures[] = {
    {.key = "active_customers",
     .name = "Active customers",
     .name_turkish = "Aktif müşteri sayısı",
     .name_polish = "Aktywni klienci",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kCount,
     .formula = "distinct customers of orders",
     .numerator = "customers",
     .denominator = "",
     .dimensions = kOrderPlaces,
     .needs = kCustomersNeeded,
     .by_currency = false,
     .flows = kCustomerFlows,
     .kind = FigureKind::kCustomers,
     .evaluate_customers = EvaluateActive},
    {.key = "repeat_customers",
     .name = "Repeat customers",
     .name_turkish = "Tekrar alışveriş oranı",
     .name_polish = "Klienci powracający",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kPercent,
     .formula = "customers with more than one order in the time / customers with one",
     .numerator = "repeat customers",
     .denominator = "customers",
     .dimensions = kOrderPlaces,
     .needs = kCustomersNeeded,
     .by_currency = false,
     .flows = kCustomerFlows,
     .kind = FigureKind::kCustomers,
     .evaluate_customers = EvaluateRepeat},
    {.key = "orders_per_customer",
     .name = "Orders per customer",
     .name_turkish = "Müşteri başına sipariş",
     .name_polish = "Zamówienia na klienta",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kRatio,
     .formula = "orders that name their customer / distinct customers",
     .numerator = "orders",
     .denominator = "customers",
     .dimensions = kOrderPlaces,
     .needs = kCustomersNeeded,
     .by_currency = false,
     .flows = kCustomerFlows,
     .kind = FigureKind::kCustomers,
     .evaluate_customers = EvaluateOrdersPerCustomer},
    {.key = "customer_retention",
     .name = "Customer retention",
     .name_turkish = "Müşteri elde tutma oranı (CRR)",
     .name_polish = "Wskaźnik utrzymania klientów (CRR)",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kPercent,
     .formula = "customers of the time before who ordered again / customers of the time before; it "
                "is the bucket before, or a time as long as the period",
     .numerator = "customers retained",
     .denominator = "customers of the time before",
     .dimensions = kOrderPlaces,
     .needs = kCustomersNeeded,
     .by_currency = false,
     .flows = kCustomerFlows,
     .kind = FigureKind::kCustomers,
     .evaluate_customers = EvaluateRetention},
    {.key = "attach_rate",
     .name = "Attach sale at pick-up",
     .name_turkish = "Teslim alırken ek satış oranı",
     .name_polish = "Dosprzedaż przy odbiorze",
     .section = "pickup",
     .phase = Phase::kLoyalty,
     .unit = Unit::kPercent,
     .formula = "customers who collected at a location and bought something else there on the same "
                "day / customers who collected there; each day counts",
     .numerator = "with a purchase",
     .denominator = "customers who collected",
     .dimensions = kWhere,
     .needs = kCollectors,
     .by_currency = false,
     .kind = FigureKind::kAttached,
     .evaluate_customers = EvaluateAttached},
    {.key = "customer_value",
     .name = "Customer lifetime value to date",
     .name_turkish = "Müşteri yaşam boyu değeri (CLTV), bugüne kadar",
     .name_polish = "Wartość klienta w czasie (CLV), dotychczas",
     .section = "commercial",
     .phase = Phase::kLoyalty,
     .unit = Unit::kMoney,
     .formula = "sales - returns to date of the customers whose first purchase fell into the time; "
                "mean and percentiles; nothing is predicted",
     .numerator = "spent to date",
     .denominator = "customers",
     .dimensions = 0,
     .needs = kSpenders,
     .by_currency = true,
     .kind = FigureKind::kSpent,
     .has_percentiles = true,
     .evaluate_customers = EvaluateSpent},
};

}  // namespace

std::span<const Figure> CustomerFigures() { return kFigures; }

}  // namespace stockd::reports
