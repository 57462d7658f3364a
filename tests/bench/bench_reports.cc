// Figures from roll-ups against the same figures by SQL over the facts; and what keeping roll-ups
// costs those who tell facts.
#include <absl/strings/str_format.h>

#include <chrono>
#include <functional>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/reports/report_query.h"
#include "daemon/reports/rollup.h"
#include "daemon/storage/connection.h"
#include "tests/bench/benchmarks.h"
#include "tests/bench/sales_database.h"
#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using Clock = std::chrono::steady_clock;

double MillisSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// A figure that a dashboard shows, and the SQL that says the same. In the SQL :begin and :end are
// the period.
struct Question {
  const char* name;
  std::vector<const char*> figures;
  reports::Bucket bucket = reports::Bucket::kWhole;
  std::vector<reports::Dimension> by = {};
  const char* sql;
};

std::vector<Question> Questions() {
  using reports::Bucket;
  using reports::Dimension;
  return {
      {"net sales by month",
       {"net_sales"},
       Bucket::kMonth,
       {},
       "SELECT strftime('%Y-%m', occurred_at / 1000000, 'unixepoch') AS month, "
       "sum(-stated * unit_price_micros) FROM journal WHERE kind IN (2, 3) AND "
       "occurred_at >= ?1 AND occurred_at < ?2 GROUP BY month"},
      {"net sales by channel",
       {"net_sales"},
       Bucket::kWhole,
       {Dimension::kChannel},
       "SELECT channel, sum(-stated * unit_price_micros) FROM journal WHERE kind IN (2, 3) AND "
       "occurred_at >= ?1 AND occurred_at < ?2 GROUP BY channel"},
      {"units sold by location",
       {"units_sold"},
       Bucket::kWhole,
       {Dimension::kLocation},
       "SELECT position & 4294967295 AS location, sum(-stated) FROM journal WHERE kind = 2 AND "
       "occurred_at >= ?1 AND occurred_at < ?2 GROUP BY location"},
      {"average order value by month",
       {"average_order_value"},
       Bucket::kMonth,
       {},
       "SELECT strftime('%Y-%m', occurred_at / 1000000, 'unixepoch') AS month, "
       "sum(-stated * unit_price_micros), count(DISTINCT reference) FROM journal WHERE kind = 2 "
       "AND occurred_at >= ?1 AND occurred_at < ?2 GROUP BY month"},
      {"turnover by month",
       {"turnover_units"},
       Bucket::kMonth,
       {},
       "SELECT strftime('%Y-%m', occurred_at / 1000000, 'unixepoch') AS month, sum(-stated), "
       "sum(stated * ((?2 - occurred_at) / 1000000)) FROM journal WHERE kind <= 8 AND "
       "occurred_at >= ?1 AND occurred_at < ?2 GROUP BY month"},
      {"turnover by category",
       {"turnover_units"},
       Bucket::kWhole,
       {Dimension::kCategory},
       "SELECT item.category, sum(-stated), sum(stated * ((?2 - occurred_at) / 1000000)) FROM "
       "journal JOIN item ON item.id = position >> 32 WHERE kind <= 8 AND occurred_at >= ?1 AND "
       "occurred_at < ?2 GROUP BY item.category"},
      {"active customers by month",
       {"active_customers"},
       Bucket::kMonth,
       {},
       "SELECT strftime('%Y-%m', occurred_at / 1000000, 'unixepoch') AS month, "
       "count(DISTINCT customer_reference) FROM journal WHERE kind = 2 AND occurred_at >= ?1 AND "
       "occurred_at < ?2 GROUP BY month"}};
}

