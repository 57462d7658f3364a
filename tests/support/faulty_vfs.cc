#include "tests/support/faulty_vfs.h"

#include "daemon/base/check.h"

namespace stockd::support {
namespace {

// Our part of an open file; SQLite allocates it, with the real file of the default VFS behind it.
struct FaultyFile {
  sqlite3_file base;
  FaultyVfs* vfs;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_vfs* RealVfs() { return sqlite3_vfs_find(nullptr); }

FaultyFile* Own(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Own(file)->real(); }

// Passes a call on to the real file.
template <auto kMethod, typename... Arguments>
auto Forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const real = Real(file);
  return (real->pMethods->*kMethod)(real, arguments...);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const int fault = Own(file)->vfs->OnWrite();
  return fault == SQLITE_OK ? Forward<&sqlite3_io_methods::xWrite>(file, data, size, offset)
                            : fault;
}

// Nothing is really synced: no test cuts the power, and a real sync takes most of a test's time.
int Sync(sqlite3_file* file, int) { return Own(file)->vfs->OnSync(); }

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 3,
    .xClose = Forward<&sqlite3_io_methods::xClose>,
    .xRead = Forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = Write,
    .xTruncate = Forward<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    .xSync = Sync,
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
    .xShmUnmap = Forward<&sqlite3_io_methods::xShmUnmap, int>,
    .xFetch = Forward<&sqlite3_io_methods::xFetch, sqlite3_int64, int, void**>,
    .xUnfetch = Forward<&sqlite3_io_methods::xUnfetch, sqlite3_int64, void*>,
};

int Open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  FaultyFile* const own = Own(file);
  own->base.pMethods = nullptr;
  own->vfs = static_cast<FaultyVfs*>(vfs->pAppData);
  const int code = RealVfs()->xOpen(RealVfs(), name, own->real(), flags, flags_out);
  if (code == SQLITE_OK) own->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FaultyVfs::FaultyVfs() {
  static std::atomic<int> count = 0;
  name_ = "stockd_faulty_" + std::to_string(++count);
  vfs_ = *RealVfs();
  vfs_.szOsFile += static_cast<int>(sizeof(FaultyFile));
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = Open;
  STOCKD_CHECK(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultyVfs::FailAt(int64_t nth, DiskFault fault, FaultLife life) {
  fault_ = fault;
  life_ = life;
  operation_count_ = 0;
  fault_count_ = 0;
  sync_failed_ = false;
  fail_at_ = nth;
}

bool FaultyVfs::Strikes() {
  const int64_t fail_at = fail_at_;
  if (fail_at == 0) return false;
  const int64_t operation = ++operation_count_;
  const bool strikes = life_ == FaultLife::kOnce ? operation == fail_at : operation >= fail_at;
  if (strikes) ++fault_count_;
  return strikes;
}

int FaultyVfs::OnWrite() {
  const DiskFault fault = fault_;
  if (fault == DiskFault::kSyncError || !Strikes()) return SQLITE_OK;
  return fault == DiskFault::kDiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int FaultyVfs::OnSync() {
  const DiskFault fault = fault_;
  if ((fault != DiskFault::kSyncError && fault != DiskFault::kAnyError) || !Strikes()) {
    return SQLITE_OK;
  }
  sync_failed_ = true;
  return SQLITE_IOERR_FSYNC;
}

}  // namespace stockd::support
