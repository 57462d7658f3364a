#include "adapters/sdk/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace stockd::sdk {
namespace {

constexpr size_t kRawBytesMax = 4096;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(FileWindow window, CsvOptions options)
    : window_(std::move(window)), options_(options) {}

absl::StatusOr<CsvReader> CsvReader::Open(const std::filesystem::path& path, CsvOptions options) {
  absl::StatusOr<FileWindow> window = FileWindow::Open(path);
  if (!window.ok()) return window.status();
  CsvReader reader(*std::move(window), options);
  if (absl::Status status = reader.SkipByteOrderMark(); !status.ok()) return status;
  return reader;
}

absl::Status CsvReader::SkipByteOrderMark() {
  Available(kUtf8Mark.size() - 1);
  if (!read_error_.ok()) return read_error_;
  const std::string_view data = window_.data();
  if (data.starts_with("\xFF\xFE") || data.starts_with("\xFE\xFF")) {
    return absl::InvalidArgumentError("the file is UTF-16; save it as UTF-8 and drop it again");
  }
  if (data.starts_with(kUtf8Mark)) window_.Consume(kUtf8Mark.size());
  return absl::OkStatus();
}

void CsvReader::Seek(uint64_t offset, int64_t line) {
  window_.Seek(offset);
  line_ = line;
}

CsvOutcome CsvReader::Next() {
  for (;;) {
    switch (ScanRecord()) {
      case Scan::kRecord: {
        BuildFields();
        record_.line = line_;
        record_.has_line_break = line_break_end_ > record_end_;
        line_ += std::ranges::count(window_.data().substr(0, line_break_end_), '\n');
        window_.Consume(line_break_end_);
        return CsvOutcome::kRecord;
      }
      case Scan::kBlank:
        ++line_;
        window_.Consume(line_break_end_);
        break;
      case Scan::kMalformed:
        problem_.line = line_;
        SkipFirstLine();
        return read_error_.ok() ? CsvOutcome::kMalformed : CsvOutcome::kReadFailed;
      case Scan::kReadFailed: return CsvOutcome::kReadFailed;
      case Scan::kEnd: return CsvOutcome::kEnd;
    }
  }
}

// Whether the byte at `index` of the window's data exists, after reading more if need be.
bool CsvReader::Available(size_t index) {
  while (window_.data().size() <= index) {
    absl::StatusOr<bool> grown = window_.Grow();
    if (!grown.ok()) read_error_ = grown.status();
    if (!grown.ok() || !*grown) return false;
  }
  return true;
}

bool CsvReader::AtLineBreak(size_t index) {
  const char c = window_.data()[index];
  if (c == '\n') return true;
  return c == '\r' && Available(index + 1) && window_.data()[index + 1] == '\n';
}

// Finds the fields of the record at the beginning of the window without changing any byte.
CsvReader::Scan CsvReader::ScanRecord() {
  spans_.clear();
  if (!Available(0)) return read_error_.ok() ? Scan::kEnd : Scan::kReadFailed;
  for (size_t index = 0;;) {
    if (!ScanField(index)) return read_error_.ok() ? Scan::kMalformed : Scan::kReadFailed;
    record_end_ = index;
    line_break_end_ = index;
    if (!Available(index)) {
      if (!read_error_.ok()) return Scan::kReadFailed;
      break;  // The last record, without a line break.
    }
    if (window_.data()[index] == options_.delimiter) {
      ++index;
      continue;
    }
    line_break_end_ = index + (window_.data()[index] == '\r' ? 2 : 1);
    break;
  }
  return record_end_ == 0 ? Scan::kBlank : Scan::kRecord;
}

// Scans from the field's first byte up to the delimiter, line break or end of file behind it.
bool CsvReader::ScanField(size_t& index) {
  if (Available(index) && window_.data()[index] == '"') return ScanQuotedField(index);
  const size_t begin = index;
  for (; Available(index); ++index) {
    if (index > kRecordBytesMax) {
      return Refuse("RECORD_TOO_LONG",
                    fmt::format("the record that begins on line {} is longer than {} bytes", line_,
                                kRecordBytesMax));
    }
    const char c = window_.data()[index];
    if (c == options_.delimiter) break;
    if ((c == '\n' || c == '\r') && AtLineBreak(index)) break;
    if (c == '"') {
      return Refuse("CSV_QUOTE_STRAY",
                    fmt::format("line {}, field {}: a quote inside a field that does not begin "
                                "with one; write the field in quotes and the quote twice",
                                line_, spans_.size() + 1));
    }
  }
  if (!read_error_.ok()) return false;
  spans_.push_back({.begin = begin, .end = index});
  return true;
}

bool CsvReader::ScanQuotedField(size_t& index) {
  Span span{.begin = ++index};
  for (;; ++index) {
    if (!Available(index) || index > kRecordBytesMax) {
      if (!read_error_.ok()) return false;
      return Refuse(
          "CSV_QUOTE_OPEN",
          fmt::format("line {}, field {}: its opening quote has no closing quote {}", line_,
                      spans_.size() + 1,
                      index > kRecordBytesMax ? fmt::format("within {} bytes", kRecordBytesMax)
                                              : "before the end of the file"));
    }
    if (window_.data()[index] != '"') continue;
    if (Available(index + 1) && window_.data()[index + 1] == '"') {
      ++span.doubled_quotes;
      ++index;
      continue;
    }
    break;
  }
  span.end = index++;
  spans_.push_back(span);
  if (!Available(index)) return read_error_.ok();
  if (window_.data()[index] == options_.delimiter || AtLineBreak(index)) return true;
  return Refuse("CSV_QUOTE_STRAY",
                fmt::format("line {}, field {}: text behind the closing quote; a quote inside a "
                            "quoted field is written twice",
                            line_, spans_.size()));
}

bool CsvReader::Refuse(std::string_view reason, std::string detail) {
  problem_.reason = reason;
  problem_.detail = std::move(detail);
  return false;
}

void CsvReader::BuildFields() {
  const std::string_view data = window_.data();
  size_t unescaped_bytes = 0;
  for (const Span& span : spans_) {
    if (span.doubled_quotes > 0) unescaped_bytes += span.end - span.begin;
  }
  unescaped_.clear();
  unescaped_.reserve(unescaped_bytes);  // Views into it stay valid while it is filled.
  record_.fields.clear();
  for (const Span& span : spans_) {
    const std::string_view text = data.substr(span.begin, span.end - span.begin);
    if (span.doubled_quotes == 0) {
      record_.fields.push_back(text);
      continue;
    }
    const size_t begin = unescaped_.size();
    for (size_t i = 0; i < text.size(); ++i) {
      unescaped_.push_back(text[i]);
      if (text[i] == '"') ++i;
    }
    record_.fields.push_back(std::string_view(unescaped_).substr(begin));
  }
}

// After a malformed record: only its first line is lost, so that one stray quote does not swallow
// the file.
void CsvReader::SkipFirstLine() {
  problem_.raw.clear();
  for (;;) {
    const std::string_view data = window_.data();
    const size_t line_break = data.find('\n');
    const std::string_view part = data.substr(0, line_break);
    problem_.raw += part.substr(0, kRawBytesMax - std::min(kRawBytesMax, problem_.raw.size()));
    if (line_break != std::string_view::npos) {
      window_.Consume(line_break + 1);
      break;
    }
    window_.Consume(data.size());
    if (!Available(0)) break;
  }
  if (problem_.raw.ends_with('\r')) problem_.raw.pop_back();
  ++line_;
}

}  // namespace stockd::sdk
