#pragma once

#include <string>
#include <utility>

#include "daemon/storage/store.h"

namespace stockd::storage {

// Keeps a second daemon away from a database: an advisory lock on the file `<database>.lock`, which
// holds the owner's process id for people. Ends with the process, however that ends; the file
// stays.
class FileLock {
 public:
  FileLock() = default;
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  // Fails with a text that says what to do: locked by somebody else (and by whom), folder missing,
  // not writable.
  Status Acquire(const std::string& database_path);

 private:
  int descriptor_ = -1;
};

}  // namespace stockd::storage