// Brings roll-ups in step with the database. Returns journal entries a second.
double Follow(const std::filesystem::path& database, const std::filesystem::path& rollups) {
  auto opened = storage::OpenJournalFeed(database.string(), int64_t{64} << 20, {});
  if (const auto* status = std::get_if<storage::Status>(&opened)) throw BenchError(status->error);
  storage::JournalFeed& feed = *std::get<std::unique_ptr<storage::JournalFeed>>(opened);
  reports::RollupFile file(rollups.string(), "UTC", int64_t{64} << 20);
  reports::Rollup rollup(file, feed, absl::UTCTimeZone());
  const auto begin = Clock::now();
  while (rollup.Advance(20'000)) {
  }
  return static_cast<double>(feed.Newest()) / MillisSince(begin) * 1000;
}

// Runs the statement to its end; how many rows it has.
uint64_t RunSql(storage::Connection& connection, const char* sql) {
  storage::Statement statement;
  if (statement.Prepare(connection, sql) != SQLITE_OK) throw BenchError(connection.Message());
  statement.Integer(ToMicros(kSalesBegin)).Integer(ToMicros(kSalesBegin + kSalesLength));
  uint64_t rows = 0;
  while (statement.Step() == SQLITE_ROW) ++rows;
  return rows;
}

Outcome Figures(Workshop& workshop) {
  const SalesShape shape{.items = workshop.size(500, 20),
                         .locations = workshop.size(200, 5),
                         .lines = workshop.size(1'000'000, 3000)};
  const auto database = SalesDatabase(workshop.options().directory, shape);
  const auto folder = workshop.Folder("reports");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto rollups = folder / "rollups.sqlite";
  const double followed = Follow(database, rollups);
  engine::Catalogue catalogue;
  for (uint64_t i = 0; i < shape.locations; ++i) catalogue.PutLocation({.code = LocationCode(i)});
  for (uint64_t i = 0; i < shape.items; ++i) catalogue.PutItem({.sku = Sku(i)});
  const reports::TimeGrid grid(absl::UTCTimeZone());
  reports::RollupReader reader(rollups.string(), int64_t{16} << 20);
  storage::Connection raw;
  if (raw.Open(database.string(), storage::Access::kReadOnly) != SQLITE_OK) {
    throw BenchError(raw.Message());
  }
  Outcome outcome{.subject = "the slowest of seven figures, from roll-ups",
                  .yardstick = "by SQL over the facts",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 0.01}};
  outcome.notes.push_back(absl::StrFormat(
      "%d sale lines of a year, %d orders, %d positions; roll-ups made of %.0f entries/s",
      shape.lines, shape.orders(), shape.items * shape.locations, followed));
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  double worst_ratio = 0;
  for (const Question& question : Questions()) {
    reports::ReportQuery query{.begin = kSalesBegin,
                               .end = kSalesBegin + kSalesLength,
                               .zone = absl::UTCTimeZone(),
                               .bucket = question.bucket,
                               .group_by = question.by};
    for (const char* key : question.figures) query.figures.push_back(reports::FindFigure(key));
    std::vector<double> ours_ms;
    std::vector<double> sql_ms;
    uint64_t rows = 0;
    workshop.Repeat(
        [&] {
          const auto begin = Clock::now();
          rows = 0;
          const reports::RollupReader::Lease view = reader.Borrow();
          RunReport(query, grid, catalogue, *view,
                    [&](reports::ReportRow&&) { return ++rows > 0; });
          ours_ms.push_back(MillisSince(begin));
        },
        [&] {
          const auto begin = Clock::now();
          if (RunSql(raw, question.sql) == 0) throw BenchError("the sales database is damaged");
          sql_ms.push_back(MillisSince(begin));
        });
    if (rows == 0) throw BenchError(std::string("nothing is reported of ") + question.name);
    outcome.notes.push_back(absl::StrFormat("%-30s %8.2f ms, SQL %9.1f ms: 1/%.0f", question.name,
                                            Median(ours_ms), Median(sql_ms),
                                            Median(sql_ms) / Median(ours_ms)));
    if (Median(ours_ms) / Median(sql_ms) <= worst_ratio) continue;
    worst_ratio = Median(ours_ms) / Median(sql_ms);
    subjects = std::move(ours_ms);
    yardsticks = std::move(sql_ms);
  }
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  return outcome;
}

Outcome Ingest(Workshop& workshop) {
  const StockShape shape{.items = workshop.size(10'000, 1000), .locations = 1};
  const auto on = workshop.StartDaemon("reports-on", shape, "[reports]\nenabled = true\n");
  const auto off = workshop.StartDaemon("reports-off", shape);
  FeedSpec spec_on = workshop.Feed(*on, shape);
  FeedSpec spec_off = workshop.Feed(*off, shape);
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  const auto run = [&](FeedSpec& spec, std::vector<double>& rates) {
    ++spec.run;
    const FeedResult result = workshop.RunFacts(spec);
    rates.push_back(static_cast<double>(result.rows) / result.seconds);
  };
  workshop.Repeat([&] { run(spec_on, subjects); }, [&] { run(spec_off, yardsticks); });
  Outcome outcome{.subject = "facts of an adapter's stream, reports on",
                  .yardstick = "reports off",
                  .unit = "facts/s",
                  .goal = {.kind = GoalKind::kAtLeast, .ratio = 0.85}};
  for (size_t i = 0; i < subjects.size(); ++i) outcome.Add(subjects[i], yardsticks[i]);
  on->Stop();
  off->Stop();
  return outcome;
}

constexpr Benchmark kBenchmarks[] = {
    {"reports-figures", "figures from roll-ups against SQL over the facts", Figures},
    {"reports-ingest", "facts of an adapter with reports on against off", Ingest},
};

}  // namespace

std::span<const Benchmark> ReportBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
