// The file that people start from must say the truth about every key.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "daemon/config/config.h"
#include "daemon/config/keys.h"

namespace stockd::config {
namespace {

// Tests run at the top of the source tree.
constexpr const char* kShipped = "config/stockd.toml";

std::string ShippedText() {
  std::ifstream file(kShipped, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ShippedConfig, IsWhatTheTableOfKeysSays) {
  EXPECT_EQ(ShippedText(), RenderDefaultConfig())
      << "Write what RenderDefaultConfig() returns to " << kShipped;
}

TEST(ShippedConfig, ParsesToExactlyTheDefaultsPlusThreeSources) {
  const auto loaded = LoadConfig(kShipped);
  ASSERT_TRUE(std::holds_alternative<Config>(loaded))
      << ToText(std::get<std::vector<ConfigError>>(loaded).front());
  Config config = std::get<Config>(loaded);
  ASSERT_EQ(config.source.size(), 3u);
  EXPECT_EQ(config.source[0], (SourceConfig{.id = "erp", .kind = SourceKind::kErp}));
  EXPECT_EQ(config.source[1], (SourceConfig{.id = "pos", .kind = SourceKind::kPos}));
  EXPECT_EQ(
      config.source[2],
      (SourceConfig{.id = "web", .kind = SourceKind::kWeb, .absolute = AbsoluteRule::kAudit}));
  EXPECT_EQ(config.directory, "config");
  config.source.clear();
  config.directory.clear();
  EXPECT_EQ(config, Config{});
}

TEST(ShippedConfig, NamesEveryKeyOnceWithItsRange) {
  const std::string text = ShippedText();
  for (const Key<Config>& key : ConfigKeys()) {
    const std::string line = "\n" + std::string(key.name) + " = ";
    EXPECT_NE(text.find(line), std::string::npos) << key.table << "." << key.name;
  }
  for (const Key<SourceConfig>& key : SourceKeys()) {
    const std::string line = "\n" + std::string(key.name) + " = ";
    EXPECT_NE(text.find(line), std::string::npos) << "source." << key.name;
  }
}

}  // namespace
}  // namespace stockd::config
