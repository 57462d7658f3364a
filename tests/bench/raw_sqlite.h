#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "daemon/storage/connection.h"

namespace stockd::bench {

// The yardstick of everything durable: SQLite with the daemon's settings (write-ahead log,
// synchronous FULL, the same cache and checkpoints) and the fewest rows that could do: one level,
// one journal entry, one reservation where there is one. It decides nothing and keeps no index
// that is not needed to recognise a repetition.
class RawSqlite {
 public:
  // Makes a new database in the folder with `positions` levels. Throws BenchError.
  RawSqlite(const std::filesystem::path& folder, uint64_t positions);

  // Each does one batch, as one durable commit, over positions that are chosen as the measured
  // callers choose them.
  void Facts(uint64_t count);
  void Reservations(uint64_t count);
  // Counts positions `first` to `first + count - 1`: a level and a journal entry for each, changed
  // or not.
  void Counts(uint64_t first, uint64_t count);
  // Writes their levels only.
  void Levels(uint64_t first, uint64_t count);

  // Reads every column of every level, item and location of a database of the daemon. Returns how
  // many levels.
  static uint64_t SelectAll(const std::filesystem::path& database);

 private:
  void Check(int code);
  void Begin();
  // Commits, and moves the log into the database when it has grown as much as the daemon lets it.
  void Commit();
  void SetLevel(uint64_t key);

  storage::Connection connection_;
  storage::Statement begin_;
  storage::Statement commit_;
  storage::Statement sell_;
  storage::Statement reserve_;
  storage::Statement set_level_;
  storage::Statement add_journal_;
  storage::Statement add_reservation_;
  const uint64_t positions_;
  uint64_t sequence_ = 0;
  int wal_pages_ = 0;
};

}  // namespace stockd::bench
