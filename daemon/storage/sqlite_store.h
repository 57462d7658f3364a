#pragma once

#include <memory>
#include <string>
#include <variant>

#include "daemon/storage/reader.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

struct SqliteOptions {
  std::string path;
  int64_t cache_bytes = int64_t{64} << 20;
  // Pages in the write-ahead log after which a commit moves them into the database file.
  int checkpoint_pages = 4000;
  // Entries of the journal that the rows of positions may be behind, twice that at the most; more
  // with many positions.
  int64_t position_lag_entries = 65'536;
  // Read-only connections that may be open at once.
  int readers_max = 4;
  // The SQLite VFS to go through; empty is the default one. For tests that inject faults.
  std::string vfs_name;
};

// An open database.
struct SqliteDatabase {
  std::unique_ptr<Store> store;    // For the writer thread.
  std::unique_ptr<Reader> reader;  // For everybody else; outlives no file removal.
};

// Opens the database file, creates it when missing, and brings its schema up to date. On failure a
// text for people that says what to do: locked by another process, written by a newer stockd, not a
// database, truncated or corrupt, read-only, directory missing.
std::variant<SqliteDatabase, Status> OpenSqlite(const SqliteOptions& options);

}  // namespace stockd::storage
