#include "adapters/files/fact_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace stockd::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kPos =
    "role = \"pos\"\nsource = \"pos\"\ndrop_directory = \"/d\"\n[quantity]\n"
    "negative_quantity = \"return\"\n";

// What became of a row: the fact's essence, or "skipped <rule>" or "rejected <reason>".
class FactMappingTest : public ::testing::Test {
 protected:
  std::vector<std::string> Map(const std::string& config_text, const std::string& content,
                               const std::string& file_name = "till07-0105.csv") {
    const AdapterConfig config = ParseAdapterConfig(config_text, "a.toml", "/").value();
    const std::filesystem::path path = folder_.path() / file_name;
    support::WriteFile(path, content);
    auto reader = OpenRows(path, config, FileKind::kFacts, config.tables.at(FileKind::kFacts));
    if (!reader.ok()) return {std::string(reader.status().message())};
    auto mapping = FactMapping::Bind(config, FileKind::kFacts, file_name, **reader, &scales_);
    if (!mapping.ok()) return {std::string(mapping.status().message())};
    facts_.clear();
    std::vector<std::string> rows;
    for (;;) {
      const RowOutcome outcome = (*reader)->Next();
      if (outcome == RowOutcome::kEnd) return rows;
      v1::Fact fact;
      const RowVerdict verdict = outcome == RowOutcome::kBadRow
                                     ? RowVerdict::Rejected((*reader)->problem())
                                     : mapping->Map((*reader)->row(), &fact);
      rows.push_back(Describe(verdict, fact));
      if (verdict.fate == RowVerdict::Fate::kTaken) facts_.push_back(fact);
    }
  }

  std::string Describe(const RowVerdict& verdict, const v1::Fact& fact) {
    switch (verdict.fate) {
      case RowVerdict::Fate::kSkipped: return "skipped " + verdict.reason;
      case RowVerdict::Fate::kRejected: return "rejected " + verdict.reason;
      case RowVerdict::Fate::kTaken:
        return v1::FactKind_Name(fact.kind()).substr(10) + " " + fact.sku() + "@" +
               fact.location() + " " + std::to_string(fact.quantity());
    }
    return {};
  }

  support::TempDirectory folder_;
  sdk::ItemScales scales_{0};
  std::vector<v1::Fact> facts_;
};

TEST_F(FactMappingTest, ColumnsOfTheirOwnNamesNeedNoMapping) {
  EXPECT_THAT(Map(std::string(kPos),
                  "event_id,kind,sku,location,quantity,occurred_at,reference,unit_price,currency\n"
                  "e1,sale,A,S01,2,2011-01-05T06:00:00Z,r1,2.55,EUR\n"
                  "e2,count,A,S01,0,2011-01-05T07:00:00Z,,,\n"),
              ElementsAre("SALE A@S01 2", "COUNT A@S01 0"));
  ASSERT_EQ(facts_.size(), 2u);
  EXPECT_EQ(facts_[0].event_id(), "e1");
  EXPECT_EQ(facts_[0].reference(), "r1");
  EXPECT_EQ(facts_[0].unit_price_micros(), 2'550'000);
  EXPECT_EQ(facts_[0].currency(), "EUR");
  EXPECT_EQ(facts_[0].occurred_at().seconds(), 1'294'207'200);
}

TEST_F(FactMappingTest, WhoBoughtAndHowItIsHandedOverIsKeptOfSalesAndReturnsOnly) {
  EXPECT_THAT(Map(std::string(kPos),
                  "event_id,kind,sku,location,quantity,occurred_at,customer_reference,"
                  "fulfilment_channel,original_reference\n"
                  "e1,sale,A,S01,2,2011-01-05T06:00:00Z,c1,counter,r0\n"
                  "e2,return,A,S01,1,2011-01-05T07:00:00Z,c1,parcel,r1\n"
                  "e3,damage,A,S01,1,2011-01-05T08:00:00Z,c1,parcel,r1\n"),
              ElementsAre("SALE A@S01 2", "RETURN A@S01 1", "DAMAGE A@S01 1"));
  ASSERT_EQ(facts_.size(), 3u);
  EXPECT_EQ(facts_[0].customer_reference(), "c1");
  EXPECT_EQ(facts_[0].fulfilment_channel(), "counter");
  EXPECT_EQ(facts_[0].original_reference(), "");
  EXPECT_EQ(facts_[1].fulfilment_channel(), "parcel");
  EXPECT_EQ(facts_[1].original_reference(), "r1");
  EXPECT_EQ(facts_[2].customer_reference(), "");
  EXPECT_EQ(facts_[2].original_reference(), "");
}

TEST_F(FactMappingTest, MappedColumnsConstantsKindsAndSkipsDoAsTheySay) {
  const std::string config = std::string(kPos) + R"(
[columns]
event_id = ["no", "line"]
kind = "type"
sku = "StockCode"
quantity = "Quantity"
occurred_at = "When"
[constants]
location = "S01"
channel = "pos"
[kinds]
V = "sale"
X = "skip"
[skip]
training = ["1"]
)";
  EXPECT_THAT(Map(config,
                  "no,line,type,StockCode,Quantity,When,training\n"
                  "1,1,V,A,2,2011-01-05T06:00:00Z,0\n"
                  "1,2,RETURN,A,1,2011-01-05T06:00:00Z,0\n"
                  "1,3,X,A,1,2011-01-05T06:00:00Z,0\n"
                  "1,4,V,A,1,2011-01-05T06:00:00Z,1\n"
                  "1,5,Q,A,1,2011-01-05T06:00:00Z,0\n"
                  "1,,V,A,1,2011-01-05T06:00:00Z,0\n"),
              ElementsAre("SALE A@S01 2", "RETURN A@S01 1", "skipped kind=X", "skipped training=1",
                          "rejected KIND_UNKNOWN", "rejected VALUE_MISSING"));
  EXPECT_EQ(facts_[1].event_id(), "1/2");
  EXPECT_EQ(facts_[0].channel(), "pos");
}

