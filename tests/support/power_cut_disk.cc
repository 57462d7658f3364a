#include "tests/support/power_cut_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "daemon/base/check.h"
#include "tests/support/sqlite_shim.h"

namespace stockd::support {
namespace {

constexpr int64_t kSector = 512;

int OnWrite(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  auto* const own = shim::Own<PowerCutDisk>(file);
  return own->disk->Write(own->real(), own->path, data, size, offset);
}

int OnTruncate(sqlite3_file* file, sqlite3_int64 size) {
  auto* const own = shim::Own<PowerCutDisk>(file);
  return own->disk->Truncate(own->real(), own->path, size);
}

int OnSync(sqlite3_file* file, int) {
  auto* const own = shim::Own<PowerCutDisk>(file);
  return own->disk->Sync(own->path);
}

constexpr sqlite3_io_methods MakeMethods() {
  sqlite3_io_methods methods = shim::PassingMethods<PowerCutDisk>::Make();
  methods.xWrite = OnWrite;
  methods.xTruncate = OnTruncate;
  methods.xSync = OnSync;
  return methods;
}
constexpr sqlite3_io_methods kMethods = MakeMethods();

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
  shim::Fill<PowerCutDisk, &kMethods>(vfs_, name_, "stockd_power_cut_", this);
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
  return shim::RealVfs()->xDelete(shim::RealVfs(), path, sync_folder);
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
