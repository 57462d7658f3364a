// What transactions mean, vendor by vendor and trap by trap.
#include "adapters/poslog/transaction_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/poslog/transaction_reader.h"
#include "adapters/sdk/timestamp_text.h"
#include "tests/adapters/poslog/poslog_text.h"

namespace stockd::poslog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using Fate = MappedTransaction::Fate;

class TransactionMappingTest : public ::testing::Test {
 protected:
  TransactionMappingTest() {
    config_.mapping.time_zone = "America/Los_Angeles";
    config_.mapping.channel = "pos";
  }

  // The only transaction of a file.
  MappedTransaction MapFile(const std::string& file) {
    TransactionScanner scanner(std::make_unique<MemoryBytes>(file, 4096), {});
    EXPECT_EQ(scanner.Next(), ScanOutcome::kTransaction) << scanner.problem().detail;
    const auto transaction = ReadTransaction(scanner.text(), scanner.scope());
    EXPECT_TRUE(transaction.ok()) << transaction.status();
    const auto mapping = TransactionMapping::Make(
        config_, [this](std::string_view item) { return item.starts_with("kg-") ? 3 : scale_; });
    EXPECT_TRUE(mapping.ok()) << mapping.status();
    return mapping->Map(transaction.value_or(Transaction{}), scanner.is_utf8());
  }

  MappedTransaction Map(const TransactionText& text) { return MapFile(Whole(ToText(text))); }

  // "sale A 1" for each fact, or why there are none.
  static std::vector<std::string> Moves(const MappedTransaction& mapped) {
    if (mapped.fate == Fate::kRejected) return {"rejected " + mapped.reason};
    if (mapped.fate == Fate::kSkipped) return {"skipped " + mapped.reason};
    std::vector<std::string> moves;
    for (const v1::Fact& fact : mapped.facts) {
      moves.push_back((fact.kind() == v1::FACT_KIND_SALE ? "sale " : "return ") + fact.sku() + " " +
                      std::to_string(fact.quantity()));
    }
    return moves;
  }
  std::vector<std::string> Moves(const std::string& lines) { return Moves(Map({.lines = lines})); }

  PoslogConfig config_;
  int scale_ = 0;
};

TEST_F(TransactionMappingTest, ASaleIsAFactWithAllThatIsKnownOfIt) {
  config_.mapping.currency = "EUR";
  const MappedTransaction mapped =
      Map({.sequence = "000114",
           .lines = Line({.number = "2",
                          .item = "00000000067591",
                          .more = "<RegularSalesUnitPrice>3.49</RegularSalesUnitPrice>"})});
  EXPECT_EQ(mapped.key, "9/34/2017-10-01/114");
  ASSERT_THAT(mapped.facts, SizeIs(1)) << mapped.detail;
  const v1::Fact& fact = mapped.facts[0];
  EXPECT_EQ(fact.event_id(), "9/34/2017-10-01/114/2");
  EXPECT_EQ(fact.sku(), "00000000067591");  // Leading zeros matter.
  EXPECT_EQ(fact.location(), "9");
  EXPECT_EQ(fact.channel(), "pos");
  EXPECT_EQ(fact.reference(), "9/34/2017-10-01/114");
  EXPECT_EQ(fact.device(), "9/34/2017-10-01");
  EXPECT_EQ(fact.device_sequence(), 114u);
  EXPECT_EQ(fact.unit_price_micros(), 3'490'000);
  EXPECT_EQ(fact.currency(), "EUR");
  EXPECT_EQ(sdk::FormatTimestamp(sdk::FromProto(fact.occurred_at())), "2017-10-01T22:15:25Z");
}

