// Deliveries of real and sample houses as orders: what they promised and when it came, by carrier
// and place, is what others worked out from the same rows. Where a file has days only, everything
// happens at noon.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/system/figure_check.h"
#include "tests/system/real_chain.h"
#include "tests/system/real_orders.h"
#include "tests/system/reference_data.h"

namespace stockd::system_test {
namespace {

using nlohmann::json;

constexpr double kHoursPerDay = 24;

std::string Noon(const std::string& day) { return day + "T12:00:00Z"; }

class RealDeliveries : public testing::Test {
 protected:
  void SetUp() override {
    if (!ReferenceFolder()) {
      GTEST_SKIP() << "the data are not here: set STOCKD_SHARED to the folder that holds data/, or "
                      "put it beside the checkout as shared";
    }
  }

  // Units enough for every parcel, wherever it leaves.
  static void Stock(RealChain& chain, const std::set<std::string>& locations) {
    std::string text = "event_id,sku,location,quantity,occurred_at\n";
    for (const std::string& location : locations) {
      text += Quoted("parcels at " + location) + "," + kParcelSku + "," + Quoted(location) +
              ",100000,1990-01-01T00:00:00Z\n";
    }
    chain.TellErp("receipts.csv", text);
  }

  // Shares of late ones, times, percentiles of one group ("" for all).
  static void CheckGroup(FigureCheck& check, const std::string& family, const Answer& answer,
                         const json& reference, const std::string& group) {
    const std::string at = family + "/" + (group.empty() ? "all" : group);
    const double late = answer.Denominator("delivery_lateness", group);
    const double on_time = answer.Numerator("on_time_delivery", group);
    check.Equal(at + " late", late, reference.at("late"));
    check.Equal(at + " late rate", late / (late + on_time), reference.at("late_rate"));
    check.Equal(at + " on time rate", on_time / (late + on_time), reference.at("on_time_rate"));
  }

