#pragma once

namespace stockd::reports {

// Changes whenever the tables or the meaning of what they hold change: a file of another version is
// made anew.
inline constexpr int kRollupVersion = 3;

// "stdR": so that no other file is taken for a roll-up and deleted.
inline constexpr int kRollupApplicationId = 0x73746452;

inline constexpr char kRollupSchema[] = R"sql(
CREATE TABLE progress (
  -- One row: how far the journal was followed, and for which time zone and online channels.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  item_change_id INTEGER NOT NULL,
  confirmed_id INTEGER NOT NULL,
  order_event INTEGER NOT NULL,
  visit_id INTEGER NOT NULL,
  contact_id INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  zone TEXT NOT NULL
) STRICT;

CREATE TABLE strand (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  fulfilment TEXT NOT NULL,
  currency TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  carrier TEXT NOT NULL,
  service TEXT NOT NULL
) STRICT;

CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE item_state (
  -- What items were worth and where they belonged, oldest first.
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL,
  scale INTEGER NOT NULL,
  begins_at INTEGER NOT NULL,
  category INTEGER NOT NULL,
  currency INTEGER NOT NULL,
  unit_cost_micros INTEGER NOT NULL,
  price_micros INTEGER NOT NULL
) STRICT;

CREATE TABLE cell (
  -- Sums of one place and time. space: family, dimensions and length of time; see cell.h.
  space INTEGER NOT NULL,
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  c INTEGER NOT NULL,
  sums BLOB NOT NULL,
  PRIMARY KEY (space, a, b, c)
) STRICT, WITHOUT ROWID;

CREATE TABLE position (
  -- key as in the main database. Instants are microseconds since 1970, UTC; NULL: never.
  key INTEGER PRIMARY KEY,
  on_hand INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_count_at INTEGER,
  out INTEGER NOT NULL,               -- 1: nothing on hand.
  last_sale_at INTEGER
) STRICT;

CREATE TABLE inflow (
  -- Units that came to a position, by day; see inflow.h.
  position INTEGER PRIMARY KEY,
  days BLOB NOT NULL
) STRICT;

CREATE TABLE counted (
  position INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  stated INTEGER NOT NULL,
  book INTEGER NOT NULL,
  first INTEGER NOT NULL,
  PRIMARY KEY (position, as_of)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_order (
  -- Sale lines of one source with one reference. All but the counts is that of the earliest line.
  source_id INTEGER NOT NULL,
  reference TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  location INTEGER NOT NULL,
  strand INTEGER NOT NULL,
  customer INTEGER NOT NULL,          -- 0: no line names one.
  PRIMARY KEY (reference, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_return (
  -- Returns that name a sale, whether or not it is known.
  sequence INTEGER PRIMARY KEY,       -- journal.sequence
  sale_reference TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  strand INTEGER NOT NULL,
  micro_units INTEGER NOT NULL,
  unit_price_micros INTEGER NOT NULL  -- In the strand's currency.
) STRICT;
CREATE INDEX sale_return_reference ON sale_return (sale_reference);

CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  first_at INTEGER NOT NULL,          -- The earliest sale.
  sums BLOB NOT NULL                  -- As cell.sums, by currency.
) STRICT;
CREATE INDEX customer_first ON customer (first_at);

CREATE TABLE active (
  -- Which customers ordered on a day, and how often.
  location INTEGER NOT NULL,          -- 0: anywhere.
  day INTEGER NOT NULL,
  strand INTEGER NOT NULL,
  customers BLOB NOT NULL,            -- Differences of ids and counts, in base 128.
  PRIMARY KEY (location, day, strand)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold (
  -- Reservations that held units; number as in the main database.
  number INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  location INTEGER NOT NULL,
  strand INTEGER NOT NULL,
  end INTEGER NOT NULL,               -- 0 open, 1 converted, 2 expired, 3 released.
  counts INTEGER NOT NULL             -- 0: a quota, or committed at once.
) STRICT;

CREATE TABLE hold_line (
  -- Units that are held now. time_high and time_low: units times microseconds, 128 bits.
  hold INTEGER NOT NULL,
  position INTEGER NOT NULL,
  units INTEGER NOT NULL,
  since INTEGER NOT NULL,
  time_high INTEGER NOT NULL,
  time_low INTEGER NOT NULL,
  PRIMARY KEY (hold, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact_day (
  -- Which journal entries are the facts of a location and day, to find what is behind a figure.
  location INTEGER NOT NULL,
  day INTEGER NOT NULL,
  last INTEGER NOT NULL,              -- The last of them.
  sequences BLOB NOT NULL,            -- As differences in base 128.
  PRIMARY KEY (location, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_life (
  -- What an order adds to cells, to be taken out again when it changes.
  number INTEGER PRIMARY KEY,         -- sales_order.number
  sums BLOB NOT NULL
) STRICT;

CREATE TABLE order_day (
  -- Which orders add something to the cells of a location and day.
  location INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER NOT NULL,            -- sales_order.number
  PRIMARY KEY (location, day, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit (
  -- What is known of the visits of a channel, location and hour.
  strand INTEGER NOT NULL,
  location INTEGER NOT NULL,
  begins_at INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  PRIMARY KEY (strand, location, begins_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  -- When a customer looked at an item online.
  customer_reference TEXT NOT NULL,
  item INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (customer_reference, item, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE flip (
  -- When on hand fell to nothing (out 1) or rose again (0).
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  out INTEGER NOT NULL,
  PRIMARY KEY (position, at)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace stockd::reports
