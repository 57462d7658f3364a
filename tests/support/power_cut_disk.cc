#include "tests/support/power_cut_disk.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::support {
namespace {

constexpr int64_t kSector = 512;

// Our part of an open file; SQLite allocates it, with the real file of the default VFS behind it.
struct CutFile {
  sqlite3_file base;
  PowerCutDisk* disk;
  const char* path;  // SQLite keeps it while the file is open.

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_vfs* RealVfs() { return sqlite3_vfs_find(nullptr); }

CutFile* Own(sqlite3_file* file) { return reinterpret_cast<CutFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Own(file)->real(); }

// Passes a call on to the real file.
template <auto kMethod, typename... Arguments>
auto Forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const real = Real(file);
  return (real->pMethods->*kMethod)(real, arguments...);
}

int OnWrite(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  CutFile* const own = Own(file);
  return own->disk->Write(own->real(), own->path, data, size, offset);
}

int OnTruncate(sqlite3_file* file, sqlite3_int64 size) {
  CutFile* const own = Own(file);
  return own->disk->Truncate(own->real(), own->path, size);
}

int OnSync(sqlite3_file* file, int) { return Own(file)->disk->Sync(Own(file)->path); }

// Version 2: nothing is mapped into memory but the index of the log, which no crash outlives.
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = Forward<&sqlite3_io_methods::xClose>,
    .xRead = Forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = OnWrite,
    .xTruncate = OnTruncate,
    .xSync = OnSync,
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
};

// A name of its own files: those that are kept over a restart.
bool IsKept(int flags) {
  return (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
}

int OnOpen(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
  CutFile* const own = Own(file);
  own->base.pMethods = nullptr;
  own->disk = static_cast<PowerCutDisk*>(vfs->pAppData);
  own->path = name == nullptr || !IsKept(flags) ? "" : name;
  const int code = RealVfs()->xOpen(RealVfs(), name, own->real(), flags, flags_out);
  if (code == SQLITE_OK) own->base.pMethods = &kMethods;
  return code;
}

int OnDelete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  return static_cast<PowerCutDisk*>(vfs->pAppData)->Delete(path, sync_folder);
}

void Put(std::fstream& file, int64_t offset, const std::string& bytes) {
  file.seekp(offset);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  STOCKD_CHECK(file.good());
}

// How much of what was not synced a cut leaves: from nothing to all of it.
enum class Luck : uint8_t { kNone, kAll, kSome };

// The bytes of a write that a cut left: whole sectors from the front, and rubbish in the next.
std::string Torn(Random& random, const std::string& bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  const int64_t whole = random.Between(0, size / kSector) * kSector;
  std::string torn = bytes.substr(0, static_cast<size_t>(whole));
  const int64_t rubbish = random.Percent(50) ? std::min(kSector, size - whole) : 0;
  for (int64_t i = 0; i < rubbish; ++i) torn.push_back(static_cast<char>(random.Below(256)));
  return torn;
}

}  // namespace

