// The conformance kit: who keeps to the contract passes, who breaks a rule fails at that rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/adapters/scripted_daemon.h"
#include "tests/support/daemon_process.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr const char* kLong = "60000";  // Milliseconds.
// For one run of the kit, which itself waits for what may not come.
constexpr std::chrono::milliseconds kCheckPatience = 2 * support::kPatience;

class ConformanceTest : public ::testing::Test {
 protected:
  support::CommandResult Check(std::vector<std::string> arguments) {
    return support::RunCommand(support::BuiltProgram("adapters/check/stockd-adapter-check"),
                               arguments, kCheckPatience);
  }

  // Patient where an adapter on a busy machine needs it; what is tried is not given up before.
  support::CommandResult CheckAdapter(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"adapter",       "--json", "--patience-s", "120",
                                    "--reconnect-s", "60",     "--act-ms",     kLong};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Check(std::move(all));
  }

  // Names of checks with this verdict, from a report in JSON.
  static std::vector<std::string> Named(const support::CommandResult& result,
                                        const std::string& verdict) {
    std::vector<std::string> names;
    const auto report = nlohmann::json::parse(result.output, nullptr, false);
    if (!report.is_object()) return {"no report: " + result.output + result.error_output};
    for (const auto& check : report.at("checks")) {
      if (check.at("verdict") == verdict) names.push_back(check.at("name").get<std::string>());
    }
    return names;
  }

  // A kit run of stockd-files in one of its roles, with a file that waits for it.
  support::CommandResult CheckFiles(const std::string& role, const std::string& file,
                                    const std::string& content) {
    const fs::path drop = folder_.path() / "drop";
    fs::create_directories(drop);
    support::DropFile(drop / file, content);
    const fs::path config = folder_.path() / "adapter.toml";
    support::WriteFile(config, "role = \"" + role + "\"\nsource = \"check\"\ndrop_directory = \"" +
                                   drop.string() + "\"\nlevel_file = \"" +
                                   (folder_.path() / "levels.csv").string() +
                                   "\"\nlevel_write_interval_ms = 20\n[daemon]\naddress = "
                                   "\"{daemon}\"\nretry_initial_ms = 50\nretry_max_ms = 200\n");
    return CheckAdapter({"--config", config.string(), "--half-open-ms", "500", "--snapshot-ms",
                         role == "erp" ? kLong : "100", "--record", recording().string(), "--",
                         support::BuiltProgram("adapters/files/stockd-files").string(), "--config",
                         "{config}"});
  }

  fs::path recording() const { return folder_.path() / "recording.jsonl"; }

  static std::string Sales(int count) {
    std::string text = "event_id,sku,location,quantity,occurred_at,kind\n";
    for (int i = 0; i < count; ++i) {
      text += "r-" + std::to_string(i) + ",A-1,S01,1,2026-01-05T09:30:00Z,sale\n";
    }
    return text;
  }

  // What stockd-example reads.
  static std::string FactLines(size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      text += R"({"id":"r-)" + std::to_string(i) +
              R"(","sku":"A-1","location":"S01","sold":1,"at":"2026-01-05T09:30:00Z"})" + "\n";
    }
    return text;
  }

  support::TempDirectory folder_;
};

TEST_F(ConformanceTest, TheExampleAdapterPasses) {
  const fs::path facts = folder_.path() / "facts.jsonl";
  support::WriteFile(facts, FactLines(200));
  const std::string command = support::BuiltProgram("adapters/example/stockd-example").string() +
                              " --daemon {daemon} --source check --state " +
                              (folder_.path() / "state.sqlite").string() + " < " + facts.string() +
                              " > " + (folder_.path() / "levels.jsonl").string();
  const support::CommandResult result =
      CheckAdapter({"--half-open-ms", "500", "--", "sh", "-c", "exec " + command});
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
  EXPECT_THAT(Named(result, "passed"), Contains("facts_repeated"));
  EXPECT_THAT(support::ReadFile(folder_.path() / "levels.jsonl"), HasSubstr("\"CHECK-0\""));
}

