#pragma once

namespace stockd::storage {

// What reports need to know of facts, and of what items were worth in the past.
inline constexpr char kMigration0003[] = R"sql(
ALTER TABLE journal ADD COLUMN customer_reference TEXT;
ALTER TABLE journal ADD COLUMN fulfilment_channel TEXT;
ALTER TABLE journal ADD COLUMN original_reference TEXT;

-- journal.sequence of the last entry before it.
ALTER TABLE count_coverage ADD COLUMN after_sequence INTEGER NOT NULL DEFAULT 0;
UPDATE count_coverage SET after_sequence = coalesce(
  (SELECT sequence FROM journal WHERE journal.recorded_at <= count_coverage.recorded_at
   ORDER BY sequence DESC LIMIT 1), 0);

CREATE TABLE item_change (
  -- What an item was worth and where it belonged, appended and never edited. An item's first row
  -- holds for all time before it too.
  id INTEGER PRIMARY KEY,
  item_id INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  after_sequence INTEGER NOT NULL,    -- journal.sequence of the last entry before it.
  scale INTEGER NOT NULL,             -- As item.scale.
  category TEXT NOT NULL,
  unit_cost_micros INTEGER NOT NULL,
  price_micros INTEGER NOT NULL,
  currency TEXT NOT NULL
) STRICT;

INSERT INTO item_change
  (item_id, changed_at, after_sequence, scale, category, unit_cost_micros, price_micros, currency)
SELECT id, 0, 0, scale, category, unit_cost_micros, price_micros, currency FROM item ORDER BY id;
)sql";

}  // namespace stockd::storage
