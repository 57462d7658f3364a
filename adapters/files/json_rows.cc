#include "adapters/files/json_rows.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/sdk/csv_reader.h"
#include "adapters/sdk/file_window.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

constexpr size_t kRawBytesMax = 4096;

// The text of a plain value; unset for objects and arrays.
std::optional<std::string> PlainText(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return std::string();
  if (value.is_structured() || value.is_binary()) return std::nullopt;
  return value.dump();
}

class JsonRows final : public RowReader {
 public:
  JsonRows(sdk::FileWindow window, std::vector<std::string> columns)
      : window_(std::move(window)), columns_(std::move(columns)), values_(columns_.size()) {}

  const std::vector<std::string>& columns() const override { return columns_; }
  bool has_header() const override { return false; }

  RowOutcome Next() override {
    for (;;) {
      row_line_ = line_;
      if (!ReadLine()) return read_error_.ok() ? RowOutcome::kEnd : RowOutcome::kReadFailed;
      if (is_too_long_) {
        return Refuse("RECORD_TOO_LONG",
                      fmt::format("the line is longer than {} bytes", sdk::kRecordBytesMax));
      }
      if (sdk::TrimBlanks(text_).empty()) continue;
      return ParseLine();
    }
  }

  const std::vector<std::string_view>& row() const override { return row_; }
  const RowProblem& problem() const override { return problem_; }
  absl::Status read_error() const override { return read_error_; }
  int64_t row_line() const override { return row_line_; }
  const std::vector<std::string>& raw_columns() const override { return raw_columns_; }
  std::vector<std::string> raw_row() const override { return {text_.substr(0, kRawBytesMax)}; }
  uint64_t offset() const override { return window_.offset(); }
  int64_t line() const override { return line_; }
  uint64_t file_size() const override { return window_.file_size(); }

  void Seek(uint64_t offset, int64_t line) override {
    window_.Seek(offset);
    line_ = line;
  }

 private:
  // Puts the next line into text_; of a line that is too long only the beginning.
  bool ReadLine() {
    text_.clear();
    is_too_long_ = false;
    bool has_bytes = false;
    for (;;) {
      if (window_.data().empty()) {
        const absl::StatusOr<bool> grown = window_.Grow();
        if (!grown.ok()) read_error_ = grown.status();
        if (!grown.ok() || !*grown) break;
      }
      has_bytes = true;
      const std::string_view data = window_.data();
      const size_t line_break = data.find('\n');
      const std::string_view part = data.substr(0, line_break);
      if (text_.size() + part.size() > sdk::kRecordBytesMax) is_too_long_ = true;
      if (!is_too_long_) text_ += part;
      window_.Consume(part.size() + (line_break == std::string_view::npos ? 0 : 1));
      if (line_break != std::string_view::npos) break;
    }
    if (!read_error_.ok() || !has_bytes) return false;
    ++line_;
    if (text_.ends_with('\r')) text_.pop_back();
    if (row_line_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
    return true;
  }

  RowOutcome ParseLine() {
    const nlohmann::json object = nlohmann::json::parse(text_, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object()) {
      return Refuse("JSON_INVALID", "the line is not one JSON object; is the file cut off?");
    }
    row_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const auto member = object.find(columns_[i]);
      std::optional<std::string> value =
          member == object.end() ? std::string() : PlainText(*member);
      if (!value) {
        return Refuse("JSON_INVALID", fmt::format("{} is an object or array", columns_[i]));
      }
      values_[i] = *std::move(value);
      row_.emplace_back(values_[i]);
    }
    return RowOutcome::kRow;
  }

  RowOutcome Refuse(std::string_view reason, std::string detail) {
    problem_ = {.reason = reason, .detail = std::move(detail)};
    return RowOutcome::kBadRow;
  }

  sdk::FileWindow window_;
  std::vector<std::string> columns_;
  const std::vector<std::string> raw_columns_ = {"json"};
  std::string text_;
  bool is_too_long_ = false;
  std::vector<std::string> values_;
  std::vector<std::string_view> row_;
  RowProblem problem_;
  absl::Status read_error_;
  int64_t row_line_ = 1;
  int64_t line_ = 1;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenJsonRows(const std::filesystem::path& path,
                                                        std::vector<std::string> columns) {
  absl::StatusOr<sdk::FileWindow> window = sdk::FileWindow::Open(path);
  if (!window.ok()) return window.status();
  return std::make_unique<JsonRows>(*std::move(window), std::move(columns));
}

}  // namespace stockd::files