// What was told is on the disk before the source may forget it.
TEST_F(ConformanceTest, FactsOfTheExampleArriveAlthoughItWasKilledBeforeTheirAcknowledgement) {
  constexpr size_t kFacts = 50;
  const std::string example =
      "exec " + support::BuiltProgram("adapters/example/stockd-example").string() +
      " --source check --state " + (folder_.path() / "state.sqlite").string() + " --daemon ";
  const auto start = [&](const adapters_test::ScriptedDaemon& daemon, const std::string& input) {
    return support::Process(
        {.program = "/bin/sh", .arguments = {"-c", example + daemon.address() + " < " + input}});
  };
  const fs::path facts = folder_.path() / "facts.jsonl";
  support::WriteFile(facts, FactLines(kFacts));
  adapters_test::ScriptedDaemon silent(
      {.batch_size_max = 1, .batches_in_flight_max = 64, .acknowledges = false});
  support::Process killed = start(silent, facts.string());
  ASSERT_TRUE(silent.Observe([](const auto& log) { return log.facts.size() == kFacts; }));
  killed.Kill();

  adapters_test::ScriptedDaemon daemon({});
  const support::Process again = start(daemon, "/dev/null");
  EXPECT_TRUE(daemon.Observe([](const auto& log) { return log.facts.size() == kFacts; }));
  EXPECT_THAT(daemon.log().repetitions, IsEmpty());
}

TEST_F(ConformanceTest, TheFilesAdapterPassesAsTills) {
  const support::CommandResult result = CheckFiles("pos", "till-1.csv", Sales(200));
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
  EXPECT_THAT(Named(result, "passed"), Contains("facts_repeated"));
  EXPECT_THAT(Named(result, "passed"), Contains("all_levels_acknowledged"));
}

TEST_F(ConformanceTest, ThePoslogAdapterPasses) {
  std::string transactions;
  for (int i = 1; i <= 300; ++i) {
    // Every third moves no stock, so that batches hold passed numbers too.
    const std::string number = std::to_string(i);
    transactions +=
        "<Transaction><RetailStoreID>S01</RetailStoreID><WorkstationID>1</WorkstationID>"
        "<SequenceNumber>" +
        number +
        "</SequenceNumber><BusinessDayDate>2026-01-05</BusinessDayDate>"
        "<EndDateTime>2026-01-05T09:30:00</EndDateTime>" +
        (i % 3 == 0 ? "<ControlTransaction/>"
                    : "<RetailTransaction><LineItem><Sale><ItemID>A-1</ItemID>"
                      "<Quantity>1</Quantity></Sale></LineItem></RetailTransaction>") +
        "</Transaction>";
  }
  const fs::path drop = folder_.path() / "drop";
  fs::create_directories(drop);
  support::DropFile(drop / "day.xml", "<POSLog>" + transactions + "</POSLog>");
  const fs::path config = folder_.path() / "poslog.toml";
  support::WriteFile(config, "source = \"check\"\ndrop_directory = \"" + drop.string() +
                                 "\"\n[time]\nzone = \"UTC\"\n[quantity]\n"
                                 "scale_from_items = false\n[daemon]\naddress = \"{daemon}\"\n"
                                 "retry_initial_ms = 50\nretry_max_ms = 200\n");
  const support::CommandResult result = CheckAdapter(
      {"--config", config.string(), "--half-open-ms", "500", "--snapshot-ms", "100", "--",
       support::BuiltProgram("adapters/poslog/stockd-poslog").string(), "--config", "{config}"});
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
  EXPECT_THAT(Named(result, "passed"), Contains("facts_repeated"));
  EXPECT_THAT(Named(result, "passed"), Contains("no_fact_lost"));
}

TEST_F(ConformanceTest, TheFilesAdapterPassesAsAWebShop) {
  const support::CommandResult result = CheckFiles("web", "orders.csv", Sales(200));
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
  // The recording says offline what the run said.
  const support::CommandResult offline = Check({"stream", recording().string(), "--json"});
  EXPECT_EQ(offline.exit, support::ExitStatus{}) << offline.output << offline.error_output;
  EXPECT_THAT(Named(offline, "passed"), Contains("facts_repeated"));
}

TEST_F(ConformanceTest, TheFilesAdapterPassesAsAnErpAndAnswersARequestForASnapshot) {
  fs::create_directories(folder_.path() / "drop");
  support::DropFile(folder_.path() / "drop" / "levels-2026-01-05T060000Z.csv",
                    "sku,location,quantity\nA-1,S01,5\nA-2,S01,7\n");
  const support::CommandResult result = CheckFiles("erp", "facts-1.csv", Sales(200));
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
  EXPECT_THAT(Named(result, "passed"), Contains("snapshot_request")) << result.output;
}

