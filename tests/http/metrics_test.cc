// Figures for monitoring.
#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>

#include "daemon/http/metrics_text.h"
#include "tests/http/http_client.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using testing::HasSubstr;
using testing::Not;

class Metrics : public DaemonFixture {
 protected:
  void SetUp() override {
    config.http.listen = "127.0.0.1:0";
    DaemonFixture::SetUp();
  }

  std::string Scrape() {
    HttpConnection connection(daemon().http_address());
    const HttpResponse response = connection.Call("GET", "/metrics");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    return response.body;
  }
};

TEST_F(Metrics, CountCallsOfBothTransportsOnce) {
  Stock("MUG", "S01", 5);
  Reserve("r1", "MUG", "S01", 2);
  PostJson(daemon().http_address(), "ReservationService/CreateReservation",
           R"({"reservationId":"r2","lines":[{"position":{"sku":"MUG","location":"S01"},)"
           R"("quantity":100}]})");
  PostJson(daemon().http_address(), "ReservationService/GetReservation",
           R"({"reservationId":"r1"})");
  const std::string text = Scrape();
  const auto calls = [](const char* method, const char* transport, const char* code, int count) {
    return std::string("stockd_calls_total{method=\"/stockd.v1.ReservationService/") + method +
           "\",transport=\"" + transport + "\",code=\"" + code + "\"} " + std::to_string(count) +
           "\n";
  };
  EXPECT_THAT(text, HasSubstr(calls("CreateReservation", "grpc", "ok", 1)));
  EXPECT_THAT(text, HasSubstr(calls("CreateReservation", "http", "failed_precondition", 1)));
  EXPECT_THAT(text, HasSubstr(calls("GetReservation", "http", "ok", 1)));
  EXPECT_THAT(text, Not(HasSubstr("GetReservation\",transport=\"grpc\"")));
  EXPECT_THAT(text, HasSubstr("stockd_refusals_total{reason=\"INSUFFICIENT_STOCK\"}"));
}

TEST_F(Metrics, TellHowStockAndSourcesStand) {
  Stock("MUG", "S01", 5);
  Reserve("r1", "MUG", "S01", 2);
  clock.Advance(std::chrono::minutes(2));
  const std::string text = Scrape();
  EXPECT_THAT(text, HasSubstr("stockd_writer_running 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_positions 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_reservations_open 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_holds{le=\"60\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("stockd_holds{le=\"300\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_holds{le=\"+Inf\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_hold_overdue_seconds 0\n"));
  EXPECT_THAT(text, HasSubstr("stockd_shortfalls 0\n"));
  EXPECT_THAT(text,
              HasSubstr("stockd_source_facts_applied_total{source=\"till\",kind=\"pos\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("stockd_source_connected{source=\"erp\",kind=\"erp\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("stockd_http_connections 1\n"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
}

// Every line is a comment or a sample, every family has its help and type before its samples, and
// each is there once.
TEST_F(Metrics, AreWellFormed) {
  Stock("MUG", "S01", 5);
  Reserve("r1", "MUG", "S01", 2);
  const std::string text = Scrape();
  const std::regex help("# HELP ([a-z_]+) .+\\.");
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  const std::regex sample(R"(([a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+]?[0-9.e+-]+)");
  std::set<std::string> families;
  std::string family;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      family = match[1];
      EXPECT_TRUE(families.insert(family).second) << family << " is there twice";
      EXPECT_TRUE(family.starts_with("stockd_") || family.starts_with("process_")) << family;
    } else if (std::regex_match(line, match, type)) {
      EXPECT_EQ(match[1], family);
      if (match[2] == "counter" && family != "stockd_journal_sequence") {
        EXPECT_TRUE(family.ends_with("_total")) << family;
      }
    } else {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      EXPECT_TRUE(match[1].str().starts_with(family)) << line;
    }
  }
}

// People look figures up where they are explained.
TEST_F(Metrics, EveryFigureIsInTheTable) {
  Stock("MUG", "S01", 5);
  const std::string table = ReadFile("daemon/http/README.md");
  std::istringstream lines(Scrape());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    const std::string name = line.substr(7, line.find(' ', 7) - 7);
    EXPECT_THAT(table, HasSubstr("`" + name + "`")) << "is not explained";
  }
}

TEST(MetricsText, EscapesLabels) {
  http::MetricsText text;
  text.Family("a", http::MetricsText::Kind::kGauge, "Help.");
  text.Sample(int64_t{1}, {{"x", "q\"\\\n"}});
  EXPECT_EQ(text.text(), "# HELP a Help.\n# TYPE a gauge\na{x=\"q\\\"\\\\\\n\"} 1\n");
}

TEST(MetricsText, HistogramsAddUp) {
  Histogram<2> histogram{{10, 20}};
  for (const int64_t value : {1, 10, 11, 20, 21}) histogram.Observe(value);
  http::MetricsText text;
  text.Family("h", http::MetricsText::Kind::kHistogram, "Help.");
  text.Parts(histogram, 0.5);
  EXPECT_THAT(text.text(), HasSubstr("h_bucket{le=\"5\"} 2\nh_bucket{le=\"10\"} 4\n"
                                     "h_bucket{le=\"+Inf\"} 5\nh_sum 31.5\nh_count 5\n"));
}

}  // namespace
}  // namespace stockd::support
