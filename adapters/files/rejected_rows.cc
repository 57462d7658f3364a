#include "adapters/files/rejected_rows.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "adapters/sdk/csv_writer.h"
#include "adapters/sdk/log.h"

namespace stockd::files {
namespace {

constexpr int kLoggedMax = 20;

std::string HeaderRow(const RowReader& reader) {
  std::vector<std::string_view> names(reader.raw_columns().begin(), reader.raw_columns().end());
  names.insert(names.end(), {"line", "reason", "detail"});
  std::string text;
  sdk::AppendCsvRow(text, names);
  return text;
}

}  // namespace

RejectedRows::RejectedRows(std::filesystem::path path, std::string file_name)
    : path_(std::move(path)), file_name_(std::move(file_name)) {}

absl::Status RejectedRows::Resume(uint64_t bytes_written) {
  bytes_written_ = bytes_written;
  if (bytes_written == 0) {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return sdk::SystemError("remove", path_);
    return absl::OkStatus();
  }
  if (::truncate(path_.c_str(), static_cast<off_t>(bytes_written)) != 0) {
    return sdk::SystemError("shorten", path_);
  }
  return absl::OkStatus();
}

absl::Status RejectedRows::Add(const RowReader& reader, const RowVerdict& verdict) {
  return Add(reader, reader.raw_row(), reader.row_line(), verdict);
}

absl::Status RejectedRows::Add(const RowReader& reader, const std::vector<std::string>& raw_row,
                               int64_t line, const RowVerdict& verdict) {
  if (logged_ < kLoggedMax) {
    ++logged_;
    spdlog::warn("row set aside file={} line={} reason={} detail={}{}", sdk::LogValue(file_name_),
                 line, verdict.reason, sdk::LogValue(verdict.detail),
                 logged_ == kLoggedMax ? " (further rows of this file are not logged)" : "");
  }
  std::string text;
  if (bytes_written_ == 0) text = HeaderRow(reader);
  std::vector<std::string_view> fields(raw_row.begin(), raw_row.end());
  // A row that is too short or too long still has the reason in its column, or behind the rest.
  if (fields.size() < reader.raw_columns().size()) fields.resize(reader.raw_columns().size());
  const std::string line_text = std::to_string(line);
  fields.insert(fields.end(), {line_text, verdict.reason, verdict.detail});
  sdk::AppendCsvRow(text, fields);
  return Write(text);
}

absl::Status RejectedRows::Write(const std::string& text) {
  if (!file_.is_open()) {
    file_ =
        sdk::FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file_.is_open()) return sdk::SystemError("open", path_);
  }
  if (absl::Status status = sdk::WriteAll(file_.get(), text, path_); !status.ok()) return status;
  bytes_written_ += text.size();
  return absl::OkStatus();
}

absl::Status RejectedRows::Sync() {
  if (file_.is_open() && ::fdatasync(file_.get()) != 0) return sdk::SystemError("sync", path_);
  return absl::OkStatus();
}

}  // namespace stockd::files
