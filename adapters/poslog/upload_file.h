// A file that comes in pieces and is queued as a whole.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/sdk/content_hash.h"
#include "adapters/sdk/file_io.h"

namespace stockd::poslog {

// Writes into the drop folder under a name that nobody takes; Queue() gives it one that is taken.
// Without Queue() nothing is left behind. For one thread.
class UploadFile {
 public:
  // Removes what an adapter that was killed has left behind.
  static void RemoveLeftovers(const std::filesystem::path& drop_directory);

  // `number` tells those apart that come at the same time.
  [[nodiscard]] static absl::StatusOr<UploadFile> Create(
      const std::filesystem::path& drop_directory, uint64_t number);

  UploadFile(UploadFile&& other) noexcept = default;
  UploadFile& operator=(UploadFile&& other) = delete;
  ~UploadFile();

  [[nodiscard]] absl::Status Add(std::string_view bytes);

  // OK: it is in the drop folder under the name that is returned, and survives a crash of the
  // machine.
  [[nodiscard]] absl::StatusOr<std::string> Queue();

 private:
  UploadFile(std::filesystem::path drop, std::filesystem::path draft, sdk::FileDescriptor file);

  std::filesystem::path drop_;
  std::filesystem::path draft_;  // Empty: there is none any more.
  sdk::FileDescriptor file_;
  sdk::ContentHash hash_;
};

}  // namespace stockd::poslog
