#include "daemon/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace stockd::config {
namespace {

using testing::HasSubstr;

Config Good(std::string_view text) {
  const auto parsed = ParseConfig(text, "dir/test.toml");
  if (const auto* errors = std::get_if<std::vector<ConfigError>>(&parsed)) {
    ADD_FAILURE() << ToText(errors->front());
    return {};
  }
  return std::get<Config>(parsed);
}

// All errors as text, one a line.
std::string Bad(std::string_view text) {
  const auto parsed = ParseConfig(text, "test.toml");
  if (std::holds_alternative<Config>(parsed)) {
    ADD_FAILURE() << "accepted: " << text;
    return "";
  }
  std::string all;
  for (const ConfigError& error : std::get<std::vector<ConfigError>>(parsed)) {
    all += ToText(error) + "\n";
  }
  return all;
}

TEST(Config, AnEmptyFileIsTheDefaults) {
  Config config = Good("");
  EXPECT_EQ(config.directory, "dir");
  config.directory.clear();
  EXPECT_EQ(config, Config{});
}

TEST(Config, EveryTypeOfValueIsTaken) {
  const Config config = Good(R"(
[server]
listen = "[::1]:0"
message_bytes_max = "8MiB"
threads = 3
[storage]
cache_bytes = 1048576
[reservation]
ttl_default = "1h30m"
[log]
level = "debug"
[[source]]
id = "tills"
kind = "pos"
absolute = "diff"
echoes = true
channel = "store"
locations = ["S01", "S02"]
[[source]]
id = "shop"
kind = "web"
group = "online"
)");
  EXPECT_EQ(config.server.listen, "[::1]:0");
  EXPECT_EQ(config.server.message_bytes_max, 8 << 20);
  EXPECT_EQ(config.server.threads, 3);
  EXPECT_EQ(config.storage.cache_bytes, 1 << 20);
  EXPECT_EQ(config.reservation.ttl_default, std::chrono::minutes(90));
  EXPECT_EQ(config.log.level, LogLevel::kDebug);
  ASSERT_EQ(config.source.size(), 2u);
  EXPECT_EQ(config.source[0], (SourceConfig{.id = "tills",
                                            .kind = SourceKind::kPos,
                                            .absolute = AbsoluteRule::kDiff,
                                            .echoes = true,
                                            .channel = "store",
                                            .locations = {"S01", "S02"}}));
  EXPECT_EQ(config.source[1],
            (SourceConfig{.id = "shop", .kind = SourceKind::kWeb, .group = "online"}));
}

TEST(Config, AnErrorNamesItsPlaceTheRangeAndTheUnit) {
  EXPECT_EQ(Bad("[engine]\nqueue_max = 0\n"),
            "test.toml:2:13: engine.queue_max: 0 is out of range. It takes a whole number from 1 "
            "to 1000000 commands.\n");
  EXPECT_EQ(Bad("[facts]\nlook_back = \"59m\"\n"),
            "test.toml:2:13: facts.look_back: 59m is out of range. It takes a duration from 1h to "
            "36500d, with us, ms, s, m, h, d.\n");
  EXPECT_EQ(Bad("[server]\nmessage_bytes_max = \"1KiB\"\n"),
            "test.toml:2:21: server.message_bytes_max: 1024 is out of range. It takes a size in "
            "bytes from 64KiB to 64MiB, as a number or with KiB, MiB, GiB.\n");
}

TEST(Config, AWrongTypeSaysWhatItIsAndWhatItShouldBe) {
  EXPECT_THAT(Bad("[server]\nthreads = \"3\"\n"), HasSubstr("is a text. It takes a whole number"));
  EXPECT_THAT(Bad("[server]\nthreads = 3.0\n"), HasSubstr("is a number with a point"));
  EXPECT_THAT(Bad("[server]\nlisten = 7450\n"), HasSubstr("is a whole number. It takes text"));
  EXPECT_THAT(Bad("[reservation]\nttl_default = 900\n"),
              HasSubstr("a duration is a text with a unit, like \"15m\""));
  EXPECT_THAT(Bad("[reservation]\nttl_default = \"fast\"\n"),
              HasSubstr("\"fast\" is not a duration"));
  EXPECT_THAT(Bad("[storage]\ncache_bytes = \"64MB\"\n"), HasSubstr("\"64MB\" is not a size"));
  EXPECT_THAT(Bad("[log]\nlevel = \"warning\"\n"), HasSubstr("did you mean \"warn\"?"));
  EXPECT_THAT(Bad("server = 1\n"), HasSubstr("Write [server] on a line of its own"));
  EXPECT_THAT(Bad("[[source]]\nid = \"a\"\nlocations = \"S01\"\n"), HasSubstr("It takes a list"));
  EXPECT_THAT(Bad("[[source]]\nid = \"a\"\nlocations = [1]\n"),
              HasSubstr("has an entry that is a whole number"));
}

TEST(Config, AnUnknownKeyGetsTheNearestKnownName) {
  EXPECT_THAT(
      Bad("[server]\nlsiten = \"x\"\n"),
      HasSubstr("test.toml:2:1: server.lsiten: there is no such key. Did you mean listen?"));
  EXPECT_THAT(Bad("[server]\nttl_default = \"1m\"\n"),
              HasSubstr("Did you mean ttl_default below [reservation]?"));
  EXPECT_THAT(Bad("[server]\nttl_defualt = \"1m\"\n"),
              HasSubstr("Did you mean ttl_default below [reservation]?"));
  EXPECT_THAT(Bad("[sever]\nlisten = \"x\"\n"), HasSubstr("Did you mean [server]?"));
  EXPECT_THAT(Bad("listen = \"x\"\n"), HasSubstr("Did you mean listen below [server]?"));
  EXPECT_THAT(Bad("[[sources]]\nid = \"x\"\n"), HasSubstr("Did you mean [[source]]?"));
  EXPECT_THAT(Bad("[[source]]\nid = \"x\"\nchanel = \"y\"\n"),
              HasSubstr("source[0].chanel: there is no such key. Did you mean channel?"));
  EXPECT_THAT(Bad("[server]\nzzzzzzzzzzzz = 1\n"), HasSubstr("config/stockd.toml lists all"));
}

TEST(Config, AllErrorsAreReportedInTheOrderOfTheFile) {
  const std::string errors =
      Bad("[storage]\ncheckpoint_pages = 1\n[engine]\nbatch_max = 0\nqueue_mx = 1\n");
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 3);
  EXPECT_LT(errors.find("checkpoint_pages"), errors.find("batch_max"));
  EXPECT_LT(errors.find("batch_max"), errors.find("queue_mx"));
}

