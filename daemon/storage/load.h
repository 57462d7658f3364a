#pragma once

#include <absl/container/flat_hash_map.h>

#include <string>

#include "daemon/storage/connection.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// Positions whose rows are behind the journal.
struct LatePositions {
  // As the rows should be.
  absl::flat_hash_map<PositionKey, ledger::Position> rows;
  Sequence written_through = 0;  // All rows hold the entries up to here.
  int64_t row_count = 0;         // Of the table.
};

// Reads everything that is kept in memory, as of one commit, and makes up from the journal what the
// rows of positions lack. A failure names the table.
Status LoadEverything(Connection& connection, const std::string& path, const LoadVisitor& visitor,
                      Counters& counters, LatePositions& late);

}  // namespace stockd::storage
