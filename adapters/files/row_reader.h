// Rows of a file, whatever its format.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/adapter_config.h"

namespace stockd::files {

// What RowReader::Next() found.
enum class RowOutcome {
  kRow,         // row() holds it.
  kBadRow,      // problem() says why it cannot be read; the next call goes on behind it.
  kEnd,         // The file is over.
  kReadFailed,  // read_error() says why.
};

// Why a row is set aside.
struct RowProblem {
  std::string_view reason;  // UPPER_SNAKE; from a constant.
  std::string detail;       // For people: what is wrong, and with which value.
};

// A file with columns. For one thread.
class RowReader {
 public:
  virtual ~RowReader() = default;

  // Names of row()'s fields.
  virtual const std::vector<std::string>& columns() const = 0;
  // Whether a column that is not among columns() is missing in every row.
  virtual bool has_header() const = 0;

  virtual RowOutcome Next() = 0;
  // One value for each column. Valid until the next call of Next() or Seek().
  virtual const std::vector<std::string_view>& row() const = 0;
  virtual const RowProblem& problem() const = 0;
  virtual absl::Status read_error() const = 0;
  // The line where the last row began, from 1.
  virtual int64_t row_line() const = 0;

  // The row as it goes into the file of rejected rows, also when it could not be read.
  virtual const std::vector<std::string>& raw_columns() const = 0;
  virtual std::vector<std::string> raw_row() const = 0;

  // The place behind the last row.
  virtual uint64_t offset() const = 0;
  virtual int64_t line() const = 0;
  virtual uint64_t file_size() const = 0;
  // Goes on from such a place.
  virtual void Seek(uint64_t offset, int64_t line) = 0;
};

// Opens a .csv or .jsonl file. A JSON line has no columns of its own; `mapping` says which names
// are of interest.
//   INVALID_ARGUMENT   neither of the two, no header, a header that cannot be read.
[[nodiscard]] absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(const std::filesystem::path& path,
                                                                  const AdapterConfig& config,
                                                                  FileKind kind,
                                                                  const TableMapping& mapping);

}  // namespace stockd::files
