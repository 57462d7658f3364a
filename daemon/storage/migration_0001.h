#pragma once

namespace stockd::storage {

// The first schema. Comments inside a CREATE stay in the database: `.schema` shows them to whoever
// looks inside.
inline constexpr char kMigration0001[] = R"sql(
CREATE TABLE item (
  -- What is sold and counted. Ids are the daemon's own and never leave it.
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  scale INTEGER NOT NULL,             -- Decimals of a quantity: 3 means that 1500 is 1.5 units.
  category TEXT NOT NULL,
  gtins TEXT NOT NULL,                -- Barcodes, a JSON array of texts.
  unit_cost_micros INTEGER NOT NULL,  -- Millionths of the currency's unit, as all money here.
  price_micros INTEGER NOT NULL,
  currency TEXT NOT NULL
) STRICT;

CREATE TABLE location (
  -- A store, warehouse or dark store.
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind INTEGER NOT NULL,              -- 1 store, 2 warehouse, 3 dark store.
  time_zone TEXT NOT NULL,
  latitude REAL,                      -- NULL, as longitude: no coordinate known.
  longitude REAL,
  ships INTEGER NOT NULL,             -- 1: sends parcels.
  collects INTEGER NOT NULL           -- 1: customers pick up here.
) STRICT;

CREATE TABLE location_group (
  -- A named set of locations that a channel may sell from.
  id INTEGER PRIMARY KEY,
  group_id TEXT NOT NULL UNIQUE,      -- The users' name for it.
  name TEXT NOT NULL
) STRICT;

CREATE TABLE group_member (
  group_id INTEGER NOT NULL REFERENCES location_group(id) DEFERRABLE INITIALLY DEFERRED,
  location_id INTEGER NOT NULL REFERENCES location(id) DEFERRABLE INITIALLY DEFERRED,
  place INTEGER NOT NULL,             -- Order in the group, from 0.
  PRIMARY KEY (group_id, location_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
  -- A place where orders are made.
  id INTEGER PRIMARY KEY,
  channel_id TEXT NOT NULL UNIQUE,    -- The users' name for it.
  name TEXT NOT NULL,
  buffer INTEGER NOT NULL,            -- Units kept back from it at every position.
  -- NULL: it sells from all locations.
  group_id INTEGER REFERENCES location_group(id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE safety_stock (
  -- Units that are never promised.
  item_id INTEGER NOT NULL,           -- 0: every item at the location.
  location_id INTEGER NOT NULL,       -- 0: the item at every location.
  quantity INTEGER NOT NULL,
  PRIMARY KEY (item_id, location_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  -- An adapter that ever connected.
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  batch_acknowledged INTEGER NOT NULL,  -- The adapter's number of its last batch on disk.
  level_cursor INTEGER NOT NULL,        -- The last level cursor it acknowledged.
  facts_applied INTEGER NOT NULL
) STRICT;

CREATE TABLE source_newest (
  -- Event time of the newest fact of each source: answers for its lag without a search.
  source_id INTEGER PRIMARY KEY,
  occurred_at INTEGER NOT NULL
) STRICT;

CREATE TABLE position (
  -- The figures of one (item, location) pair; position_view shows it with names. Key 0 is no
  -- pair: its version tells when rules that move every published figure changed last.
  key INTEGER PRIMARY KEY,            -- item_id * 4294967296 + location_id.
  on_hand INTEGER NOT NULL,           -- Sellable units that stand there, claimed or not.
  reserved INTEGER NOT NULL,          -- Claimed until a deadline.
  committed INTEGER NOT NULL,         -- Claimed by orders.
  unsellable INTEGER NOT NULL,        -- Damaged units, not part of on_hand.
  counted_at INTEGER,                 -- Latest count; NULL: never. A count_coverage may be later.
  last_delta_at INTEGER,              -- Event time of the latest fact but counts; NULL: none.
  version INTEGER NOT NULL            -- journal.sequence of its latest entry; 0: none.
) STRICT;

CREATE TABLE journal (
  -- Every movement of units, appended and never edited; journal_view shows it with names.
  -- Instants are microseconds since 1970, UTC, here and in every table.
  sequence INTEGER PRIMARY KEY,
  previous INTEGER NOT NULL,          -- The position's entry before this one; 0: none.
  position INTEGER NOT NULL,          -- position.key
  kind INTEGER NOT NULL,              -- Facts are 1 to 8; journal_view names the kinds.
  from_bucket INTEGER NOT NULL,
  to_bucket INTEGER NOT NULL,
  quantity INTEGER NOT NULL,          -- Units moved, 0 or more.
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  reservation_number INTEGER,         -- The claim that moved; NULL: none.
  -- Facts only from here on.
  source_id INTEGER,
  event_id TEXT,                      -- NULL: a row of a snapshot, which has no event of its own.
  stated INTEGER,                     -- Effect on on_hand as the source says; counts: the count.
  reference TEXT,
  channel TEXT,
  unit_price_micros INTEGER,
  currency TEXT
) STRICT;

-- A fact applies once.
CREATE UNIQUE INDEX journal_event ON journal (source_id, event_id) WHERE event_id IS NOT NULL;
-- The facts of a position by event time, with all that is needed to add them up.
CREATE INDEX journal_fact_time ON journal (position, occurred_at, kind, stated) WHERE kind <= 8;

CREATE TABLE reservation (
  -- Claims on units; reservation_line_view shows the lines with names.
  number INTEGER PRIMARY KEY,         -- The daemon's own, in the order of granting.
  id TEXT NOT NULL UNIQUE,            -- The caller's.
  state INTEGER NOT NULL,             -- 1 held, 2 committed, 3 consumed, 4 released, 5 expired.
  allow_partial INTEGER NOT NULL,
  channel_id INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  owner_reference TEXT,
  order_id TEXT,
  version INTEGER NOT NULL,
  -- [[item_id,location_id,requested,granted,held,committed,consumed],...]
  lines TEXT NOT NULL,
  original TEXT                       -- As it was granted, JSON; NULL: it is still that.
) STRICT;

-- What a start has to read, however long the history is.
CREATE INDEX reservation_open ON reservation (number) WHERE state <= 2;

CREATE TABLE request (
  -- Answers to changes of reservations, for callers that repeat themselves. Numbers grow with time.
  number INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL UNIQUE,
  content BLOB NOT NULL,              -- What was asked, byte by byte.
  answer TEXT NOT NULL,               -- The reservation as it was answered, JSON.
  answered_at INTEGER NOT NULL
) STRICT;

CREATE TABLE supply (
  -- Goods on their way. What was received or withdrawn has no row.
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  quantity INTEGER NOT NULL,          -- Still expected.
  expected_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (
  -- Snapshots that were taken, so that a repeated one is recognised.
  source_id INTEGER NOT NULL,
  snapshot_id TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, snapshot_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE count_coverage (
  -- Positions whose figures a snapshot confirmed: they count as counted at as_of, though neither
  -- their rows nor the journal were written.
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,
  snapshot_id TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  first_position INTEGER NOT NULL,    -- The smallest and the largest of the positions.
  last_position INTEGER NOT NULL,
  positions BLOB NOT NULL             -- Sorted keys as differences in base 128, low bits first.
) STRICT;

CREATE INDEX count_coverage_as_of ON count_coverage (as_of);

CREATE TABLE quarantine (
  -- Facts that wait because they could not be applied. AUTOINCREMENT: an id is never given again.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  reason TEXT NOT NULL,               -- For example SKU_UNKNOWN.
  sku TEXT NOT NULL,                  -- As told by the source, as is the location.
  location TEXT NOT NULL,
  fact BLOB NOT NULL,                 -- A serialised stockd.v1.Fact.
  received_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) STRICT;

CREATE INDEX quarantine_sku ON quarantine (sku, id);
CREATE INDEX quarantine_location ON quarantine (location, id);
CREATE INDEX quarantine_event ON quarantine (source_id, event_id);

CREATE VIEW position_view AS
SELECT item.sku, location.code AS location, on_hand, reserved, committed, unsellable,
       on_hand - reserved - committed AS free,
       datetime(counted_at / 1000000, 'unixepoch') AS counted_at,
       datetime(last_delta_at / 1000000, 'unixepoch') AS last_delta_at,
       version, key
FROM position
LEFT JOIN item ON item.id = (key >> 32) & 4294967295
LEFT JOIN location ON location.id = key & 4294967295
WHERE key <> 0;

CREATE VIEW journal_view AS
SELECT sequence, item.sku, location.code AS location,
       CASE journal.kind
         WHEN 1 THEN 'receipt' WHEN 2 THEN 'sale' WHEN 3 THEN 'return' WHEN 4 THEN 'adjustment'
         WHEN 5 THEN 'damage' WHEN 6 THEN 'transfer_out' WHEN 7 THEN 'transfer_in'
         WHEN 8 THEN 'count' WHEN 16 THEN 'sale_rest' WHEN 17 THEN 'rebase' WHEN 18 THEN 'reserve'
         WHEN 19 THEN 'commit' WHEN 20 THEN 'release' WHEN 21 THEN 'expire' WHEN 22 THEN 'move_out'
         WHEN 23 THEN 'move_in' WHEN 24 THEN 'policy' ELSE journal.kind END AS kind,
       CASE from_bucket
         WHEN 0 THEN 'none' WHEN 1 THEN 'free' WHEN 2 THEN 'reserved' WHEN 3 THEN 'committed'
         WHEN 4 THEN 'unsellable' WHEN 5 THEN 'supplier' WHEN 6 THEN 'customer'
         WHEN 7 THEN 'adjustment' WHEN 8 THEN 'transit' WHEN 9 THEN 'correction'
         ELSE from_bucket END AS from_bucket,
       CASE to_bucket
         WHEN 0 THEN 'none' WHEN 1 THEN 'free' WHEN 2 THEN 'reserved' WHEN 3 THEN 'committed'
         WHEN 4 THEN 'unsellable' WHEN 5 THEN 'supplier' WHEN 6 THEN 'customer'
         WHEN 7 THEN 'adjustment' WHEN 8 THEN 'transit' WHEN 9 THEN 'correction'
         ELSE to_bucket END AS to_bucket,
       journal.quantity,
       datetime(occurred_at / 1000000, 'unixepoch') AS occurred_at,
       datetime(recorded_at / 1000000, 'unixepoch') AS recorded_at,
       reservation.id AS reservation, source.name AS source, event_id, stated, reference, channel,
       unit_price_micros, journal.currency, previous
FROM journal
LEFT JOIN item ON item.id = (position >> 32) & 4294967295
LEFT JOIN location ON location.id = position & 4294967295
LEFT JOIN reservation ON reservation.number = reservation_number
LEFT JOIN source ON source.id = source_id;

CREATE VIEW reservation_line_view AS
SELECT reservation.id AS reservation,
       CASE state
         WHEN 1 THEN 'held' WHEN 2 THEN 'committed' WHEN 3 THEN 'consumed' WHEN 4 THEN 'released'
         WHEN 5 THEN 'expired' ELSE state END AS state,
       item.sku, location.code AS location,
       line.value ->> 2 AS requested, line.value ->> 3 AS granted, line.value ->> 4 AS held,
       line.value ->> 5 AS committed, line.value ->> 6 AS consumed,
       (line.value ->> 3) - (line.value ->> 4) - (line.value ->> 5) - (line.value ->> 6)
         AS released,
       datetime(expires_at / 1000000, 'unixepoch') AS expires_at, owner_reference, order_id,
       reservation.number
FROM reservation, json_each(reservation.lines) AS line
LEFT JOIN item ON item.id = line.value ->> 0
LEFT JOIN location ON location.id = line.value ->> 1;
)sql";

}  // namespace stockd::storage
