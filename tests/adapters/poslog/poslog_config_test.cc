#include "adapters/poslog/poslog_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temp_directory.h"

namespace stockd::poslog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kNeeded = "source = \"pos\"\ndrop_directory = \"drop\"\n";
constexpr const char* kZone = "[time]\nzone = \"Europe/Istanbul\"\n";

std::string Problems(const std::string& text, const std::filesystem::path& folder = "/f") {
  const auto config = ParsePoslogConfig(text, "poslog.toml", folder);
  return config.ok() ? "" : std::string(config.status().message());
}

TEST(PoslogConfig, TheShippedFileIsGoodAndSaysTheDefaults) {
  const auto shipped = LoadPoslogConfig("config/adapters/poslog.toml");
  ASSERT_TRUE(shipped.ok()) << shipped.status();
  const auto bare = ParsePoslogConfig(std::string(kNeeded) + kZone, "poslog.toml", "/f");
  ASSERT_TRUE(bare.ok()) << bare.status();
  EXPECT_EQ(shipped->mapping.voids, bare->mapping.voids);
  EXPECT_EQ(shipped->mapping.sequences, bare->mapping.sequences);
  EXPECT_EQ(shipped->mapping.item_types, bare->mapping.item_types);
  EXPECT_EQ(shipped->mapping.statuses_skipped, bare->mapping.statuses_skipped);
  EXPECT_EQ(shipped->mapping.channel, bare->mapping.channel);
  EXPECT_EQ(shipped->transaction_bytes_max, bare->transaction_bytes_max);
  EXPECT_EQ(shipped->scale_from_items, bare->scale_from_items);
  EXPECT_EQ(shipped->upload.body_bytes_max, bare->upload.body_bytes_max);
  EXPECT_EQ(shipped->upload.listen, "");
  EXPECT_EQ(bare->state_file, "/f/drop/work/.state.sqlite");
}

// A key that the file does not explain is a key that nobody finds.
TEST(PoslogConfig, TheShippedFileNamesEveryKey) {
  const std::string all = support::ReadFile("config/adapters/poslog.toml");
  for (const char* key : {"source",
                          "drop_directory",
                          "state_file",
                          "dialect",
                          "sequences",
                          "item_code",
                          "item_types",
                          "statuses_skipped",
                          "channel",
                          "currency",
                          "transaction_bytes_max",
                          "poll_interval_ms",
                          "health_interval_s",
                          "log_level",
                          "zone",
                          "from",
                          "scale_from_items",
                          "scale",
                          "decimal_separator",
                          "location",
                          "listen",
                          "token_file",
                          "allow_insecure_listener",
                          "body_bytes_max",
                          "connections_max",
                          "files_waiting_max",
                          "idle_timeout_s",
                          "address",
                          "retry_initial_ms",
                          "retry_max_ms",
                          "answer_timeout_ms",
                          "daemon_ca",
                          "certificate",
                          "key"}) {
    EXPECT_THAT(all, HasSubstr(std::string(key) + " = ")) << key;
  }
}

// A zone that was guessed would put sales before or after a count.
TEST(PoslogConfig, TheTimeZoneMustBeSaid) {
  EXPECT_THAT(Problems(kNeeded), HasSubstr("a POSLog names none"));
  EXPECT_THAT(Problems(std::string(kNeeded) + "[time]\nzone = \"Mars\"\n"),
              HasSubstr("not a known time zone"));
}

TEST(PoslogConfig, AllMistakesAreSaidAtOnceWithTheNearestName) {
  const std::string problems =
      Problems(std::string(kNeeded) + "dialekt = \"ncr\"\nsequences = \"weekly\"\n" + kZone +
               "[quantity]\nscale = 9\n");
  EXPECT_THAT(problems, HasSubstr("dialect"));
  EXPECT_THAT(problems, HasSubstr("sequences"));
  EXPECT_THAT(problems, HasSubstr("scale"));
}

TEST(PoslogConfig, StoresAndListsAreRead) {
  const auto config = ParsePoslogConfig(
      std::string(kNeeded) + "item_types = [\"Stock\", \"Deposit\"]\n" + kZone +
          "[stores.9]\nlocation = \"S09\"\n[stores.\"010\"]\nzone = \"Europe/Warsaw\"\n",
      "poslog.toml", "/f");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_THAT(config->mapping.item_types, ElementsAre("Stock", "Deposit"));
  EXPECT_EQ(config->stores.at("9").location, "S09");
  EXPECT_EQ(config->stores.at("010").time_zone, "Europe/Warsaw");
  EXPECT_THAT(Problems(std::string(kNeeded) + kZone + "[stores.9]\nplace = \"S09\"\n"),
              HasSubstr("stores.9.place"));
}

TEST(PoslogConfig, AListenerNeedsATokenAndWordsToBeOpen) {
  const support::TempDirectory folder;
  support::WriteFile(folder.path() / "token", "0123456789abcdef\n");
  support::WriteFile(folder.path() / "short", "0123\n");
  const auto problems = [&](const std::string& http) {
    return Problems(std::string(kNeeded) + kZone + "[http]\n" + http, folder.path());
  };
  const std::string token = "token_file = \"token\"\n";
  EXPECT_EQ(problems("listen = \"127.0.0.1:7460\"\n" + token), "");
  EXPECT_EQ(problems("listen = \"[::1]:7460\"\n" + token), "");
  EXPECT_THAT(problems("listen = \"127.0.0.1:7460\"\n"), HasSubstr("token_file"));
  EXPECT_THAT(problems("listen = \"127.0.0.1:7460\"\ntoken_file = \"none\"\n"),
              HasSubstr("cannot open"));
  EXPECT_THAT(problems("listen = \"127.0.0.1:7460\"\ntoken_file = \"short\"\n"),
              HasSubstr("fewer than 16"));
  EXPECT_THAT(problems("listen = \"0.0.0.0:7460\"\n" + token), HasSubstr("without tls"));
  EXPECT_EQ(
      problems("listen = \"0.0.0.0:7460\"\nallow_insecure_listener = \"without tls\"\n" + token),
      "");
  EXPECT_THAT(problems("listen = \"here\"\n" + token), HasSubstr("host:port"));
}

}  // namespace
}  // namespace stockd::poslog
