// RFC 4180 files, record by record.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/file_window.h"

namespace stockd::sdk {

// A longer record (or line) is set aside.
inline constexpr size_t kRecordBytesMax = size_t{1024} * 1024;

// How a file separates its fields.
struct CsvOptions {
  char delimiter = ',';
};

// What Next() found.
enum class CsvOutcome {
  kRecord,      // record() holds it.
  kMalformed,   // problem() says why; Next() goes on with the line after the one where the record
                // began.
  kEnd,         // The file is over.
  kReadFailed,  // read_error() says why.
};

// One record.
struct CsvRecord {
  // Without quotes around and with "" undone. Valid until the next call of Next() or Seek().
  std::vector<std::string_view> fields;
  // The line on which it begins, from 1; a record with line breaks inside quotes covers several
  // lines.
  int64_t line = 0;
  // False when the file ends without a line break right behind it.
  bool has_line_break = true;
};

// Why a record cannot be read.
struct CsvProblem {
  std::string_view reason;  // CSV_QUOTE_STRAY, CSV_QUOTE_OPEN or RECORD_TOO_LONG.
  std::string detail;       // For people, with line and column.
  std::string raw;          // The first line of the record, cut off at 4096 bytes.
  int64_t line = 0;         // From 1.
};

// Takes LF and CRLF, skips a byte order mark and blank lines. Memory stays below 2 MiB and the
// record's fields. For one thread.
class CsvReader {
 public:
  // What FileWindow::Open says, or INVALID_ARGUMENT for UTF-16.
  [[nodiscard]] static absl::StatusOr<CsvReader> Open(const std::filesystem::path& path,
                                                      CsvOptions options);

  [[nodiscard]] CsvOutcome Next();

  const CsvRecord& record() const { return record_; }
  const CsvProblem& problem() const { return problem_; }
  const absl::Status& read_error() const { return read_error_; }

  // The offset behind the last record, and the line that begins there: the place to Seek() to.
  uint64_t offset() const { return window_.offset(); }
  int64_t line() const { return line_; }
  uint64_t file_size() const { return window_.file_size(); }

  // Goes on from a place where a record ended earlier.
  void Seek(uint64_t offset, int64_t line);

 private:
  // A field's place within the window's data.
  struct Span {
    size_t begin = 0;
    size_t end = 0;
    int doubled_quotes = 0;
  };
  enum class Scan { kRecord, kBlank, kEnd, kMalformed, kReadFailed };

  CsvReader(FileWindow window, CsvOptions options);

  absl::Status SkipByteOrderMark();
  Scan ScanRecord();
  bool Available(size_t index);
  bool ScanField(size_t& index);
  bool ScanQuotedField(size_t& index);
  bool AtLineBreak(size_t index);
  bool Refuse(std::string_view reason, std::string detail);
  void BuildFields();
  void SkipFirstLine();

  FileWindow window_;
  CsvOptions options_;
  CsvRecord record_;
  CsvProblem problem_;
  absl::Status read_error_;
  int64_t line_ = 1;
  std::vector<Span> spans_;
  size_t record_end_ = 0;      // Of the record's text, within the window's data.
  size_t line_break_end_ = 0;  // Behind its line break.
  std::string unescaped_;      // Fields that held doubled quotes.
};

}  // namespace stockd::sdk
