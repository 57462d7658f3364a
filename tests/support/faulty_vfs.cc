#include "tests/support/faulty_vfs.h"

#include "daemon/base/check.h"
#include "tests/support/sqlite_shim.h"

namespace stockd::support {
namespace {

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  auto* const own = shim::Own<FaultyVfs>(file);
  const int fault = own->disk->OnWrite();
  if (fault != SQLITE_OK) return fault;
  return own->real()->pMethods->xWrite(own->real(), data, size, offset);
}

// Nothing is really synced: this disk keeps its power, and a real sync takes most of a test's time.
int Sync(sqlite3_file* file, int) { return shim::Own<FaultyVfs>(file)->disk->OnSync(); }

constexpr sqlite3_io_methods MakeMethods() {
  sqlite3_io_methods methods = shim::PassingMethods<FaultyVfs>::Make();
  methods.xWrite = Write;
  methods.xSync = Sync;
  return methods;
}
constexpr sqlite3_io_methods kMethods = MakeMethods();

}  // namespace

FaultyVfs::FaultyVfs() {
  shim::Fill<FaultyVfs, &kMethods>(vfs_, name_, "stockd_faulty_", this);
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