TEST(Config, TextThatIsNotTomlSaysWhere) {
  EXPECT_THAT(Bad("[server]\nlisten = \n"), HasSubstr("test.toml:2:"));
  EXPECT_THAT(Bad("[server]\nlisten = \"a:1\"\nlisten = \"b:1\"\n"), HasSubstr("test.toml:3:"));
  EXPECT_THAT(Bad("[server]\nlisten = \"\xff\"\n"), HasSubstr("test.toml:2:"));
}

// Nobody may open the daemon to a network by a slip.
TEST(Config, AListenerBeyondThisMachineNeedsMutualTlsOrTheExactWords) {
  EXPECT_THAT(Bad("[server]\nlisten = \"0.0.0.0:7450\"\n"),
              HasSubstr("test.toml:2:10: server.listen: \"0.0.0.0:7450\" can be reached from other "
                        "machines"));
  EXPECT_THAT(Bad("[server]\nlisten = \"0.0.0.0:1\"\nallow_insecure_listener = \"yes\"\n"),
              HasSubstr("takes nothing or exactly \"without tls and authentication\""));
  EXPECT_THAT(Bad("[server]\nlisten = \"0.0.0.0:1\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n"),
              HasSubstr("can be reached from other machines"));
  Good(
      "[server]\nlisten = \"0.0.0.0:1\"\n"
      "allow_insecure_listener = \"without tls and authentication\"\n");
  Good(
      "[server]\nlisten = \"0.0.0.0:1\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n"
      "client_ca = \"a\"\n");
  Good("[server]\nlisten = \"localhost:1\"\n");
}

TEST(Config, TheHttpPortIsGuardedLikeTheOther) {
  EXPECT_THAT(Bad("[http]\nlisten = \"0.0.0.0:7451\"\n"),
              HasSubstr("test.toml:2:10: http.listen: \"0.0.0.0:7451\" can be reached from other "
                        "machines"));
  // Encryption alone tells nobody who calls.
  EXPECT_THAT(Bad("[http]\nlisten = \"0.0.0.0:7451\"\n[tls]\ncertificate = \"a\"\nkey = \"a\"\n"),
              HasSubstr("http.listen: \"0.0.0.0:7451\" can be reached from other machines"));
  Good(
      "[http]\nlisten = \"0.0.0.0:7451\"\n[tls]\ncertificate = \"a\"\nkey = \"a\"\n"
      "client_ca = \"a\"\n");
  EXPECT_THAT(Bad("[http]\nlisten = \"localhost\"\n"),
              HasSubstr("http.listen: \"localhost\" is not an address and a port"));
  Good(
      "[http]\nlisten = \"0.0.0.0:1\"\n[server]\n"
      "allow_insecure_listener = \"without tls and authentication\"\n");
  Good("[http]\nlisten = \"\"\n");
}

TEST(Config, OriginsAreWholeOrigins) {
  for (const char* origin : {"*", "null", "shop.example", "https://", "https://shop.example/",
                             "https://*.example", "ftp://shop.example"}) {
    EXPECT_THAT(Bad("[http]\ncors_origins = [\"" + std::string(origin) + "\"]\n"),
                HasSubstr("is not an origin"));
  }
  Good("[http]\ncors_origins = [\"https://shop.example\", \"http://localhost:5173\"]\n");
}