// 825 ItemIDs stand in the recording for 552 sales.
TEST_F(TransactionMappingTest, ItemsInsideLoyaltyLinesAreNotCounted) {
  const std::string reward =
      "<LineItem><SequenceNumber>4</SequenceNumber><LoyaltyReward><acs:RewardBasis>"
      "<acs:QuantityUsed>1</acs:QuantityUsed><acs:ItemID>B</acs:ItemID><ItemID>B</ItemID>"
      "<Quantity>7</Quantity></acs:RewardBasis></LoyaltyReward></LineItem>";
  const MappedTransaction mapped = Map({.lines = Line({}) + reward + reward});
  EXPECT_THAT(Moves(mapped), ElementsAre("sale A 1"));
  EXPECT_THAT(mapped.lines_skipped, ElementsAre(Pair("LoyaltyReward", 2)));
}

TEST_F(TransactionMappingTest, LinesOfOtherKindsAreSkippedAndCounted) {
  const auto line = [](const std::string& kind) {
    return "<LineItem><SequenceNumber>9</SequenceNumber><" + kind + "><Amount>1</Amount></" + kind +
           "></LineItem>";
  };
  const MappedTransaction mapped =
      Map({.lines = line("Tender") + Line({}) + line("Tax") + line("Tax") + line("acs:Anything") +
                    "<LineItem/><acs:LineItem><Sale/></acs:LineItem>"});
  EXPECT_THAT(Moves(mapped), ElementsAre("sale A 1"));
  EXPECT_THAT(mapped.lines_skipped, ElementsAre(Pair("Anything", 1), Pair("Tax", 2),
                                                Pair("Tender", 1), Pair("empty", 1)));
}

// A vendor's own Sale is none of ours, whatever prefix it uses and wherever it declares it.
TEST_F(TransactionMappingTest, OnlyTheNamespaceOfTheTransactionCounts) {
  EXPECT_THAT(Moves("<LineItem><acs:Sale><ItemID>A</ItemID><Quantity>1</Quantity></acs:Sale>"
                    "</LineItem>"),
              ElementsAre("skipped no_stock"));
  EXPECT_THAT(Moves("<LineItem><Sale xmlns='urn:other'><ItemID>A</ItemID><Quantity>1</Quantity>"
                    "</Sale></LineItem>"),
              ElementsAre("skipped no_stock"));
  const std::string arts = "http://www.nrf-arts.org/IXRetail/namespace/";
  EXPECT_THAT(Moves("<p:LineItem xmlns:p='" + arts +
                    "'><p:Sale><p:ItemID>A</p:ItemID><p:Quantity>2</p:Quantity></p:Sale>"
                    "</p:LineItem>"),
              ElementsAre("sale A 2"));
  EXPECT_THAT(
      Moves(MapFile("<p:POSLog xmlns:p='urn:arts'><p:Transaction>"
                    "<p:RetailStoreID>9</p:RetailStoreID><p:WorkstationID>1</p:WorkstationID>"
                    "<p:SequenceNumber>1</p:SequenceNumber>"
                    "<p:BusinessDayDate>2017-10-01</p:BusinessDayDate>"
                    "<p:EndDateTime>2017-10-01T10:00:00</p:EndDateTime><p:RetailTransaction>"
                    "<p:LineItem><p:Sale><p:ItemID>A</p:ItemID><p:Quantity>1</p:Quantity></p:Sale>"
                    "</p:LineItem></p:RetailTransaction></p:Transaction></p:POSLog>")),
      ElementsAre("sale A 1"));
}

TEST_F(TransactionMappingTest, ATextMayBeCutByCommentsAndSections) {
  EXPECT_THAT(Moves(Line({.item = " 00<!-- x -->12<![CDATA[3&]]>&#52; ", .quantity = "\n 2 "})),
              ElementsAre("sale 00123&4 2"));
}

