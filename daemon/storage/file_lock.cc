#include "daemon/storage/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace stockd::storage {
namespace {

std::string Quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

Status CannotOpen(const std::filesystem::path& lock_path, int error) {
  const std::filesystem::path folder = lock_path.parent_path();
  switch (error) {
    case ENOENT:
      return {"The folder " + Quoted(folder) +
              " for the database does not exist. Create it, or name another path."};
    case ENOTDIR:
      return {"Part of the path " + Quoted(folder) +
              " is a file, not a folder. Name another path for the database."};
    case EACCES:
    case EPERM:
    case EROFS:
      return {"The folder " + Quoted(folder) + " is read-only for this process (" +
              std::strerror(error) +
              "). Give the user that runs stockd the right to write there, or name another path "
              "for the database."};
    default:
      return {"Cannot open the lock file " + Quoted(lock_path) + ": " + std::strerror(error) + "."};
  }
}

// The process id written in the lock file; empty when there is none.
std::string Owner(int descriptor) {
  std::array<char, 32> buffer{};
  const ssize_t size = pread(descriptor, buffer.data(), buffer.size(), 0);
  if (size <= 0) return {};
  const std::string_view text(buffer.data(), static_cast<size_t>(size));
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  // Nobody owns the database from here on, whatever the file says; an empty one says it best.
  static_cast<void>(!ftruncate(descriptor_, 0));
  close(descriptor_);
}

Status FileLock::Acquire(const std::string& database_path) {
  const std::filesystem::path path = database_path + ".lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return CannotOpen(path, errno);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const std::string owner = Owner(descriptor);
    close(descriptor);
    return {"The database " + Quoted(database_path) + " is in use by " +
            (owner.empty() ? "another process" : "process " + owner) +
            ". One stockd serves one database: stop the other one first, or name another path."};
  }
  const std::string text = std::to_string(getpid()) + "\n";
  // The lock is what counts; the number in it only helps people.
  static_cast<void>(!ftruncate(descriptor, 0));
  static_cast<void>(!pwrite(descriptor, text.data(), text.size(), 0));
  descriptor_ = descriptor;
  return {};
}

}  // namespace stockd::storage
