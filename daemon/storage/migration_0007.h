#pragma once

namespace stockd::storage {

// Facts are found by day first: what happened on one day lies together, so that a fact told late
// costs the same however much is known of its position (see fact_times.h).
inline constexpr char kMigration0007[] = R"sql(
DROP INDEX journal_fact_time;
ALTER TABLE journal ADD COLUMN
  -- Of occurred_at, in UTC; 86,400,000,000 microseconds.
  occurred_day INTEGER GENERATED ALWAYS AS (occurred_at / 86400000000) VIRTUAL;
-- Kinds below 8 are facts that move units. SQLite 3.40 reads the row for a computed column: what is
-- summed up need not be in the index.
CREATE INDEX journal_delta ON journal (occurred_day, position, occurred_at) WHERE kind < 8;
CREATE INDEX journal_count ON journal (position, occurred_at, stated, kind) WHERE kind = 8;
)sql";

}  // namespace stockd::storage
