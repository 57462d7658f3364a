#include "daemon/storage/reader_connection.h"

#include <string>

#include "daemon/storage/rows.h"
#include "daemon/storage/writer_statements.h"

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

int ReaderConnection::Prepare() {
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
      {&find_position, Select(kPositionColumns, "position WHERE key = ?")},
      {&find_entry, Select(kJournalColumns, "journal WHERE sequence = ?")},
      // Of two counts of the same instant the lower one stands.
      {&find_count,
       "SELECT stated, source_id, event_id FROM journal WHERE position = ?1 "
       "AND occurred_at = ?2 AND kind <= 8 AND kind = 8 ORDER BY stated LIMIT 1"},
      {&coverages_at,
       "SELECT source_id, snapshot_id, recorded_at, positions FROM count_coverage "
       "WHERE as_of = ?1 AND first_position <= ?2 AND last_position >= ?2 ORDER BY id"},
      {&coverages_after,
       "SELECT as_of, positions FROM count_coverage WHERE as_of > ?1 AND recorded_at <= ?2 "
       "AND first_position <= ?3 AND last_position >= ?3 ORDER BY as_of DESC"},
      {&delta_after, kDeltaAfterSql},
      {&delta_after_recorded_until, std::string(kDeltaAfterSql) + " AND recorded_at <= ?3"},
      {&find_quarantined, Select(kQuarantineColumns, "quarantine WHERE id = ?")},
      {&list_quarantined, Select(kQuarantineColumns,
                                 "quarantine WHERE id > ?1 AND (?2 = 0 OR source_id = ?2) "
                                 "AND (?3 = 'NONE' OR reason = ?3) ORDER BY id LIMIT ?4")},
      {&count_quarantined, "SELECT count(*) FROM quarantine WHERE source_id = ?"},
      {&newest_fact, "SELECT occurred_at FROM source_newest WHERE source_id = ?"},
  };
  for (const Preparation& each : all) {
    const int code = each.statement->Prepare(connection, each.sql);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace stockd::storage
