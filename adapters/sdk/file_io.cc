#include "adapters/sdk/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace stockd::sdk {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.Release();
  }
  return *this;
}

int FileDescriptor::Release() { return std::exchange(fd_, -1); }

void FileDescriptor::Close() {
  if (is_open()) ::close(Release());
}

absl::Status SystemError(std::string_view what, const std::filesystem::path& path) {
  const int error = errno;
  const std::string message =
      fmt::format("cannot {} {}: {}", what, path.string(), std::generic_category().message(error));
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM || error == EROFS) {
    return absl::PermissionDeniedError(message);
  }
  if (error == ENOSPC || error == EDQUOT || error == EFBIG || error == EMFILE) {
    return absl::ResourceExhaustedError(message);
  }
  return absl::InternalError(message);
}

absl::Status WriteAll(int fd, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path draft = path;
  draft += ".tmp";
  FileDescriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.is_open()) return SystemError("create", draft);
  if (absl::Status status = WriteAll(file.get(), bytes, draft); !status.ok()) return status;
  if (::fdatasync(file.get()) != 0) return SystemError("sync", draft);
  file.Close();
  if (absl::Status status = MoveFile(draft, path); !status.ok()) return status;
  return SyncFolder(path.parent_path());
}

absl::StatusOr<std::string> ReadWholeFile(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return SystemError("open", path);
  std::string content;
  constexpr size_t kStep = size_t{64} * 1024;
  for (;;) {
    const size_t had = content.size();
    content.resize(had + kStep);
    const ssize_t got = ::read(file.get(), content.data() + had, kStep);
    content.resize(had + static_cast<size_t>(got > 0 ? got : 0));
    if (got == 0) return content;
    if (got < 0 && errno != EINTR) return SystemError("read", path);
  }
}

absl::Status MoveFile(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return SystemError(fmt::format("move to {}", to.string()), from);
}

absl::Status SyncFolder(const std::filesystem::path& folder) {
  const std::filesystem::path name = folder.empty() ? "." : folder;
  FileDescriptor opened(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return SystemError("open", name);
  if (::fsync(opened.get()) != 0) return SystemError("sync", name);
  return absl::OkStatus();
}

}  // namespace stockd::sdk
