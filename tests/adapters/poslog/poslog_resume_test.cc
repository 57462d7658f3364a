// The real program, ended with kill -9 in the middle of a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include <nlohmann/json.hpp>

#include "adapters/poslog/transaction_file.h"
#include "tests/adapters/poslog/poslog_text.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd::poslog {
namespace {

using adapters_test::ScriptedDaemon;
using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace fs = std::filesystem;

constexpr int kTransactions = 40'000;

class PoslogResumeTest : public ::testing::Test {
 protected:
  PoslogResumeTest() {
    fs::create_directories(drop());
    support::WriteFile(folder_.path() / "poslog.toml",
                       "source = \"pos\"\ndrop_directory = \"drop\"\n[time]\nzone = \"UTC\"\n"
                       "[quantity]\nscale_from_items = false\n[daemon]\naddress = \"" +
                           daemon_.address() + "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n");
  }

  fs::path drop() const { return folder_.path() / "drop"; }

  support::Process Start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"--config", folder_.path() / "poslog.toml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return support::Process({.program = support::BuiltProgram("adapters/poslog/stockd-poslog"),
                             .arguments = std::move(arguments),
                             .output = folder_.path() / "log",
                             .error_output = folder_.path() / "log"});
  }

  std::string Log() const { return support::ReadFile(folder_.path() / "log"); }

  // Two facts each; every hundredth is bad, and every tenth a sign-on.
  static std::string Day() {
    std::string text(kOpen);
    for (int i = 1; i <= kTransactions; ++i) {
      const bool is_bad = i % 100 == 0;
      text += ToText({.sequence = std::to_string(i),
                      .kind = i % 10 == 1 ? "ControlTransaction" : "RetailTransaction",
                      .lines = Line({.number = "1", .quantity = is_bad ? "bad" : "1"}) +
                               Line({.number = "2", .item = "B"})});
    }
    return text + std::string(kClose);
  }

  support::TempDirectory folder_;
  ScriptedDaemon daemon_{{.batch_size_max = 200}};
};

TEST_F(PoslogResumeTest, AKilledAdapterGoesOnInTheMiddleOfTheFile) {
  constexpr int kBad = kTransactions / 100;
  constexpr int kControls = kTransactions / 10;
  constexpr int kFacts = 2 * (kTransactions - kBad - kControls);
  support::DropFile(drop() / "day.xml", Day());
  constexpr int kKills = 2;
  for (int kill = 1; kill <= kKills; ++kill) {
    // It cannot get further than to this place, however late it is killed.
    const size_t place = kill * kFacts / (kKills + 1);
    daemon_.AnswerUntil(place);
    support::Process process = Start();
    ASSERT_TRUE(daemon_.Observe([place](const auto& log) { return log.facts.size() > place; }))
        << Log();
    process.Kill();
  }
  daemon_.AcknowledgeAll();
  EXPECT_TRUE(fs::exists(drop() / "work/day.xml"));
  support::Process process = Start({"--once"});
  const auto exit = process.WaitForExit(support::In());
  ASSERT_TRUE(exit.has_value()) << Log();
  EXPECT_EQ(exit->code, 0) << Log();
  EXPECT_THAT(Log(), HasSubstr("file goes on"));

  const ScriptedDaemon::Log log = daemon_.log();
  EXPECT_THAT(log.facts, SizeIs(kFacts));
  EXPECT_THAT(log.passed_numbers, SizeIs(kControls));
  // Only what was under way or not yet noted comes again, not the whole file.
  const int64_t repeated =
      std::accumulate(log.repetitions.begin(), log.repetitions.end(), int64_t{0},
                      [](int64_t sum, const auto& fact) { return sum + fact.second; });
  EXPECT_LE(repeated, kKills * (kFactsRepeatedMax + 2));
  const auto summary =
      nlohmann::json::parse(support::ReadFile(drop() / "done/day.xml.summary.json"));
  EXPECT_EQ(summary["transactions_read"], kTransactions);
  EXPECT_EQ(summary["transactions_sent"], kTransactions - kBad - kControls);
  EXPECT_EQ(summary["facts_sent"], kFacts);
  EXPECT_EQ(summary["applied"].get<int>() + summary["duplicates"].get<int>(), kFacts);
  EXPECT_EQ(summary["transactions_rejected"]["QUANTITY_INVALID"], kBad);
  // Each stands in the rejected file once, and its end is an end.
  const std::string rejected = support::ReadFile(drop() / "done/day.xml.rejected.xml");
  EXPECT_THAT(Scan(rejected), SizeIs(kBad));
  EXPECT_TRUE(rejected.ends_with("</POSLog>\n"));
}

