#include "adapters/sdk/file_window.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace stockd::sdk {

FileWindow::FileWindow(FileDescriptor file, std::filesystem::path path, uint64_t file_size)
    : file_(std::move(file)), path_(std::move(path)), file_size_(file_size) {}

absl::StatusOr<FileWindow> FileWindow::Open(const std::filesystem::path& path) {
  // Not blocking: opening a named pipe would wait for a writer for ever.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return SystemError("open", path);
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return SystemError("look at", path);
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(fmt::format("{} is not a regular file", path.string()));
  }
  return FileWindow(std::move(file), path, static_cast<uint64_t>(info.st_size));
}

absl::StatusOr<bool> FileWindow::Grow() {
  constexpr size_t kStep = size_t{256} * 1024;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const size_t had = buffer_.size();
  buffer_.resize(had + kStep);
  ssize_t got = -1;
  do {
    got = ::pread(file_.get(), buffer_.data() + had, kStep, static_cast<off_t>(offset_ + had));
  } while (got < 0 && errno == EINTR);
  buffer_.resize(had + static_cast<size_t>(got > 0 ? got : 0));
  if (got < 0) return SystemError("read", path_);
  return got > 0;
}

void FileWindow::Consume(size_t bytes) {
  begin_ += bytes;
  offset_ += bytes;
}

void FileWindow::Seek(uint64_t offset) {
  buffer_.clear();
  begin_ = 0;
  offset_ = offset;
}

}  // namespace stockd::sdk
