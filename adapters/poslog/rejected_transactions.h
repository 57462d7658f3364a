// The transactions of a file that are set aside, with their reasons.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "adapters/poslog/namespace_scope.h"
#include "adapters/sdk/file_io.h"

namespace stockd::poslog {

// One that is set aside.
struct RejectedTransaction {
  std::string_view text;  // As it stands in the file.
  uint64_t offset = 0;    // Where it begins there.
  std::string key;        // Empty: it has none, or it cannot be read.
  std::string reason;
  std::string detail;
};

// A POSLog of those that are set aside, each behind a comment that says why; mended, it can be
// dropped again. It exists once there is one. Of a file without a POSLog element, the transactions
// follow one another without one, which is taken too. For one thread.
class RejectedTransactions {
 public:
  RejectedTransactions(std::filesystem::path path, std::string file_name);

  // Goes on from a place where bytes_written() was noted earlier; what was written behind it is
  // removed.
  [[nodiscard]] absl::Status Resume(uint64_t bytes_written);

  // `scope` is what stands around it: its tags begin the file. The first 20 are logged too.
  [[nodiscard]] absl::Status Add(const RejectedTransaction& rejected, const NamespaceScope& scope);

  // Ends the file, if there is one, and makes it survive a crash of the machine.
  [[nodiscard]] absl::Status Finish();

  uint64_t bytes_written() const { return bytes_written_; }

 private:
  [[nodiscard]] absl::Status Write(std::string_view text);
  [[nodiscard]] absl::Status ReadRootName();

  std::filesystem::path path_;
  std::string file_name_;
  sdk::FileDescriptor file_;
  uint64_t bytes_written_ = 0;
  std::string root_name_;  // Of the file; empty: there is none.
  int logged_ = 0;
};

}  // namespace stockd::poslog
