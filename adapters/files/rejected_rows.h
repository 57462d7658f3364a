// The rows of a file that are set aside, with their reasons.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "adapters/files/row_reader.h"
#include "adapters/files/row_values.h"
#include "adapters/sdk/file_io.h"

namespace stockd::files {

// A CSV file with the original columns and `line`, `reason`, `detail` behind them; it exists once
// there is a row. For one thread.
class RejectedRows {
 public:
  RejectedRows(std::filesystem::path path, std::string file_name);

  // Goes on from a place where bytes_written() was noted earlier; what was written behind it is
  // removed.
  [[nodiscard]] absl::Status Resume(uint64_t bytes_written);

  // Sets aside the row that `reader` is at. The first 20 are logged too.
  [[nodiscard]] absl::Status Add(const RowReader& reader, const RowVerdict& verdict);
  // The same for a row that was kept.
  [[nodiscard]] absl::Status Add(const RowReader& reader, const std::vector<std::string>& raw_row,
                                 int64_t line, const RowVerdict& verdict);

  // Makes everything survive a crash of the machine.
  [[nodiscard]] absl::Status Sync();

  uint64_t bytes_written() const { return bytes_written_; }

 private:
  [[nodiscard]] absl::Status Write(const std::string& text);

  std::filesystem::path path_;
  std::string file_name_;
  sdk::FileDescriptor file_;
  uint64_t bytes_written_ = 0;
  int logged_ = 0;
};

}  // namespace stockd::files
