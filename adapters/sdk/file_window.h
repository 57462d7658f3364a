// A window that slides over a file, so that a file of any size is read with bounded memory.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/sdk/file_io.h"

namespace stockd::sdk {

// For one thread.
class FileWindow {
 public:
  // NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT when it is not a regular file.
  [[nodiscard]] static absl::StatusOr<FileWindow> Open(const std::filesystem::path& path);

  // Bytes that have been read and not consumed. Valid until the next call that is not const.
  std::string_view data() const { return std::string_view(buffer_).substr(begin_); }
  // Where data() begins in the file.
  uint64_t offset() const { return offset_; }
  // Bytes in the file when it was opened.
  uint64_t file_size() const { return file_size_; }

  // Reads more behind data(). False at the end of the file.
  [[nodiscard]] absl::StatusOr<bool> Grow();

  // Moves the beginning of the window; `bytes` is at most data().size().
  void Consume(size_t bytes);

  // Empties the window and moves it.
  void Seek(uint64_t offset);

 private:
  FileWindow(FileDescriptor file, std::filesystem::path path, uint64_t file_size);

  FileDescriptor file_;
  std::filesystem::path path_;
  uint64_t file_size_;
  std::string buffer_;
  size_t begin_ = 0;
  uint64_t offset_ = 0;
};

}  // namespace stockd::sdk
