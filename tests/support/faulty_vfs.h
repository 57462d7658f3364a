#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <sqlite3.h>

namespace stockd::support {

// What goes wrong.
enum class DiskFault : uint8_t {
  kWriteError,  // A write fails and leaves nothing behind.
  kSyncError,   // A sync fails, though everything was written.
  kAnyError,    // Whichever of the two comes.
  kDiskFull,    // A write finds no room.
};

// Whether a disk recovers.
enum class FaultLife : bool { kOnce, kForGood };

// A SQLite VFS over the default one that fails writes and syncs on demand; a sync that does not
// fail does nothing. Pass name() to whoever opens a database. It has to outlive every connection
// through it. Thread-safe.
class FaultyVfs {
 public:
  // Registers the VFS under a name of its own.
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  const std::string& name() const { return name_; }

  // The nth operation from now on of the kind that can fail so, counted from 1, fails; with
  // kForGood every later one, too.
  void FailAt(int64_t nth, DiskFault fault, FaultLife life);
  void Heal() { fail_at_ = 0; }

  // Faults since the last FailAt(), and whether one of them was a sync.
  int64_t fault_count() const { return fault_count_; }
  bool sync_failed() const { return sync_failed_; }

  // For the file methods: the result code that a write or sync has to fail with, or SQLITE_OK.
  int OnWrite();
  int OnSync();

 private:
  // Whether this operation fails.
  bool Strikes();

  std::string name_;
  sqlite3_vfs vfs_{};
  std::atomic<int64_t> fail_at_ = 0;  // 0: nothing fails.
  std::atomic<int64_t> operation_count_ = 0;
  std::atomic<int64_t> fault_count_ = 0;
  std::atomic<bool> sync_failed_ = false;
  std::atomic<DiskFault> fault_ = DiskFault::kAnyError;
  std::atomic<FaultLife> life_ = FaultLife::kOnce;
};

}  // namespace stockd::support
