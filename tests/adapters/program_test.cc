#include "adapters/sdk/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stockd::sdk {
namespace {

using testing::HasSubstr;

const Program kProgram{.name = "stockd-any", .help = "", .flags = {"--once"}, .values = {"--drop"}};

std::optional<CommandLine> Parse(std::vector<std::string> words, std::string* error = nullptr) {
  words.insert(words.begin(), "stockd-any");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  testing::internal::CaptureStderr();
  auto line = CommandLine::Parse(kProgram, static_cast<int>(pointers.size()), pointers.data());
  const std::string said = testing::internal::GetCapturedStderr();
  if (error != nullptr) *error = said;
  return line;
}

TEST(AdapterCommandLine, TakesAValueBehindASpaceOrAnEqualsSign) {
  for (const auto& words : {std::vector<std::string>{"--config", "a.toml", "--drop=x=y", "--once"},
                            {"--config=a.toml", "--drop", "x=y", "--once"}}) {
    const auto line = Parse(words);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->Value("--config"), "a.toml");
    EXPECT_EQ(line->Value("--drop"), "x=y");
    EXPECT_TRUE(line->Has("--once"));
    EXPECT_FALSE(line->Has("--check-config"));
  }
}

TEST(AdapterCommandLine, SaysWhatIsWrong) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{}, "stockd-any: --config FILE is missing"},
      {{"--config"}, "--config needs a value"},
      {{"--config="}, "--config FILE is missing"},
      {{"--config", "a", "--drop"}, "--drop needs a value"},
      {{"--config", "a", "--onec"}, "unknown argument \"--onec\"; did you mean --once?"},
      {{"--config", "a", "--once=1"}, "unknown argument \"--once=1\""},
      {{"--config", "a", "b"}, "unknown argument \"b\""}};
  for (const auto& [words, message] : cases) {
    std::string error;
    EXPECT_FALSE(Parse(words, &error)) << message;
    EXPECT_THAT(error, HasSubstr(message));
  }
}

TEST(AdapterCommandLine, HelpNeedsNoConfiguration) {
  EXPECT_TRUE(Parse({"-h"})->Has("--help"));
  EXPECT_TRUE(Parse({"--help"})->Has("--help"));
}

}  // namespace
}  // namespace stockd::sdk
