#pragma once

namespace stockd::storage {

// Rows of positions are written late; the view `position` has what they lack from the journal.
inline constexpr char kMigration0008[] = R"sql(
DROP VIEW position_view;
ALTER TABLE position RENAME TO position_row;

CREATE TABLE position_progress (
  -- A row of position_row holds the position's entries up to its own version, and not less than all
  -- up to `through`. The view position is always true.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL
) STRICT;

INSERT INTO position_progress (id, through) SELECT 1, ifnull(max(sequence), 0) FROM journal;

CREATE VIEW position AS
WITH later AS (
  -- What the journal has beyond the rows. Buckets 1, 2 and 3 are on hand; kind 8 is a count.
  SELECT journal.position AS key,
         sum(quantity * ((to_bucket IN (1, 2, 3)) - (from_bucket IN (1, 2, 3)))) AS on_hand,
         sum(quantity * ((to_bucket = 2) - (from_bucket = 2))) AS reserved,
         sum(quantity * ((to_bucket = 3) - (from_bucket = 3))) AS committed,
         sum(quantity * ((to_bucket = 4) - (from_bucket = 4))) AS unsellable,
         max(CASE WHEN kind = 8 THEN occurred_at END) AS counted_at,
         max(CASE WHEN kind < 8 THEN occurred_at END) AS last_delta_at,
         max(sequence) AS version
  FROM journal LEFT JOIN position_row ON position_row.key = journal.position
  WHERE sequence > (SELECT through FROM position_progress)
    AND sequence > ifnull(position_row.version, 0)
  GROUP BY journal.position)
SELECT position_row.key AS key,
       position_row.on_hand + ifnull(later.on_hand, 0) AS on_hand,
       position_row.reserved + ifnull(later.reserved, 0) AS reserved,
       position_row.committed + ifnull(later.committed, 0) AS committed,
       position_row.unsellable + ifnull(later.unsellable, 0) AS unsellable,
       max(ifnull(position_row.counted_at, later.counted_at),
           ifnull(later.counted_at, position_row.counted_at)) AS counted_at,
       max(ifnull(position_row.last_delta_at, later.last_delta_at),
           ifnull(later.last_delta_at, position_row.last_delta_at)) AS last_delta_at,
       ifnull(later.version, position_row.version) AS version
FROM position_row LEFT JOIN later ON later.key = position_row.key
UNION ALL
SELECT key, on_hand, reserved, committed, unsellable, counted_at, last_delta_at, version
FROM later WHERE key NOT IN (SELECT key FROM position_row);

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
)sql";

}  // namespace stockd::storage