TEST_F(FactMappingTest, ANegativeSaleIsAReturnWhereConfigured) {
  const std::string rows =
      "event_id,kind,sku,location,quantity,occurred_at\n"
      "1,sale,A,S01,-2,2011-01-05\n"
      "2,return,A,S01,-2,2011-01-05\n"
      "3,adjustment,A,S01,-2,2011-01-05\n"
      "4,receipt,A,S01,-2,2011-01-05\n";
  EXPECT_THAT(Map(std::string(kPos), rows),
              ElementsAre("RETURN A@S01 2", "RETURN A@S01 2", "ADJUSTMENT A@S01 -2",
                          "rejected QUANTITY_NEGATIVE"));
  EXPECT_THAT(Map("role = \"pos\"\nsource = \"p\"\ndrop_directory = \"/d\"\n", rows),
              ElementsAre("rejected QUANTITY_NEGATIVE", "rejected QUANTITY_NEGATIVE",
                          "ADJUSTMENT A@S01 -2", "rejected QUANTITY_NEGATIVE"));
}

TEST_F(FactMappingTest, EachBadValueHasItsReason) {
  const std::string long_id(129, 'x');
  EXPECT_THAT(
      Map(std::string(kPos),
          "event_id,sku,location,quantity,occurred_at,unit_price,currency\n"
          "1,,S01,1,2011-01-05,,\n"
          "2,A,,1,2011-01-05,,\n"
          "3,A,S01,,2011-01-05,,\n"
          "4,A,S01,x,2011-01-05,,\n"
          "5,A,S01,1.5,2011-01-05,,\n"
          "6,A,S01,0,2011-01-05,,\n"
          "7,A,S01,1000000000001,2011-01-05,,\n"
          "8,A,S01,9223372036854775808,2011-01-05,,\n"
          "9,A,S01,1,yesterday,,\n"
          "10,A,S01,1,,,\n"
          "11,A\xE9,S01,1,2011-01-05,,\n"
          "12," +
              long_id +
              ",S01,1,2011-01-05,,\n"
              "13,\"A\n\",S01,1,2011-01-05,,\n"
              "14,A,S01,1,2011-01-05,free,\n"
              "15,A,S01,1,2011-01-05,1,euro\n"
              "16,A,S01\n"
              "17,A,S01,1,2011-01-05,,,\n"),
      ElementsAre("rejected VALUE_MISSING", "rejected VALUE_MISSING", "rejected VALUE_MISSING",
                  "rejected QUANTITY_INVALID", "rejected QUANTITY_INVALID",
                  "rejected QUANTITY_ZERO", "rejected QUANTITY_OUT_OF_RANGE",
                  "rejected QUANTITY_INVALID", "rejected TIME_INVALID", "rejected VALUE_MISSING",
                  "rejected UTF8_INVALID", "rejected TEXT_TOO_LONG", "rejected ID_INVALID",
                  "rejected PRICE_INVALID", "rejected CURRENCY_INVALID", "rejected FIELDS_MISSING",
                  "rejected FIELDS_EXTRA"));
}