TEST_F(TransactionMappingTest, WeighedGoodsAreCountedInTheSmallestUnitWithoutRounding) {
  EXPECT_THAT(Moves(Line({.item = "kg-1", .quantity = "0.42"})), ElementsAre("sale kg-1 420"));
  EXPECT_THAT(Moves(Line({.item = "kg-1", .quantity = "0.4205"})),
              ElementsAre("rejected QUANTITY_INVALID"));
  EXPECT_THAT(Moves(Line({.quantity = "0.42"})), ElementsAre("rejected QUANTITY_INVALID"));
  EXPECT_THAT(Moves(Line({.quantity = "4.000"})), ElementsAre("sale A 4"));  // Multi-buy.
  config_.mapping.decimal_separator = ',';
  EXPECT_THAT(Moves(Line({.item = "kg-1", .quantity = "1,5"})), ElementsAre("sale kg-1 1500"));
}

// One piece of 0.127 kg: the item says which of them is counted.
TEST_F(TransactionMappingTest, OfPiecesAndWeightTheItemsUnitCounts) {
  const auto line = [](const std::string& item) {
    return "<LineItem><Sale><ItemID>" + item +
           "</ItemID><Quantity UnitOfMeasureCode='EA' Units='1'>1</Quantity>"
           "<Quantity UnitOfMeasureCode='KGM' Units='0.127'>0.127</Quantity></Sale></LineItem>";
  };
  EXPECT_THAT(Moves(line("A")), ElementsAre("sale A 1"));
  EXPECT_THAT(Moves(line("kg-1")), ElementsAre("sale kg-1 127"));
  EXPECT_THAT(Moves("<LineItem><Sale><ItemID>A</ItemID><Quantity>1</Quantity><Quantity>2</Quantity>"
                    "</Sale></LineItem>"),
              ElementsAre("rejected QUANTITY_AMBIGUOUS"));
  config_.mapping.uses_units = true;
  EXPECT_THAT(Moves("<LineItem><Sale><ItemID>kg-1</ItemID><Quantity Units='0.5' "
                    "UnitOfMeasureCode='KGM'>1</Quantity></Sale></LineItem>"),
              ElementsAre("sale kg-1 500"));
}

constexpr const char* kVoid = "VoidFlag=\"true\"";

// NCR: skipping void lines would be wrong.
TEST_F(TransactionMappingTest, NcrVoidsANegativeLineTakesAnEarlierOneBack) {
  const std::string lines =
      Line({.number = "1"}) + Line({.number = "2"}) +
      Line({.number = "3", .item = "kg-1", .quantity = "7.21"}) +
      Line({.number = "4", .item = "kg-1", .quantity = "-7.21", .attributes = kVoid}) +
      Line({.number = "5", .item = "kg-1", .quantity = "1.71"}) +
      Line({.number = "6", .quantity = "-1", .attributes = kVoid});
  for (const VoidRule rule : {VoidRule::kAuto, VoidRule::kNegative}) {
    config_.mapping.voids = rule;
    const MappedTransaction mapped = Map({.lines = lines});
    EXPECT_THAT(Moves(mapped), ElementsAre("sale A 1", "sale kg-1 1710"));
    EXPECT_EQ(mapped.lines_voided, 2);
  }
}

TEST_F(TransactionMappingTest, APartOfALineCanBeTakenBackAndSeveralLines) {
  EXPECT_THAT(Moves(Line({.number = "1", .quantity = "4"}) +
                    Line({.number = "2", .quantity = "-1", .attributes = kVoid})),
              ElementsAre("sale A 3"));
  EXPECT_THAT(
      Moves(Line({.number = "1", .quantity = "2"}) + Line({.number = "2", .quantity = "2"}) +
            Line({.number = "3", .quantity = "-3", .attributes = kVoid})),
      ElementsAre("sale A 1"));
}

// Wincor Nixdorf: skipping gives the wrong total, and summing too.
TEST_F(TransactionMappingTest, WincorVoidsAPositiveLineTakesTheLinkedOneBack) {
  const std::string lines =
      Line({.number = "1"}) + Line({.number = "2"}) +
      Line({.number = "3", .attributes = kVoid, .more = "<ItemLink>1</ItemLink>"});
  for (const VoidRule rule : {VoidRule::kAuto, VoidRule::kPositive}) {
    config_.mapping.voids = rule;
    const MappedTransaction mapped = Map({.lines = lines});
    EXPECT_THAT(Moves(mapped), ElementsAre("sale A 1"));
    ASSERT_THAT(mapped.facts, SizeIs(1));
    EXPECT_THAT(mapped.facts[0].event_id(), HasSubstr("/2"));
  }
}

