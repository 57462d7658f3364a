// The real program, ended with kill -9 in the middle of a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <numeric>

#include <nlohmann/json.hpp>

#include "adapters/files/fact_files.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd::files {
namespace {

using adapters_test::ScriptedDaemon;
using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace fs = std::filesystem;

constexpr int kRows = 100'000;

class ResumeTest : public ::testing::Test {
 protected:
  ResumeTest() { fs::create_directories(drop()); }

  fs::path drop() const { return folder_.path() / "drop"; }

  void WriteConfig(const std::string& more) {
    support::WriteFile(folder_.path() / "pos.toml",
                       "role = \"pos\"\nsource = \"pos\"\ndrop_directory = \"drop\"\n[daemon]\n"
                       "address = \"" +
                           daemon_->address() + "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n" +
                           more);
  }

  support::Process Start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"--config", folder_.path() / "pos.toml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return support::Process({.program = support::BuiltProgram("adapters/files/stockd-files"),
                             .arguments = std::move(arguments),
                             .output = folder_.path() / "log",
                             .error_output = folder_.path() / "log"});
  }

  // With every hundredth row bad.
  static std::string Journal(bool has_ids) {
    std::string text = has_ids ? "event_id,sku,location,quantity,occurred_at\n"
                               : "sku,location,quantity,occurred_at\n";
    for (int i = 1; i <= kRows; ++i) {
      if (has_ids) text += "e" + std::to_string(i) + ",";
      const std::string quantity = i % 100 == 0 ? "bad" : "1";
      text += "A-" + std::to_string(i % 50) + ",S01," + quantity + ",2011-01-05T06:00:00Z\n";
    }
    return text;
  }

  // Facts that came again, counted as often as they came again.
  static int64_t RepetitionCount(const ScriptedDaemon::Log& log) {
    return std::accumulate(log.repetitions.begin(), log.repetitions.end(), int64_t{0},
                           [](int64_t sum, const auto& fact) { return sum + fact.second; });
  }

  // Ends the program twice in the middle of the file and lets a third one finish it.
  void FinishWithTwoKills(bool has_ids) {
    WriteConfig("");
    support::DropFile(drop() / "till07-0105.csv", Journal(has_ids));
    constexpr int kKills = 2;
    for (int kill = 1; kill <= kKills; ++kill) {
      // It cannot get further than to this place, however late it is killed.
      const size_t place = kill * kRows / (kKills + 1);
      daemon_->AnswerUntil(place);
      support::Process process = Start();
      ASSERT_TRUE(daemon_->Observe([place](const auto& log) { return log.facts.size() > place; }));
      process.Kill();
    }
    daemon_->AcknowledgeAll();
    EXPECT_TRUE(fs::exists(drop() / "work/till07-0105.csv"));
    support::Process process = Start({"--once"});
    const auto exit = process.WaitForExit(support::In());
    ASSERT_TRUE(exit.has_value()) << support::ReadFile(folder_.path() / "log");
    EXPECT_EQ(exit->code, 0) << support::ReadFile(folder_.path() / "log");

    const ScriptedDaemon::Log log = daemon_->log();
    EXPECT_THAT(log.facts, SizeIs(kRows - kRows / 100));
    // Only what was under way or not yet noted comes again, not the whole file.
    EXPECT_LE(RepetitionCount(log), kKills * kRowsRepeatedMax);
    const auto summary =
        nlohmann::json::parse(support::ReadFile(drop() / "done/till07-0105.csv.summary.json"));
    EXPECT_EQ(summary["rows_read"], kRows);
    EXPECT_EQ(summary["facts_sent"], kRows - kRows / 100);
    EXPECT_EQ(summary["applied"].get<int>() + summary["duplicates"].get<int>(),
              kRows - kRows / 100);
    EXPECT_EQ(summary["rows_rejected"]["QUANTITY_INVALID"], kRows / 100);
    const std::string rejected = support::ReadFile(drop() / "done/till07-0105.csv.rejected.csv");
    EXPECT_EQ(std::count(rejected.begin(), rejected.end(), '\n'), kRows / 100 + 1);
  }

  support::TempDirectory folder_;
  std::unique_ptr<ScriptedDaemon> daemon_ =
      std::make_unique<ScriptedDaemon>(ScriptedDaemon::Script{.batch_size_max = 200});
};

TEST_F(ResumeTest, AKilledAdapterGoesOnInTheMiddleOfTheFile) { FinishWithTwoKills(true); }

TEST_F(ResumeTest, RowsWithoutIdsKeepTheirNamesOverARestart) { FinishWithTwoKills(false); }

