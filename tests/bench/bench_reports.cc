// Figures from roll-ups against the same figures by SQL over the facts; and what keeping roll-ups
// costs those who tell facts.
#include <absl/strings/str_format.h>

#include <chrono>
#include <functional>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/reports/report_query.h"
#include "daemon/reports/rollup.h"
#include "daemon/reports/rollup_schema.h"
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
       "occurred_at < ?2 GROUP BY month"},
      {"net sales by item",
       {"net_sales"},
       Bucket::kWhole,
       {Dimension::kItem},
       "SELECT position >> 32 AS item, sum(-stated * unit_price_micros) FROM journal WHERE kind IN "
       "(2, 3) AND occurred_at >= ?1 AND occurred_at < ?2 GROUP BY item"},
      {"cycle time by month",
       {"cycle_time"},
       Bucket::kMonth,
       {},
       "SELECT strftime('%Y-%m', closed_at / 1000000, 'unixepoch') AS month, avg(closed_at - "
       "placed_at) FROM fulfilment JOIN sales_order ON sales_order.number = order_number WHERE "
       "fulfilment.state >= 8 AND closed_at >= ?1 AND closed_at < ?2 GROUP BY month"},
      {"on time by carrier",
       {"on_time_delivery"},
       Bucket::kWhole,
       {Dimension::kCarrier},
       "SELECT shipments ->> '$[0].carrier' AS carrier, sum(closed_at <= delivery_first), count(*) "
       "FROM fulfilment WHERE delivery_first >= ?1 AND delivery_first < ?2 GROUP BY carrier"},
      {"ready time by location",
       {"ready_time"},
       Bucket::kWhole,
       {Dimension::kLocation},
       "SELECT location_id, avg(ready_at - placed_at) FROM fulfilment JOIN sales_order ON "
       "sales_order.number = order_number WHERE ready_at >= ?1 AND ready_at < ?2 GROUP BY "
       "location_id"}};
}

// Brings roll-ups in step with the database. Returns a note about how long that took.
std::string Follow(const std::filesystem::path& database, const std::filesystem::path& rollups) {
  auto opened = storage::OpenJournalFeed(database.string(), int64_t{64} << 20, {});
  if (const auto* status = std::get_if<storage::Status>(&opened)) throw BenchError(status->error);
  storage::JournalFeed& feed = *std::get<std::unique_ptr<storage::JournalFeed>>(opened);
  reports::RollupFile file(rollups.string(), "UTC", int64_t{64} << 20);
  reports::Rollup rollup(file, feed, absl::UTCTimeZone());
  const bool is_there = rollup.progress().sequence == feed.Newest();
  const auto begin = Clock::now();
  while (rollup.Advance(20'000)) {
  }
  if (is_there) return "roll-ups of an earlier run";
  const double seconds = MillisSince(begin) / 1000;
  return absl::StrFormat("roll-ups made in %.0f s: %.0f journal entries/s with their orders",
                         seconds, static_cast<double>(feed.Newest()) / seconds);
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

// A year of a chain, with its roll-ups beside it.
class Year {
 public:
  explicit Year(const Workshop& workshop)
      : shape_{.items = workshop.size(500, 20),
               .locations = workshop.size(200, 5),
               .lines = workshop.size(workshop.options().lines, 3000)},
        database_(SalesDatabase(workshop.options().directory, shape_)),
        note_(Follow(database_, rollups())),
        reader_(rollups().string(), int64_t{16} << 20) {
    for (uint64_t i = 0; i < shape_.locations; ++i) {
      catalogue_.PutLocation({.code = LocationCode(i)});
    }
    for (uint64_t i = 0; i < shape_.items; ++i) catalogue_.PutItem({.sku = Sku(i)});
    if (raw_.Open(database_.string(), storage::Access::kReadOnly) != SQLITE_OK) {
      throw BenchError(raw_.Message());
    }
  }

  // Milliseconds that the figures take from roll-ups.
  double Report(const Question& question) {
    reports::ReportQuery query{.begin = kSalesBegin,
                               .end = kSalesBegin + kSalesLength,
                               .zone = absl::UTCTimeZone(),
                               .bucket = question.bucket,
                               .group_by = question.by};
    for (const char* key : question.figures) query.figures.push_back(reports::FindFigure(key));
    uint64_t rows = 0;
    const auto begin = Clock::now();
    const reports::RollupReader::Lease view = reader_.Borrow();
    RunReport(query, grid_, catalogue_, *view, [&](reports::ReportRow&&) { return ++rows > 0; });
    const double took = MillisSince(begin);
    if (rows == 0) throw BenchError(std::string("nothing is reported of ") + question.name);
    return took;
  }
  // And by SQL over the facts.
  double Sql(const Question& question) {
    const auto begin = Clock::now();
    if (RunSql(raw_, question.sql) == 0) throw BenchError("the sales database is damaged");
    return MillisSince(begin);
  }

  std::string Note() const {
    return absl::StrFormat("%d sale lines of a year, %d orders, %d positions; ", shape_.lines,
                           shape_.orders(), shape_.items * shape_.locations) +
           note_;
  }

 private:
  std::filesystem::path rollups() const {
    return database_.string() + "-reports-" + std::to_string(reports::kRollupVersion);
  }

  const SalesShape shape_;
  const std::filesystem::path database_;
  const std::string note_;
  reports::RollupReader reader_;
  storage::Connection raw_;
  engine::Catalogue catalogue_;
  const reports::TimeGrid grid_{absl::UTCTimeZone()};
};

Outcome Figures(Workshop& workshop) {
  Year year(workshop);
  Outcome outcome{.subject = "of all figures, the one that gains least, from roll-ups",
                  .yardstick = "by SQL over the facts",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 0.01}};
  outcome.notes.push_back(year.Note());
  std::vector<double> subjects;
  std::vector<double> yardsticks;
  double worst_ratio = 0;
  for (const Question& question : Questions()) {
    std::vector<double> ours_ms;
    std::vector<double> sql_ms;
    workshop.Repeat([&] { ours_ms.push_back(year.Report(question)); },
                    [&] { sql_ms.push_back(year.Sql(question)); });
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

// Whoever looks at a page must not wait.
Outcome SlowestFigure(Workshop& workshop) {
  constexpr double kPatienceMs = 100;
  Year year(workshop);
  Outcome outcome{.subject = "the slowest figure from roll-ups",
                  .yardstick = "100 ms",
                  .unit = "ms",
                  .goal = {.kind = GoalKind::kAtMost, .ratio = 1}};
  outcome.notes.push_back(year.Note());
  std::vector<double> slowest_ms;
  const char* name = "";
  for (const Question& question : Questions()) {
    std::vector<double> times_ms;
    for (int i = 0; i < workshop.options().repeats; ++i) times_ms.push_back(year.Report(question));
    if (Median(times_ms) <= Median(slowest_ms)) continue;
    slowest_ms = std::move(times_ms);
    name = question.name;
  }
  outcome.notes.push_back(std::string("it is: ") + name);
  for (const double ms : slowest_ms) outcome.Add(ms, kPatienceMs);
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
    {"reports-year", "figures of a year from roll-ups against SQL over the facts", Figures},
    {"reports-slowest", "the slowest figure of a year from roll-ups", SlowestFigure},
    {"reports-ingest", "facts of an adapter with reports on against off", Ingest},
};

}  // namespace

std::span<const Benchmark> ReportBenchmarks() { return kBenchmarks; }

}  // namespace stockd::bench