TEST(Config, AWrongWordIsAnErrorEvenWhereItHasNoEffect) {
  EXPECT_THAT(Bad("[server]\nallow_insecure_listener = \"Without TLS and authentication\"\n"),
              HasSubstr("takes nothing or exactly"));
}

TEST(Config, TlsKeysComeTogether) {
  EXPECT_THAT(Bad("[tls]\ncertificate = \"c\"\n"), HasSubstr("tls.key: is missing"));
  EXPECT_THAT(Bad("[tls]\nkey = \"k\"\n"), HasSubstr("tls.certificate: is missing"));
  EXPECT_THAT(Bad("[tls]\nclient_ca = \"a\"\n"), HasSubstr("has no effect without"));
  Good("[tls]\ncertificate = \"c\"\nkey = \"k\"\n");
}

TEST(Config, AnAddressWithoutPortIsRefused) {
  EXPECT_THAT(Bad("[server]\nlisten = \"localhost\"\n"),
              HasSubstr("is not an address and a port from 0 to 65535"));
}

TEST(Config, SourceIdsAreRequiredUniqueAndBounded) {
  EXPECT_THAT(Bad("[[source]]\nkind = \"erp\"\n"), HasSubstr("source[0].id: is missing"));
  EXPECT_THAT(Bad("[[source]]\nid = \"\"\n"), HasSubstr("has 0 bytes"));
  EXPECT_THAT(Bad("[[source]]\nid = \"" + std::string(129, 'x') + "\"\n"),
              HasSubstr("has 129 bytes. It takes text of 1 to 128 bytes"));
  EXPECT_THAT(Bad("[[source]]\nid = \"a\\u0007\"\n"), HasSubstr("control character"));
  EXPECT_THAT(Bad("[[source]]\nid = \"a\"\n[[source]]\nid = \"a\"\n"),
              HasSubstr("test.toml:4:6: source[1].id: \"a\" is taken by an earlier source"));
  EXPECT_THAT(Bad("[[source]]\nid = \"stockd\"\n"), HasSubstr("the daemon's own name"));
  Good("[[source]]\nid = \"" + std::string(128, 'x') + "\"\n");
}

TEST(Config, ASourceHasLocationsOrAGroup) {
  EXPECT_THAT(Bad("[[source]]\nid = \"a\"\nlocations = [\"S\"]\ngroup = \"g\"\n"),
              HasSubstr("is set together with locations"));
  EXPECT_THAT(Bad("[[source]]\nid = \"a\"\nlocations = [\"S\", \"S\"]\n"),
              HasSubstr("names \"S\" twice"));
}

TEST(Config, AThousandSourcesAreTakenAndOneMoreIsNot) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "[[source]]\nid = \"s" + std::to_string(i) + "\"\n";
  EXPECT_EQ(Good(text).source.size(), 1000u);
  EXPECT_THAT(Bad(text + "[[source]]\nid = \"more\"\n"), HasSubstr("At most 1000 sources"));
}

TEST(Config, SingleBracketsForASourceAreExplained) {
  EXPECT_THAT(Bad("[source]\nid = \"a\"\n"), HasSubstr("Write [[source]], with double brackets"));
}

TEST(Config, PathsAreMeantFromTheFolderOfTheFile) {
  const Config config = Good("");
  EXPECT_EQ(ResolvePath(config, "stockd.sqlite"), "dir/stockd.sqlite");
  EXPECT_EQ(ResolvePath(config, "/var/lib/stockd/db"), "/var/lib/stockd/db");
  EXPECT_EQ(ResolvePath(config, ""), "");
}

class LoadConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "stockd_config_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_F(LoadConfigTest, AFileIsReadAndItsFolderRemembered) {
  std::ofstream(folder_ / "a.toml") << "[server]\nthreads = 2\n";
  const auto loaded = LoadConfig(folder_ / "a.toml");
  ASSERT_TRUE(std::holds_alternative<Config>(loaded));
  EXPECT_EQ(std::get<Config>(loaded).server.threads, 2);
  EXPECT_EQ(std::get<Config>(loaded).directory, folder_);
}

TEST_F(LoadConfigTest, WhatCannotBeReadIsAnErrorThatNamesTheFile) {
  const auto text = [](const std::filesystem::path& path) {
    const auto loaded = LoadConfig(path);
    if (std::holds_alternative<Config>(loaded)) return std::string("accepted");
    return ToText(std::get<std::vector<ConfigError>>(loaded).front());
  };
  EXPECT_THAT(text(folder_ / "no.toml"), HasSubstr("no.toml: cannot be opened: No such file"));
  EXPECT_THAT(text(folder_), HasSubstr("is a folder"));
  std::ofstream(folder_ / "large.toml") << std::string((1 << 20) + 1, '#');
  EXPECT_THAT(text(folder_ / "large.toml"), HasSubstr("is larger than 1 MiB"));
}

}  // namespace
}  // namespace stockd::config
