#pragma once

namespace stockd::storage {

// What figures need and the journal does not tell: visits, online contacts, experiments.
inline constexpr char kMigration0009[] = R"sql(
CREATE TABLE visit_count (
  -- Visits of a channel within an hour. Appended, never edited: the latest of an hour stands.
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  location_id INTEGER NOT NULL,       -- 0: of no location.
  begins_at INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  after_sequence INTEGER NOT NULL     -- The newest journal entry then.
) STRICT;

CREATE INDEX visit_count_hour ON visit_count (channel, location_id, begins_at, id);

CREATE TABLE contact (
  -- A customer looked at an item online.
  id INTEGER PRIMARY KEY,
  customer_reference TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  channel TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  after_sequence INTEGER NOT NULL     -- The newest journal entry then.
) STRICT;

CREATE UNIQUE INDEX contact_of_customer
  ON contact (customer_reference, item_id, occurred_at, channel);

CREATE TABLE experiment (
  -- Locations or positions that were assigned at random to two policies.
  id TEXT PRIMARY KEY,
  policy INTEGER NOT NULL,            -- See Experiment::Policy.
  value_a INTEGER NOT NULL,
  value_b INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  group_id TEXT NOT NULL,             -- Whose locations took part, as it was called then.
  begins_at INTEGER NOT NULL,
  ends_at INTEGER                     -- NULL: it runs.
) STRICT;

CREATE TABLE experiment_subject (
  experiment TEXT NOT NULL REFERENCES experiment (id),
  item_id INTEGER NOT NULL,           -- 0: all items of the location.
  location_id INTEGER NOT NULL,
  arm INTEGER NOT NULL,               -- 0: a, 1: b.
  before INTEGER,                     -- What held before; NULL: no rule of its own.
  PRIMARY KEY (experiment, item_id, location_id)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace stockd::storage
