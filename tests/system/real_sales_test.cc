// Sales of real shops through real adapters: every figure that others worked out from the same
// lines is what ReportService says.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/system/figure_check.h"
#include "tests/system/real_chain.h"
#include "tests/system/reference_data.h"

namespace stockd::system_test {
namespace {

using nlohmann::json;

class RealSales : public testing::Test {
 protected:
  void SetUp() override {
    if (!ReferenceFolder()) {
      GTEST_SKIP() << "the data are not here: set STOCKD_SHARED to the folder that holds data/, or "
                      "put it beside the checkout as shared";
    }
  }
  static std::string NextMonth(const std::string& month) {
    const int year = std::stoi(month.substr(0, 4));
    const int number = std::stoi(month.substr(5));
    const int next = number == 12 ? (year + 1) * 100 + 1 : year * 100 + number + 1;
    return std::to_string(next / 100) + "-" + (next % 100 < 10 ? "0" : "") +
           std::to_string(next % 100);
  }

  // What all shops have: customers, months, who came again.
  static void CheckCustomers(FigureCheck& check, const json& reference, const Question& period) {
    Question question = period;
    question.figures = {"active_customers", "repeat_customers", "orders_per_customer"};
    const Answer whole = check.Ask(question);
    check.Equal("customers", whole.Numerator("active_customers"), reference.at("customers"));
    check.Equal("repeat customers", whole.Numerator("repeat_customers"),
                reference.at("repeat_customers"));
    check.Equal("repeat rate", whole.Value("repeat_customers") / 100, reference.at("repeat_rate"));
    check.Equal("orders per customer", whole.Value("orders_per_customer"),
                reference.at("orders_per_customer"));
    if (!reference.contains("active_customers_by_month")) return;
    check.Equal("orders of known customers", whole.Numerator("orders_per_customer"),
                reference.at("orders_of_identified_customers"));
    question.figures = {"active_customers", "customer_retention"};
    question.bucket = v1::REPORT_BUCKET_MONTH;
    const Answer months = check.Ask(question);
    for (const auto& [month, count] : reference.at("active_customers_by_month").items()) {
      check.Equal("active customers by month/" + month,
                  months.Numerator("active_customers", "", month), count);
    }
    for (const auto& [month, row] : reference.at("retained_to_next_month").items()) {
      const std::string next = NextMonth(month);
      check.Equal("retained by month/" + month, months.Numerator("customer_retention", "", next),
                  row.at("retained"));
      check.Equal("retention by month/" + month, months.Value("customer_retention", "", next) / 100,
                  row.at("rate"));
    }
    check.Leave("cohorts, new customers by month",
                "no figure; retention is of neighbouring months");
  }
};

TEST_F(RealSales, OnlineRetail) {
  const std::string name = "online-retail-2010-12_2011-08";
  const json reference = ReferenceFigures(name);
  const CsvTable lines(*ReferenceFolder() / name / "sales_lines.csv.gz");
  RealChain chain(R"([quantity]
negative_quantity = "return"
[columns]
event_id = ["order_id", "line_no"]
occurred_at = "ordered_at"
reference = "order_id"
location = "country"
customer_reference = "customer_id"
[constants]
currency = "GBP"
[kinds]
cancellation = "return"
stock_adjustment = "adjustment"
[skip]
kind = ["bad_debt", "unpriced"]
)");
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items;
  std::set<std::string> countries;
  for (size_t row = 0; row < lines.size(); ++row) {
    items[lines.At(row, "sku")].category =
        lines.At(row, "is_product") == "1" ? "product" : "service";
    countries.insert(lines.At(row, "country"));
  }
  chain.TellItems(items);
  chain.TellLocations(countries);
  ASSERT_TRUE(chain.WaitUntilTaken());
  const support::CommandResult unzipped = support::RunCommand(
      "/bin/gzip", {"-dc", (*ReferenceFolder() / name / "sales_lines.csv.gz").string()},
      std::chrono::minutes(1));
  chain.TellShop("orders.csv", unzipped.output);
  ASSERT_TRUE(chain.WaitUntilTaken());

  FigureCheck check(chain.client(), name);
  const Question period{.figures = {"orders", "units_sold", "gross_sales", "net_sales",
                                    "units_returned", "average_order_value", "units_per_order",
                                    "units_adjusted_up", "units_adjusted_down"},
                        .begin = "2010-12-01",
                        .end = "2011-09-01"};
  const Answer whole = check.Ask(period);
  check.Equal("orders", whole.Numerator("orders"), reference.at("orders"));
  check.Equal("units", whole.Numerator("units_sold"), reference.at("units"));
  check.Equal("gross sales", whole.Numerator("gross_sales"), reference.at("gross"));
  check.Equal("net sales", whole.Numerator("net_sales"), reference.at("net"));
  check.Equal("cancelled value", whole.Numerator("gross_sales") - whole.Numerator("net_sales"),
              reference.at("cancelled_value"));
  check.Equal("cancelled share of value",
              1 - whole.Numerator("net_sales") / whole.Numerator("gross_sales"),
              reference.at("cancelled_share_value"));
  check.Equal("cancelled units", whole.Numerator("units_returned"),
              reference.at("cancelled_units"));
  check.Equal("average order value", whole.Value("average_order_value"), reference.at("aov"));
  check.Equal("units per order", whole.Value("units_per_order"), reference.at("units_per_order"));
  const json& adjusted = reference.at("stock_adjustments");
  check.Equal("stock adjustments/in", whole.Numerator("units_adjusted_up"),
              adjusted.at("units_in"));
  check.Equal("stock adjustments/out", whole.Numerator("units_adjusted_down"),
              adjusted.at("units_out"));
  Question products = period;
  products.figures = {"units_sold", "gross_sales"};
  products.categories = {"product"};
  const Answer of_products = check.Ask(products);
  check.Equal("units of products", of_products.Numerator("units_sold"),
              reference.at("units_product"));
  check.Equal("gross sales of products", of_products.Numerator("gross_sales"),
              reference.at("gross_product"));

  Question by_month = period;
  by_month.bucket = v1::REPORT_BUCKET_MONTH;
  const Answer months = check.Ask(by_month);
  for (const auto& [month, row] : reference.at("by_month").items()) {
    check.Equal("by month/orders " + month, months.Numerator("orders", "", month),
                row.at("orders"));
    check.Equal("by month/units " + month, months.Numerator("units_sold", "", month),
                row.at("units"));
    check.Equal("by month/gross " + month, months.Numerator("gross_sales", "", month),
                row.at("gross"));
    check.Equal("by month/net " + month, months.Numerator("net_sales", "", month), row.at("net"));
  }
  Question by_country = period;
  by_country.by = {"location"};
  by_country.figures.insert(by_country.figures.end(), {"sales_share", "active_customers"});
  const Answer countries_now = check.Ask(by_country);
  by_month.by = {"location"};
  const Answer country_months = check.Ask(by_month);
  for (const auto& [country, row] : reference.at("by_country").items()) {
    const std::string at = "by country/" + country + " ";
    check.Equal(at + "orders", countries_now.Numerator("orders", country), row.at("orders"));
    check.Equal(at + "units", countries_now.Numerator("units_sold", country), row.at("units"));
    check.Equal(at + "gross", countries_now.Numerator("gross_sales", country), row.at("gross"));
    check.Equal(at + "net", countries_now.Numerator("net_sales", country), row.at("net"));
    check.Equal(at + "customers", countries_now.Numerator("active_customers", country),
                row.at("customers"));
    check.Equal(at + "share",
                countries_now.Numerator("gross_sales", country) / whole.Numerator("gross_sales"),
                row.at("share_of_gross"));
  }
  for (const auto& [country, by] : reference.at("by_country_month").items()) {
    for (const auto& [month, row] : by.items()) {
      const std::string at = "by country and month/" + country + " " + month + " ";
      check.Equal(at + "units", country_months.Numerator("units_sold", country, month),
                  row.at("units"));
      check.Equal(at + "gross", country_months.Numerator("gross_sales", country, month),
                  row.at("gross"));
      check.Equal(at + "orders", country_months.Numerator("orders", country, month),
                  row.at("orders_with_lines"));
    }
  }
  Question by_item = products;
  by_item.categories.clear();
  by_item.figures = {"units_sold", "gross_sales", "units_returned"};
  by_item.by = {"item"};
  const Answer of_items = check.Ask(by_item);
  for (const json& row : reference.at("top10_product_skus_by_units")) {
    const std::string sku = row.at("sku");
    check.Equal("top items/units " + sku, of_items.Numerator("units_sold", sku), row.at("units"));
    check.Equal("top items/gross " + sku, of_items.Numerator("gross_sales", sku), row.at("gross"));
  }
  for (const json& row : reference.at("top10_product_skus_by_gross")) {
    const std::string sku = row.at("sku");
    check.Equal("top items/units " + sku, of_items.Numerator("units_sold", sku), row.at("units"));
    check.Equal("top items/gross " + sku, of_items.Numerator("gross_sales", sku), row.at("gross"));
  }
  for (const json& row : reference.at("top10_product_skus_by_net_units")) {
    const std::string sku = row.at("sku");
    check.Equal("top items by net units/" + sku,
                of_items.Numerator("units_sold", sku) - of_items.Numerator("units_returned", sku),
                row.at("net_units"));
  }
  CheckCustomers(check, reference.at("retention"), period);
  check.Leave("cancellation invoices and their share of orders",
              "no figure counts documents of returns; units and value of returns are above");
}

TEST_F(RealSales, CompleteJourney) {
  const std::string name = "complete-journey-2017-01_2017-09";
  const json reference = ReferenceFigures(name);
  const CsvTable lines(*ReferenceFolder() / name / "sales_lines.csv");
  const CsvTable products(*ReferenceFolder() / name / "products.csv");
  RealChain chain;
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items;
  for (size_t row = 0; row < products.size(); ++row) {
    items[products.At(row, "sku")].category = products.At(row, "department");
  }
  std::set<std::string> stores;
  SaleLines sales;
  std::set<std::string> sold;                           // Orders with units.
  std::set<std::string> buyers;                         // Their customers.
  std::map<std::string, std::set<std::string>> unsold;  // Others, by month, by store and in all.
  for (size_t row = 0; row < lines.size(); ++row) {
    const int64_t quantity = std::stoll(lines.At(row, "quantity"));
    if (quantity <= 0) continue;
    sold.insert(lines.At(row, "order_id"));
    buyers.insert(lines.At(row, "customer_id"));
  }
  std::set<std::string> others;  // Customers of no unit.
  for (size_t row = 0; row < lines.size(); ++row) {
    const std::string& customer = lines.At(row, "customer_id");
    if (!buyers.contains(customer)) others.insert(customer);
    ErpItem& item = items[lines.At(row, "sku")];
    if (item.category.empty()) item.category = "(unknown)";
    const std::string& store = lines.At(row, "store_id");
    const std::string& order = lines.At(row, "order_id");
    stores.insert(store);
    if (!sold.contains(order)) {
      for (const std::string& place :
           {std::string(), store, lines.At(row, "ordered_at").substr(0, 7)}) {
        unsold[place].insert(order);
      }
    }
    sales.Add({.id = order + "/" + lines.At(row, "line_no"),
               .sku = lines.At(row, "sku"),
               .location = store,
               .channel = "pos",
               .at = lines.At(row, "ordered_at"),
               .order = order,
               .customer = lines.At(row, "customer_id"),
               .currency = "USD"},
              std::stoll(lines.At(row, "quantity")), Millionths(lines.At(row, "sales_value")));
  }
  // A sale of no units is no fact, so orders of nothing else are not known.
  const auto unknown = [&unsold](const std::string& place) {
    return static_cast<double>(unsold[place].size());
  };
  chain.TellItems(items);
  chain.TellLocations(stores);
  ASSERT_TRUE(chain.WaitUntilTaken());
  chain.TellShop("orders.csv", sales.text());
  ASSERT_TRUE(chain.WaitUntilTaken());

  FigureCheck check(chain.client(), name);
  const Question period{.figures = {"orders", "units_sold", "gross_sales"},
                        .begin = "2017-01-01",
                        .end = "2017-10-01"};
  const Answer whole = check.Ask(period);
  check.Equal("units", whole.Numerator("units_sold"), reference.at("all").at("units"));
  check.Equal("revenue", whole.Numerator("gross_sales"), reference.at("all").at("revenue"));
  check.Equal("orders, with those of no units", whole.Numerator("orders") + unknown(""),
              reference.at("all").at("orders"));
  Question by_month = period;
  by_month.bucket = v1::REPORT_BUCKET_MONTH;
  const Answer months = check.Ask(by_month);
  for (const auto& [month, row] : reference.at("by_month").items()) {
    check.Equal("by month/units " + month, months.Numerator("units_sold", "", month),
                row.at("units"));
    check.Equal("by month/revenue " + month, months.Numerator("gross_sales", "", month),
                row.at("revenue"));
    check.Equal("orders by month, with those of no units/" + month,
                months.Numerator("orders", "", month) + unknown(month), row.at("orders"));
  }
  Question by_store = period;
  by_store.by = {"location"};
  const Answer of_stores = check.Ask(by_store);
  for (const auto& [store, row] : reference.at("by_store").items()) {
    check.Equal("by store/units " + store, of_stores.Numerator("units_sold", store),
                row.at("units"));
    check.Equal("by store/revenue " + store, of_stores.Numerator("gross_sales", store),
                row.at("revenue"));
    check.Equal("orders by store, with those of no units/" + store,
                of_stores.Numerator("orders", store) + unknown(store), row.at("orders"));
  }
  by_month.by = {"location"};
  by_month.figures = {"units_sold", "gross_sales"};
  const Answer store_months = check.Ask(by_month);
  for (const auto& [store, by] : reference.at("top20_stores_by_month").items()) {
    for (const auto& [month, row] : by.items()) {
      const std::string at = "by store and month/" + store + " " + month;
      check.Equal(at + " units", store_months.Numerator("units_sold", store, month),
                  row.at("units"));
      check.Equal(at + " revenue", store_months.Numerator("gross_sales", store, month),
                  row.at("revenue"));
    }
  }
  Question by_department = period;
  by_department.figures = {"units_sold", "gross_sales"};
  by_department.by = {"category"};
  const Answer departments = check.Ask(by_department);
  for (const auto& [department, row] : reference.at("by_department").items()) {
    check.Equal("by department/units " + department,
                departments.Numerator("units_sold", department), row.at("units"));
    check.Equal("by department/revenue " + department,
                departments.Numerator("gross_sales", department), row.at("revenue"));
  }
  Question by_item = by_department;
  by_item.by = {"item"};
  const Answer of_items = check.Ask(by_item);
  for (const json& row : reference.at("top10_skus_by_units_without_volume_skus")) {
    check.Equal("top items/" + row.at("sku").get<std::string>(),
                of_items.Numerator("units_sold", row.at("sku")), row.at("units"));
  }
  for (const json& row : reference.at("top10_skus_by_revenue_without_volume_skus")) {
    check.Equal("top items by revenue/" + row.at("sku").get<std::string>(),
                of_items.Numerator("gross_sales", row.at("sku")), row.at("revenue"));
  }
  Question customers = period;
  customers.figures = {"active_customers"};
  check.Equal(
      "customers, with those of no units",
      check.Ask(customers).Numerator("active_customers") + static_cast<double>(others.size()),
      reference.at("retention").at("customers"));
  check.Leave("orders by department", "an order is no part of a category");
  check.Leave("repeat customers, retention",
              "151 orders hold only lines of no units, which are no sales: they are not known");
  check.Leave("discounts", "facts carry the price that was paid");
}

}  // namespace
}  // namespace stockd::system_test
