#include "adapters/sdk/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stockd::sdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Problems(const ConfigReader& reader) { return std::string(reader.Finish().message()); }

TEST(ConfigReader, ValuesOfEveryTypeAreRead) {
  const auto reader = ConfigReader::Parse(R"(
name = "x"
count = 3
flag = true
one = "a"
many = ["a", "b"]
[table]
inner = "y"
)",
                                          "test.toml");
  ASSERT_TRUE(reader.ok());
  ConfigSection root = reader->Root();
  EXPECT_EQ(root.Text("name", ""), "x");
  EXPECT_EQ(root.Integer("count", {.min = 1, .max = 5}), 3);
  EXPECT_TRUE(root.Flag("flag", false));
  EXPECT_THAT(root.Texts("one"), ElementsAre("a"));
  EXPECT_THAT(root.Texts("many"), ElementsAre("a", "b"));
  EXPECT_EQ(root.Section("table").Text("inner", ""), "y");
  EXPECT_EQ(root.Section("none").Text("inner", "default"), "default");
  EXPECT_TRUE(reader->Finish().ok());
}

TEST(ConfigReader, AnUnknownKeyIsSaidWithItsLineAndTheNearestName) {
  const auto reader = ConfigReader::Parse("[daemon]\n\nadress = \"x\"\n", "test.toml");
  reader->Root().Section("daemon").Text("address", "");
  EXPECT_EQ(Problems(*reader),
            "test.toml:3: daemon.adress is not a known key; did you mean daemon.address?");
}

// A person mends all of them at once.
TEST(ConfigReader, AllProblemsAreSaidInTheOrderOfTheirLines) {
  const auto reader = ConfigReader::Parse("count = 9\nflag = \"yes\"\nkind = \"pso\"\n", "t");
  ConfigSection root = reader->Root();
  EXPECT_EQ(root.OneOf("kind", "erp", {"erp", "pos"}), "erp");
  EXPECT_TRUE(root.Flag("flag", true));
  EXPECT_EQ(root.Integer("count", {.fallback = 2, .min = 1, .max = 5}), 2);
  root.RequiredText("name", "who it is");
  EXPECT_EQ(Problems(*reader),
            "t: name is missing: who it is\n"
            "t:1: count must be a whole number from 1 to 5\n"
            "t:2: flag must be true or false\n"
            "t:3: kind must be one of erp, pos; did you mean \"pos\"?");
}

TEST(ConfigReader, TextThatIsNotTomlIsRefusedWithItsPlace) {
  const auto reader = ConfigReader::Parse("a = 1\nb = \n", "test.toml");
  EXPECT_TRUE(absl::IsInvalidArgument(reader.status()));
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("test.toml:2:"));
}

TEST(ConfigReader, AValueWhereATableBelongsIsAProblem) {
  const auto reader = ConfigReader::Parse("csv = 1\n", "t");
  reader->Root().Section("csv").Text("delimiter", ",");
  EXPECT_EQ(Problems(*reader), "t:1: csv must be a table: [csv]");
}

TEST(ConfigReader, KeysThatTheUserChoosesAreAllKnown) {
  const auto reader = ConfigReader::Parse("[kinds]\nS = \"sale\"\n\"R 1\" = \"return\"\n", "t");
  ConfigSection kinds = reader->Root().Section("kinds");
  EXPECT_THAT(kinds.TakeKeys(), ElementsAre("R 1", "S"));
  EXPECT_TRUE(reader->Finish().ok());
}

}  // namespace
}  // namespace stockd::sdk