// Nobody can tell a line that takes another back from one that is itself no more.
TEST_F(TransactionMappingTest, APositiveVoidWithoutALinkIsNotGuessed) {
  const std::string lines = Line({.number = "1", .quantity = "2"}) +
                            Line({.number = "2", .quantity = "2", .attributes = kVoid});
  EXPECT_THAT(Moves(lines), ElementsAre("rejected VOID_AMBIGUOUS"));
  config_.mapping.voids = VoidRule::kPositive;
  EXPECT_THAT(Moves(lines), ElementsAre("skipped no_stock"));
  config_.mapping.voids = VoidRule::kMarked;
  EXPECT_THAT(Moves(lines), ElementsAre("sale A 2"));
  config_.mapping.voids = VoidRule::kNegative;
  EXPECT_THAT(Moves(lines), ElementsAre("rejected VOID_UNMATCHED"));
}

TEST_F(TransactionMappingTest, AVoidOfWhatWasNotSoldIsSetAside) {
  EXPECT_THAT(Moves(Line({.number = "1", .quantity = "-1", .attributes = kVoid})),
              ElementsAre("rejected VOID_UNMATCHED"));
  EXPECT_THAT(
      Moves(Line({.number = "1"}) + Line({.number = "2", .quantity = "-2", .attributes = kVoid})),
      ElementsAre("rejected VOID_UNMATCHED"));
  EXPECT_THAT(Moves(Line({.number = "1", .item = "B"}) +
                    Line({.number = "2", .attributes = kVoid, .more = "<ItemLink>1</ItemLink>"})),
              ElementsAre("rejected VOID_UNMATCHED"));
}

TEST_F(TransactionMappingTest, AVoidOfAReturnTakesTheReturnBack) {
  EXPECT_THAT(Moves(Line({.number = "1", .kind = "Return"}) + Line({.number = "2", .item = "B"}) +
                    Line({.number = "3", .quantity = "-1", .attributes = kVoid, .kind = "Return"})),
              ElementsAre("sale B 1"));
  EXPECT_THAT(Moves(Line({.number = "1", .quantity = "-1"}) + Line({.number = "2", .item = "B"}) +
                    Line({.number = "3", .quantity = "1", .attributes = kVoid})),
              ElementsAre("sale B 1"));
}

TEST_F(TransactionMappingTest, VoidFlagFalseIsNoVoid) {
  EXPECT_THAT(Moves(Line({.attributes = "VoidFlag=\"false\""})), ElementsAre("sale A 1"));
  EXPECT_THAT(Moves(Line({.attributes = "VoidFlag=\"perhaps\""})),
              ElementsAre("rejected SHAPE_INVALID"));
}

TEST_F(TransactionMappingTest, ReturnsComeBackWithEitherSignAndSayWhatTheyUndo) {
  EXPECT_THAT(Moves(Line({.kind = "Return"})), ElementsAre("return A 1"));
  EXPECT_THAT(Moves(Line({.quantity = "-2", .kind = "Return"})), ElementsAre("return A 2"));
  EXPECT_THAT(Moves(Line({.quantity = "-2"})), ElementsAre("return A 2"));
  const MappedTransaction mapped = Map(
      {.lines = Line({.kind = "Return",
                      .more = "<TransactionLink><RetailStoreID>9</RetailStoreID>"
                              "<WorkstationID>1</WorkstationID>"
                              "<SequenceNumber>7</SequenceNumber>"
                              "<BusinessDayDate>2017-09-30</BusinessDayDate></TransactionLink>"})});
  ASSERT_THAT(mapped.facts, SizeIs(1));
  EXPECT_EQ(mapped.facts[0].original_reference(), "9/1/2017-09-30/7");
}