TEST_F(PoslogResumeTest, SigtermEndsItInOrderAndTheFileGoesOnLater) {
  daemon_.AnswerUntil(0);
  support::DropFile(drop() / "day.xml", Day());
  support::Process process = Start();
  ASSERT_TRUE(daemon_.Observe([](const auto& log) { return log.unanswered > 0; }));
  process.Signal(SIGTERM);
  const auto exit = process.WaitForExit(support::In());
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(*exit, support::ExitStatus{});
  EXPECT_TRUE(fs::exists(drop() / "work/day.xml"));
}

// A day's export of a big chain; the machine of a store has little memory.
TEST_F(PoslogResumeTest, AFileOf300MegabytesIsReadWithBoundedMemory) {
  constexpr int kWide = 18'000;
  constexpr int64_t kResidentBytesMax = 96 * 1024 * 1024;
  const fs::path draft = drop() / "day.xml.part";
  {
    std::ofstream file(draft, std::ios::binary);
    // As large as those of the recording.
    const std::string filler = "<LineItem><LoyaltyReward><acs:Text>" + std::string(17'000, 'x') +
                               "</acs:Text></LoyaltyReward></LineItem>";
    file << kOpen;
    for (int i = 1; i <= kWide; ++i) {
      file << ToText({.sequence = std::to_string(i), .lines = filler + Line({})});
    }
    file << kClose;
  }
  ASSERT_GT(fs::file_size(draft), 300'000'000u);
  support::Process process = Start();
  ASSERT_TRUE(daemon_.Observe([](const auto& log) { return log.hellos.size() == 1; }));
  fs::rename(draft, drop() / "day.xml");
  int64_t resident_bytes_max = 0;
  EXPECT_TRUE(support::WaitUntil(support::In(), [&] {
    resident_bytes_max = std::max(resident_bytes_max, process.resident_bytes());
    return fs::exists(drop() / "done/day.xml");
  })) << Log();
  EXPECT_THAT(daemon_.log().facts, SizeIs(kWide));
  EXPECT_LT(resident_bytes_max, kResidentBytesMax);
  RecordProperty("resident_mib", static_cast<int>(resident_bytes_max >> 20));
}

TEST_F(PoslogResumeTest, ExitCodesSayWhatWentWrong) {
  const fs::path program = support::BuiltProgram("adapters/poslog/stockd-poslog");
  const std::string config = folder_.path() / "poslog.toml";
  const auto run = [&](const std::vector<std::string>& arguments) {
    return support::RunCommand(program, arguments);
  };
  EXPECT_EQ(run({"--help"}).exit.code, 0);
  EXPECT_EQ(run({}).exit.code, 2);
  EXPECT_EQ(run({"--config", "/nowhere.toml"}).exit.code, 2);
  EXPECT_THAT(run({"--conifg", "x"}).error_output, HasSubstr("did you mean --config?"));
  EXPECT_EQ(run({"--config", config, "--check-config"}).exit.code, 0);
  support::DropFile(drop() / "x.xml", "none");
  EXPECT_EQ(run({"--config", config, "--once"}).exit.code, 1);
}

}  // namespace
}  // namespace stockd::poslog
