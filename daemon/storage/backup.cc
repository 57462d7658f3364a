#include "daemon/storage/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "daemon/storage/error_text.h"
#include "daemon/storage/read_transaction.h"

namespace stockd::storage {
namespace {

Status SystemError(const std::string& doing, const std::filesystem::path& path, int error) {
  return {"Could not " + doing + " \"" + path.string() + "\": " + std::strerror(error) + "."};
}

// Makes sure that a file's or folder's content is on disk.
Status Sync(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return SystemError("open", path, errno);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return error == 0 ? Status{} : SystemError("sync", path, error);
}

// A file that is removed again unless it was kept.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~PartialFile() {
    if (created_) unlink(path_.c_str());
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  Status Create() {
    const int descriptor = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (descriptor < 0 && errno == EEXIST) {
      return {"The file \"" + path_.string() +
              "\" exists: another backup is being written there, or one was interrupted. Delete "
              "it if no backup is running."};
    }
    if (descriptor < 0) return SystemError("create", path_, errno);
    close(descriptor);
    created_ = true;
    return {};
  }

  // Gives the file its name; never replaces another file.
  Status Publish(const std::filesystem::path& name) {
    if (link(path_.c_str(), name.c_str()) != 0) return SystemError("create", name, errno);
    return {};
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool created_ = false;
};

// Copies all pages, as of one commit, into an empty file.
Status CopyPages(ReaderConnection& source, const std::string& source_path, const std::string& path,
                 const std::string& vfs_name, Sequence& sequence) {
  const ReadTransaction transaction(source, source_path);
  int code = SQLITE_OK;
  sequence = static_cast<Sequence>(
      source.connection.QueryInteger("SELECT max(sequence) FROM journal", code));
  if (code != SQLITE_OK) {
    return {ErrorText(source_path, "read the table journal", source.connection)};
  }
  Connection target;
  // Nobody uses the copy before it is whole, and it is synced as one file then.
  if (target.Open(path, Access::kReadWrite, vfs_name) != SQLITE_OK ||
      target.Execute("PRAGMA journal_mode = OFF;PRAGMA synchronous = OFF") != SQLITE_OK) {
    return {ErrorText(path, "write", target)};
  }
  sqlite3_backup* backup =
      sqlite3_backup_init(target.handle(), "main", source.connection.handle(), "main");
  if (backup == nullptr) return {ErrorText(path, "begin to copy", target)};
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return {ErrorText(path, "copy", target)};
  return {};
}

}  // namespace

Status BackUp(ReaderConnection& source, const std::string& source_path, const std::string& path,
              const std::string& vfs_name, Sequence& sequence, int64_t& size_bytes) {
  std::error_code error;
  const std::filesystem::path name = std::filesystem::absolute(path, error);
  if (std::filesystem::exists(std::filesystem::symlink_status(name, error))) {
    return {"The file \"" + name.string() +
            "\" exists already. Name a new file for the backup: an old one is never replaced."};
  }
  PartialFile partial(name.string() + ".partial");
  Status status = partial.Create();
  if (status.ok()) {
    status = CopyPages(source, source_path, partial.path().string(), vfs_name, sequence);
  }
  if (status.ok()) status = Sync(partial.path());
  if (!status.ok()) return status;
  const uintmax_t size = std::filesystem::file_size(partial.path(), error);
  if (error) return SystemError("measure", partial.path(), error.value());
  size_bytes = static_cast<int64_t>(size);
  status = partial.Publish(name);
  if (status.ok()) status = Sync(name.parent_path());
  return status;
}

}  // namespace stockd::storage
