// Small steps on files, each of which is either done or not when the machine stops in the middle.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace stockd::sdk {

// A file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { Close(); }

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int Release();
  void Close();

 private:
  int fd_ = -1;
};

// The reason of the last failed system call, with what was tried: "cannot open /x/y: Permission
// denied". NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED (disk or quota full) or INTERNAL.
[[nodiscard]] absl::Status SystemError(std::string_view what, const std::filesystem::path& path);

// Writes all bytes at the present position.
[[nodiscard]] absl::Status WriteAll(int fd, std::string_view bytes,
                                    const std::filesystem::path& path);

// Replaces `path` by a file with these bytes: a reader sees the old content or the new one, and
// after success the new one survives a crash of the machine.
[[nodiscard]] absl::Status WriteFileAtomically(const std::filesystem::path& path,
                                               std::string_view bytes);

// The whole file; meant for small ones.
[[nodiscard]] absl::StatusOr<std::string> ReadWholeFile(const std::filesystem::path& path);

// Moves a file within one file system. What stood at `to` is replaced.
[[nodiscard]] absl::Status MoveFile(const std::filesystem::path& from,
                                    const std::filesystem::path& to);

// Makes names that were created or moved in `folder` survive a crash of the machine.
[[nodiscard]] absl::Status SyncFolder(const std::filesystem::path& folder);

}  // namespace stockd::sdk
