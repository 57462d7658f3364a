#include "daemon/rpc/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".unfinished";

grpc::Status Failed(std::string message) {
  return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "BACKUP_FAILED", std::move(message), {});
}

grpc::Status Exists(const fs::path& path) {
  return MakeStatus(grpc::StatusCode::ALREADY_EXISTS, "BACKUP_EXISTS",
                    path.string() + " exists. Choose another name; backups are never overwritten.",
                    {{"path", path.string()}});
}

std::error_code LastError() { return {errno, std::generic_category()}; }

grpc::Status MakeDirectory(const fs::path& directory) {
  std::error_code error;
  if (!fs::create_directories(directory, error)) {
    if (error) return Failed(directory.string() + " cannot be made: " + error.message());
    return grpc::Status::OK;
  }
  // A backup holds everything the database holds.
  fs::permissions(directory, fs::perms::owner_all, error);
  return grpc::Status::OK;
}

// Gives the complete file its name, which must be free, and makes that durable.
grpc::Status GiveName(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    const std::error_code error = LastError();
    if (error == std::errc::file_exists) return Exists(to);
    return Failed(to.string() + " cannot be named: " + error.message());
  }
  const int directory = open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && fsync(directory) == 0;
  const std::error_code error = synced ? std::error_code{} : LastError();
  if (directory >= 0) close(directory);
  if (!synced) return Failed(to.parent_path().string() + " cannot be synced: " + error.message());
  return grpc::Status::OK;
}

}  // namespace

grpc::Status CheckBackupName(const std::string& file_name) {
  if (auto status = CheckId("file_name", file_name); !status.ok()) return status;
  if (file_name.front() == '.' || file_name.find_first_of("/\\") != std::string::npos) {
    return InvalidField("file_name",
                        "is not a plain file name; the folder is the daemon's backup.directory");
  }
  return grpc::Status::OK;
}

grpc::Status RunBackup(storage::Reader& reader, const fs::path& directory,
                       const std::string& file_name, v1::BackupResponse& response) {
  const fs::path path = directory / file_name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) return Exists(path);
  if (auto status = MakeDirectory(directory); !status.ok()) return status;

  fs::path unfinished = path;
  unfinished += kUnfinished;
  fs::remove(unfinished, error);  // Of an attempt that was cut short.
  Sequence sequence = 0;
  int64_t size_bytes = 0;
  if (const storage::Status status = reader.Backup(unfinished.string(), sequence, size_bytes);
      !status.ok()) {
    fs::remove(unfinished, error);
    return Failed(status.error);
  }
  if (auto status = GiveName(unfinished, path); !status.ok()) {
    fs::remove(unfinished, error);
    return status;
  }
  response.set_path(path.string());
  response.set_size_bytes(size_bytes);
  response.set_sequence(sequence);
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