struct BrokenCase {
  std::string fault;
  std::vector<std::string> failed;  // Checks that must fail; none: the adapter is whole.
};

// Without it the test's name would hold what the struct is in memory.
void PrintTo(const BrokenCase& broken, std::ostream* out) { *out << broken.fault; }

class BrokenAdapterTest : public ConformanceTest,
                          public ::testing::WithParamInterface<BrokenCase> {};

TEST_P(BrokenAdapterTest, FailsAtTheRuleThatItBreaks) {
  const auto& [fault, failed] = GetParam();
  const support::CommandResult result = CheckAdapter(
      {"--half-open-ms", "200", "--quiet-ms", "300", "--snapshot-ms", "100", "--",
       support::BuiltProgram("tests/adapters/broken_adapter").string(), "{daemon}", fault});
  const std::vector<std::string> found = Named(result, "failed");
  EXPECT_THAT(found, IsSupersetOf(failed)) << result.output;
  EXPECT_EQ(found.empty(), failed.empty()) << result.output;
  EXPECT_EQ(result.exit.code, failed.empty() ? 0 : 1) << result.output << result.error_output;
  // Rules that no fault touches.
  EXPECT_THAT(found, Not(Contains("event_id_names_one_fact")));
  EXPECT_THAT(found, Not(Contains("ends_in_order"))) << result.output;
}

INSTANTIATE_TEST_SUITE_P(
    , BrokenAdapterTest,
    ::testing::Values(BrokenCase{"none", {}},
                      BrokenCase{"facts-before-hello", {"hello_first", "waits_for_welcome"}},
                      BrokenCase{"other-ids", {"facts_repeated", "no_fact_lost"}},
                      BrokenCase{"made-up-cursor", {"level_acks"}},
                      BrokenCase{"too-many", {"batches_in_flight"}}),
    [](const ::testing::TestParamInfo<BrokenCase>& test) {
      std::string name = test.param.fault;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST_F(ConformanceTest, TheRealDaemonPasses) {
  support::DaemonProcess daemon({.folder = folder_.path(), .sources = {{.id = "check"}}});
  ASSERT_TRUE(daemon.Start()) << daemon.log();
  const support::CommandResult result =
      Check({"daemon", daemon.address(), "--source", "check", "--json"});
  EXPECT_EQ(result.exit, support::ExitStatus{}) << result.output << result.error_output;
  EXPECT_THAT(Named(result, "failed"), IsEmpty()) << result.output;
}

// Or else nobody would know whether the checks can fail.
TEST_F(ConformanceTest, ADaemonThatTakesEverythingFails) {
  adapters_test::ScriptedDaemon daemon({});
  const support::CommandResult result =
      Check({"daemon", daemon.address(), "--source", "check", "--json", "--patience-s", "2"});
  EXPECT_EQ(result.exit.code, 1);
  EXPECT_THAT(Named(result, "failed"),
              IsSupersetOf({"event_differs", "source_unknown", "facts_before_hello", "second_hello",
                            "ack_out_of_place", "batch_too_large", "session_replaced", "levels",
                            "devices", "hello_missing"}))
      << result.output;
  EXPECT_THAT(Named(result, "passed"), IsSupersetOf({"facts", "duplicates"}));
}

TEST_F(ConformanceTest, ARecordingThatIsNoneIsRefusedWithItsLine) {
  support::WriteFile(recording(), "{\"stream\":0,\"event\":\"opened\"}\nno json\n");
  const support::CommandResult result = Check({"stream", recording().string()});
  EXPECT_EQ(result.exit.code, 2);
  EXPECT_THAT(result.error_output, HasSubstr("recording.jsonl:2"));
}

TEST_F(ConformanceTest, ExitCodesAndMessagesTellWrongUsage) {
  EXPECT_EQ(Check({"--help"}).exit.code, 0);
  EXPECT_EQ(Check({}).exit.code, 2);
  EXPECT_EQ(Check({"adapter"}).exit.code, 2);
  EXPECT_THAT(Check({"adapter", "--recrod", "x"}).error_output, HasSubstr("--record"));
  EXPECT_EQ(Check({"adapter", "--patience-s", "soon", "--", "true"}).exit.code, 2);
  EXPECT_EQ(Check({"adapter", "--", "/nowhere/adapter"}).exit.code, 2);
}

}  // namespace
}  // namespace stockd
