// The parts without a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "adapters/http_client/host_rate.h"
#include "adapters/http_client/http_config.h"
#include "adapters/http_client/retry_rules.h"
#include "adapters/sdk/config_reader.h"
#include "tests/support/temp_directory.h"

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(RetryAfterHeader, IsReadInEveryFormThatHttpHas) {
  const sdk::Timestamp now(std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) +
                           std::chrono::hours(8) + std::chrono::minutes(49));
  const milliseconds max(60'000);
  const struct {
    const char* value;
    std::optional<milliseconds> wait;
  } cases[] = {
      {"0", milliseconds(0)},
      {" 5 ", milliseconds(5000)},
      {"61", max},
      {"99999999999999999999999", max},
      {"Sun, 06 Nov 1994 08:49:37 GMT", milliseconds(37'000)},
      {"Sunday, 06-Nov-94 08:49:37 GMT", milliseconds(37'000)},
      {"Sun Nov  6 08:49:37 1994", milliseconds(37'000)},
      {"Sun, 06 Nov 1994 08:00:00 GMT", milliseconds(0)},
      {"Sun, 06 Nov 2094 08:00:00 GMT", max},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : cases) EXPECT_EQ(RetryAfter(row.value, now, max), row.wait) << row.value;
}

TEST(HostRates, HalveWithEach429DownToASixteenthAndRecover) {
  const sdk::SteadyTime begin{};
  HostRate rate({.requests_per_s = 64, .burst = 10}, begin);
  for (int i = 0; i < 10; ++i) rate.SlowDown(begin, milliseconds(100));
  EXPECT_EQ(rate.requests_per_s(), 4);
  EXPECT_EQ(rate.TakeTurn(begin), milliseconds(100));
  EXPECT_EQ(rate.TakeTurn(begin), milliseconds(250));
  for (int i = 0; i < 60; ++i) rate.SpeedUp();
  EXPECT_EQ(rate.requests_per_s(), 64);
}

TEST(HostRates, WithoutALimitOnly429sHold) {
  const sdk::SteadyTime begin{};
  HostRate rate({.requests_per_s = 0}, begin);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(rate.TakeTurn(begin), milliseconds(0));
  rate.SlowDown(begin, milliseconds(5000));
  EXPECT_EQ(rate.TakeTurn(begin + milliseconds(1000)), milliseconds(4000));
  EXPECT_EQ(rate.TakeTurn(begin + milliseconds(5000)), milliseconds(0));
}

class HttpConfiguration : public testing::Test {
 protected:
  // What is wrong; empty: nothing.
  std::string Read(const std::string& text) {
    auto reader = sdk::ConfigReader::Parse(text, "test.toml");
    if (!reader.ok()) return std::string(reader.status().message());
    sdk::ConfigSection section = reader->Root().Section("http");
    token = ReadSecret(section, "token", folder.path(), true);
    options = ReadHttpOptions(section, folder.path());
    return std::string(reader->Finish().message());
  }

  support::TempDirectory folder;
  HttpClientOptions options;
  Secret token;
};

TEST_F(HttpConfiguration, SecretsComeFromAFileOrTheEnvironment) {
  support::WriteFile(folder.path() / "token", "from-file\n");
  EXPECT_EQ(Read("[http]\ntoken_file = \"token\"\nidle_timeout_ms = 7\nca_file = \"ca.pem\"\n"),
            "");
  EXPECT_EQ(token.Reveal(), "from-file");
  EXPECT_EQ(options.timeouts.idle, milliseconds(7));
  EXPECT_EQ(options.ca_file, folder.path() / "ca.pem");
  ASSERT_EQ(::setenv("STOCKD_TEST_TOKEN", "from-environment", 1), 0);
  EXPECT_EQ(Read("[http]\ntoken_env = \"STOCKD_TEST_TOKEN\"\n"), "");
  EXPECT_EQ(token.Reveal(), "from-environment");
}

TEST_F(HttpConfiguration, EveryMistakeIsSaidWithoutTheSecret) {
  support::WriteFile(folder.path() / "empty", "\n");
  support::WriteFile(folder.path() / "lines", "hush\nhush");
  const struct {
    const char* text;
    const char* problem;
  } cases[] = {
      {"[http]\ntoken = \"hush\"\n", "does not belong in a configuration"},
      {"[http]\n", "token_env must say where it is"},
      {"[http]\ntoken_file = \"a\"\ntoken_env = \"B\"\n", "exclude each other"},
      {"[http]\ntoken_file = \"missing\"\n", "missing"},
      {"[http]\ntoken_file = \"empty\"\n", "holds no secret"},
      {"[http]\ntoken_file = \"lines\"\n", "more than one line"},
      {"[http]\ntoken_env = \"STOCKD_TEST_UNSET\"\n", "is not set"},
      {"[http]\ntoken_env = \"PATH\"\nidle_timeout_ms = 0\n", "idle_timeout_ms"},
      {"[http]\ntoken_env = \"PATH\"\nproxy_user = \"p\"\n", "proxy_password"},
      {"[http]\ntoken_env = \"PATH\"\nclient_key = \"k\"\n", "go together"},
      {"[http]\ntoken_env = \"PATH\"\nidle_timeout = 5\n", "idle_timeout_ms"},
  };
  for (const auto& row : cases) {
    const std::string problems = Read(row.text);
    EXPECT_THAT(problems, HasSubstr(row.problem)) << row.text;
    EXPECT_THAT(problems, testing::Not(HasSubstr("hush"))) << row.text;
  }
}

TEST(Secrets, BecomeHeadersAndPrintNothing) {
  EXPECT_EQ(BasicAuthorization("ck", Secret("cs")).Reveal(), "Basic Y2s6Y3M=");
  EXPECT_EQ(BearerAuthorization(Secret("t")).Reveal(), "Bearer t");
}

}  // namespace
}  // namespace stockd::http_client