// The lines of a receipt share its number; a number alone would be nobody's.
TEST_F(FactMappingTest, TillsAndTheirReceiptNumbersAreKept) {
  const std::string config =
      std::string(kPos) + "[columns]\ndevice = \"till\"\ndevice_sequence = \"receipt\"\n";
  EXPECT_THAT(Map(config,
                  "event_id,sku,location,quantity,occurred_at,till,receipt\n"
                  "1/1,A,S01,2,2011-01-05T06:00:00Z,t-1,4711\n"
                  "1/2,B,S01,1,2011-01-05T06:00:00Z,t-1,4711\n"
                  "2,A,S01,1,2011-01-05T06:00:00Z,t-1,\n"
                  "3,A,S01,1,2011-01-05T06:00:00Z,,4712\n"
                  "4,A,S01,1,2011-01-05T06:00:00Z,t-1,0\n"),
              ElementsAre("SALE A@S01 2", "SALE B@S01 1", "SALE A@S01 1", "rejected VALUE_MISSING",
                          StartsWith("rejected ")));
  EXPECT_EQ(facts_[0].device(), "t-1");
  EXPECT_EQ(facts_[0].device_sequence(), 4711u);
  EXPECT_EQ(facts_[1].device_sequence(), 4711u);
  EXPECT_EQ(facts_[2].device_sequence(), 0u);
}

TEST_F(FactMappingTest, MissingColumnsAreAllNamed) {
  const auto rows = Map(std::string(kPos) + "[columns]\nsku = \"StockCode\"\n", "a,b\n1,2\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0], HasSubstr("StockCode, location, quantity, occurred_at"));
  EXPECT_THAT(rows[0], HasSubstr("The file has: a, b"));
}

TEST_F(FactMappingTest, ATillsLocationCountsWhereRowsNameNone) {
  const std::string config = std::string(kPos) + "[till_locations]\ntill07 = \"S07\"\n";
  EXPECT_THAT(Map(config,
                  "event_id,sku,location,quantity,occurred_at\n1,A,,1,2011-01-05\n"
                  "2,A,S01,1,2011-01-05\n"),
              ElementsAre("SALE A@S07 1", "SALE A@S01 1"));
  EXPECT_THAT(Map(config, "event_id,sku,quantity,occurred_at\n1,A,1,2011-01-05\n"),
              ElementsAre("SALE A@S07 1"));
}

TEST_F(FactMappingTest, QuantitiesAreInTheItemsSmallestUnit) {
  scales_.Set("KG", 3);
  EXPECT_THAT(Map(std::string(kPos),
                  "event_id,sku,location,quantity,occurred_at\n1,KG,S01,12.375,2011-01-05\n"
                  "2,PIECE,S01,2.000,2011-01-05\n"),
              ElementsAre("SALE KG@S01 12375", "SALE PIECE@S01 2"));
}

TEST_F(FactMappingTest, JsonLinesAreMappedLikeCsv) {
  EXPECT_THAT(Map(std::string(kPos),
                  "{\"event_id\":7,\"sku\":\"A\",\"location\":\"S01\",\"quantity\":2,"
                  "\"occurred_at\":\"2011-01-05\",\"unit_price\":2.55,\"cashier\":{\"id\":1}}\r\n"
                  "\n"
                  "{\"sku\":\"A\",\"location\":\"S01\",\"quantity\":1,\"occurred_at\":null}\n"
                  "[1,2]\n"
                  "{\"sku\":\"A\",\"location\":[],\"quantity\":1}\n"
                  "{\"sku\":\"A\",\"location\":\"S01\",\"quan",
                  "till07-0105.jsonl"),
              ElementsAre("SALE A@S01 2", "rejected VALUE_MISSING", "rejected JSON_INVALID",
                          "rejected JSON_INVALID", "rejected JSON_INVALID"));
  EXPECT_EQ(facts_[0].event_id(), "7");
  EXPECT_EQ(facts_[0].unit_price_micros(), 2'550'000);
}

// A redelivered journal must not be counted twice, and two equal sales must not become one.
TEST_F(FactMappingTest, RowsWithoutIdsAreNamedByWhatTheySay) {
  const std::string rows =
      "sku,location,quantity,occurred_at\nA,S01,1,2011-01-05\nA,S01,1,2011-01-05\n"
      "B,S01,1,2011-01-05\n";
  const auto ids = [this] {
    std::vector<std::string> all;
    for (const v1::Fact& fact : facts_) all.push_back(fact.event_id());
    return all;
  };
  Map(std::string(kPos), rows, "till07-0105.csv");
  const std::vector<std::string> first = ids();
  ASSERT_EQ(first.size(), 3u);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[0], first[2]);
  EXPECT_EQ(first[0].substr(0, 7), "till07/");
  Map(std::string(kPos), rows, "till07-again.csv");
  EXPECT_EQ(ids(), first);
  Map(std::string(kPos), rows + "C,S01,1,2011-01-05\n", "till07-longer.csv");
  EXPECT_EQ(ids()[2], first[2]);
  Map(std::string(kPos), rows, "till08-0105.csv");
  EXPECT_NE(ids()[0], first[0]);
}

}  // namespace
}  // namespace stockd::files
