// What an adapter remembers between two starts.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stockd::sdk {

// Named values in a small SQLite file that a person can read with `sqlite3 -readonly`: the cursor
// of the levels, the progress of each file. May be called from any thread.
//
// A value that was put survives the end of the process at any instruction. After a crash of the
// machine an older value may be back; everything stored here is of a kind where an older value only
// costs repeated work.
class StateStore {
 public:
  // Creates the file when there is none. One process at a time.
  //   FAILED_PRECONDITION   another process uses the file, or it is from a newer version.
  //   INTERNAL              it cannot be created or is damaged; the message says what to do.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<StateStore>> Open(
      const std::filesystem::path& path);

  virtual ~StateStore() = default;

  [[nodiscard]] virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view name) = 0;
  [[nodiscard]] virtual absl::Status Put(std::string_view name, std::string_view value) = 0;
  // Removing what is not there is fine.
  [[nodiscard]] virtual absl::Status Remove(std::string_view name) = 0;
};

}  // namespace stockd::sdk
