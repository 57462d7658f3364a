#include "daemon/storage/wal_buffer.h"

#include <atomic>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace stockd::storage {
namespace {

// About thirty pages. SQLite's own file system takes less than 128 KiB in one call.
constexpr size_t kBufferBytes = size_t{124} << 10;

// What a log is to SQLite; the file of the file system follows it in memory.
struct LogFile {
  sqlite3_file base;  // First: SQLite sees only this.
  sqlite3_file* file;
  std::vector<char>* gathered;
  sqlite3_int64 offset;  // Where `gathered` belongs in the file.
};

LogFile& Log(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

// Writes what has gathered. What could not be written is given up: SQLite rolls back.
int Flush(LogFile& log) {
  if (log.gathered->empty()) return SQLITE_OK;
  const int code = log.file->pMethods->xWrite(log.file, log.gathered->data(),
                                              static_cast<int>(log.gathered->size()), log.offset);
  log.gathered->clear();
  return code;
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  LogFile& log = Log(file);
  std::vector<char>& gathered = *log.gathered;
  const auto end = log.offset + static_cast<sqlite3_int64>(gathered.size());
  const auto bytes = static_cast<size_t>(size);
  if (!gathered.empty() && (offset != end || gathered.size() + bytes > kBufferBytes)) {
    if (const int code = Flush(log); code != SQLITE_OK) return code;
  }
  if (bytes > kBufferBytes) return log.file->pMethods->xWrite(log.file, data, size, offset);
  if (gathered.empty()) log.offset = offset;
  // The memory is there since the file was opened: this cannot fail.
  const char* begin = static_cast<const char*>(data);
  gathered.insert(gathered.end(), begin, begin + bytes);
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  LogFile& log = Log(file);
  const int code = Flush(log);
  return code != SQLITE_OK ? code : log.file->pMethods->xRead(log.file, data, size, offset);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = Log(file);
  const int code = Flush(log);
  return code != SQLITE_OK ? code : log.file->pMethods->xTruncate(log.file, size);
}

int Sync(sqlite3_file* file, int flags) {
  LogFile& log = Log(file);
  const int code = Flush(log);
  return code != SQLITE_OK ? code : log.file->pMethods->xSync(log.file, flags);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = Log(file);
  const int code = Flush(log);
  return code != SQLITE_OK ? code : log.file->pMethods->xFileSize(log.file, size);
}

int Close(sqlite3_file* file) {
  LogFile& log = Log(file);
  const int flushed = Flush(log);
  const int code = log.file->pMethods->xClose(log.file);
  delete log.gathered;
  return flushed != SQLITE_OK ? flushed : code;
}

int Lock(sqlite3_file* file, int level) {
  return Log(file).file->pMethods->xLock(Log(file).file, level);
}

int Unlock(sqlite3_file* file, int level) {
  return Log(file).file->pMethods->xUnlock(Log(file).file, level);
}

int CheckReservedLock(sqlite3_file* file, int* result) {
  return Log(file).file->pMethods->xCheckReservedLock(Log(file).file, result);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Log(file).file->pMethods->xFileControl(Log(file).file, operation, argument);
}

int SectorSize(sqlite3_file* file) { return Log(file).file->pMethods->xSectorSize(Log(file).file); }

int DeviceCharacteristics(sqlite3_file* file) {
  return Log(file).file->pMethods->xDeviceCharacteristics(Log(file).file);
}

// Version 1: a log is neither shared memory nor mapped.
constexpr sqlite3_io_methods kLogMethods = {.iVersion = 1,
                                            .xClose = Close,
                                            .xRead = Read,
                                            .xWrite = Write,
                                            .xTruncate = Truncate,
                                            .xSync = Sync,
                                            .xFileSize = FileSize,
                                            .xLock = Lock,
                                            .xUnlock = Unlock,
                                            .xCheckReservedLock = CheckReservedLock,
                                            .xFileControl = FileControl,
                                            .xSectorSize = SectorSize,
                                            .xDeviceCharacteristics = DeviceCharacteristics};

sqlite3_vfs& Base(sqlite3_vfs* vfs) { return *static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs& base = Base(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return base.xOpen(&base, name, file, flags, flags_out);
  LogFile& log = *new (file) LogFile{};
  log.file = reinterpret_cast<sqlite3_file*>(&log + 1);
  std::memset(log.file, 0, static_cast<size_t>(base.szOsFile));
  const int code = base.xOpen(&base, name, log.file, flags, flags_out);
  if (code != SQLITE_OK) {
    // Without methods SQLite does not close it; the file below may want to be.
    if (log.file->pMethods != nullptr) log.file->pMethods->xClose(log.file);
    return code;
  }
  log.gathered = new std::vector<char>();
  log.gathered->reserve(kBufferBytes);
  log.base.pMethods = &kLogMethods;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int sync) {
  return Base(vfs).xDelete(&Base(vfs), name, sync);
}

int Access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  return Base(vfs).xAccess(&Base(vfs), name, flags, result);
}

int FullPathname(sqlite3_vfs* vfs, const char* name, int size, char* path) {
  return Base(vfs).xFullPathname(&Base(vfs), name, size, path);
}

int Randomness(sqlite3_vfs* vfs, int size, char* bytes) {
  return Base(vfs).xRandomness(&Base(vfs), size, bytes);
}

int Sleep(sqlite3_vfs* vfs, int micros) { return Base(vfs).xSleep(&Base(vfs), micros); }

int CurrentTime(sqlite3_vfs* vfs, double* time) { return Base(vfs).xCurrentTime(&Base(vfs), time); }

int GetLastError(sqlite3_vfs* vfs, int size, char* text) {
  return Base(vfs).xGetLastError(&Base(vfs), size, text);
}

std::string NextName() {
  static std::atomic<uint64_t> count{0};
  return "stockd-wal-" + std::to_string(++count);
}

}  // namespace

struct WalBuffer::Vfs {
  sqlite3_vfs vfs{};
};

WalBuffer::WalBuffer(const std::string& base_name) : name_(base_name) {
  sqlite3_vfs* base = sqlite3_vfs_find(base_name.empty() ? nullptr : base_name.c_str());
  if (base == nullptr) return;
  name_ = NextName();
  vfs_ = std::make_unique<Vfs>();
  vfs_->vfs = {.iVersion = 1,
               .szOsFile = static_cast<int>(sizeof(LogFile)) + base->szOsFile,
               .mxPathname = base->mxPathname,
               .zName = name_.c_str(),
               .pAppData = base,
               .xOpen = Open,
               .xDelete = Delete,
               .xAccess = Access,
               .xFullPathname = FullPathname,
               .xRandomness = Randomness,
               .xSleep = Sleep,
               .xCurrentTime = CurrentTime,
               .xGetLastError = GetLastError};
  if (sqlite3_vfs_register(&vfs_->vfs, 0) != SQLITE_OK) {
    vfs_.reset();
    name_ = base_name;
  }
}

WalBuffer::~WalBuffer() {
  if (vfs_) sqlite3_vfs_unregister(&vfs_->vfs);
}

}  // namespace stockd::storage
