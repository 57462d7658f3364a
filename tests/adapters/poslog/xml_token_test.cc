#include "adapters/poslog/xml_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace stockd::poslog {
namespace {

using ::testing::HasSubstr;

// "start 12 name", "more", or why not.
std::string Read(std::string_view text, bool is_whole = true) {
  Token token;
  std::string_view why;
  switch (ReadToken(text, is_whole, &token, &why)) {
    case TokenOutcome::kNeedsMore: return "more";
    case TokenOutcome::kInvalid: return "invalid: " + std::string(why);
    case TokenOutcome::kToken: break;
  }
  constexpr const char* kNames[] = {"text",    "start", "empty",      "end",
                                    "comment", "cdata", "instruction"};
  return std::string(kNames[static_cast<size_t>(token.kind)]) + " " + std::to_string(token.size) +
         (token.name.empty() ? "" : " " + std::string(token.name));
}

TEST(XmlToken, EveryKindIsMeasuredToItsEnd) {
  EXPECT_EQ(Read("<a>x"), "start 3 a");
  EXPECT_EQ(Read("<n:a b='1' c = \"2\" >x"), "start 20 n:a");
  EXPECT_EQ(Read("<a/>x"), "empty 4 a");
  EXPECT_EQ(Read("</n:a >x"), "end 7 n:a");
  EXPECT_EQ(Read("a &lt; b &#x41;&#65;<x>"), "text 20");
  EXPECT_EQ(Read("<?xml version='1.0'?>x"), "instruction 21 xml");
}

// A scanner that looks for the next '>' stops in the middle of each of these.
TEST(XmlToken, AGreaterSignEndsOnlyWhatItCloses) {
  EXPECT_EQ(Read("<a b='>' c=\"/a>\">"), "start 17 a");
  EXPECT_EQ(Read("<!-- <a> --> "), "comment 12");
  EXPECT_EQ(Read("<![CDATA[</a>]]> "), "cdata 16");
  EXPECT_EQ(Read("<?p a > b ?> "), "instruction 12 p");
}

TEST(XmlToken, WhatIsCutOffNeedsMoreAndIsInvalidAtTheEnd) {
  for (const std::string text :
       {"<", "<a", "<a ", "<a b", "<a b=", "<a b='", "<a b='x", "<a /", "</", "</a", "<!", "<!-",
        "<!--", "<!-- -", "<![CDA", "<![CDATA[ ]]", "<?", "<?p", "<?p ?"}) {
    EXPECT_EQ(Read(text, false), "more") << text;
    EXPECT_THAT(Read(text, true), HasSubstr("invalid")) << text;
  }
  EXPECT_EQ(Read("abc", false), "more");
  EXPECT_EQ(Read("abc", true), "text 3");
}

TEST(XmlToken, WhatXmlForbidsIsInvalid) {
  for (const std::string text : {"< a>",
                                 "<1>",
                                 "<a:>",
                                 "<:a>",
                                 "<a:b:c>",
                                 "<a b>",
                                 "<a b=c>",
                                 "<a b='1'c='2'>",
                                 "<a b='1' b='2'>",
                                 "<a b='<'>",
                                 "<a/b>",
                                 "</a b>",
                                 "a & b<",
                                 "a &nbsp; b<",
                                 "&#0;<",
                                 "&#xD800;<",
                                 "&#x110000;<",
                                 "&#;<",
                                 "a ]]> b<",
                                 "a\x01<",
                                 "<a b='\x02'>",
                                 "<a b='&x;'>",
                                 "<!DOCTYPE a>",
                                 "<!ENTITY x 'y'>",
                                 "<![if x]>",
                                 "<? ?>"}) {
    EXPECT_THAT(Read(text, false), HasSubstr("invalid")) << text;
  }
}

TEST(XmlToken, AttributesAreGivenAsTheyAreWritten) {
  Token token;
  std::string_view why;
  ASSERT_EQ(ReadToken("<a x='1 &amp; 2' xmlns:acs=\"urn:x\">", true, &token, &why),
            TokenOutcome::kToken);
  ASSERT_EQ(token.attributes.size(), 2u);
  EXPECT_EQ(token.attributes[0].second, "1 &amp; 2");
  EXPECT_EQ(token.attributes[1].first, "xmlns:acs");
}

}  // namespace
}  // namespace stockd::poslog
