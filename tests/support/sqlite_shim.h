#pragma once

#include <atomic>
#include <string>

#include <sqlite3.h>

#include "daemon/base/check.h"

// What test disks have in common: a SQLite VFS over the default one that passes on whatever it does
// not change.
namespace stockd::support::shim {

inline sqlite3_vfs* RealVfs() { return sqlite3_vfs_find(nullptr); }

// Our part of an open file; SQLite allocates it, with the real file of the default VFS behind it.
template <typename Disk>
struct File {
  sqlite3_file base;
  Disk* disk;
  const char* path;  // SQLite keeps it while the file is open. Empty: no file that is kept.

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

template <typename Disk>
File<Disk>* Own(sqlite3_file* file) {
  return reinterpret_cast<File<Disk>*>(file);
}

// The methods of a file that pass every call on to the real one. Version 2: a file is not mapped
// into memory.
template <typename Disk>
class PassingMethods {
 public:
  static constexpr sqlite3_io_methods Make() {
    return {.iVersion = 2,
            .xClose = Forward<&sqlite3_io_methods::xClose>,
            .xRead = Forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
            .xWrite = Forward<&sqlite3_io_methods::xWrite, const void*, int, sqlite3_int64>,
            .xTruncate = Forward<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
            .xSync = Forward<&sqlite3_io_methods::xSync, int>,
            .xFileSize = Forward<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
            .xLock = Forward<&sqlite3_io_methods::xLock, int>,
            .xUnlock = Forward<&sqlite3_io_methods::xUnlock, int>,
            .xCheckReservedLock = Forward<&sqlite3_io_methods::xCheckReservedLock, int*>,
            .xFileControl = Forward<&sqlite3_io_methods::xFileControl, int, void*>,
            .xSectorSize = Forward<&sqlite3_io_methods::xSectorSize>,
            .xDeviceCharacteristics = Forward<&sqlite3_io_methods::xDeviceCharacteristics>,
            .xShmMap = Forward<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
            .xShmLock = Forward<&sqlite3_io_methods::xShmLock, int, int, int>,
            .xShmBarrier = Forward<&sqlite3_io_methods::xShmBarrier>,
            .xShmUnmap = Forward<&sqlite3_io_methods::xShmUnmap, int>};
  }

 private:
  template <auto kMethod, typename... Arguments>
  static auto Forward(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* const real = Own<Disk>(file)->real();
    return (real->pMethods->*kMethod)(real, arguments...);
  }
};

// For xOpen: the file with `Disk`'s methods.
template <typename Disk, const sqlite3_io_methods* kMethods>
int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  constexpr int kKept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
  File<Disk>* const own = Own<Disk>(file);
  own->base.pMethods = nullptr;
  own->disk = static_cast<Disk*>(vfs->pAppData);
  own->path = name == nullptr || (flags & kKept) == 0 ? "" : name;
  const int code = RealVfs()->xOpen(RealVfs(), name, own->real(), flags, flags_out);
  if (code == SQLITE_OK) own->base.pMethods = kMethods;
  return code;
}

// Fills `vfs` for `disk` under a name that begins so and is given to no other. The caller sets the
// methods that differ and registers it.
template <typename Disk, const sqlite3_io_methods* kMethods>
void Fill(sqlite3_vfs& vfs, std::string& name, const char* begin, Disk* disk) {
  static std::atomic<int> count = 0;
  name = begin + std::to_string(++count);
  vfs = *RealVfs();
  vfs.szOsFile += static_cast<int>(sizeof(File<Disk>));
  vfs.zName = name.c_str();
  vfs.pAppData = disk;
  vfs.pNext = nullptr;
  vfs.xOpen = Open<Disk, kMethods>;
}

}  // namespace stockd::support::shim
