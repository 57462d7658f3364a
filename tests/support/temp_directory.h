#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace stockd::support {

// A new folder below the system's temporary folder, deleted with all its content at the end. With
// the environment variable STOCKD_KEEP set it stays, and its path is printed.
class TempDirectory {
 public:
  // Throws std::system_error when the folder cannot be made.
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The whole content; empty when there is no such file.
[[nodiscard]] std::string ReadFile(const std::filesystem::path& path);

// Replaces the content. Throws std::system_error when that fails.
void WriteFile(const std::filesystem::path& path, std::string_view content);

// Writes beside `path` and renames, so that whoever watches the folder sees a whole file or none.
void DropFile(const std::filesystem::path& path, std::string_view content);

}  // namespace stockd::support
