#include "adapters/files/adapter_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace stockd::files {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kLeast = "role = \"pos\"\nsource = \"pos\"\ndrop_directory = \"drop\"\n";

absl::StatusOr<AdapterConfig> Parse(const std::string& more) {
  return ParseAdapterConfig(std::string(kLeast) + more, "a.toml", "/etc/stockd");
}

std::string Problem(const std::string& more) { return std::string(Parse(more).status().message()); }

TEST(AdapterConfig, ThreeKeysAreEnough) {
  const auto config = Parse("");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->role, Role::kPos);
  EXPECT_EQ(config->drop_directory, "/etc/stockd/drop");
  EXPECT_EQ(config->state_file, "/etc/stockd/drop/work/.state.sqlite");
  EXPECT_TRUE(config->level_file.empty());
  EXPECT_EQ(config->daemon.address, "127.0.0.1:7450");
}

TEST(AdapterConfig, WhatIsMissingIsSaidWithItsMeaning) {
  const auto config = ParseAdapterConfig("", "a.toml", "/");
  const std::string message(config.status().message());
  EXPECT_THAT(message, HasSubstr("role is missing"));
  EXPECT_THAT(message, HasSubstr("source is missing"));
  EXPECT_THAT(message, HasSubstr("drop_directory is missing"));
}

TEST(AdapterConfig, UnknownKeysAreErrorsWithTheNearestName) {
  EXPECT_EQ(Problem("pol_interval_ms = 5\n"),
            "a.toml:4: pol_interval_ms is not a known key; did you mean poll_interval_ms?");
  EXPECT_THAT(Problem("[columns]\nquantiy = \"Qty\"\n"),
              HasSubstr("columns.quantiy is not a known key; did you mean columns.quantity?"));
  EXPECT_THAT(Problem("[kinds]\nS = \"sael\"\n"), HasSubstr("did you mean \"sale\"?"));
}

// A POS does not keep the catalogue; the sections belong to another role's file.
TEST(AdapterConfig, SectionsOfAnotherRoleAreUnknown) {
  EXPECT_THAT(Problem("[items]\nprefix = \"x\"\n"), HasSubstr("items is not a known key"));
}

TEST(AdapterConfig, ValuesOutOfRangeAreErrors) {
  EXPECT_THAT(Problem("poll_interval_ms = 0\n"), HasSubstr("from 10 to 3600000"));
  EXPECT_THAT(Problem("[csv]\ndelimiter = \":\"\n"), HasSubstr("csv.delimiter must be one of"));
  EXPECT_THAT(Problem("[time]\nzone = \"Europe/Nowhere\"\n"), HasSubstr("not a known time zone"));
  EXPECT_THAT(Problem("[time]\nformat = \"dd.mm.yyyy\"\n"), HasSubstr("time.format must be"));
  EXPECT_THAT(Problem("[tls]\nkey = \"k.pem\"\n"), HasSubstr("go together"));
  EXPECT_THAT(Problem("[quantity]\nscale = 7\n"), HasSubstr("from 0 to 6"));
  EXPECT_THAT(Problem("[constants]\nevent_id = \"x\"\n"), HasSubstr("cannot be the same"));
  EXPECT_THAT(Problem("[columns]\nsku = [\"a\", \"b\"]\n"), HasSubstr("must be one column"));
}

TEST(AdapterConfig, TheMappingIsRead) {
  const auto config = Parse(R"(
[columns]
event_id = ["order_id", "line_no"]
sku = "StockCode"
[constants]
location = "S01"
[kinds]
R = "return"
[skip]
kind = ["bad_debt"]
[till_locations]
till7 = "S07"
)");
  ASSERT_TRUE(config.ok()) << config.status();
  const TableMapping& mapping = config->tables.at(FileKind::kFacts);
  EXPECT_THAT(mapping.columns.at("event_id"), ElementsAre("order_id", "line_no"));
  EXPECT_EQ(mapping.constants.at("location"), "S01");
  EXPECT_EQ(mapping.kinds.at("R"), "return");
  EXPECT_THAT(mapping.skip.at("kind"), ElementsAre("bad_debt"));
  EXPECT_EQ(config->till_locations.at("till7"), "S07");
}

TEST(AdapterConfig, AnErpHasASectionForEachKindOfFile) {
  const auto config = ParseAdapterConfig(R"(
role = "erp"
source = "erp"
drop_directory = "/drop"
[levels]
prefix = "stock_"
[levels.columns]
quantity = "on_hand"
)",
                                         "a.toml", "/");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->tables.at(FileKind::kLevels).prefix, "stock_");
  EXPECT_EQ(config->tables.at(FileKind::kItems).prefix, "items");
  EXPECT_EQ(config->tables.size(), kFileKinds.size());
}

TEST(AdapterConfig, TheShippedFilesAreGood) {
  for (const char* name : {"erp", "pos", "web"}) {
    const auto config = LoadAdapterConfig("config/adapters/" + std::string(name) + ".toml");
    ASSERT_TRUE(config.ok()) << config.status();
    EXPECT_EQ(config->source, name);
  }
}

// A key that the files do not explain is a key that nobody finds.
TEST(AdapterConfig, TheShippedFilesNameEveryKey) {
  const std::string all = support::ReadFile("config/adapters/erp.toml") +
                          support::ReadFile("config/adapters/pos.toml") +
                          support::ReadFile("config/adapters/web.toml");
  for (const char* key : {"role",
                          "source",
                          "drop_directory",
                          "state_file",
                          "level_file",
                          "level_write_interval_ms",
                          "level_positions_max",
                          "poll_interval_ms",
                          "health_interval_s",
                          "log_level",
                          "address",
                          "retry_initial_ms",
                          "retry_max_ms",
                          "answer_timeout_ms",
                          "daemon_ca",
                          "certificate",
                          "key",
                          "delimiter",
                          "final_newline_required",
                          "format",
                          "zone",
                          "scale",
                          "scale_from_items",
                          "decimal_separator",
                          "negative_quantity",
                          "till_locations"}) {
    EXPECT_THAT(all, HasSubstr(key));
  }
  for (const FileKind kind : kFileKinds) {
    EXPECT_THAT(all, HasSubstr("[" + std::string(NameOf(kind)) + "]"));
    for (const std::string& field : FieldsOf(kind)) EXPECT_THAT(all, HasSubstr(field));
  }
}

}  // namespace
}  // namespace stockd::files
