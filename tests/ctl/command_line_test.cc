#include "daemon/ctl/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <set>
#include <sstream>

#include "daemon/ctl/help_text.h"
#include "tests/ctl/run_stockctl.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// As a shell does it; quoted words begin and end with a double quote.
std::vector<std::string> Split(const std::string& line) {
  std::istringstream input(line);
  std::vector<std::string> words;
  for (std::string word; input >> std::quoted(word);) words.push_back(word);
  return words;
}

std::string ProblemOf(const std::string& line) {
  try {
    ParseCommandLine(Split(line));
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

// An example that does not work is worse than none.
TEST(CommandLine, EveryExampleIsAcceptedByItsOwnCommand) {
  for (const Command& command : Commands()) {
    std::istringstream lines{std::string(command.example)};
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("  ") || line.starts_with("source ")) continue;
      line = line.substr(0, std::min(line.find(" | "), line.find(" && ")));
      std::vector<std::string> words = Split(line);
      ASSERT_EQ(words.at(0), "stockctl") << line;
      words.erase(words.begin());
      const CommandLine parsed = ParseCommandLine(words);
      ASSERT_NE(parsed.command, nullptr) << line;
      EXPECT_EQ(parsed.command->name, command.name) << line;
    }
  }
}

TEST(CommandLine, EveryCommandExplainsItself) {
  std::set<std::string_view> names;
  for (const Command& command : Commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_THAT(std::string(command.example), HasSubstr("stockctl"));
    std::vector<std::string> words = Split(std::string(command.name));
    words.push_back("--help");
    const Ran ran = RunHere(words);
    EXPECT_EQ(ran.exit_code, ExitCode::kOk);
    EXPECT_THAT(ran.out, StartsWith(std::string(command.summary)));
    EXPECT_THAT(ran.out, HasSubstr("Example:\n  stockctl " + std::string(command.name)))
        << command.name;
    for (const Argument& argument : command.arguments) {
      EXPECT_FALSE(argument.help.empty()) << command.name << " " << argument.name;
    }
  }
}

