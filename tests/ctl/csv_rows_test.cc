#include "daemon/ctl/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "daemon/ctl/command.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

template <typename Message>
ImportedFile Read(const std::string& text, const std::vector<std::string_view>& keys) {
  std::istringstream input(text);
  return ReadRows(input, Message::default_instance(), keys);
}

template <typename Message>
const Message& Row(const ImportedFile& file, size_t index) {
  return dynamic_cast<const Message&>(*file.rows.at(index).message);
}

TEST(CsvRows, ItemsAreReadFieldByField) {
  const ImportedFile file = Read<v1::Item>(
      "sku,name,unit,scale,gtins,unit_cost,price_micros,currency\n"
      "MUG-1,\"Mug, blue\",piece,0,4006381333931|96385074,2.5,7990000,EUR\n"
      "TEA-3,,kg,3,,,,\n",
      {"sku"});
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_TRUE(file.bad_rows.empty());
  const v1::Item& mug = Row<v1::Item>(file, 0);
  EXPECT_EQ(mug.name(), "Mug, blue");
  EXPECT_EQ(mug.unit_cost_micros(), 2500000);
  EXPECT_EQ(mug.price_micros(), 7990000);
  ASSERT_EQ(mug.gtins_size(), 2);
  EXPECT_EQ(mug.gtins(1), "96385074");
  EXPECT_EQ(Row<v1::Item>(file, 1).scale(), 3);
}

TEST(CsvRows, LocationsHaveKindsFlagsAndCoordinates) {
  const ImportedFile file = Read<v1::Location>(
      "code,kind,latitude,longitude,ships,collects\n"
      "S01,store,41.03,28.98,no,YES\n"
      "D01,Dark Store,,,1,false\n",
      {"code"});
  ASSERT_EQ(file.rows.size(), 2u);
  const v1::Location& store = Row<v1::Location>(file, 0);
  EXPECT_EQ(store.kind(), v1::LOCATION_KIND_STORE);
  EXPECT_EQ(store.coordinate().longitude(), 28.98);
  EXPECT_FALSE(store.ships());
  EXPECT_TRUE(store.collects());
  const v1::Location& dark = Row<v1::Location>(file, 1);
  EXPECT_EQ(dark.kind(), v1::LOCATION_KIND_DARK_STORE);
  EXPECT_FALSE(dark.has_coordinate());
  EXPECT_TRUE(dark.ships());
}

TEST(CsvRows, SuppliesHaveInstants) {
  const ImportedFile file = Read<v1::Supply>(
      "supply_id,sku,location,quantity,expected_at\nPO-1,MUG-1,S01,24,2026-12-01T08:00:00+03:00\n",
      {"supply_id"});
  ASSERT_EQ(file.rows.size(), 1u);
  EXPECT_EQ(Row<v1::Supply>(file, 0).expected_at().seconds(), 1796101200);
}

// Each bad row must say what is wrong with it; the rows around it are not its victims.
TEST(CsvRows, BadRowsAreSetApartWithLineAndReason) {
  const ImportedFile file = Read<v1::Item>(
      "sku,scale,price\n"
      "A,0,1.50\n"
      "B,two,1\n"
      "C,0\n"
      "A,0,2\n"
      "D,0,1.1234567\n"
      "E\xff,0,1\n"
      "F,99999999999,1\n"
      "G,0,1e3\n"
      "H,3,-1\n",
      {"sku"});
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_EQ(file.rows[1].line, 10);  // Whether a price may be negative is the daemon's to say.
  std::string reasons;
  for (const BadRow& bad : file.bad_rows) {
    reasons += std::to_string(bad.line) + ": " + bad.reason + "\n";
  }
  EXPECT_EQ(reasons,
            "3: scale \"two\" is not a whole number in range\n"
            "4: has 2 fields, the header has 3\n"
            "5: repeats line 2\n"
            "6: price \"1.1234567\" is not an amount such as 12.50\n"
            "7: sku is not UTF-8 text\n"
            "8: scale \"99999999999\" is not a whole number in range\n"
            "9: price \"1e3\" is not an amount such as 12.50\n");
}

TEST(CsvRows, AKeyOfTwoColumnsIsOneKey) {
  const ImportedFile file = Read<v1::SafetyStock>(
      "sku,location,quantity\nA,S1,1\nA,S2,1\nA,,1\n,S1,1\nA,S1,2\n", {"sku", "location"});
  EXPECT_EQ(file.rows.size(), 4u);
  ASSERT_EQ(file.bad_rows.size(), 1u);
  EXPECT_EQ(file.bad_rows[0].reason, "repeats line 2");
}

TEST(CsvRows, AHeaderThatDoesNotFitIsExplained) {
  const auto problem = [](const std::string& header) -> std::string {
    try {
      Read<v1::Item>(header, {"sku"});
      return "accepted";
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(problem("sku,nmae\n"),
              HasSubstr("did you mean \"name\"? The columns are: sku, name"));
  EXPECT_THAT(problem("name\n"), HasSubstr("\"sku\" is missing"));
  EXPECT_THAT(problem("sku,sku\n"), HasSubstr("\"sku\" repeats \"sku\""));
  EXPECT_THAT(problem("sku,price,price_micros\n"), HasSubstr("repeats \"price\""));
  EXPECT_THAT(problem(""), HasSubstr("the file is empty"));
  EXPECT_THAT(problem("sku\n\"a\n"), HasSubstr("line 2: a quoted field"));
}

}  // namespace
}  // namespace stockd::ctl