TEST_F(TransactionMappingTest, CancelledTrainingAndSuspendedMoveNothingAndOfflineDoes) {
  const auto with = [this](const std::string& attributes) {
    return Moves(Map({.attributes = attributes}));
  };
  EXPECT_THAT(with("CancelFlag='true'"), ElementsAre("skipped cancelled"));
  EXPECT_THAT(with("TrainingModeFlag='1'"), ElementsAre("skipped training"));
  EXPECT_THAT(with("SuspendFlag='TRUE'"), ElementsAre("skipped suspended"));
  EXPECT_THAT(with("OfflineFlag='true'"), ElementsAre("sale A 1"));
  EXPECT_THAT(with("CancelFlag='false' TrainingModeFlag='0' SuspendFlag='false'"),
              ElementsAre("sale A 1"));
  EXPECT_THAT(with("CancelFlag='maybe'"), ElementsAre("rejected FLAG_INVALID"));
  EXPECT_THAT(Moves(Map({.body_attributes = "TransactionStatus='Suspended'"})),
              ElementsAre("skipped status=Suspended"));
  EXPECT_THAT(Moves(Map({.body_attributes = "TransactionStatus='Delivered'"})),
              ElementsAre("sale A 1"));
}

// Else its number would count as missing.
TEST_F(TransactionMappingTest, WhatMovesNoStockStillHasItsNumber) {
  for (const TransactionText& text :
       {TransactionText{.sequence = "7", .kind = "ControlTransaction"},
        TransactionText{.sequence = "7", .attributes = "CancelFlag='true'"},
        TransactionText{.sequence = "7", .lines = ""}}) {
    const MappedTransaction mapped = Map(text);
    EXPECT_EQ(mapped.fate, Fate::kSkipped) << mapped.detail;
    EXPECT_THAT(mapped.facts, IsEmpty());
    EXPECT_EQ(mapped.device, "9/34/2017-10-01");
    EXPECT_EQ(mapped.device_sequence, 7u);
  }
  EXPECT_THAT(Moves(Map({.kind = "ControlTransaction"})),
              ElementsAre("skipped ControlTransaction"));
}

TEST_F(TransactionMappingTest, NumbersBeginAnewEachDayOrGoOnOrAreNotFollowed) {
  EXPECT_EQ(Map({}).device, "9/34/2017-10-01");
  config_.mapping.sequences = SequenceRule::kContinuous;
  EXPECT_EQ(Map({}).device, "9/34");
  config_.mapping.sequences = SequenceRule::kNone;
  EXPECT_EQ(Map({}).device, "");
  EXPECT_EQ(Map({}).facts.at(0).device_sequence(), 0u);
}

// A till that closes at two in the night sells on the day before by its books.
TEST_F(TransactionMappingTest, TheBusinessDayNamesATransactionAndTheClockDatesIt) {
  const MappedTransaction mapped = Map({.day = "2017-09-30", .time = "2017-10-01T02:01:31"});
  ASSERT_THAT(mapped.facts, SizeIs(1));
  EXPECT_EQ(mapped.key, "9/34/2017-09-30/1");
  EXPECT_EQ(sdk::FormatTimestamp(sdk::FromProto(mapped.facts[0].occurred_at())),
            "2017-10-01T09:01:31Z");
  EXPECT_EQ(Map({.day = "2017-09-30T00:00:00"}).key, "9/34/2017-09-30/1");
  EXPECT_EQ(Map({.day = "2017-09-30-07:00"}).key, "9/34/2017-09-30/1");
}

