#include "adapters/poslog/transaction_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/poslog/poslog_text.h"

namespace stockd::poslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kOne = "<Transaction><a>1</a></Transaction>";
const std::string kTwo = "<Transaction><a>2</a></Transaction>";

TEST(TransactionScanner, EveryTransactionIsCutOutByItself) {
  EXPECT_THAT(Scan(Whole("\n " + kOne + "\n" + kTwo)), ElementsAre("T" + kOne, "T" + kTwo));
  EXPECT_THAT(Scan(Whole("<Transaction/>")), ElementsAre("T<Transaction/>"));
  EXPECT_THAT(Scan(Whole("")), IsEmpty());
}

TEST(TransactionScanner, MarkupThatOnlyLooksLikeTheEndIsNone) {
  const std::string text =
      "<Transaction x='/Transaction>'><!-- </Transaction> --><![CDATA[</Transaction>]]>"
      "<?p </Transaction> ?><a b=\">\"/></Transaction>";
  EXPECT_THAT(Scan(Whole(text + kTwo)), ElementsAre("T" + text, "T" + kTwo));
}

TEST(TransactionScanner, AMarkAtTheBeginningIsSkipped) {
  EXPECT_THAT(Scan("\xEF\xBB\xBF" + Whole(kOne)), ElementsAre("T" + kOne));
}

TEST(TransactionScanner, OtherEncodingsAreRefusedOrLeftToTheValues) {
  const auto declared = [](const std::string& encoding) {
    return Scan("<?xml version='1.0' encoding='" + encoding + "'?><POSLog>" + kOne + "</POSLog>");
  };
  for (const char* encoding : {"utf-8", "UTF-8", "us-ascii", "ISO-8859-9", "windows-1254"}) {
    EXPECT_THAT(declared(encoding), ElementsAre("T" + kOne)) << encoding;
  }
  EXPECT_THAT(declared("UTF-16"), ElementsAre("refused ENCODING_UNKNOWN"));
  EXPECT_THAT(declared("EBCDIC-CP-US"), ElementsAre("refused ENCODING_UNKNOWN"));
  EXPECT_THAT(Scan(std::string("\xFF\xFE<\0P\0", 6)), ElementsAre("refused ENCODING_UNKNOWN"));
  EXPECT_THAT(Scan(std::string("\0<\0P", 4)), ElementsAre("refused ENCODING_UNKNOWN"));
}

TEST(TransactionScanner, OnlyTheNamespaceOfThePoslogCounts) {
  const std::string prefixed = "<p:Transaction><p:a/></p:Transaction>";
  EXPECT_THAT(Scan("<p:POSLog xmlns:p='urn:arts' xmlns='urn:other'><Transaction/>" + prefixed +
                   "<q:Transaction xmlns:q='urn:arts'/></p:POSLog>"),
              ElementsAre("T" + prefixed, "T<q:Transaction xmlns:q='urn:arts'/>"));
  EXPECT_THAT(Scan(Whole("<acs:Transaction/>" + kOne)), ElementsAre("T" + kOne));
}

TEST(TransactionScanner, WrappersAndOtherElementsAreStepped) {
  EXPECT_THAT(Scan("<e:Envelope xmlns:e='urn:soap'><e:Body><POSLog><Batch id='1'>7" + kOne +
                   "</Batch><Footer>1</Footer></POSLog></e:Body></e:Envelope>"),
              ElementsAre("T" + kOne));
  EXPECT_THAT(Scan(kOne), ElementsAre("T" + kOne));
  EXPECT_THAT(Scan(Whole(kOne) + Whole(kTwo)), ElementsAre("T" + kOne, "T" + kTwo));
}

TEST(TransactionScanner, AFileThatIsNoPoslogIsRefused) {
  EXPECT_THAT(Scan(""), ElementsAre("refused FILE_EMPTY"));
  EXPECT_THAT(Scan(" \n"), ElementsAre("refused POSLOG_MISSING"));
  EXPECT_THAT(Scan("a,b,c\n1,2,3\n"), ElementsAre("refused MARKUP_INVALID"));
  EXPECT_THAT(Scan("{\"Transaction\": 1}"), ElementsAre("refused MARKUP_INVALID"));
  EXPECT_THAT(Scan("<html><Transaction/></html>"), ElementsAre("refused POSLOG_MISSING"));
}

// Entities that multiply, or name a file of the machine, are never looked at.
TEST(TransactionScanner, DoctypesAndEntitiesAreRefused) {
  EXPECT_THAT(Scan("<!DOCTYPE POSLog [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><POSLog>" + kOne +
                   "</POSLog>"),
              ElementsAre("refused MARKUP_INVALID"));
  EXPECT_THAT(Scan(Whole("<Transaction><a>&x;</a></Transaction>" + kTwo)),
              ElementsAre("!MARKUP_INVALID", "T" + kTwo));
}