PowerCutDisk::PowerCutDisk() {
  static std::atomic<int> count = 0;
  name_ = "stockd_power_cut_" + std::to_string(++count);
  vfs_ = *RealVfs();
  vfs_.szOsFile += static_cast<int>(sizeof(CutFile));
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = OnOpen;
  vfs_.xDelete = OnDelete;
  STOCKD_CHECK(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

PowerCutDisk::~PowerCutDisk() { sqlite3_vfs_unregister(&vfs_); }

void PowerCutDisk::CutAt(int64_t nth) {
  const absl::MutexLock lock(&mutex_);
  left_ = nth;
}

bool PowerCutDisk::is_cut() const {
  const absl::MutexLock lock(&mutex_);
  return is_cut_;
}

void PowerCutDisk::LieAboutSyncs() {
  const absl::MutexLock lock(&mutex_);
  lies_ = true;
}

bool PowerCutDisk::Fails(bool& is_last) {
  is_last = left_ == 1;
  if (left_ > 0 && --left_ == 0) is_cut_ = true;
  return is_cut_;
}

// The write at which the power goes reaches the disk like any other that is not synced: perhaps.
int PowerCutDisk::Write(sqlite3_file* real, const std::string& path, const void* data, int size,
                        int64_t offset) {
  if (path.empty()) return real->pMethods->xWrite(real, data, size, offset);
  const absl::MutexLock lock(&mutex_);
  bool is_last = false;
  const bool fails = Fails(is_last);
  if (fails && !is_last) return SQLITE_IOERR_WRITE;
  Change change{.offset = offset};
  change.after.assign(static_cast<const char*>(data), static_cast<size_t>(size));
  if (real->pMethods->xFileSize(real, &change.size_before) != SQLITE_OK) return SQLITE_IOERR;
  const int64_t old = std::clamp<int64_t>(change.size_before - offset, 0, size);
  change.before.resize(static_cast<size_t>(old));
  if (old > 0 && real->pMethods->xRead(real, change.before.data(), static_cast<int>(old), offset) !=
                     SQLITE_OK) {
    return SQLITE_IOERR_READ;
  }
  const int code = real->pMethods->xWrite(real, data, size, offset);
  if (code == SQLITE_OK) unsynced_[path].push_back(std::move(change));
  return fails ? SQLITE_IOERR_WRITE : code;
}

int PowerCutDisk::Truncate(sqlite3_file* real, const std::string& path, int64_t size) {
  if (path.empty()) return real->pMethods->xTruncate(real, size);
  const absl::MutexLock lock(&mutex_);
  bool is_last = false;
  if (Fails(is_last)) return SQLITE_IOERR_TRUNCATE;
  Change change{.truncates = true, .offset = size};
  if (real->pMethods->xFileSize(real, &change.size_before) != SQLITE_OK) return SQLITE_IOERR;
  const int64_t gone = std::max<int64_t>(0, change.size_before - size);
  change.before.resize(static_cast<size_t>(gone));
  if (gone > 0 && real->pMethods->xRead(real, change.before.data(), static_cast<int>(gone), size) !=
                      SQLITE_OK) {
    return SQLITE_IOERR_READ;
  }
  const int code = real->pMethods->xTruncate(real, size);
  if (code == SQLITE_OK) unsynced_[path].push_back(std::move(change));
  return code;
}

int PowerCutDisk::Sync(const std::string& path) {
  if (path.empty()) return SQLITE_OK;
  const absl::MutexLock lock(&mutex_);
  bool is_last = false;
  if (Fails(is_last)) return SQLITE_IOERR_FSYNC;
  if (!lies_) unsynced_.erase(path);
  return SQLITE_OK;
}

int PowerCutDisk::Delete(const char* path, int sync_folder) {
  const absl::MutexLock lock(&mutex_);
  if (is_cut_) return SQLITE_IOERR_DELETE;
  if (!lies_) unsynced_.erase(path);
  return RealVfs()->xDelete(RealVfs(), path, sync_folder);
}

void PowerCutDisk::ComeBack(Random& random) {
  const absl::MutexLock lock(&mutex_);
  left_ = 0;
  if (!std::exchange(is_cut_, false)) return;
  const Luck luck = random.Pick(std::vector{Luck::kNone, Luck::kAll, Luck::kSome, Luck::kSome});
  for (const auto& [path, changes] : unsynced_) {
    if (!std::filesystem::exists(path)) continue;
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    STOCKD_CHECK(file.is_open());
    const auto resize = [&](int64_t size) {
      file.flush();
      std::filesystem::resize_file(path, static_cast<uintmax_t>(size));
    };
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
      if (!change->truncates) resize(change->size_before);
      Put(file, change->offset, change->before);
    }
    for (const Change& change : changes) {
      if (luck == Luck::kNone || (luck == Luck::kSome && random.Percent(40))) continue;
      if (change.truncates) {
        resize(change.offset);
      } else {
        const bool is_torn = luck == Luck::kSome && random.Percent(25);
        Put(file, change.offset, is_torn ? Torn(random, change.after) : change.after);
      }
    }
  }
  unsynced_.clear();
}

}  // namespace stockd::support