  static void CheckTimes(FigureCheck& check, const std::string& family, const Answer& answer,
                         const std::string& figure, const json& reference,
                         const std::string& group) {
    const std::string at = family + "/" + (group.empty() ? "all" : group);
    check.Equal(at + " count", answer.Denominator(figure, group), reference.at("n"));
    if (reference.at("n") == 0) return;
    check.Equal(at + " mean", answer.Value(figure, group) / kHoursPerDay, reference.at("mean"));
    for (const int percent : {50, 90, 95, 99}) {
      check.Equal(at + " p" + std::to_string(percent),
                  answer.Percentile(figure, percent, group) / kHoursPerDay,
                  reference.at("nearest_rank").at("p" + std::to_string(percent)));
    }
  }
};

TEST_F(RealDeliveries, Northwind) {
  const json reference = ReferenceFigures("northwind");
  const CsvTable orders(*ReferenceFolder() / "northwind/orders.csv");
  const CsvTable lines(*ReferenceFolder() / "northwind/order_lines.csv");
  const CsvTable products(*ReferenceFolder() / "northwind/products.csv");
  RealChain chain;
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items = {{kParcelSku, {}}};
  std::string levels = "sku,location,quantity,as_of\n";
  for (size_t row = 0; row < products.size(); ++row) {
    items[products.At(row, "sku")] = {.category = products.At(row, "category"),
                                      .unit_cost = products.At(row, "unit_price"),
                                      .price = products.At(row, "unit_price"),
                                      .currency = "USD"};
    levels +=
        products.At(row, "sku") + ",W1," + products.At(row, "on_hand") + ",1998-05-07T00:00:00Z\n";
  }
  std::map<std::string, size_t> order_rows;
  std::set<std::string> countries;
  std::vector<RealOrder> placed;
  for (size_t row = 0; row < orders.size(); ++row) {
    order_rows[orders.At(row, "order_id")] = row;
    countries.insert(orders.At(row, "ship_country"));
    const std::string& shipped_on = orders.At(row, "shipped_on");
    placed.push_back({.id = "NW-" + orders.At(row, "order_id"),
                      .placed_at = Noon(orders.At(row, "ordered_on")),
                      .parcels = {{.location = "W1",
                                   .carrier = orders.At(row, "carrier"),
                                   .promised_at = Noon(orders.At(row, "promised_on")),
                                   .delivered_at = shipped_on.empty() ? "" : Noon(shipped_on)}}});
  }
  SaleLines sales;
  for (size_t row = 0; row < lines.size(); ++row) {
    const std::string& order = lines.At(row, "order_id");
    const size_t at = order_rows.at(order);
    const int64_t quantity = std::stoll(lines.At(row, "quantity"));
    // Exact: prices have two decimals, discounts too.
    const int64_t price = Millionths(lines.At(row, "unit_price")) *
                          (1'000'000 - Millionths(lines.At(row, "discount_rate"))) / 1'000'000;
    sales.Add({.id = order + "/" + std::to_string(row),
               .sku = lines.At(row, "sku"),
               .location = "W1",
               .channel = orders.At(at, "ship_country"),
               .at = Noon(orders.At(at, "ordered_on")),
               .order = order,
               .customer = orders.At(at, "customer_id"),
               .currency = "USD"},
              quantity, price * quantity);
  }
  chain.TellItems(items);
  chain.TellLocations({"W1"});
  chain.TellErp("levels-w1.csv", levels);
  Stock(chain, {"W1"});
  ASSERT_TRUE(chain.WaitUntilTaken());
  chain.TellShop("orders.csv", sales.text());
  ASSERT_TRUE(chain.WaitUntilTaken());
  TellOrders(chain.client(), placed);

  FigureCheck check(chain.client(), "northwind");
  const Question period{.figures = {"orders", "units_sold", "gross_sales", "average_order_value"},
                        .begin = "1996-07-01",
                        .end = "1998-08-01",
                        .sources = {"web"}};
  const Answer whole = check.Ask(period);
  check.Equal("orders", whole.Numerator("orders"), reference.at("orders"));
  check.Equal("units", whole.Numerator("units_sold"), reference.at("units"));
  check.Equal("revenue", whole.Numerator("gross_sales"), reference.at("revenue"));
  check.Equal("average order value", whole.Value("average_order_value"), reference.at("aov"));
  Question cut = period;
  cut.bucket = v1::REPORT_BUCKET_MONTH;
  const Answer months = check.Ask(cut);
  for (const auto& [month, row] : reference.at("sales_by_month").items()) {
    check.Equal("by month/orders " + month, months.Numerator("orders", "", month),
                row.at("orders"));
    check.Equal("by month/units " + month, months.Numerator("units_sold", "", month),
                row.at("units"));
    check.Equal("by month/revenue " + month, months.Numerator("gross_sales", "", month),
                row.at("revenue"));
  }
  Question by = period;
  by.by = {"channel"};
  const Answer of_countries = check.Ask(by);
  for (const auto& [country, row] : reference.at("sales_by_country").items()) {
    check.Equal("by country/orders " + country, of_countries.Numerator("orders", country),
                row.at("orders"));
    check.Equal("by country/units " + country, of_countries.Numerator("units_sold", country),
                row.at("units"));
    check.Equal("by country/revenue " + country, of_countries.Numerator("gross_sales", country),
                row.at("revenue"));
  }
  by.by = {"item"};
  by.figures = {"units_sold"};
  const Answer of_items = check.Ask(by);
  for (const json& row : reference.at("top10_skus_by_units")) {
    check.Equal("top items/" + row.at("sku").get<std::string>(),
                of_items.Numerator("units_sold", row.at("sku")), row.at("units"));
  }
  const json& customers = reference.at("retention");
  Question who = period;
  who.figures = {"active_customers", "repeat_customers", "orders_per_customer"};
  const Answer known = check.Ask(who);
  check.Equal("customers", known.Numerator("active_customers"), customers.at("customers"));
  check.Equal("repeat rate", known.Value("repeat_customers") / 100, customers.at("repeat_rate"));
  check.Equal("orders per customer", known.Value("orders_per_customer"),
              customers.at("orders_per_customer"));
  who.bucket = v1::REPORT_BUCKET_MONTH;
  const Answer active = check.Ask(who);
  for (const auto& [month, count] : customers.at("active_customers_by_month").items()) {
    check.Equal("active customers by month/" + month,
                active.Numerator("active_customers", "", month), count);
  }

  Question deliveries{.figures = {"on_time_delivery", "delivery_lateness", "cycle_time"},
                      .begin = "1996-01-01",
                      .end = "1999-01-01"};
  const Answer of_orders = check.Ask(deliveries);
  check.Equal("deliveries due", of_orders.Denominator("on_time_delivery"),
              reference.at("overall").at("orders"));
  check.Equal("not there yet", of_orders.Excluded("delivery_lateness", "NOT_THERE_YET"),
              reference.at("overall").at("open"));
  CheckGroup(check, "late", of_orders, reference.at("overall"), "");
  CheckTimes(check, "lead days", of_orders, "cycle_time", reference.at("overall").at("lead_days"),
             "");
  CheckTimes(check, "days late", of_orders, "delivery_lateness",
             reference.at("overall").at("days_late_when_late"), "");
  EXPECT_TRUE(of_orders.IsExact("cycle_time"));
  deliveries.by = {"carrier"};
  const Answer carriers = check.Ask(deliveries);
  for (const auto& [carrier, row] : reference.at("by_carrier").items()) {
    CheckGroup(check, "late by carrier", carriers, row, carrier);
    CheckTimes(check, "lead days by carrier", carriers, "cycle_time", row.at("lead_days"), carrier);
    CheckTimes(check, "days late by carrier", carriers, "delivery_lateness",
               row.at("days_late_when_late"), carrier);
  }
  Question stock{.figures = {"on_hand", "stock_value"}, .begin = "2020-01-01", .end = "2021-01-01"};
  stock.by = {"category"};
  double on_hand = 0;
  double value = 0;
  const Answer categories = check.Ask(stock);
  for (const auto& [category, units] : categories.Largest("on_hand")) {
    if (category.empty()) continue;  // The parcels.
    on_hand += units;
    value += categories.Numerator("stock_value", category);
  }
  check.Equal("stock/units", on_hand, reference.at("stock").at("on_hand"));
  check.Equal("stock/value at price", value, reference.at("stock").at("value_at_price"));
  check.Leave("rates with open orders",
              "an order that is overdue and open is late here; the reference leaves it out. Both "
              "parts are compared above");
  check.Leave("freight, reorder levels", "no figure");
  check.Leave("turnover of the last 365 days",
              "units ordered / stock of one day; ours is time-weighted");
}

TEST_F(RealDeliveries, DataCo) {
  const json reference = ReferenceFigures("dataco-sample");
  const CsvTable lines(*ReferenceFolder() / "dataco-sample/order_lines.csv");
  RealChain chain;
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items = {{kParcelSku, {}}};
  std::set<std::string> markets;
  SaleLines sales;
  std::vector<RealOrder> placed;
  for (size_t row = 0; row < lines.size(); ++row) {
    items[lines.At(row, "sku")].category = lines.At(row, "category");
    markets.insert(lines.At(row, "market"));
    const int64_t quantity = std::stoll(lines.At(row, "quantity"));
    sales.Add({.id = lines.At(row, "order_item_id"),
               .sku = lines.At(row, "sku"),
               .location = lines.At(row, "market"),
               .channel = lines.At(row, "country"),
               .at = lines.At(row, "ordered_at"),
               .order = lines.At(row, "order_id"),
               .customer = lines.At(row, "customer_id"),
               .currency = "USD"},
              quantity, Millionths(lines.At(row, "line_total")));
    // Promised for a day: to its end.
    placed.push_back(
        {.id = "DC-" + lines.At(row, "order_item_id"),
         .placed_at = lines.At(row, "ordered_at"),
         .is_cancelled = lines.At(row, "delivery_status") == "Shipping canceled",
         .parcels = {{.location = lines.At(row, "market"),
                      .carrier = lines.At(row, "shipping_mode"),
                      .promised_at = lines.At(row, "promised_at").substr(0, 10) + "T23:59:59Z",
                      .delivered_at = lines.At(row, "shipped_at")}}});
  }
  chain.TellItems(items);
  chain.TellLocations(markets);
  Stock(chain, markets);
  ASSERT_TRUE(chain.WaitUntilTaken());
  chain.TellShop("orders.csv", sales.text());
  ASSERT_TRUE(chain.WaitUntilTaken());
  TellOrders(chain.client(), placed);

  FigureCheck check(chain.client(), "dataco-sample");
  const Question period{.figures = {"orders", "units_sold", "gross_sales", "average_order_value"},
                        .begin = "2015-01-01",
                        .end = "2018-03-01",
                        .sources = {"web"}};
  const Answer whole = check.Ask(period);
  check.Equal("orders", whole.Numerator("orders"), reference.at("orders"));
  check.Equal("units", whole.Numerator("units_sold"), reference.at("units"));
  check.Equal("revenue", whole.Numerator("gross_sales"), reference.at("revenue"));
  check.Equal("average order value", whole.Value("average_order_value"), reference.at("aov"));
  const auto families = {std::tuple{"by month", "sales_by_month", ""},
                         std::tuple{"by market", "sales_by_market", "location"},
                         std::tuple{"by country", "sales_by_country", "channel"}};
  for (const auto& [family, key, dimension] : families) {
    Question by = period;
    const bool is_month = std::string(dimension).empty();
    if (is_month) by.bucket = v1::REPORT_BUCKET_MONTH;
    if (!is_month) by.by = {dimension};
    const Answer answer = check.Ask(by);
    for (const auto& [name, row] : reference.at(key).items()) {
      const std::string group = is_month ? "" : name;
      const std::string month = is_month ? name : "";
      const std::string at = std::string(family) + "/" + name;
      check.Equal(at + " orders", answer.Numerator("orders", group, month), row.at("orders"));
      check.Equal(at + " units", answer.Numerator("units_sold", group, month), row.at("units"));
      check.Equal(at + " revenue", answer.Numerator("gross_sales", group, month),
                  row.at("revenue"));
    }
  }
  Question by_item = period;
  by_item.figures = {"units_sold"};
  by_item.by = {"item"};
  const Answer of_items = check.Ask(by_item);
  for (const json& row : reference.at("top10_skus_by_units")) {
    check.Equal("top items/" + row.at("sku").get<std::string>(),
                of_items.Numerator("units_sold", row.at("sku")), row.at("units"));
  }
  Question who = period;
  who.figures = {"active_customers", "repeat_customers", "orders_per_customer"};
  const Answer known = check.Ask(who);
  const json& customers = reference.at("retention");
  check.Equal("customers", known.Numerator("active_customers"), customers.at("customers"));
  check.Equal("repeat customers", known.Numerator("repeat_customers"),
              customers.at("repeat_customers"));
  check.Equal("repeat rate", known.Value("repeat_customers") / 100, customers.at("repeat_rate"));
  check.Equal("orders per customer", known.Value("orders_per_customer"),
              customers.at("orders_per_customer"));

  Question deliveries{
      .figures = {"on_time_delivery", "delivery_lateness", "cycle_time", "orders_placed"},
      .begin = "2015-01-01",
      .end = "2019-01-01"};
  const Answer of_orders = check.Ask(deliveries);
  const json& overall = reference.at("overall");
  const double cancelled = of_orders.Excluded("orders_placed", "CANCELLED_EARLY");
  check.Equal("cancelled", cancelled, overall.at("cancelled"));
  check.Equal("cancelled share", cancelled / (cancelled + of_orders.Numerator("orders_placed")),
              overall.at("cancelled_share"));
  CheckGroup(check, "late", of_orders, overall, "");
  CheckTimes(check, "lead days", of_orders, "cycle_time", overall.at("lead_days"), "");
  for (const auto& [dimension, key] :
       {std::pair{"carrier", "by_shipping_mode"}, std::pair{"location", "by_market"}}) {
    deliveries.by = {dimension};
    const Answer answer = check.Ask(deliveries);
    for (const auto& [name, row] : reference.at(key).items()) {
      CheckGroup(check, std::string("late ") + key, answer, row, name);
      CheckTimes(check, std::string("lead days ") + key, answer, "cycle_time", row.at("lead_days"),
                 name);
    }
  }
  check.Leave("late by the second", "promises here are for days; the other count needs others");
  check.Leave("late rate by month",
              "the reference goes by the order's month, ours by the promise's");
  check.Leave("days late", "the reference counts calendar days, ours is the time");
}

TEST_F(RealDeliveries, Scms) {
  const std::string name = "scms-2006_2012";
  const json reference = ReferenceFigures(name);
  const CsvTable lines(*ReferenceFolder() / name / "deliveries.csv");
  RealChain chain;
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items = {{kParcelSku, {}}};
  std::set<std::string> countries;
  std::set<std::string> vendors;
  SaleLines sales;
  std::map<std::string, RealOrder> notes;
  for (size_t row = 0; row < lines.size(); ++row) {
    const std::string& country = lines.At(row, "country");
    items[lines.At(row, "item")].category = lines.At(row, "product_group");
    countries.insert(country);
    vendors.insert(lines.At(row, "vendor"));
    const std::string promised_on = lines.At(row, "promised_on");
    const std::string delivered_on = lines.At(row, "delivered_on");
    sales.Add({.id = lines.At(row, "line_id"),
               .sku = lines.At(row, "item"),
               .location = country,
               .channel = lines.At(row, "vendor"),
               .at = Noon(delivered_on),
               .order = lines.At(row, "order_no"),
               .customer = "",
               .currency = "USD"},
              std::stoll(lines.At(row, "packs")), Millionths(lines.At(row, "line_value_usd")));
    // A delivery note is an order, its lines are parcels. When it was ordered is not known of most.
    RealOrder& note = notes[lines.At(row, "delivery_note_no")];
    note.id = lines.At(row, "delivery_note_no");
    note.channel = lines.At(row, "vendor");
    const std::string before = std::min({promised_on, delivered_on}) + "T00:00:00Z";
    note.placed_at = note.placed_at.empty() ? before : std::min(note.placed_at, before);
    const std::string& mode = lines.At(row, "mode");
    note.parcels.push_back({.location = country,
                            .carrier = mode.empty() ? "(none)" : mode,
                            .service = lines.At(row, "fulfilled_via"),
                            .promised_at = Noon(promised_on),
                            .delivered_at = Noon(delivered_on)});
  }
  std::vector<RealOrder> placed;
  for (auto& [id, note] : notes) placed.push_back(std::move(note));
  chain.TellItems(items);
  chain.TellLocations(countries);
  chain.TellChannels(vendors);
  Stock(chain, countries);
  ASSERT_TRUE(chain.WaitUntilTaken());
  chain.TellShop("orders.csv", sales.text());
  ASSERT_TRUE(chain.WaitUntilTaken());
  TellOrders(chain.client(), placed);

  FigureCheck check(chain.client(), name);
  Question value{.figures = {"gross_sales", "units_sold", "orders"},
                 .begin = "2005-01-01",
                 .end = "2014-01-01",
                 .sources = {"web"}};
  const Answer whole = check.Ask(value);
  check.Equal("value", whole.Numerator("gross_sales"), reference.at("line_value_usd"));
  check.Equal("packs", whole.Numerator("units_sold"), reference.at("packs"));
  check.Equal("orders", whole.Numerator("orders"), reference.at("orders"));
  value.by = {"location"};
  const Answer of_countries = check.Ask(value);
  for (const auto& [country, sum] : reference.at("value_by_country").items()) {
    check.Equal("value by country/" + country, of_countries.Numerator("gross_sales", country), sum);
  }
  value.figures = {"units_sold"};
  value.by = {"item"};
  const Answer of_items = check.Ask(value);
  for (const json& row : reference.at("top10_items_by_packs")) {
    check.Equal("top items/" + row.at("item").get<std::string>(),
                of_items.Numerator("units_sold", row.at("item")), row.at("packs"));
  }
  Question deliveries{.figures = {"on_time_delivery", "delivery_lateness", "otif"},
                      .begin = "2006-01-01",
                      .end = "2013-01-01"};
  const Answer of_orders = check.Ask(deliveries);
  check.Equal("lines due", of_orders.Denominator("on_time_delivery"), reference.at("lines"));
  check.Equal("notes due", of_orders.Denominator("otif"), reference.at("delivery_notes"));
  check.Equal("notes with a late line", of_orders.Denominator("otif") - of_orders.Numerator("otif"),
              reference.at("delivery_notes_with_a_late_line"));
  check.Equal("notes on time", of_orders.Value("otif") / 100,
              reference.at("delivery_note_on_time_rate"));
  CheckGroup(check, "late", of_orders, reference.at("overall"), "");
  CheckTimes(check, "days late", of_orders, "delivery_lateness",
             reference.at("overall").at("days_late_when_late"), "");
  deliveries.figures = {"on_time_delivery", "delivery_lateness"};
  for (const auto& [dimension, key] :
       {std::pair{"carrier", "by_mode"}, std::pair{"service", "by_fulfilled_via"},
        std::pair{"location", "by_country"}, std::pair{"channel", "by_vendor"}}) {
    deliveries.by = {dimension};
    const Answer answer = check.Ask(deliveries);
    for (const auto& [group, row] : reference.at(key).items()) {
      CheckGroup(check, std::string("late ") + key, answer, row, group);
    }
  }
  deliveries.by.clear();
  deliveries.bucket = v1::REPORT_BUCKET_MONTH;
  const Answer months = check.Ask(deliveries);
  for (const auto& [month, row] : reference.at("late_rate_by_month").items()) {
    const double due = months.Denominator("on_time_delivery", "", month);
    const double late = months.Denominator("delivery_lateness", "", month);
    check.Equal("late by month/" + month + " lines", due, row.at("lines"));
    check.Equal("late by month/" + month + " late", late, row.at("late"));
    check.Equal("late by month/" + month + " rate", late / due, row.at("late_rate"));
  }
  check.Leave("early, exact day, delay with its sign", "no figure; late ones are compared");
  check.Leave("days from the order",
              "unknown for most lines, and after the delivery for some: no order can be placed so");
  check.Leave("days to the booking, freight", "no figure");
}

}  // namespace
}  // namespace stockd::system_test
