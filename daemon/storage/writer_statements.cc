#include "daemon/storage/writer_statements.h"

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

}  // namespace

int WriterStatements::Prepare(Connection& connection) {
  const Preparation all[] = {
      {&begin, "BEGIN IMMEDIATE"},
      {&commit, "COMMIT"},
      {&find_fact, Select(kJournalColumns, "journal WHERE source_id = ? AND event_id = ?")},
      {&delta_after, DeltaAfterSql()},
      {&delta_between, DeltaBetweenSql()},
      {&find_reservation, Select(kReservationColumns, "reservation WHERE id = ?")},
      {&find_request, "SELECT content, answer FROM request WHERE request_id = ?"},
      {&find_snapshot, "SELECT 1 FROM snapshot WHERE source_id = ? AND snapshot_id = ?"},
      {&find_quarantined, Select(kQuarantineColumns, "quarantine WHERE id = ?")},
      {&find_quarantined_event,
       "SELECT 1 FROM quarantine WHERE source_id = ? AND event_id = ? AND fact = ?"},
      {&list_quarantined,
       Select(kQuarantineColumns, "quarantine WHERE id > ? ORDER BY id LIMIT ?")},
      {&list_quarantined_sku,
       Select(kQuarantineColumns,
              "quarantine WHERE id > ?1 AND sku = ?3 AND (?4 = '' OR location = ?4) "
              "ORDER BY id LIMIT ?2")},
      {&list_quarantined_location,
       Select(kQuarantineColumns,
              "quarantine WHERE id > ?1 AND location = ?3 ORDER BY id LIMIT ?2")},
      {&find_quota, Select(kQuotaColumns, "quota WHERE id = ?")},
      {&save_quota,
       "REPLACE INTO quota (id, number, holder, position, quantity, requested, allow_partial, "
       "created_at, ends_at, settled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&find_order, "SELECT " + OrderColumns() + " FROM sales_order WHERE id = ?"},
      {&find_fulfilments, FindFulfilmentsSql()},
      {&find_order_request,
       "SELECT order_request.content, answer, sales_order.content FROM order_request "
       "JOIN sales_order ON sales_order.number = order_number WHERE request_id = ?"},
      {&list_waiting_order_facts,
       Select(kWaitingOrderFactColumns,
              "waiting_order_fact WHERE order_id = ? ORDER BY id LIMIT ?")},
      {&find_waiting_order_fact,
       Select(kWaitingOrderFactColumns, "waiting_order_fact WHERE id = ?")},
      {&find_waiting_order_event,
       Select(kWaitingOrderFactColumns,
              "waiting_order_fact WHERE source_id = ? AND event_id = ? AND fact = ?")},
      {&add_waiting_order_fact,
       "INSERT INTO waiting_order_fact (source_id, event_id, order_id, reason, fact, received_at, "
       "attempts) VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&update_waiting_order_fact,
       "UPDATE waiting_order_fact SET reason = ?2, attempts = ?3 WHERE id = ?1"},
      {&delete_waiting_order_fact, "DELETE FROM waiting_order_fact WHERE id = ?"},
      {&reject_waiting_order_fact,
       "INSERT INTO rejected_order_fact (id, source_id, event_id, order_id, reason, fact, "
       "received_at, rejected_at, note) SELECT id, source_id, event_id, order_id, reason, fact, "
       "received_at, ?2, ?3 FROM waiting_order_fact WHERE id = ?1"},
      {&save_shelf_position,
       "REPLACE INTO shelf_position (location_id, item_id, text, sort_key) VALUES (?, ?, ?, ?)"},
      {&delete_shelf_position, "DELETE FROM shelf_position WHERE location_id = ? AND item_id = ?"},
      {&insert_order, InsertOrderSql()},
      {&update_order, UpdateOrderSql()},
      {&save_fulfilment, SaveFulfilmentSql()},
      {&append_order_event, std::string("INSERT INTO order_event (") + kOrderEventColumns +
                                ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_order_request,
       "INSERT INTO order_request (request_id, order_number, content, answer, answered_at) "
       "VALUES (?, ?, ?, ?, ?)"},
      {&oldest_order_requests,
       "SELECT number, answered_at FROM order_request ORDER BY number LIMIT ?"},
      {&forget_order_requests, "DELETE FROM order_request WHERE number <= ?"},
      // A table without a second index: replacing a row overwrites it in one search.
      {&save_position, std::string("REPLACE INTO position_row (") + kPositionColumns +
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&save_progress, "UPDATE position_progress SET through = ?"},
      {&append_fact, std::string("INSERT INTO journal (") + kJournalColumns +
                         ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&append_movement, std::string("INSERT INTO journal (") + kMovementColumns +
                             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_reservation, std::string("INSERT INTO reservation (") + kReservationColumns +
                                ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&update_reservation,
       "UPDATE reservation SET state = ?, allow_partial = ?, channel_id = ?, created_at = ?, "
       "expires_at = ?, owner_reference = ?, order_id = ?, version = ?, lines = ?, original = ? "
       "WHERE number = ?"},
      {&insert_request,
       "INSERT INTO request (request_id, content, answer, answered_at) VALUES (?, ?, ?, ?)"},
      {&oldest_requests, "SELECT number, answered_at FROM request ORDER BY number LIMIT ?"},
      {&forget_requests, "DELETE FROM request WHERE number <= ?"},
      {&save_supply,
       "INSERT INTO supply (id, position, quantity, expected_at) VALUES (?, ?, ?, ?) "
       "ON CONFLICT (id) DO UPDATE SET position = excluded.position, "
       "quantity = excluded.quantity, expected_at = excluded.expected_at"},
      {&delete_supply, "DELETE FROM supply WHERE id = ?"},
      {&insert_coverage,
       std::string("INSERT INTO count_coverage (") + kCoverageColumns +
           ", first_position, last_position, after_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, "
           "(SELECT coalesce(max(sequence), 0) FROM journal))"},
      {&forget_coverages,
       "DELETE FROM count_coverage WHERE id IN (SELECT id FROM count_coverage WHERE as_of < ? "
       "ORDER BY as_of LIMIT ?)"},
      {&insert_snapshot,
       "INSERT INTO snapshot (source_id, snapshot_id, as_of, taken_at) VALUES (?, ?, ?, ?) "
       "ON CONFLICT DO NOTHING"},
      {&forget_snapshots, "DELETE FROM snapshot WHERE source_id = ? AND taken_at < ?"},
      {&save_quarantined, std::string("REPLACE INTO quarantine (") + kQuarantineColumns +
                              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&delete_quarantined, "DELETE FROM quarantine WHERE id = ?"},
      {&save_item,
       std::string("INSERT INTO item (") + kItemColumns +
           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
           "sku = excluded.sku, name = excluded.name, unit = excluded.unit, "
           "scale = excluded.scale, category = excluded.category, gtins = excluded.gtins, "
           "unit_cost_micros = excluded.unit_cost_micros, "
           "price_micros = excluded.price_micros, currency = excluded.currency"},
      // Reports value past stock by what was true then. Only what they use and what is new is kept.
      {&add_item_change,
       "INSERT INTO item_change (item_id, changed_at, after_sequence, scale, category, "
       "unit_cost_micros, price_micros, currency) SELECT ?1, ?2, "
       "(SELECT coalesce(max(sequence), 0) FROM journal), ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS "
       "(SELECT 1 FROM item WHERE id = ?1 AND scale = ?3 AND category = ?4 AND "
       "unit_cost_micros = ?5 AND price_micros = ?6 AND currency = ?7)"},
      {&add_visits,
       "INSERT INTO visit_count (channel, location_id, begins_at, visits, recorded_at, "
       "after_sequence) SELECT ?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(sequence), 0) FROM "
       "journal) WHERE ?4 IS NOT (SELECT visits FROM visit_count WHERE channel = ?1 AND "
       "location_id = ?2 AND begins_at = ?3 ORDER BY id DESC LIMIT 1)"},
      {&add_contact,
       "INSERT OR IGNORE INTO contact (customer_reference, item_id, channel, occurred_at, "
       "recorded_at, after_sequence) VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) "
       "FROM "
       "journal))"},
      {&find_experiment, Select(kExperimentColumns, "experiment WHERE id = ?")},
      {&running_experiments,
       Select(kExperimentColumns, "experiment WHERE ends_at IS NULL ORDER BY id")},
      {&subjects_of, Select(kSubjectColumns,
                            "experiment_subject WHERE experiment = ? ORDER BY item_id, "
                            "location_id")},
      {&insert_experiment, std::string("INSERT INTO experiment (") + kExperimentColumns +
                               ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_subject, std::string("INSERT INTO experiment_subject (experiment, ") +
                            kSubjectColumns + ") VALUES (?, ?, ?, ?, ?)"},
      {&end_experiment, "UPDATE experiment SET ends_at = ? WHERE id = ?"},
      {&save_location, std::string("INSERT INTO location (") + kLocationColumns +
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                           "code = excluded.code, name = excluded.name, kind = excluded.kind, "
                           "time_zone = excluded.time_zone, latitude = excluded.latitude, "
                           "longitude = excluded.longitude, ships = excluded.ships, "
                           "collects = excluded.collects"},
      {&save_group,
       "INSERT INTO location_group (id, group_id, name) VALUES (?, ?, ?) "
       "ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, name = excluded.name"},
      {&delete_members, "DELETE FROM group_member WHERE group_id = ?"},
      {&insert_member,
       "INSERT INTO group_member (group_id, location_id, place) VALUES (?, ?, ?) "
       "ON CONFLICT DO NOTHING"},
      {&save_channel,
       "INSERT INTO channel (id, channel_id, name, buffer, group_id) VALUES (?, ?, ?, ?, ?) "
       "ON CONFLICT (id) DO UPDATE SET channel_id = excluded.channel_id, "
       "name = excluded.name, buffer = excluded.buffer, group_id = excluded.group_id"},
      {&save_safety_stock,
       "INSERT INTO safety_stock (item_id, location_id, quantity) VALUES (?, ?, ?) "
       "ON CONFLICT DO UPDATE SET quantity = excluded.quantity"},
      {&delete_safety_stock, "DELETE FROM safety_stock WHERE item_id = ? AND location_id = ?"},
      {&save_calendar, std::string("REPLACE INTO store_calendar (") + kCalendarColumns +
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&delete_calendar, "DELETE FROM store_calendar WHERE location_id = ?"},
      {&save_source,
       "INSERT INTO source (id, name, batch_acknowledged, level_cursor, facts_applied, "
       "order_cursor) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
       "name = excluded.name, batch_acknowledged = excluded.batch_acknowledged, "
       "level_cursor = excluded.level_cursor, facts_applied = excluded.facts_applied, "
       "order_cursor = excluded.order_cursor"},
      {&save_newest,
       "INSERT INTO source_newest (source_id, occurred_at) VALUES (?, ?) "
       "ON CONFLICT DO UPDATE SET occurred_at = max(occurred_at, excluded.occurred_at)"},
      {&save_sku_mapping,
       "REPLACE INTO sku_mapping (source_id, code, item_id, unit_numerator, unit_denominator) "
       "VALUES (?, ?, ?, ?, ?)"},
      {&delete_sku_mapping, "DELETE FROM sku_mapping WHERE source_id = ? AND code = ?"},
      {&save_location_mapping,
       "REPLACE INTO location_mapping (source_id, code, location_id) VALUES (?, ?, ?)"},
      {&delete_location_mapping, "DELETE FROM location_mapping WHERE source_id = ? AND code = ?"},
      {&delete_bundle, "DELETE FROM bundle_part WHERE bundle_item_id = ?"},
      {&insert_bundle_part,
       "INSERT INTO bundle_part (bundle_item_id, part_item_id, quantity) VALUES (?, ?, ?)"},
      {&add_rejected,
       "REPLACE INTO rejected_fact (quarantine_id, source_id, event_id, reason, fact, "
       "received_at, rejected_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
      {&add_rejected_by_reason,
       "REPLACE INTO rejected_fact (quarantine_id, source_id, event_id, reason, fact, "
       "received_at, rejected_at, note) "
       "SELECT id, source_id, event_id, reason, fact, received_at, ?3, ?4 FROM quarantine "
       "WHERE source_id = ?1 AND reason = ?2"},
      {&delete_quarantined_by_reason, "DELETE FROM quarantine WHERE source_id = ? AND reason = ?"},
      {&save_device, "REPLACE INTO device (source_id, device, first, newest) VALUES (?, ?, ?, ?)"},
      {&save_device_gap,
       "REPLACE INTO device_gap (source_id, device, first, last, noticed_at) "
       "VALUES (?, ?, ?, ?, ?)"},
      {&delete_device_gap,
       "DELETE FROM device_gap WHERE source_id = ? AND device = ? AND first = ?"},
      // Of two counts of the same instant the lower one stands.
      {&find_count_until,
       "SELECT occurred_at, stated FROM journal WHERE position = ?1 AND occurred_at <= ?2 "
       "AND kind = 8 ORDER BY occurred_at DESC, stated LIMIT 1"},
      {&find_entry, Select(kJournalColumns, "journal WHERE sequence = ?")},
      // Below 0: unfinished.
      {&forget_drifts,
       "DELETE FROM drift WHERE reconciliation = (SELECT number FROM reconciliation "
       "WHERE source_id = ? AND snapshot_id = ? AND position_count < 0)"},
      {&forget_reconciliation,
       "DELETE FROM reconciliation WHERE source_id = ? AND snapshot_id = ? "
       "AND position_count < 0"},
      {&insert_reconciliation,
       "INSERT INTO reconciliation (source_id, snapshot_id, as_of, made_at, position_count) "
       "VALUES (?, ?, ?, ?, -1)"},
      {&save_drift,
       "REPLACE INTO drift (reconciliation, position, expected, stated, cause, repaired) "
       "VALUES (?, ?, ?, ?, ?, ?)"},
      {&end_reconciliation, "UPDATE reconciliation SET position_count = ? WHERE number = ?"},
      {&save_source_rule, std::string("REPLACE INTO source_rule (") + kSourceRuleColumns +
                              ") VALUES (?, ?, ?, ?, ?, ?)"},
      {&delete_source_rule, "DELETE FROM source_rule WHERE source_id = ? AND location_id = ?"},
      {&insert_source_rule_change, std::string("INSERT INTO source_rule_change (changed_at, ") +
                                       kSourceRuleColumns +
                                       ", removed, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&find_shadow, Select(kShadowColumns, "shadow WHERE source_id = ? AND position = ?")},
      {&save_shadow,
       std::string("REPLACE INTO shadow (") + kShadowColumns + ") VALUES (?, ?, ?, ?, ?, ?)"},
      {&forget_shadows, "DELETE FROM shadow WHERE source_id = ?"},
      {&save_refused_level, std::string("REPLACE INTO refused_level (") + kRefusedLevelColumns +
                                ") VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&delete_refused_level, "DELETE FROM refused_level WHERE source_id = ? AND position = ?"},
  };
  for (const Preparation& each : all) {
    const int code = each.statement->Prepare(connection, each.sql);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace stockd::storage
