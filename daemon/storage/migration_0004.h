#pragma once

namespace stockd::storage {

// Orders, what became of them, and the answers to their commands.
inline constexpr char kMigration0004[] = R"sql(
CREATE TABLE sales_order (
  -- What a customer ordered; order_line_view shows the lines with names and where the units are.
  number INTEGER PRIMARY KEY,         -- The daemon's own, in the order of placing.
  id TEXT NOT NULL UNIQUE,            -- The caller's.
  state INTEGER NOT NULL,             -- As in fulfilment; 8 and more are closed.
  channel_id INTEGER,
  customer_reference TEXT,            -- Opaque.
  placed_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  requested_for INTEGER,              -- The customer wants it no earlier; NULL: as soon as can be.
  version INTEGER NOT NULL,           -- Grows with each change.
  nps INTEGER,                        -- 0 to 10; NULL: not answered.
  csat INTEGER,                       -- 1 to 5; NULL: not answered.
  -- [{"id":text,"item_id":...,"ordered":...,"unit_price_micros":...,"currency":text,
  --   "substitutes":index of a line or -1,"bundle":text},...]
  lines TEXT NOT NULL,
  content BLOB NOT NULL               -- What was asked when it was placed, byte by byte.
) STRICT;

-- What a start has to read, however long the history is.
CREATE INDEX sales_order_open ON sales_order (number) WHERE state < 8;
CREATE INDEX sales_order_state ON sales_order (state);
CREATE INDEX sales_order_placed ON sales_order (placed_at);
CREATE INDEX sales_order_customer ON sales_order (customer_reference)
  WHERE customer_reference IS NOT NULL;

CREATE TABLE fulfilment (
  -- The part of an order that one location handles; fulfilment_view shows it with names.
  order_number INTEGER NOT NULL,
  number INTEGER NOT NULL,            -- 1, 2, ... within the order.
  method INTEGER NOT NULL,            -- 1 pickup, 2 ship, 3 ship_to_store, 4 local_delivery.
  state INTEGER NOT NULL,             -- fulfilment_view names the states; 8 and more are closed.
  location_id INTEGER,                -- Where the units are picked.
  destination_id INTEGER,             -- Where they are collected, if not where they are picked.
  at_destination INTEGER NOT NULL,    -- 1: they have arrived there.
  claim_id TEXT,                      -- reservation.id
  slot_start INTEGER,                 -- Of the picking slot.
  slot_taken INTEGER NOT NULL,        -- 1: it counts against the slot's capacity.
  ready_first INTEGER,                -- Promises, as first given and as they stand.
  ready_current INTEGER,
  delivery_first INTEGER,
  delivery_current INTEGER,
  picking_at INTEGER,                 -- When it came so far; NULL: it has not.
  packed_at INTEGER,
  shipped_at INTEGER,
  ready_at INTEGER,
  arrived_at INTEGER,
  closed_at INTEGER,
  deadline INTEGER,                   -- Kept for the customer until just before.
  remind_at INTEGER,                  -- When a reminder is due; NULL: none is.
  holding_area TEXT,
  code_generation INTEGER NOT NULL,   -- Pick-up codes issued.
  code_digest TEXT,                   -- Of the one that is valid.
  code_wrong_tries INTEGER NOT NULL,
  code_locked_until INTEGER,
  -- [[index of the order's line,claimed,picked,missing,substituted,shipped,handed_over,delivered,
  --   lost,returned,cancelled,written_off],...]
  lines TEXT NOT NULL,
  shipments TEXT NOT NULL,            -- A JSON array of objects; `lines` as above.
  PRIMARY KEY (order_number, number)
) STRICT, WITHOUT ROWID;

-- What a store has to do, and what is collected there.
CREATE INDEX fulfilment_location ON fulfilment (location_id, state, order_number);
CREATE INDEX fulfilment_destination ON fulfilment (destination_id, state, order_number)
  WHERE destination_id IS NOT NULL;
-- The slots that are still to come, for a start.
CREATE INDEX fulfilment_slot ON fulfilment (slot_start, location_id) WHERE slot_taken = 1;

CREATE TABLE order_event (
  -- What happened to orders, appended and never edited; order_event_view shows it with names.
  number INTEGER PRIMARY KEY,
  order_number INTEGER NOT NULL,
  fulfilment INTEGER NOT NULL,        -- 0: the whole order.
  kind INTEGER NOT NULL,              -- order_event_view names the kinds.
  state INTEGER NOT NULL,             -- After it: of the fulfilment, or of the order.
  location_id INTEGER,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  reason INTEGER,                     -- Why units went missing or came back; NULL: none was given.
  exception INTEGER,                  -- What went wrong on the way.
  shipment_id TEXT,
  note TEXT,
  lines TEXT NOT NULL                 -- [[index of the order's line,units],...]
) STRICT;

CREATE INDEX order_event_order ON order_event (order_number);

CREATE TABLE order_request (
  -- Answers to commands, for callers that repeat themselves. Numbers grow with time.
  number INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL UNIQUE,
  order_number INTEGER NOT NULL,
  content BLOB NOT NULL,              -- What was asked, byte by byte.
  answer TEXT NOT NULL,               -- The order as it was answered, JSON, without its content.
  answered_at INTEGER NOT NULL
) STRICT;

CREATE VIEW fulfilment_view AS
SELECT sales_order.id AS order_id, fulfilment.number,
       CASE method WHEN 1 THEN 'pickup' WHEN 2 THEN 'ship' WHEN 3 THEN 'ship_to_store'
         WHEN 4 THEN 'local_delivery' ELSE method END AS method,
       CASE fulfilment.state
         WHEN 1 THEN 'placed' WHEN 2 THEN 'picking' WHEN 3 THEN 'short' WHEN 4 THEN 'packed'
         WHEN 5 THEN 'in_transit' WHEN 6 THEN 'ready' WHEN 7 THEN 'customer_waiting'
         WHEN 8 THEN 'collected' WHEN 9 THEN 'delivered' WHEN 10 THEN 'returned'
         WHEN 11 THEN 'cancelled' WHEN 12 THEN 'no_show' WHEN 13 THEN 'lost'
         ELSE fulfilment.state END AS state,
       location.code AS location, destination.code AS destination, at_destination, claim_id,
       datetime(slot_start / 1000000, 'unixepoch') AS slot_start, slot_taken,
       datetime(ready_first / 1000000, 'unixepoch') AS ready_promised_first,
       datetime(ready_current / 1000000, 'unixepoch') AS ready_promised,
       datetime(delivery_first / 1000000, 'unixepoch') AS delivery_promised_first,
       datetime(delivery_current / 1000000, 'unixepoch') AS delivery_promised,
       datetime(picking_at / 1000000, 'unixepoch') AS picking_at,
       datetime(packed_at / 1000000, 'unixepoch') AS packed_at,
       datetime(shipped_at / 1000000, 'unixepoch') AS shipped_at,
       datetime(ready_at / 1000000, 'unixepoch') AS ready_at,
       datetime(arrived_at / 1000000, 'unixepoch') AS arrived_at,
       datetime(closed_at / 1000000, 'unixepoch') AS closed_at,
       datetime(deadline / 1000000, 'unixepoch') AS deadline,
       datetime(remind_at / 1000000, 'unixepoch') AS remind_at, holding_area, order_number
FROM fulfilment
JOIN sales_order ON sales_order.number = order_number
LEFT JOIN location ON location.id = location_id
LEFT JOIN location AS destination ON destination.id = destination_id;

CREATE VIEW order_line_view AS
SELECT sales_order.id AS order_id, fulfilment.number AS fulfilment,
       ordered.value ->> '$.id' AS line, item.sku,
       iif(ordered.value ->> '$.bundle' = '', NULL, ordered.value ->> '$.bundle') AS bundle,
       ordered.value ->> '$.ordered' AS ordered,
       line.value ->> 1 AS claimed, line.value ->> 2 AS picked, line.value ->> 3 AS missing,
       line.value ->> 4 AS substituted, line.value ->> 5 AS shipped,
       line.value ->> 6 AS handed_over, line.value ->> 7 AS delivered, line.value ->> 8 AS lost,
       line.value ->> 9 AS returned, line.value ->> 10 AS cancelled, order_number
FROM fulfilment
JOIN sales_order ON sales_order.number = order_number
JOIN json_each(fulfilment.lines) AS line
JOIN json_each(sales_order.lines) AS ordered ON ordered.key = line.value ->> 0
LEFT JOIN item ON item.id = ordered.value ->> '$.item_id';

CREATE VIEW order_event_view AS
SELECT order_event.number, sales_order.id AS order_id, fulfilment,
       CASE order_event.kind
         WHEN 1 THEN 'placed' WHEN 2 THEN 'picking_started' WHEN 3 THEN 'picked'
         WHEN 4 THEN 'missing' WHEN 5 THEN 'found' WHEN 6 THEN 'substituted'
         WHEN 7 THEN 'reassigned' WHEN 8 THEN 'packed' WHEN 9 THEN 'ready'
         WHEN 10 THEN 'reminder' WHEN 11 THEN 'customer_arrived' WHEN 12 THEN 'handed_over'
         WHEN 13 THEN 'collected' WHEN 14 THEN 'no_show' WHEN 15 THEN 'shipped'
         WHEN 16 THEN 'arrived_at_store' WHEN 17 THEN 'delivery_attempted'
         WHEN 18 THEN 'delivered' WHEN 19 THEN 'exception' WHEN 20 THEN 'cancelled'
         WHEN 21 THEN 'returned' WHEN 22 THEN 'promise_revised' WHEN 23 THEN 'deadline_changed'
         WHEN 24 THEN 'code_issued' WHEN 25 THEN 'code_refused' WHEN 26 THEN 'rated'
         ELSE order_event.kind END AS kind,
       CASE order_event.state
         WHEN 1 THEN 'placed' WHEN 2 THEN 'picking' WHEN 3 THEN 'short' WHEN 4 THEN 'packed'
         WHEN 5 THEN 'in_transit' WHEN 6 THEN 'ready' WHEN 7 THEN 'customer_waiting'
         WHEN 8 THEN 'collected' WHEN 9 THEN 'delivered' WHEN 10 THEN 'returned'
         WHEN 11 THEN 'cancelled' WHEN 12 THEN 'no_show' WHEN 13 THEN 'lost'
         ELSE order_event.state END AS state,
       location.code AS location,
       datetime(occurred_at / 1000000, 'unixepoch') AS occurred_at,
       datetime(order_event.recorded_at / 1000000, 'unixepoch') AS recorded_at,
       CASE reason
         WHEN 1 THEN 'not_found' WHEN 2 THEN 'damaged' WHEN 3 THEN 'sold' WHEN 4 THEN 'late'
         WHEN 5 THEN 'customer' WHEN 6 THEN 'refused' WHEN 7 THEN 'store' ELSE reason END AS reason,
       CASE exception
         WHEN 1 THEN 'wrong_item' WHEN 2 THEN 'wrong_quantity' WHEN 3 THEN 'wrong_address'
         WHEN 4 THEN 'damaged' WHEN 5 THEN 'lost' ELSE exception END AS exception,
       shipment_id, note, order_event.lines
FROM order_event
LEFT JOIN sales_order ON sales_order.number = order_number
LEFT JOIN location ON location.id = location_id;
)sql";

}  // namespace stockd::storage
