#include "daemon/ctl/csv_reader.h"

#include <istream>

namespace stockd::ctl {
namespace {

constexpr int64_t kRecordBytesMax = int64_t{1} << 20;
constexpr int kEnd = std::istream::traits_type::eof();

}  // namespace

CsvReader::CsvReader(std::istream& input) : input_(input) {
  if (input_.peek() != 0xef) return;
  std::string mark(3, '\0');
  input_.read(mark.data(), 3);
  if (mark != "\xef\xbb\xbf") throw CsvError(1, "the file does not begin with UTF-8 text");
}

bool CsvReader::Read(CsvRecord& record) {
  while (input_.peek() == '\n' || input_.peek() == '\r') Get();
  if (input_.peek() == kEnd) return false;
  record.line = line_;
  record.fields.clear();
  record_bytes_ = 0;
  bool more = true;
  while (more) {
    record.fields.emplace_back();
    more = ReadField(record.fields.back());
  }
  return true;
}

bool CsvReader::ReadField(std::string& field) {
  if (input_.peek() == '"') {
    Get();
    ReadQuoted(field);
    return EndOfField(Get());
  }
  while (true) {
    const int c = Get();
    if (c == ',' || c == '\n' || c == kEnd) return EndOfField(c);
    if (c == '\r' && (input_.peek() == '\n' || input_.peek() == kEnd)) return EndOfField(c);
    field += static_cast<char>(c);
  }
}

void CsvReader::ReadQuoted(std::string& field) {
  const int64_t begin = line_;
  while (true) {
    const int c = Get();
    if (c == kEnd) throw CsvError(begin, "a quoted field that begins here is never closed");
    if (c != '"') {
      field += static_cast<char>(c);
    } else if (input_.peek() == '"') {
      field += static_cast<char>(Get());
    } else {
      return;
    }
  }
}

bool CsvReader::EndOfField(int c) {
  if (c == ',') return true;
  if (c == '\r' && input_.peek() == '\n') c = Get();
  const bool ends = c == '\n' || c == '\r' || c == kEnd;
  if (!ends) throw CsvError(line_, "text stands behind the closing quote of a field");
  return false;
}

int CsvReader::Get() {
  const int c = input_.get();
  if (c == '\n') ++line_;
  if (++record_bytes_ > kRecordBytesMax) throw CsvError(line_, "a record is longer than 1 MiB");
  return c;
}

}  // namespace stockd::ctl
