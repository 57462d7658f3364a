#pragma once

namespace stockd::storage {

// Facts are found by day first: what happened on one day lies together, so that a fact told late
// costs the same however much is known of its position (see fact_times.h).
inline constexpr char kMigration0007[] = R"sql(
DROP INDEX journal_fact_time;
-- Kinds below 8 are facts that move units; 86,400,000,000 microseconds are a day. SQLite 3.40 reads
-- the row for what it computed: what is summed up need not be in the index.
CREATE INDEX journal_delta ON journal (occurred_at / 86400000000, position, occurred_at)
  WHERE kind < 8;
CREATE INDEX journal_count ON journal (position, occurred_at, stated, kind) WHERE kind = 8;
)sql";

}  // namespace stockd::storage