TEST_F(TransactionMappingTest, TheRepeatedHourIsItsFirstOccurrenceAndCounted) {
  const auto at = [this](const std::string& time) {
    const MappedTransaction mapped = Map({.time = time});
    if (mapped.facts.size() != 1) return mapped.reason;
    return sdk::FormatTimestamp(sdk::FromProto(mapped.facts[0].occurred_at())) +
           (mapped.is_time_repeated ? " repeated" : "");
  };
  EXPECT_EQ(at("2017-11-05T01:30:00"), "2017-11-05T08:30:00Z repeated");
  EXPECT_EQ(at("2017-11-05T02:00:00"), "2017-11-05T10:00:00Z");
  EXPECT_EQ(at("2017-11-05T01:30:00-08:00"), "2017-11-05T09:30:00Z");
  EXPECT_EQ(at("2017-03-12T02:30:00"), "2017-03-12T10:30:00Z");  // Does not exist.
  EXPECT_EQ(at("2017-10-01T15:15:25.250Z"), "2017-10-01T15:15:25.250000Z");
  EXPECT_EQ(at("yesterday"), "TIME_INVALID");
  EXPECT_EQ(at(""), "VALUE_MISSING");
}

TEST_F(TransactionMappingTest, AStoreMayHaveItsOwnLocationAndClock) {
  config_.stores["9"] = {.location = "S09", .time_zone = "Europe/Istanbul"};
  const MappedTransaction mapped = Map({});
  ASSERT_THAT(mapped.facts, SizeIs(1));
  EXPECT_EQ(mapped.facts[0].location(), "S09");
  EXPECT_EQ(mapped.key, "9/34/2017-10-01/1");
  EXPECT_EQ(sdk::FormatTimestamp(sdk::FromProto(mapped.facts[0].occurred_at())),
            "2017-10-01T12:15:25Z");
}

TEST_F(TransactionMappingTest, ASaleWithoutItsWholeKeyIsSetAside) {
  EXPECT_THAT(Moves(Map({.store = ""})), ElementsAre("rejected VALUE_MISSING"));
  EXPECT_THAT(Moves(Map({.workstation = " "})), ElementsAre("rejected VALUE_MISSING"));
  EXPECT_THAT(Moves(Map({.sequence = ""})), ElementsAre("rejected VALUE_MISSING"));
  EXPECT_THAT(Moves(Map({.sequence = "1.5"})), ElementsAre("rejected NUMBER_INVALID"));
  EXPECT_THAT(Moves(Map({.sequence = "-1"})), ElementsAre("rejected NUMBER_INVALID"));
  EXPECT_THAT(Moves(Map({.sequence = "9999999999999999999999"})),
              ElementsAre("rejected NUMBER_INVALID"));
  EXPECT_THAT(Moves(Map({.day = ""})), ElementsAre("rejected VALUE_MISSING"));
  EXPECT_THAT(Moves(Map({.day = "2017-02-29"})), ElementsAre("rejected TIME_INVALID"));
  EXPECT_THAT(Moves(Map({.day = "2017-10-011"})), ElementsAre("rejected TIME_INVALID"));
  EXPECT_THAT(Moves(Map({.store = "9/34", .workstation = "1"})),
              ElementsAre("rejected ID_INVALID"));
  EXPECT_THAT(Moves(Map({.store = std::string(129, 'x')})), ElementsAre("rejected ID_INVALID"));
  EXPECT_THAT(Moves(Map({.store = "", .kind = "ControlTransaction"})),
              ElementsAre("skipped ControlTransaction"));
}

TEST_F(TransactionMappingTest, LinesWithoutNumbersOfTheirOwnAreNamedByTheirPlace) {
  const MappedTransaction mapped = Map({.lines = Line({.number = "1"}) + Line({.number = "1"})});
  ASSERT_THAT(mapped.facts, SizeIs(2));
  EXPECT_EQ(mapped.facts[0].event_id(), "9/34/2017-10-01/1/n1");
  EXPECT_EQ(mapped.facts[1].event_id(), "9/34/2017-10-01/1/n2");
}

