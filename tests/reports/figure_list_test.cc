// Nothing that retailers ask for goes missing, and nothing is reported that nobody asked for.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reports/figure.h"

namespace stockd::reports {
namespace {

// What is asked for, in our own words, and the figures that answer it.
struct Asked {
  std::string_view what;
  std::vector<std::string_view> keys;
};

std::vector<Asked> AllAsked() {
  return {
      // Stock.
      {"how often stock turns, by units, cost and retail value",
       {"turnover_units", "turnover_cost", "turnover_retail"}},
      {"how many days stock lasts", {"days_inventory_outstanding", "days_of_supply"}},
      {"what of the stock was sold, in the chain and in a store",
       {"sell_through", "store_sell_through"}},
      {"margin on the money in stock", {"gmroi"}},
      {"stock-outs by time, on the shelf and as shown", {"stock_out_rate", "stock_out_rate_shown"}},
      {"stock-outs by demand", {"demand_stock_out_rate"}},
      {"how often and how long", {"stock_outs", "stock_out_duration"}},
      {"how fast stock is made complete again", {"replenishment_time"}},
      {"whether records are right", {"record_accuracy", "record_error", "count_surplus"}},
      {"what was lost", {"shrinkage"}},
      {"old and dead stock",
       {"stock_age", "aged_stock_share", "dead_stock", "dead_stock_share", "dead_stock_value"}},
      {"stock and its value, weighted by time and as textbooks do",
       {"on_hand", "on_hand_average", "on_hand_midpoint", "stock_value", "stock_value_average"}},
      {"what moved",
       {"units_received", "units_adjusted_up", "units_adjusted_down", "units_damaged",
        "units_transferred_in", "units_transferred_out"}},
      // Orders and deliveries.
      {"filled at the first attempt, by units, lines and orders",
       {"unit_fill_rate", "line_fill_rate", "order_fill_rate"}},
      {"from the order to the customer, gross and net", {"cycle_time", "net_cycle_time"}},
      {"parts of that time", {"release_time", "picking_time", "handover_time", "transit_time"}},
      {"on time, by the first promise, and by how much late",
       {"on_time_delivery", "delivery_lateness"}},
      {"in full", {"in_full"}},
      {"on time and in full, by orders, lines and units", {"otif", "otif_lines", "otif_units"}},
      {"perfect orders, one by one and as a product of rates",
       {"perfect_order", "perfect_order_index"}},
      {"delivery errors by class",
       {"delivery_error_rate", "error_wrong_item", "error_wrong_quantity", "error_wrong_address",
        "error_damaged", "error_lost"}},
      {"picked without error", {"pick_accuracy"}},
      {"delivered at the first attempt", {"first_attempt_rate"}},
      {"cancelled because it was not there, by why",
       {"no_stock_rate", "record_error_rate", "oversold_rate", "damaged_stock_rate"}},
      // Pick-up and reservations.
      {"how fast it can be collected, by the clock and by open hours",
       {"ready_time", "ready_time_open"}},
      {"ready as promised", {"ready_on_time"}},
      {"how long it waits for its customer", {"pickup_dwell"}},
      {"how long the customer waits", {"counter_wait"}},
      {"who does not come", {"no_show_rate"}},
      {"lines that are short", {"short_line_rate"}},
      {"substitutes, and who keeps them", {"substitution_rate", "substitute_acceptance"}},
      {"reservations that become orders, and what becomes of the others",
       {"hold_conversion", "hold_unit_conversion", "hold_expiry", "hold_release"}},
      {"stock held for nothing", {"hold_waste"}},
      {"refused reservations", {"refusal_rate"}},
      {"what is bought beside the collection", {"attach_rate"}},
      // Trade and customers.
      {"sales and shares, by channel and fulfilment",
       {"net_sales", "gross_sales", "sales_share", "units_sold", "units_returned", "orders",
        "orders_placed"}},
      {"what an order is worth, before and after returns",
       {"average_order_value", "average_order_value_net"}},
      {"units in an order", {"units_per_order"}},
      {"customers who come back",
       {"customer_retention", "active_customers", "repeat_customers", "orders_per_customer"}},
      {"what a customer has spent to date", {"customer_value"}},
      {"would customers recommend us", {"nps"}},
      {"are they content", {"csat"}},
      {"orders that are collected", {"pickup_share"}},
      {"seen online, bought in a shop", {"ropo_share"}},
      {"visits that become orders", {"visits", "conversion"}},
      {"what comes back, by the day of the sale and by its own; elsewhere",
       {"return_rate", "returns_to_sales", "cross_returns"}},
      // The daemon's own; the rest of these are metrics.
      {"facts that come late", {"late_facts", "fact_lateness"}},
  };
}

TEST(FigureList, HasWhatIsAskedForAndNothingElse) {
  std::set<std::string_view> wanted;
  for (const Asked& asked : AllAsked()) {
    for (const std::string_view key : asked.keys) {
      EXPECT_NE(FindFigure(key), nullptr) << key << ": " << asked.what;
      EXPECT_TRUE(wanted.insert(key).second) << key;
    }
  }
  for (const Figure& figure : Figures()) EXPECT_TRUE(wanted.contains(figure.key)) << figure.key;
}

// The words that people of these countries use for them.
TEST(FigureList, HasTheNamesThatPeopleLookFor) {
  const auto turkish = [](std::string_view key) { return FindFigure(key)->name_turkish; };
  EXPECT_EQ(turkish("net_sales"), "Toplam satış geliri");
  EXPECT_NE(turkish("sales_share").find("kanal bazında satış"), std::string_view::npos);
  EXPECT_NE(turkish("turnover_units").find("Stok dönüş hızı"), std::string_view::npos);
  EXPECT_EQ(turkish("replenishment_time"), "Stok tamamlanma süresi");
  EXPECT_NE(turkish("cycle_time").find("Teslimat süresi"), std::string_view::npos);
  EXPECT_EQ(turkish("delivery_error_rate"), "Teslimat hatası oranı");
  EXPECT_NE(turkish("average_order_value").find("Ortalama sipariş değeri"), std::string_view::npos);
  EXPECT_EQ(turkish("conversion"), "Dönüşüm oranı");
  EXPECT_NE(turkish("customer_retention").find("Müşteri elde tutma oranı"), std::string_view::npos);
  EXPECT_NE(turkish("customer_value").find("Müşteri yaşam boyu değeri"), std::string_view::npos);
  EXPECT_NE(turkish("nps").find("Net tavsiye skoru"), std::string_view::npos);
  EXPECT_NE(turkish("csat").find("CSAT"), std::string_view::npos);
  EXPECT_NE(FindFigure("ropo_share")->name_polish.find("Efekt ROPO"), std::string_view::npos);
}

TEST(FigureList, EveryFigureSaysWhatItIsInThreeLanguages) {
  for (const Figure& figure : Figures()) {
    EXPECT_FALSE(figure.name.empty()) << figure.key;
    EXPECT_FALSE(figure.name_turkish.empty()) << figure.key;
    EXPECT_FALSE(figure.name_polish.empty()) << figure.key;
    EXPECT_FALSE(figure.formula.empty()) << figure.key;
    EXPECT_FALSE(figure.numerator.empty()) << figure.key;
  }
}

}  // namespace
}  // namespace stockd::reports
