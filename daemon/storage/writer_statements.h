#pragma once

#include "daemon/storage/connection.h"

namespace stockd::storage {

// Every statement of the writer, prepared once for the life of its connection.
struct WriterStatements {
  Statement begin;
  Statement commit;

  Statement find_fact;
  Statement delta_after;
  Statement find_reservation;
  Statement find_request;
  Statement find_snapshot;
  Statement find_quarantined;
  Statement find_quarantined_event;
  Statement list_quarantined;
  Statement list_quarantined_sku;
  Statement list_quarantined_location;

  Statement save_position;
  Statement append_journal;
  Statement insert_reservation;
  Statement update_reservation;
  Statement insert_request;
  Statement oldest_requests;
  Statement forget_requests;
  Statement save_supply;
  Statement delete_supply;
  Statement insert_coverage;
  Statement forget_coverages;
  Statement insert_snapshot;
  Statement save_quarantined;
  Statement delete_quarantined;
  Statement save_item;
  Statement save_location;
  Statement save_group;
  Statement delete_members;
  Statement insert_member;
  Statement save_channel;
  Statement save_safety_stock;
  Statement delete_safety_stock;
  Statement save_source;
  Statement save_newest;

  // Returns the SQLite result code.
  int Prepare(Connection& connection);
};

// The net effect on on_hand of a position's deltas after an instant. The planner must find the
// literal `kind <= 8` to use the index of facts.
inline constexpr char kDeltaAfterSql[] =
    "SELECT ifnull(sum(stated), 0) FROM journal "
    "WHERE position = ?1 AND occurred_at > ?2 AND kind <= 8 AND kind <> 8";

}  // namespace stockd::storage
