#pragma once

#include "daemon/storage/connection.h"

namespace stockd::storage {

// Every statement of the writer, prepared once for the life of its connection.
struct WriterStatements {
  Statement begin;
  Statement commit;

  Statement find_fact;
  Statement delta_after;
  Statement delta_between;
  Statement find_reservation;
  Statement find_request;
  Statement find_snapshot;
  Statement find_quarantined;
  Statement find_quarantined_event;
  Statement list_quarantined;
  Statement list_quarantined_sku;
  Statement list_quarantined_location;
  Statement find_quota;
  Statement find_order;
  Statement find_fulfilments;
  Statement find_order_request;

  Statement save_position;
  Statement save_progress;
  Statement append_fact;
  Statement append_movement;
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
  Statement forget_snapshots;
  Statement save_quarantined;
  Statement delete_quarantined;
  Statement add_item_change;
  Statement add_visits;
  Statement add_contact;
  Statement find_experiment;
  Statement running_experiments;
  Statement subjects_of;
  Statement insert_experiment;
  Statement insert_subject;
  Statement end_experiment;
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
  Statement save_sku_mapping;
  Statement delete_sku_mapping;
  Statement save_location_mapping;
  Statement delete_location_mapping;
  Statement delete_bundle;
  Statement insert_bundle_part;
  Statement add_rejected;
  Statement add_rejected_by_reason;
  Statement delete_quarantined_by_reason;
  Statement save_device;
  Statement save_device_gap;
  Statement delete_device_gap;
  Statement find_count_until;
  Statement find_entry;
  Statement forget_drifts;
  Statement forget_reconciliation;
  Statement insert_reconciliation;
  Statement save_drift;
  Statement end_reconciliation;
  Statement save_quota;
  Statement list_waiting_order_facts;
  Statement find_waiting_order_fact;
  Statement find_waiting_order_event;
  Statement add_waiting_order_fact;
  Statement update_waiting_order_fact;
  Statement delete_waiting_order_fact;
  Statement reject_waiting_order_fact;
  Statement save_shelf_position;
  Statement delete_shelf_position;
  Statement insert_order;
  Statement update_order;
  Statement save_fulfilment;
  Statement append_order_event;
  Statement insert_order_request;
  Statement oldest_order_requests;
  Statement forget_order_requests;
  Statement save_calendar;
  Statement delete_calendar;

  Statement save_source_rule;
  Statement delete_source_rule;
  Statement insert_source_rule_change;
  Statement find_shadow;
  Statement save_shadow;
  Statement forget_shadows;
  Statement save_refused_level;
  Statement delete_refused_level;

  // Returns the SQLite result code.
  int Prepare(Connection& connection);
};

}  // namespace stockd::storage
