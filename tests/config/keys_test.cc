#include "daemon/config/keys.h"

#include <gtest/gtest.h>

#include <set>

namespace stockd::config {
namespace {

template <typename Owner>
void ExpectDescribed(const std::vector<Key<Owner>>& keys) {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const Key<Owner>& key : keys) {
    EXPECT_TRUE(names.insert({key.table, key.name}).second) << key.name << " is there twice";
    EXPECT_GT(key.help.size(), 20u) << key.name;
    EXPECT_FALSE(DescribeRange(key).empty()) << key.name;
    if (key.type == KeyType::kNumber) EXPECT_FALSE(key.unit.empty()) << key.name;
    if (key.type == KeyType::kWord) EXPECT_FALSE(key.words.empty()) << key.name;
    const bool has_range = key.type != KeyType::kWord && key.type != KeyType::kFlag;
    if (has_range) EXPECT_LT(key.min, key.max) << key.name;
  }
}

TEST(Keys, EveryKeySaysWhatItTakes) {
  ExpectDescribed(ConfigKeys());
  ExpectDescribed(SourceKeys());
}

// A key whose default is refused could not be written down.
TEST(Keys, EveryDefaultIsAccepted) {
  const Config defaults;
  for (const Key<Config>& key : ConfigKeys()) {
    const std::string text = "[" + std::string(key.table) + "]\n" + std::string(key.name) + " = " +
                             FormatValue(key, defaults) + "\n";
    const auto parsed = ParseConfig(text, "test.toml");
    EXPECT_TRUE(std::holds_alternative<Config>(parsed)) << text;
  }
}

// The same for both ends of each range, and one beyond them; TLS paths and addresses have rules of
// their own and are left to the other tests.
TEST(Keys, BothEndsOfEveryRangeAreAcceptedAndOneBeyondIsNot) {
  for (const Key<Config>& key : ConfigKeys()) {
    const bool number = key.type == KeyType::kNumber || key.type == KeyType::kBytes;
    if (!number && key.type != KeyType::kDuration) continue;
    const auto accepts = [&key, number](int64_t value) {
      const std::string literal =
          number ? std::to_string(value) : "\"" + std::to_string(value) + "us\"";
      const std::string text =
          "[" + std::string(key.table) + "]\n" + std::string(key.name) + " = " + literal + "\n";
      return std::holds_alternative<Config>(ParseConfig(text, "test.toml"));
    };
    EXPECT_TRUE(accepts(key.min)) << key.name;
    EXPECT_TRUE(accepts(key.max)) << key.name;
    EXPECT_FALSE(accepts(key.min - 1)) << key.name;
    EXPECT_FALSE(accepts(key.max + 1)) << key.name;
  }
}

}  // namespace
}  // namespace stockd::config