TEST(TransactionScanner, ABrokenTransactionCostsNoOther) {
  for (const std::string broken : {
           "<Transaction><a></Transaction>",          // Not closed inside.
           "<Transaction><a></b></a></Transaction>",  // Closed by another.
           "<Transaction>a < b</Transaction>",
           "<Transaction>a & b</Transaction>",
           "<Transaction><a b=c/></Transaction>",
           "<Transaction><!-- </Transaction>",  // A comment that is never closed.
           "<Transaction><![CDATA[ </Transaction>",
           "<Transaction><a b=' </Transaction>",
           "<Transaction><a>cut off by a crash of the till ",  // And the next one follows.
           "<Transaction b=c></Transaction>",
           "</Wrong>",
           "<1/>",
       }) {
    EXPECT_THAT(Scan(Whole(kOne + broken + kTwo)),
                ElementsAre("T" + kOne, "!MARKUP_INVALID", "T" + kTwo))
        << broken;
  }
}

TEST(TransactionScanner, AFileThatWasCutOffSaysSo) {
  const std::string text = Whole(kOne + kTwo);
  const size_t second = text.find(kTwo);
  EXPECT_THAT(Scan(text.substr(0, second + 20)), ElementsAre("T" + kOne, "!FILE_ENDS_EARLY"));
  EXPECT_THAT(Scan(text.substr(0, second)), ElementsAre("T" + kOne, "!FILE_ENDS_EARLY"));
  EXPECT_THAT(Scan(text.substr(0, text.size() - 1)), ElementsAre("T" + kOne, "T" + kTwo));
}

TEST(TransactionScanner, WhatIsTooLargeOrTooDeepIsSkipped) {
  const ScanLimits limits{.transaction_bytes_max = 1000, .depth_max = 10};
  std::string deep = "<Transaction>";
  for (int i = 0; i < 20; ++i) deep += "<a>";
  for (int i = 0; i < 20; ++i) deep += "</a>";
  deep += "</Transaction>";
  EXPECT_THAT(Scan(Whole(kOne + deep + kTwo), 64, limits),
              ElementsAre("T" + kOne, "!DEPTH_EXCEEDED", "T" + kTwo));
  for (const std::string& filler :
       {std::string(5000, 'x'), "<!--" + std::string(5000, 'x') + "-->",
        "<a b='" + std::string(5000, 'x') + "'/>", std::string(5000, ' ')}) {
    EXPECT_THAT(Scan(Whole(kOne + "<Transaction>" + filler + "</Transaction>" + kTwo), 64, limits),
                ElementsAre("T" + kOne, "!TRANSACTION_TOO_LARGE", "T" + kTwo));
  }
}

TEST(TransactionScanner, WhatIsBadIsGivenUpToItsLimitWithItsPlace) {
  const std::string bad = "<Transaction>&" + std::string(5000, 'x') + "</Transaction>";
  const std::string text = Whole(kOne + bad + kTwo);
  for (const size_t piece : {16u, 100'000u}) {
    TransactionScanner scanner(std::make_unique<MemoryBytes>(text, piece),
                               {.transaction_bytes_max = 1000});
    ASSERT_EQ(scanner.Next(), ScanOutcome::kTransaction);
    ASSERT_EQ(scanner.Next(), ScanOutcome::kBad);
    EXPECT_EQ(scanner.begin_offset(), text.find(bad));
    EXPECT_EQ(scanner.end_offset(), text.find(kTwo));
    EXPECT_EQ(scanner.text().substr(0, 900), bad.substr(0, 900));
    ASSERT_EQ(scanner.Next(), ScanOutcome::kTransaction);
    EXPECT_EQ(scanner.text(), kTwo);
  }
}

// Wherever the disk's blocks end.
TEST(TransactionScanner, HoweverTheBytesComeTheSameIsFound) {
  const std::string text =
      "\xEF\xBB\xBF" +
      Whole("<!-- <Transaction> -->" + kOne + "<Transaction a='>'><![CDATA[</Transaction>]]>" +
            "</Transaction><Transaction><x></Transaction><Transaction>&bad;</Transaction>" + kTwo +
            "<Transaction><!-- never closed </Transaction>" + kTwo) +
      Whole(kTwo) + "<POSLog><Transaction>";
  const std::vector<std::string> expected = Scan(text, text.size());
  EXPECT_EQ(expected.size(), 9u);
  for (size_t piece = 1; piece < text.size(); ++piece) {
    EXPECT_EQ(Scan(text, piece), expected) << "in pieces of " << piece;
  }
}

}  // namespace
}  // namespace stockd::poslog
