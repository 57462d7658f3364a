#include "daemon/storage/reader_connection.h"

#include <string>

#include "daemon/storage/fact_times.h"
#include "daemon/storage/order_rows.h"
#include "daemon/storage/rows.h"

namespace stockd::storage {
namespace {

struct Preparation {
  Statement* statement;
  std::string sql;
};

std::string Select(const char* columns, const char* rest) {
  return std::string("SELECT ") + columns + " FROM " + rest;
}

constexpr char kDriftColumns[] = "position, expected, stated, cause, repaired";

// Reconciliations that match, newest first, with the sums over their differences.
std::string ReconciliationSumsOf(const char* condition) {
  return std::string(
             "SELECT number, source_id, snapshot_id, as_of, made_at, position_count, "
             "count(position), ifnull(sum(abs(stated - expected)), 0), ifnull(sum(repaired), 0) "
             "FROM (SELECT * FROM reconciliation WHERE position_count >= 0 AND ") +
         condition +
         ") LEFT JOIN drift ON drift.reconciliation = number GROUP BY number ORDER BY number DESC";
}

// Orders above number ?1 that match a condition and every part of a filter, in order. The numbers
// of the parameters are those of BindFilter() in sqlite_reader_orders.cc.
std::string ListOrders(const std::string& condition) {
  return "SELECT " + OrderColumns() + " FROM sales_order WHERE number > ?1 AND " + condition +
         " AND (?2 = 0 OR channel_id = ?2) AND (?3 = '' OR customer_reference = ?3) "
         "AND placed_at >= ?4 AND placed_at < ?5 ORDER BY number LIMIT ?6";
}

}  // namespace

int ReaderConnection::Prepare() {
  // A quota has one line: what was sold of it and what is claimed stands in its reservation.
  const std::string quotas = std::string("SELECT ") + kQuotaColumns +
                             ", reservation.lines ->> '$[0][6]', reservation.lines ->> '$[0][5]' "
                             "FROM quota JOIN reservation ON reservation.number = quota.number ";
  const std::string in_states = "state BETWEEN ?7 AND ?8";
  const std::string fulfilments_at =
      "SELECT order_number FROM fulfilment WHERE state BETWEEN ?7 AND ?8 AND order_number > ?1 "
      "AND ";
  const Preparation all[] = {
      {&begin, "BEGIN"},
      {&commit, "COMMIT"},
      {&find_reservation, Select(kReservationColumns, "reservation WHERE id = ?")},
      {&list_open_reservations,
       Select(kReservationColumns,
              "reservation WHERE number > ?1 AND state <= 2 AND state = ?2 "
              "AND (?3 = '' OR owner_reference = ?3) ORDER BY number LIMIT ?4")},
      {&list_reservations,
       Select(kReservationColumns,
              "reservation WHERE number > ?1 AND (?2 = 0 OR state = ?2) "
              "AND (?3 = '' OR owner_reference = ?3) ORDER BY number LIMIT ?4")},
      {&reservation_id, "SELECT id FROM reservation WHERE number = ?"},
      {&list_items, Select(kItemColumns,
                           "item WHERE sku > ?1 AND (?2 = '' OR instr(lower(sku), lower(?2)) > 0 "
                           "OR instr(lower(name), lower(?2)) > 0) ORDER BY sku LIMIT ?3")},
      // The view position would add up the end of the journal for all.
      {&find_on_hand,
       "SELECT ifnull(position_row.on_hand, 0) + ifnull(sum(quantity * "
       "((to_bucket IN (1, 2, 3)) - (from_bucket IN (1, 2, 3)))), 0), "
       "ifnull(max(sequence), ifnull(position_row.version, 0)) "
       "FROM (SELECT ?1 AS key) AS asked "
       "LEFT JOIN position_row ON position_row.key = asked.key "
       "LEFT JOIN journal ON journal.sequence > "
       "max((SELECT through FROM position_progress), ifnull(position_row.version, 0)) "
       "AND journal.position = asked.key"},
      {&find_entry, Select(kJournalColumns, "journal WHERE sequence = ?")},
      // Of two counts of the same instant the lower one stands.
      {&find_count,
       "SELECT stated, source_id, event_id FROM journal WHERE position = ?1 "
       "AND occurred_at = ?2 AND kind = 8 ORDER BY stated LIMIT 1"},
      {&coverages_at,
       "SELECT source_id, snapshot_id, recorded_at, positions FROM count_coverage "
       "WHERE as_of = ?1 AND first_position <= ?2 AND last_position >= ?2 ORDER BY id"},
      {&coverages_after,
       "SELECT as_of, positions FROM count_coverage WHERE as_of > ?1 AND recorded_at <= ?2 "
       "AND first_position <= ?3 AND last_position >= ?3 ORDER BY as_of DESC"},
      {&delta_after, DeltaAfterSql()},
      {&delta_after_recorded_until, DeltaAfterSql("AND recorded_at <= ?3")},
      {&find_quarantined, Select(kQuarantineColumns, "quarantine WHERE id = ?")},
      {&list_quarantined, Select(kQuarantineColumns,
                                 "quarantine WHERE id > ?1 AND (?2 = 0 OR source_id = ?2) "
                                 "AND (?3 = 'NONE' OR reason = ?3) ORDER BY id LIMIT ?4")},
      // The reasons are those about a SKU or a location.
      {&summarize_quarantine,
       "SELECT source_id, reason, CASE WHEN reason IN ('SKU_UNKNOWN', 'CODE_AMBIGUOUS', "
       "'QUANTITY_NOT_WHOLE', 'BUNDLE_NOT_COUNTED') THEN sku "
       "WHEN reason IN ('LOCATION_UNKNOWN', 'LOCATION_NOT_ALLOWED') THEN location "
       "ELSE '' END AS name, count(*), min(id), min(received_at) FROM quarantine "
       "WHERE ?1 = 0 OR source_id = ?1 GROUP BY 1, 2, 3 ORDER BY 4 DESC, 5 LIMIT ?2"},
      {&count_quarantined, "SELECT count(*) FROM quarantine WHERE source_id = ?"},
      {&find_experiment,
       std::string("SELECT ") + kExperimentColumns + " FROM experiment WHERE id = ?"},
      {&list_experiments, std::string("SELECT ") + kExperimentColumns +
                              " FROM experiment WHERE id > ? ORDER BY id LIMIT ?"},
      {&subjects_of, std::string("SELECT ") + kSubjectColumns +
                         " FROM experiment_subject WHERE experiment = ? ORDER BY item_id, "
                         "location_id"},
      {&find_quota, quotas + "WHERE quota.id = ?"},
      {&list_quotas, quotas + "WHERE quota.number > ?1 AND (?2 = '' OR holder = ?2) "
                              "ORDER BY quota.number LIMIT ?3"},
      {&list_open_quotas, quotas + "WHERE settled_at IS NULL AND quota.number > ?1 AND "
                                   "(?2 = '' OR holder = ?2) AND reservation.state = 2 "
                                   "ORDER BY quota.number LIMIT ?3"},
      {&find_order, "SELECT " + OrderColumns() + " FROM sales_order WHERE id = ?"},
      {&find_fulfilments, FindFulfilmentsSql()},
      {&order_id, "SELECT id FROM sales_order WHERE number = ?"},
      {&list_orders, ListOrders(in_states)},
      // The planner must find the literal `state < 8` to use the index of open ones.
      {&list_open_orders, ListOrders("state < 8 AND " + in_states)},
      {&list_orders_in_state, ListOrders("state = ?7 AND state <= ?8")},
      {&list_orders_of_customer, ListOrders("customer_reference = ?3 AND " + in_states)},
      {&list_orders_placed,
       ListOrders("number IN (SELECT number FROM sales_order WHERE placed_at >= ?4 AND "
                  "placed_at < ?5 AND number > ?1) AND " +
                  in_states)},
      {&list_orders_at, ListOrders("number IN (" + fulfilments_at + "location_id = ?9 UNION " +
                                   fulfilments_at + "destination_id = ?9)")},
      {&list_order_events,
       Select(kOrderEventColumns, "order_event WHERE number > ? ORDER BY number LIMIT ?")},
      {&list_events_of_order,
       Select(kOrderEventColumns,
              "order_event WHERE number > ?1 AND order_number = ?3 ORDER BY number LIMIT ?2")},
      {&list_waiting_order_facts,
       Select(kWaitingOrderFactColumns,
              "waiting_order_fact WHERE id > ?1 AND (?2 = 0 OR source_id = ?2) "
              "AND (?3 = '' OR order_id = ?3) ORDER BY id LIMIT ?4")},
      {&find_shelf_position,
       Select(kShelfPositionColumns, "shelf_position WHERE location_id = ? AND item_id = ?")},
      {&list_shelf_positions, Select(kShelfPositionColumns,
                                     "shelf_position WHERE location_id = ?1 "
                                     "AND (sort_key, item_id) > (?2, ?3) "
                                     "ORDER BY sort_key, item_id LIMIT ?4")},
      {&list_source_rules,
       Select(kSourceRuleColumns, "source_rule ORDER BY source_id, location_id")},
      {&list_source_rule_changes,
       std::string("SELECT ") + kSourceRuleColumns +
           ", id, changed_at, removed, note FROM source_rule_change "
           "WHERE id < ?1 AND (?2 = 0 OR source_id = ?2) ORDER BY id DESC LIMIT ?3"},
      {&list_pending_shadows,
       Select(kShadowColumns, "shadow WHERE pending IS NOT NULL OR pending_version <> 0")},
      {&list_refused_levels,
       Select(kRefusedLevelColumns, "refused_level ORDER BY source_id, position")},
      {&newest_fact, "SELECT occurred_at FROM source_newest WHERE source_id = ?"},
      {&find_reconciliation, ReconciliationSumsOf("source_id = ?1 AND snapshot_id = ?2")},
      {&list_reconciliations, ReconciliationSumsOf("(?1 = 0 OR source_id = ?1) AND number < ?2 "
                                                   "ORDER BY number DESC LIMIT ?3")},
      {&list_item_drifts,
       "SELECT unit_cost_micros, currency, sum(stated - expected) FROM drift "
       "JOIN item ON item.id = (position >> 32) & 4294967295 WHERE reconciliation = ?1 "
       "GROUP BY item.id"},
      {&list_drifts, Select(kDriftColumns,
                            "drift WHERE reconciliation = ?1 AND (abs(stated - expected) < ?2 "
                            "OR (abs(stated - expected) = ?2 AND position > ?3)) "
                            "ORDER BY abs(stated - expected) DESC, position LIMIT ?4")},
      {&list_drifts_to_repair,
       Select(kDriftColumns,
              "drift WHERE reconciliation = ?1 AND position > ?2 AND cause = ?3 "
              "AND repaired = 0 ORDER BY position LIMIT ?4")},
      {&find_drift, Select(kDriftColumns, "drift WHERE reconciliation = ? AND position = ?")},
  };
  for (const Preparation& each : all) {
    const int code = each.statement->Prepare(connection, each.sql);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace stockd::storage
