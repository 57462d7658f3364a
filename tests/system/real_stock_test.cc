// Stock of a sample house through the ERP's adapter: units and value by place are what others
// worked out.
#include <gtest/gtest.h>

#include "tests/system/figure_check.h"
#include "tests/system/real_chain.h"
#include "tests/system/reference_data.h"

namespace stockd::system_test {
namespace {

using nlohmann::json;

TEST(RealStock, AdventureWorks) {
  if (!ReferenceFolder()) {
    GTEST_SKIP() << "the data are not here: set STOCKD_SHARED to the folder that holds data/, or "
                    "put it beside the checkout as shared";
  }
  const json reference = ReferenceFigures("adventureworks");
  const CsvTable products(*ReferenceFolder() / "adventureworks/products.csv");
  const CsvTable stock(*ReferenceFolder() / "adventureworks/stock.csv");
  RealChain chain;
  ASSERT_TRUE(chain.Start());
  std::map<std::string, ErpItem> items;
  for (size_t row = 0; row < products.size(); ++row) {
    items[products.At(row, "sku")] = {.category = products.At(row, "category"),
                                      .unit_cost = products.At(row, "standard_cost"),
                                      .currency = "USD"};
  }
  std::set<std::string> locations;
  std::string levels = "sku,location,quantity,as_of\n";
  for (size_t row = 0; row < stock.size(); ++row) {
    locations.insert(stock.At(row, "location_id"));
    levels += Quoted(stock.At(row, "sku")) + "," + stock.At(row, "location_id") + "," +
              stock.At(row, "on_hand") + ",2026-01-01T00:00:00Z\n";
  }
  chain.TellItems(items);
  chain.TellLocations(locations);
  chain.TellErp("levels-all.csv", levels);
  ASSERT_TRUE(chain.WaitUntilTaken());

  FigureCheck check(chain.client(), "adventureworks");
  Question question{.figures = {"on_hand", "stock_value", "on_hand_average"},
                    .begin = "2026-02-01",
                    .end = "2026-03-01"};
  const Answer whole = check.Ask(question);
  check.Equal("units on hand", whole.Numerator("on_hand"), reference.at("units_on_hand"));
  check.Equal("average units on hand", whole.Value("on_hand_average"),
              reference.at("units_on_hand"));
  check.Equal("value at cost", whole.Numerator("stock_value"), reference.at("value_at_cost"));
  question.by = {"location"};
  const Answer places = check.Ask(question);
  for (const auto& [location, row] : reference.at("by_location").items()) {
    check.Equal("by location/" + location + " units", places.Numerator("on_hand", location),
                row.at("units"));
    check.Equal("by location/" + location + " value", places.Numerator("stock_value", location),
                row.at("value_at_cost"));
  }
  question.by = {"item"};
  const Answer of_items = check.Ask(question);
  for (const json& row : reference.at("largest10_skus")) {
    check.Equal("largest items/" + row.at("sku").get<std::string>(),
                of_items.Numerator("on_hand", row.at("sku")), row.at("on_hand"));
  }
  for (const json& sku : reference.at("zero_on_hand_skus")) {
    check.Equal("items with nothing on hand/" + sku.get<std::string>(),
                of_items.Numerator("on_hand", sku), 0);
  }
  check.Leave("reorder points, purchase orders, vendors, stores",
              "no figures: nothing here buys from vendors");
}

}  // namespace
}  // namespace stockd::system_test
