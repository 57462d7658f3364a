#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "tests/support/random.h"

namespace stockd::support {

// A SQLite VFS over the default one whose power can be cut: what was written and not synced is then
// there, gone, or torn in the middle, each write for itself. Syncs cost nothing. Pass name() to
// whoever opens a database. It has to outlive every connection through it. Thread-safe.
//
//   disk.CutAt(17);            // The 17th write, truncation or sync from now on finds no power.
//   ...                        // From then on all of them fail.
//   database.Close();
//   disk.ComeBack(random);     // What the disk holds is drawn.
//   database.Open();
class PowerCutDisk {
 public:
  PowerCutDisk();
  ~PowerCutDisk();
  PowerCutDisk(const PowerCutDisk&) = delete;
  PowerCutDisk& operator=(const PowerCutDisk&) = delete;

  const std::string& name() const { return name_; }

  // Counted from 1; 0: the power stays.
  void CutAt(int64_t nth);
  bool is_cut() const;

  // The power is back. REQUIRES: no file is open.
  void ComeBack(Random& random);

  // From now on syncs keep nothing. For canaries: a disk that lies must be noticed.
  void LieAboutSyncs();

  // For the file methods: the result codes of what they do.
  int Write(sqlite3_file* real, const std::string& path, const void* data, int size,
            int64_t offset);
  int Truncate(sqlite3_file* real, const std::string& path, int64_t size);
  int Sync(const std::string& path);
  int Delete(const char* path, int sync_folder);

 private:
  // A change of a file that is not synced, and what it undid.
  struct Change {
    bool truncates = false;
    int64_t offset = 0;  // Of `after`; of a truncation, the new size.
    std::string before;  // What was there from `offset` on.
    std::string after;
    sqlite3_int64 size_before = 0;
  };

  // Whether this operation finds no power; `is_last`: it is the one at which the power goes.
  bool Fails(bool& is_last) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::string name_;
  sqlite3_vfs vfs_{};
  mutable absl::Mutex mutex_;
  int64_t left_ ABSL_GUARDED_BY(mutex_) = 0;  // Operations until the cut, itself included.
  bool is_cut_ ABSL_GUARDED_BY(mutex_) = false;
  bool lies_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::vector<Change>> unsynced_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::support
