#pragma once

#include "daemon/storage/connection.h"

namespace stockd::storage {

// A read-only connection with every statement of the reader, prepared once.
struct ReaderConnection {
  Connection connection;  // First, so that it is closed last.

  Statement begin;
  Statement commit;

  Statement find_reservation;
  Statement list_open_reservations;  // Those the index of open ones serves.
  Statement list_reservations;
  Statement reservation_id;
  Statement list_items;

  Statement find_on_hand;
  Statement find_entry;
  Statement find_count;
  Statement coverages_at;
  Statement coverages_after;
  Statement delta_after;
  Statement delta_after_recorded_until;

  Statement find_quarantined;
  Statement list_quarantined;
  Statement count_quarantined;
  Statement summarize_quarantine;
  Statement newest_fact;

  Statement find_reconciliation;
  Statement list_reconciliations;
  Statement list_item_drifts;
  Statement list_drifts;
  Statement list_drifts_to_repair;
  Statement find_drift;

  Statement find_quota;
  Statement find_experiment;
  Statement list_experiments;
  Statement subjects_of;
  Statement list_quotas;
  Statement list_open_quotas;

  Statement find_order;
  Statement find_fulfilments;
  Statement order_id;
  Statement list_orders;
  Statement list_open_orders;
  Statement list_orders_in_state;
  Statement list_orders_of_customer;
  Statement list_orders_placed;
  Statement list_orders_at;
  Statement list_order_events;
  Statement list_events_of_order;
  Statement list_waiting_order_facts;
  Statement find_shelf_position;
  Statement list_shelf_positions;

  Statement list_source_rules;
  Statement list_source_rule_changes;
  Statement list_pending_shadows;
  Statement list_refused_levels;

  // Returns the SQLite result code. REQUIRES: the connection is open.
  int Prepare();
};

}  // namespace stockd::storage