// However much the daemon would take before it answers, and however slow it is to answer.
TEST_F(ResumeTest, NoMoreRowsAreOnTheirWayThanMayComeAgain) {
  constexpr int kBatch = 100;
  daemon_ = std::make_unique<ScriptedDaemon>(ScriptedDaemon::Script{
      .batch_size_max = kBatch, .batches_in_flight_max = kRows, .acknowledges = false});
  WriteConfig("");
  support::DropFile(drop() / "till07-0105.csv", Journal(true));
  support::Process process = Start();
  // Up to the last whole batch; every hundredth row is none of a batch.
  constexpr size_t kExpected = kRowsRepeatedMax / 100 * 99 - kBatch;
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.facts.size() >= kExpected; }));
  process.Signal(SIGTERM);
  ASSERT_TRUE(process.WaitForExit(support::In()).has_value());
  EXPECT_LE(daemon_->log().facts.size(), kRowsRepeatedMax / 100 * 99);
}

TEST_F(ResumeTest, SigtermEndsItInOrderAndTheFileGoesOnLater) {
  daemon_ = std::make_unique<ScriptedDaemon>(
      ScriptedDaemon::Script{.batch_size_max = 20, .acknowledges = false});
  WriteConfig("");
  support::DropFile(drop() / "till07-0105.csv", Journal(true));
  support::Process process = Start();
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.unanswered == 2; }));
  process.Signal(SIGTERM);
  const auto exit = process.WaitForExit(support::In());
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0);
  EXPECT_EQ(exit->signal, 0);
  EXPECT_TRUE(fs::exists(drop() / "work/till07-0105.csv"));
}

TEST_F(ResumeTest, AFileThatIsDroppedWhileItRunsIsTakenAtOnce) {
  WriteConfig("");
  support::Process process = Start();
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.hellos.size() == 1; }));
  support::DropFile(drop() / "till07-0105.csv", Journal(true));
  EXPECT_TRUE(daemon_->Observe([](const auto& log) { return log.facts.size() > kRows / 2; }));
}

// A day's export of a big chain; the machine of a store has little memory.
TEST_F(ResumeTest, AFileOf300MegabytesIsReadWithBoundedMemory) {
  constexpr int kWideRows = 30'000;
  constexpr int64_t kResidentBytesMax = 96 * 1024 * 1024;
  daemon_ = std::make_unique<ScriptedDaemon>(
      ScriptedDaemon::Script{.batch_size_max = 500, .batches_in_flight_max = 4});
  WriteConfig("");
  const fs::path draft = drop() / "till07-0105.csv.part";
  {
    std::ofstream file(draft, std::ios::binary);
    const std::string filler(10'000, 'x');
    file << "event_id,sku,location,quantity,occurred_at,filler\r\n";
    for (int i = 0; i < kWideRows; ++i) {
      file << i << ",A,S01,1,2011-01-05T06:00:00Z,\"" << filler << "\"\r\n";
    }
  }
  ASSERT_GT(fs::file_size(draft), 300'000'000u);
  support::Process process = Start();
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.hellos.size() == 1; }));
  fs::rename(draft, drop() / "till07-0105.csv");
  int64_t resident_bytes_max = 0;
  EXPECT_TRUE(support::WaitUntil(support::In(), [&] {
    resident_bytes_max = std::max(resident_bytes_max, process.resident_bytes());
    return fs::exists(drop() / "done/till07-0105.csv");
  }));
  EXPECT_THAT(daemon_->log().facts, SizeIs(kWideRows));
  EXPECT_LT(resident_bytes_max, kResidentBytesMax);
}

TEST_F(ResumeTest, ExitCodesSayWhatWentWrong) {
  const fs::path program = support::BuiltProgram("adapters/files/stockd-files");
  const std::string config = folder_.path() / "pos.toml";
  const auto run = [&](const std::vector<std::string>& arguments) {
    return support::RunCommand(program, arguments);
  };
  EXPECT_EQ(run({"--help"}).exit.code, 0);
  EXPECT_EQ(run({}).exit.code, 2);
  EXPECT_EQ(run({"--config", "/nowhere.toml"}).exit.code, 2);
  EXPECT_THAT(run({"--conifg", "x"}).error_output, HasSubstr("did you mean --config?"));

  WriteConfig("[csv]\ndelimter = \";\"\n");
  const support::CommandResult wrong = run({"--config", config, "--check-config"});
  EXPECT_EQ(wrong.exit.code, 2);
  EXPECT_THAT(wrong.error_output, HasSubstr("did you mean csv.delimiter?"));

  WriteConfig("");
  EXPECT_EQ(run({"--config", config, "--check-config"}).exit.code, 0);
  support::DropFile(drop() / "x.csv", "no,such,columns\n");
  EXPECT_EQ(run({"--config", config, "--once"}).exit.code, 1);
}

}  // namespace
}  // namespace stockd::files
