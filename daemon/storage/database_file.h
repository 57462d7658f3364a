#pragma once

#include <string>

#include "daemon/storage/connection.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// How the one writing connection is set up.
struct WriterSettings {
  int64_t cache_bytes = 0;
  int checkpoint_pages = 0;
  std::string vfs_name;
};

// Opens the file for writing, creates it when missing, refuses what is not ours or damaged, and
// brings the schema up to date. REQUIRES: the caller holds the database's lock.
Status OpenForWriting(const std::string& path, const WriterSettings& settings,
                      Connection& connection);

// Opens the file, which a writer keeps open, for reading.
Status OpenForReading(const std::string& path, int64_t cache_bytes, const std::string& vfs_name,
                      Connection& connection);

}  // namespace stockd::storage
