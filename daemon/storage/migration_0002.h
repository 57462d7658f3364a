#pragma once

namespace stockd::storage {

// What synchronisation needs beside the stock itself: rules, shadows, devices, mappings, bundles,
// quotas, reconciliations.
inline constexpr char kMigration0002[] = R"sql(
CREATE TABLE source_rule (
  -- What a source may tell about a location. No row: as configured.
  source_id INTEGER NOT NULL,
  location_id INTEGER NOT NULL,       -- 0: every location without a row of its own.
  absolute INTEGER NOT NULL,          -- 1 count, 2 diff, 3 audit.
  kinds INTEGER NOT NULL,             -- Bit n: facts of kind n may be stated; 0: all may.
  channels TEXT NOT NULL,             -- A JSON array of texts; empty: all.
  closed INTEGER NOT NULL,            -- 1: nothing may be stated.
  PRIMARY KEY (source_id, location_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_rule_change (
  -- Every change of a rule, appended and never edited.
  id INTEGER PRIMARY KEY,
  changed_at INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  location_id INTEGER NOT NULL,
  absolute INTEGER NOT NULL,
  kinds INTEGER NOT NULL,
  channels TEXT NOT NULL,
  closed INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE shadow (
  -- What a source shows, as far as we know: what its absolute quantities are compared with.
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,          -- position.key
  known INTEGER,                      -- NULL: not known yet.
  known_version INTEGER NOT NULL,     -- Version of the level that `known` began with; 0: none.
  pending INTEGER,                    -- A level sent and not acknowledged; NULL: none.
  pending_version INTEGER NOT NULL,
  PRIMARY KEY (source_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  -- A till or other device that numbers its facts.
  source_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  first INTEGER NOT NULL,             -- Where its sequence began.
  newest INTEGER NOT NULL,            -- The newest number taken; what lacks below is in device_gap.
  PRIMARY KEY (source_id, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_gap (
  -- Numbers of a device that have not been taken yet.
  source_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  noticed_at INTEGER NOT NULL,
  PRIMARY KEY (source_id, device, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE sku_mapping (
  -- What a source calls an item.
  source_id INTEGER NOT NULL,         -- 0: every source.
  code TEXT NOT NULL,
  item_id INTEGER NOT NULL,
  unit_numerator INTEGER NOT NULL,    -- Units of ours in unit_denominator units of theirs.
  unit_denominator INTEGER NOT NULL,
  PRIMARY KEY (source_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE location_mapping (
  -- What a source calls a location.
  source_id INTEGER NOT NULL,         -- 0: every source.
  code TEXT NOT NULL,
  location_id INTEGER NOT NULL,
  PRIMARY KEY (source_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE bundle_part (
  -- An item that is made of others.
  bundle_item_id INTEGER NOT NULL,
  part_item_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (bundle_item_id, part_item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE quota (
  -- Units that a holder may sell while cut off. The claim is the reservation of the same id.
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,     -- reservation.number
  holder TEXT NOT NULL,
  position INTEGER NOT NULL,
  quantity INTEGER NOT NULL,          -- Units granted.
  requested INTEGER NOT NULL,
  allow_partial INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  settled_at INTEGER                  -- NULL: units may still be claimed.
) STRICT, WITHOUT ROWID;

CREATE INDEX quota_open ON quota (number) WHERE settled_at IS NULL;

CREATE TABLE reconciliation (
  -- A comparison of a source's figures with ours.
  number INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,
  snapshot_id TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  position_count INTEGER NOT NULL,
  UNIQUE (source_id, snapshot_id)
) STRICT;

CREATE TABLE drift (
  -- A position that differed.
  reconciliation INTEGER NOT NULL,
  position INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  stated INTEGER NOT NULL,
  cause INTEGER NOT NULL,             -- As stockd.v1.DriftCause.
  repaired INTEGER NOT NULL,
  PRIMARY KEY (reconciliation, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE refused_level (
  -- A level that a source did not take.
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  version INTEGER NOT NULL,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  retry_at INTEGER,                   -- NULL: given up.
  PRIMARY KEY (source_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected_fact (
  -- Facts that a person took off the quarantine list for good.
  quarantine_id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  fact BLOB NOT NULL,                 -- A serialised stockd.v1.Fact.
  received_at INTEGER NOT NULL,
  rejected_at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
)sql";

}  // namespace stockd::storage