TEST(CommandLine, TheOverviewListsEveryCommandAndTheExitCodes) {
  const Ran ran = RunHere({"--help"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  for (const Command& command : Commands()) {
    EXPECT_THAT(ran.out, HasSubstr("\n  " + std::string(command.name)));
  }
  EXPECT_THAT(ran.out, HasSubstr("Exit codes:\n  0  Done."));
  EXPECT_EQ(RunHere({}).exit_code, ExitCode::kUsage);
  EXPECT_THAT(RunHere({"quarantine", "--help"}).out, HasSubstr("quarantine replay"));
}

TEST(CommandLine, SlipsAreAnsweredWithWhatWasMeant) {
  EXPECT_THAT(ProblemOf("resrve r-1 A@B:1"), HasSubstr("did you mean \"reserve\"?"));
  EXPECT_THAT(ProblemOf("items --contians mug"), HasSubstr("did you mean --contains?"));
  EXPECT_THAT(ProblemOf("items --limt=3"), HasSubstr("did you mean --limit?"));
  EXPECT_THAT(ProblemOf("reserve r-1"), HasSubstr("Usage: stockctl reserve ID SKU@LOCATION"));
  EXPECT_THAT(ProblemOf("availability A B C"), HasSubstr("Usage: stockctl availability"));
  EXPECT_THAT(ProblemOf("commit r-1"), HasSubstr("--order"));
  EXPECT_THAT(ProblemOf("mappings"), HasSubstr("--help"));
  EXPECT_THAT(ProblemOf("quarantine lst"), HasSubstr("--help"));
  EXPECT_THAT(ProblemOf("availability A --purpose fly"),
              HasSubstr("\"fly\" is not one of ship collect (for purpose)"));
  EXPECT_THAT(ProblemOf("import thing a.csv"), HasSubstr("is not one of items locations"));
  EXPECT_THAT(ProblemOf("--json"), HasSubstr("stockctl --help"));
}

TEST(CommandLine, GlobalOptionsStandBeforeOrBehindTheCommand) {
  for (const char* line :
       {"--json --server h:1 status", "status --json --server h:1", "--server=h:1 status --json"}) {
    const CommandLine parsed = ParseCommandLine(Split(line));
    EXPECT_TRUE(parsed.arguments.Has("json")) << line;
    EXPECT_EQ(parsed.arguments.Text("server"), "h:1") << line;
  }
  const CommandLine nested = ParseCommandLine(Split("quarantine show 7 --json"));
  EXPECT_EQ(nested.command->name, "quarantine show");
  EXPECT_TRUE(nested.arguments.Has("json"));
}

TEST(CommandLine, ListsTakeWhatIsTheirsAndNoMore) {
  const CommandLine reserve =
      ParseCommandLine(Split("reserve r-1 A@S1:1 B@S1:2 --ttl 5m C@S2:3 --partial"));
  EXPECT_EQ(reserve.arguments.Text("id"), "r-1");
  EXPECT_EQ(reserve.arguments.Texts("lines"),
            (std::vector<std::string>{"A@S1:1", "B@S1:2", "C@S2:3"}));
  EXPECT_EQ(reserve.arguments.DurationOf("ttl"), std::chrono::minutes(5));
  EXPECT_TRUE(reserve.arguments.Has("partial"));
  const CommandLine watch = ParseCommandLine(Split("watch --sku A --sku B --location S1"));
  EXPECT_EQ(watch.arguments.Texts("sku"), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(watch.arguments.Texts("location"), (std::vector<std::string>{"S1"}));
}

TEST(CommandLine, StrangeIdsReachTheCommandUnchanged) {
  EXPECT_EQ(ParseCommandLine({"reservation", "--", "--json"}).arguments.Text("id"), "--json");
  EXPECT_EQ(ParseCommandLine({"reservation", "with space, comma"}).arguments.Text("id"),
            "with space, comma");
  EXPECT_EQ(ParseCommandLine({"reservation", "[a,b]"}).arguments.Text("id"), "[a,b]");
  EXPECT_EQ(ParseCommandLine({"reservation", "status"}).arguments.Text("id"), "status");
  EXPECT_EQ(ParseCommandLine({"availability", "A", "--near=-33.9,18.4"}).arguments.Text("near"),
            "-33.9,18.4");
  EXPECT_EQ(ParseCommandLine({"reserve", "r", "[A]@S:1", "B,C@S:2"}).arguments.Texts("lines"),
            (std::vector<std::string>{"[A]@S:1", "B,C@S:2"}));
}

TEST(CommandLine, NumbersAndDurationsAreChecked) {
  EXPECT_EQ(RunHere({"items", "--limit", "many"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(RunHere({"items", "--limit", "-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(RunHere({"status", "--timeout", "10"}).exit_code, ExitCode::kUsage);
  EXPECT_THAT(RunHere({"status", "--timeout", "10"}).err, HasSubstr("write it like 15m"));
}

TEST(Completion, EveryShellGetsAScriptThatKnowsEveryCommand) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ran ran = RunHere({"completion", shell});
    EXPECT_EQ(ran.exit_code, ExitCode::kOk);
    for (const Command& command : Commands()) {
      const std::string word(command.name.substr(0, command.name.find(' ')));
      EXPECT_THAT(ran.out, HasSubstr(word)) << shell;
    }
  }
  EXPECT_EQ(RunHere({"completion", "tcsh"}).exit_code, ExitCode::kUsage);
}

// What bash offers for the last of `words`, in one line.
std::string CompletedByBash(const std::string& words) {
  std::string script = testing::TempDir() + "stockctl_completion_XXXXXX";
  close(mkstemp(script.data()));
  std::ofstream(script) << RunHere({"completion", "bash"}).out << "COMP_WORDS=(" << words << ")\n"
                        << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                        << "_stockctl\n"
                        << "echo ${COMPREPLY[@]}\n";
  FILE* const bash = popen(("bash " + script + " 2>&1").c_str(), "r");
  std::string offered;
  std::array<char, 256> part;
  while (std::fgets(part.data(), part.size(), bash) != nullptr) offered += part.data();
  EXPECT_EQ(pclose(bash), 0) << offered;
  std::remove(script.c_str());
  return offered;
}

TEST(Completion, BashOffersWhatFits) {
  EXPECT_EQ(CompletedByBash("stockctl rese"), "reserve reservation reservations\n");
  EXPECT_EQ(CompletedByBash("stockctl quarantine rep"), "replay\n");
  EXPECT_EQ(CompletedByBash("stockctl availability MUG --purpose \"\""), "ship collect\n");
  EXPECT_EQ(CompletedByBash("stockctl import s"), "safety-stocks shelf-positions supplies\n");
  EXPECT_EQ(CompletedByBash("stockctl reserve r-1 --p"), "--partial\n");
}

}  // namespace
}  // namespace stockd::ctl
