#include "adapters/files/csv_rows.h"

#include <fmt/format.h>

#include <utility>

#include "adapters/sdk/csv_reader.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

class CsvRows final : public RowReader {
 public:
  CsvRows(sdk::CsvReader reader, bool final_newline_required)
      : reader_(std::move(reader)), final_newline_required_(final_newline_required) {}

  absl::Status ReadHeader() {
    switch (reader_.Next()) {
      case sdk::CsvOutcome::kReadFailed: return reader_.read_error();
      case sdk::CsvOutcome::kEnd:
        return absl::InvalidArgumentError("the file is empty; its first row must name the columns");
      case sdk::CsvOutcome::kMalformed:
        return absl::InvalidArgumentError(
            fmt::format("the row of column names cannot be read: {}", reader_.problem().detail));
      case sdk::CsvOutcome::kRecord: break;
    }
    for (const std::string_view name : reader_.record().fields) {
      columns_.emplace_back(sdk::TrimBlanks(name));
    }
    return absl::OkStatus();
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  bool has_header() const override { return true; }

  RowOutcome Next() override {
    switch (reader_.Next()) {
      case sdk::CsvOutcome::kReadFailed: return RowOutcome::kReadFailed;
      case sdk::CsvOutcome::kEnd: return RowOutcome::kEnd;
      case sdk::CsvOutcome::kMalformed:
        is_readable_ = false;
        problem_ = {.reason = reader_.problem().reason, .detail = reader_.problem().detail};
        return RowOutcome::kBadRow;
      case sdk::CsvOutcome::kRecord:
        is_readable_ = true;
        return CheckShape() ? RowOutcome::kRow : RowOutcome::kBadRow;
    }
    __builtin_unreachable();
  }

  const std::vector<std::string_view>& row() const override { return reader_.record().fields; }
  const RowProblem& problem() const override { return problem_; }
  absl::Status read_error() const override { return reader_.read_error(); }
  int64_t row_line() const override {
    return is_readable_ ? reader_.record().line : reader_.problem().line;
  }

  const std::vector<std::string>& raw_columns() const override { return columns_; }

  std::vector<std::string> raw_row() const override {
    if (!is_readable_) return {reader_.problem().raw};
    return {row().begin(), row().end()};
  }

  uint64_t offset() const override { return reader_.offset(); }
  int64_t line() const override { return reader_.line(); }
  uint64_t file_size() const override { return reader_.file_size(); }
  void Seek(uint64_t offset, int64_t line) override { reader_.Seek(offset, line); }

 private:
  bool CheckShape() {
    const size_t fields = row().size();
    const bool is_cut_off = !reader_.record().has_line_break;
    if (fields > columns_.size()) {
      problem_ = {.reason = "FIELDS_EXTRA",
                  .detail = fmt::format("{} fields, but {} columns", fields, columns_.size())};
      return false;
    }
    if (fields < columns_.size()) {
      problem_ = {.reason = "FIELDS_MISSING",
                  .detail = fmt::format("{} fields, but {} columns{}", fields, columns_.size(),
                                        is_cut_off ? "; the file ends here without a line break, "
                                                     "so it seems to be cut off"
                                                   : "")};
      return false;
    }
    if (is_cut_off && final_newline_required_) {
      problem_ = {.reason = "LINE_CUT_OFF",
                  .detail = "the file ends without a line break, so the row may be cut off"};
      return false;
    }
    return true;
  }

  sdk::CsvReader reader_;
  const bool final_newline_required_;
  std::vector<std::string> columns_;
  bool is_readable_ = true;
  RowProblem problem_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenCsvRows(const std::filesystem::path& path,
                                                       const AdapterConfig& config) {
  absl::StatusOr<sdk::CsvReader> reader =
      sdk::CsvReader::Open(path, {.delimiter = config.csv_delimiter});
  if (!reader.ok()) return reader.status();
  auto rows = std::make_unique<CsvRows>(*std::move(reader), config.final_newline_required);
  if (absl::Status status = rows->ReadHeader(); !status.ok()) return status;
  return rows;
}

}  // namespace stockd::files
