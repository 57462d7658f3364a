#include "daemon/storage/fact_times.h"

namespace stockd::storage {
namespace {

// As in the index, character by character: the planner compares.
constexpr char kDay[] = "occurred_at / 86400000000";

// The day at one end of the index; NULL without facts.
std::string EndOfIndex(const std::string& order) {
  return std::string("(SELECT ") + kDay +
         " FROM journal INDEXED BY journal_delta WHERE kind < 8 ORDER BY " + kDay + order +
         " LIMIT 1)";
}

// The days of the deltas after ?2, until `until` (an expression) where it is not empty.
std::string Days(const std::string& until) {
  const std::string newest = EndOfIndex(" DESC");
  return "WITH RECURSIVE range(first, last) AS (SELECT max(?2 / 86400000000, " + EndOfIndex("") +
         "), " + (until.empty() ? newest : "min(" + until + " / 86400000000, " + newest + ")") +
         "), day(number) AS (SELECT first FROM range WHERE first <= last "
         "UNION ALL SELECT number + 1 FROM day, range WHERE number < last) ";
}

// The planner must find the literal `kind < 8` to use the index.
std::string DeltasOfDays() {
  return std::string("FROM day CROSS JOIN journal INDEXED BY journal_delta WHERE ") + kDay +
         " = day.number AND position = ?1 AND kind < 8 ";
}

}  // namespace

std::string DeltaAfterSql(const std::string& more) {
  return Days("") + "SELECT ifnull(sum(stated), 0) " + DeltasOfDays() + "AND occurred_at > ?2 " +
         more;
}

std::string DeltaBetweenSql(const std::string& more) {
  return Days("?3") + "SELECT ifnull(sum(stated), 0) " + DeltasOfDays() +
         "AND occurred_at > ?2 AND occurred_at <= ?3 " + more;
}

std::string FactsBetweenSql() {
  return Days("?3") + "SELECT occurred_at, kind, stated, sequence " + DeltasOfDays() +
         "AND occurred_at >= ?2 AND occurred_at <= ?3 AND sequence <= ?4 "
         "UNION ALL SELECT occurred_at, kind, stated, sequence FROM journal "
         "INDEXED BY journal_count WHERE position = ?1 AND occurred_at >= ?2 "
         "AND occurred_at <= ?3 AND kind = 8 AND sequence <= ?4 ORDER BY 1, 2, 3";
}

}  // namespace stockd::storage
