// Reads comma-separated values as RFC 4180 describes them.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

namespace stockd::ctl {

// The text is not CSV from this line on.
class CsvError : public std::runtime_error {
 public:
  CsvError(int64_t error_line, const std::string& message)
      : std::runtime_error(message), line(error_line) {}

  const int64_t line;
};

struct CsvRecord {
  int64_t line = 0;  // Where it begins, from 1.
  std::vector<std::string> fields;
};

// Takes a byte order mark, LF and CRLF, quoted fields with doubled quotes and line breaks. Skips
// empty lines.
class CsvReader {
 public:
  // `input` must outlive the reader.
  explicit CsvReader(std::istream& input);

  // Reads the next record; false at the end. Throws CsvError for a quote that is never closed, text
  // behind a closing quote, or a record above 1 MiB; reading cannot go on after that.
  bool Read(CsvRecord& record);

 private:
  // Reads one field into `field`; whether another follows in the same record.
  bool ReadField(std::string& field);
  void ReadQuoted(std::string& field);
  // Ends the record at a line break that was just taken, or at the end of the text.
  bool EndOfField(int c);
  int Get();

  std::istream& input_;
  int64_t line_ = 1;
  int64_t record_bytes_ = 0;
};

}  // namespace stockd::ctl
