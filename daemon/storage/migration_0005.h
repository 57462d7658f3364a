#pragma once

namespace stockd::storage {

// What sources tell about orders, how far they were told of them, and where items lie.
inline constexpr char kMigration0005[] = R"sql(
ALTER TABLE source ADD COLUMN order_cursor INTEGER NOT NULL DEFAULT 0;

CREATE TABLE waiting_order_fact (
  -- What a source told of an order and could not be applied yet. Numbers are never used again.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  order_id TEXT NOT NULL,             -- As told: there may be no such order yet.
  reason TEXT NOT NULL,
  fact BLOB NOT NULL,                 -- A stockd.v1.OrderFact with the digest of its code, if any.
  received_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) STRICT;

CREATE INDEX waiting_order_fact_order ON waiting_order_fact (order_id);
CREATE INDEX waiting_order_fact_event ON waiting_order_fact (source_id, event_id);

CREATE TABLE rejected_order_fact (
  -- Those that were given up. Appended, never edited.
  id INTEGER PRIMARY KEY,             -- As in waiting_order_fact.
  source_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  fact BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  rejected_at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE shelf_position (
  -- Where an item lies within a location.
  location_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  sort_key TEXT NOT NULL,             -- In the order of walking: numbers in it count as numbers.
  PRIMARY KEY (location_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX shelf_position_walk ON shelf_position (location_id, sort_key, item_id);
)sql";

}  // namespace stockd::storage