TEST_F(TransactionMappingTest, ItemTypesThatMoveNoStockAreSkipped) {
  const std::string refund =
      "<LineItem><Sale ItemType='acs:NegativeItem'><ItemID>B</ItemID><Quantity>1</Quantity></Sale>"
      "</LineItem>";
  const MappedTransaction mapped = Map({.lines = refund + Line({})});
  EXPECT_THAT(Moves(mapped), ElementsAre("sale A 1"));
  EXPECT_THAT(mapped.lines_skipped, ElementsAre(Pair("item_type=acs:NegativeItem", 1)));
  config_.mapping.item_types.emplace_back("acs:NegativeItem");
  EXPECT_THAT(Moves(refund), ElementsAre("sale B 1"));
}

TEST_F(TransactionMappingTest, EitherCodeOfAnItemCanCount) {
  const std::string line =
      "<LineItem><Sale><POSIdentity><POSItemID>0400</POSItemID></POSIdentity><ItemID>A</ItemID>"
      "<Quantity>1</Quantity></Sale></LineItem>";
  EXPECT_THAT(Moves(line), ElementsAre("sale A 1"));
  config_.mapping.uses_pos_item_id = true;
  EXPECT_THAT(Moves(line), ElementsAre("sale 0400 1"));
  EXPECT_THAT(Moves(Line({})), ElementsAre("sale A 1"));
  EXPECT_THAT(Moves(Line({.item = ""})), ElementsAre("rejected VALUE_MISSING"));
}

TEST_F(TransactionMappingTest, ValuesThatCannotBeAreRefused) {
  EXPECT_THAT(Moves(Line({.quantity = ""})), ElementsAre("rejected QUANTITY_INVALID"));
  EXPECT_THAT(Moves(Line({.quantity = "1e3"})), ElementsAre("rejected QUANTITY_INVALID"));
  EXPECT_THAT(Moves(Line({.quantity = "9999999999999"})),
              ElementsAre("rejected QUANTITY_OUT_OF_RANGE"));
  EXPECT_THAT(Moves(Line({.quantity = "0"})), ElementsAre("skipped no_stock"));
  EXPECT_THAT(Moves(Line({.item = "a\xFF"})), ElementsAre("rejected UTF8_INVALID"));
  EXPECT_THAT(Moves(Line({.item = "a&#10;b"})), ElementsAre("rejected ID_INVALID"));
  const std::string two = "<Sale><ItemID>A</ItemID><Quantity>1</Quantity></Sale>";
  EXPECT_THAT(Moves("<LineItem>" + two + two + "</LineItem>"),
              ElementsAre("rejected SHAPE_INVALID"));
}

// In a file of one byte a letter only ASCII says what it means.
TEST_F(TransactionMappingTest, LettersBeyondAsciiNeedUtf8) {
  const std::string text = Whole(ToText({.lines = Line({.item = "\xC3\xA4"})}));
  EXPECT_THAT(Moves(MapFile(text)), ElementsAre("sale \xC3\xA4 1"));
  std::string latin = text;
  latin.replace(latin.find("UTF-8"), 5, "ISO-8859-9");
  EXPECT_THAT(Moves(MapFile(latin)), ElementsAre("rejected UTF8_INVALID"));
}

TEST_F(TransactionMappingTest, PricesOfNoUseAreLeftOutAndWrongOnesRefused) {
  const auto price = [this](const std::string& text) {
    const MappedTransaction mapped =
        Map({.lines = Line({.more = "<RegularSalesUnitPrice>9</RegularSalesUnitPrice>"
                                    "<ActualSalesUnitPrice Currency='USD'>" +
                                    text + "</ActualSalesUnitPrice>"})});
    return mapped.facts.size() != 1
               ? mapped.reason
               : std::to_string(mapped.facts[0].unit_price_micros()) + mapped.facts[0].currency();
  };
  EXPECT_EQ(price("1.25"), "1250000USD");
  EXPECT_EQ(price("-1"), "0");
  EXPECT_EQ(price("cheap"), "PRICE_INVALID");
}

}  // namespace
}  // namespace stockd::poslog
