#pragma once

#include <string>
#include <vector>

#include "daemon/base/csv_writer.h"
#include "daemon/base/time.h"
#include "daemon/base/time_text.h"

namespace stockd {

// Reports as CSV, for every program that hands one out. `Row` is stockd.v1.ReportRow, which this
// layer does not know.

// Names of the columns; `group_by` are the report's dimensions.
template <typename Names>
std::vector<std::string> ReportColumns(const Names& group_by) {
  std::vector<std::string> names = {"figure", "begin", "end"};
  names.insert(names.end(), group_by.begin(), group_by.end());
  for (const char* name :
       {"currency", "value", "numerator", "denominator", "coverage", "interval_low",
        "interval_high", "exclusions", "missing", "p50", "p90", "p95", "p99", "sequence"}) {
    names.emplace_back(name);
  }
  return names;
}

// Appends one row.
template <typename Row>
void AppendReportRow(const Row& row, uint64_t sequence, CsvWriter& csv) {
  const auto instant = [](const auto& time) {
    return FormatTimestamp(FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1000));
  };
  const auto number = [&csv](bool is_known, double value) {
    if (is_known) {
      csv.Number(value);
    } else {
      csv.Empty();
    }
  };
  csv.Text(row.figure()).Text(instant(row.begin_time())).Text(instant(row.end_time()));
  for (const std::string& value : row.group()) csv.Text(value);
  csv.Text(row.currency());
  number(row.has_value(), row.value());
  csv.Decimal(row.numerator()).Decimal(row.denominator());
  number(row.has_coverage(), row.coverage());
  number(row.has_interval_low(), row.interval_low());
  number(row.has_interval_high(), row.interval_high());
  std::string exclusions;
  for (const auto& exclusion : row.exclusions()) {
    exclusions += (exclusions.empty() ? "" : " ") + exclusion.reason() + "=" +
                  std::to_string(exclusion.count());
  }
  csv.Text(exclusions);
  std::string missing;
  for (const std::string& name : row.missing()) missing += (missing.empty() ? "" : "; ") + name;
  csv.Text(missing);
  for (const int percent : {50, 90, 95, 99}) {
    bool is_known = false;
    double value = 0;
    for (const auto& percentile : row.percentiles()) {
      if (percentile.percent() != percent) continue;
      is_known = true;
      value = percentile.value();
    }
    number(is_known, value);
  }
  csv.Number(static_cast<int64_t>(sequence)).EndRow();
}

}  // namespace stockd
