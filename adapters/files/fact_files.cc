#include "adapters/files/fact_files.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "adapters/files/fact_mapping.h"
#include "adapters/files/rejected_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/file_worker.h"
#include "adapters/sdk/log.h"

namespace stockd::files {
namespace {

// The progress is stored when so many rows were settled since it was, so that the cost of storing
// it is shared by many rows, or after so long, so that little is repeated of a file that goes
// slowly.
constexpr int64_t kRowsBetweenStores = kRowsRepeatedMax / 4;
constexpr std::chrono::milliseconds kStoreInterval{200};
// Rows between two looks at the acknowledgements.
constexpr int64_t kRowsBetweenLooks = 256;
constexpr std::chrono::milliseconds kLookInterval{100};

// A row that was read, until it and all rows before it are settled.
struct PendingRow {
  uint64_t sequence = 0;  // Of its fact; 0: none was sent.
  uint64_t end_offset = 0;
  int64_t end_line = 0;
  int64_t line = 0;
  uint64_t rejected_bytes = 0;
  RowVerdict::Fate fate = RowVerdict::Fate::kTaken;
  std::string reason;
};

class FactFile {
 public:
  FactFile(const FileContext& context, FileKind kind, const std::string& name)
      : context_(context),
        kind_(kind),
        name_(name),
        rejected_(context.queue.RejectedPath(name), name) {}

  absl::StatusOr<FileProgress> Send() {
    absl::Status status = Open();
    if (status.ok() && !progress_.finished_name.empty()) return progress_;
    if (status.ok()) status = sdk::ForgetEarlierFiles(context_.session, context_.stop);
    if (status.ok()) status = SendRows();
    if (status.ok()) status = WaitForRest();
    if (status.ok()) status = rejected_.Sync();
    if (!status.ok()) return status;
    progress_.finished_name = context_.queue.FinalName(name_);
    status = StoreProgress();
    if (!status.ok()) return status;
    return std::move(progress_);
  }

 private:
  absl::Status Open() {
    absl::Status status = LoadProgress();
    if (!status.ok() || !progress_.finished_name.empty()) return status;
    const TableMapping& mapping = context_.config.tables.at(kind_);
    absl::StatusOr<std::unique_ptr<RowReader>> reader =
        OpenRows(context_.queue.WorkPath(name_), context_.config, kind_, mapping);
    if (!reader.ok()) return reader.status();
    reader_ = *std::move(reader);
    absl::StatusOr<FactMapping> bound =
        FactMapping::Bind(context_.config, kind_, name_, *reader_, &context_.scales);
    if (!bound.ok()) return bound.status();
    mapping_.emplace(*std::move(bound));
    duration_before_ = progress_.report.duration;
    if (context_.config.quantity.scale_from_items) {
      status = context_.scales.Refresh(context_.catalogue, context_.config.retry, context_.stop);
      if (!status.ok()) return status;
    }
    return GoToProgress();
  }

  absl::Status LoadProgress() {
    const auto stored = context_.state.Get(sdk::ProgressKey(name_));
    if (!stored.ok()) return stored.status();
    if (stored->has_value()) {
      absl::StatusOr<FileProgress> progress = FileProgressFromJson(**stored);
      if (progress.ok()) progress_ = *std::move(progress);
    }
    std::error_code error;
    const auto rejected_size =
        std::filesystem::file_size(context_.queue.RejectedPath(name_), error);
    const bool has_lost_rows =
        !error ? rejected_size < progress_.rejected_bytes : progress_.rejected_bytes > 0;
    // The machine crashed before they reached the disk: once more from the beginning, which only
    // makes duplicates.
    if (progress_.finished_name.empty() && has_lost_rows) progress_ = {};
    progress_.report.file = name_;
    progress_.report.kind = NameOf(kind_);
    return absl::OkStatus();
  }

  absl::Status GoToProgress() {
    // Somebody else has cut the file: from the beginning, as if it were a new one.
    if (progress_.offset > reader_->file_size()) {
      FileProgress fresh;
      fresh.report.file = std::move(progress_.report.file);
      fresh.report.kind = std::move(progress_.report.kind);
      progress_ = std::move(fresh);
    }
    if (absl::Status status = rejected_.Resume(progress_.rejected_bytes); !status.ok()) {
      return status;
    }
    rows_stored_ = rows_settled();
    if (progress_.offset == 0) return absl::OkStatus();
    spdlog::info("file goes on file={} line={} rows={}", sdk::LogValue(name_), progress_.line,
                 progress_.report.rows_read);
    while (mapping_->counts_rows() && reader_->offset() < progress_.offset) {
      const RowOutcome outcome = reader_->Next();
      if (outcome == RowOutcome::kReadFailed) return reader_->read_error();
      if (outcome == RowOutcome::kEnd) break;
      if (outcome == RowOutcome::kRow) mapping_->CountRow(reader_->row());
    }
    reader_->Seek(progress_.offset, progress_.line);
    return absl::OkStatus();
  }

  absl::Status SendRows() {
    ProgressLog progress_log(name_, reader_->file_size());
    for (int64_t rows = 1;; ++rows) {
      v1::Fact fact;
      const RowOutcome outcome = reader_->Next();
      if (outcome == RowOutcome::kEnd) return absl::OkStatus();
      if (outcome == RowOutcome::kReadFailed) return reader_->read_error();
      if (absl::Status status = WaitForRoom(); !status.ok()) return status;
      const RowVerdict verdict = outcome == RowOutcome::kRow
                                     ? mapping_->Map(reader_->row(), &fact)
                                     : RowVerdict::Rejected(reader_->problem());
      if (absl::Status status = TakeRow(verdict, std::move(fact)); !status.ok()) return status;
      if (rows % kRowsBetweenLooks != 0) continue;
      if (absl::Status status = Settle(); !status.ok()) return status;
      progress_log.Note(progress_.report.rows_read, progress_.offset);
    }
  }

  absl::Status TakeRow(const RowVerdict& verdict, v1::Fact fact) {
    PendingRow row{.line = reader_->row_line(), .fate = verdict.fate, .reason = verdict.reason};
    if (verdict.fate == RowVerdict::Fate::kTaken) {
      const absl::StatusOr<uint64_t> sequence =
          context_.session.SendFact(std::move(fact), context_.stop);
      if (!sequence.ok()) return sequence.status();
      row.sequence = *sequence;
      last_sequence_ = *sequence;
    } else if (verdict.fate == RowVerdict::Fate::kRejected) {
      if (absl::Status status = rejected_.Add(*reader_, verdict); !status.ok()) return status;
    }
    row.end_offset = reader_->offset();
    row.end_line = reader_->line();
    row.rejected_bytes = rejected_.bytes_written();
    pending_.push_back(std::move(row));
    return absl::OkStatus();
  }

  // Waits until one more row may be on its way without a crash repeating too many.
  absl::Status WaitForRoom() {
    while (rows_settled() - rows_stored_ + std::ssize(pending_) >= kRowsRepeatedMax) {
      if (absl::Status status = Settle(); !status.ok()) return status;
      if (rows_settled() > rows_stored_) {
        if (absl::Status status = StoreProgress(); !status.ok()) return status;
        continue;
      }
      // What is left at the front is a row whose fact is not acknowledged.
      const auto is_done = context_.session.WaitForAcknowledgement(pending_.front().sequence,
                                                                   kLookInterval, context_.stop);
      if (!is_done.ok()) return is_done.status();
    }
    return absl::OkStatus();
  }

  absl::Status WaitForRest() {
    for (;;) {
      const auto is_done =
          context_.session.WaitForAcknowledgement(last_sequence_, kLookInterval, context_.stop);
      if (!is_done.ok()) return is_done.status();
      if (absl::Status status = Settle(); !status.ok()) return status;
      if (*is_done) return absl::OkStatus();
    }
  }

  // Counts the rows at the front whose facts are acknowledged, and moves the progress behind them.
  absl::Status Settle() {
    const sdk::Acknowledged acknowledged = context_.session.TakeAcknowledged();
    FileReport& report = progress_.report;
    report.applied += acknowledged.applied;
    report.duplicates += acknowledged.duplicates;
    auto set_aside = acknowledged.set_aside.begin();
    while (!pending_.empty() && pending_.front().sequence <= acknowledged.up_to) {
      const PendingRow& row = pending_.front();
      for (; set_aside != acknowledged.set_aside.end() && set_aside->sequence == row.sequence;
           ++set_aside) {
        CountQuarantined(row, *set_aside);
      }
      CountRow(row);
      pending_.pop_front();
    }
    const sdk::SteadyTime now = sdk::SteadyNow();
    report.duration =
        duration_before_ + std::chrono::duration_cast<std::chrono::milliseconds>(now - started_at_);
    const int64_t rows_since = rows_settled() - rows_stored_;
    const bool is_due =
        rows_since >= kRowsBetweenStores || (rows_since > 0 && now - stored_at_ >= kStoreInterval);
    return is_due ? StoreProgress() : absl::OkStatus();
  }

  void CountRow(const PendingRow& row) {
    FileReport& report = progress_.report;
    ++report.rows_read;
    switch (row.fate) {
      case RowVerdict::Fate::kTaken: ++report.facts_sent; break;
      case RowVerdict::Fate::kSkipped: ++report.rows_skipped[row.reason]; break;
      case RowVerdict::Fate::kRejected: ++report.rows_rejected[row.reason]; break;
    }
    progress_.offset = row.end_offset;
    progress_.line = row.end_line;
    progress_.rejected_bytes = row.rejected_bytes;
  }

  void CountQuarantined(const PendingRow& row, const sdk::SetAsideFact& fact) {
    FileReport& report = progress_.report;
    ++report.quarantined[fact.reason];
    if (report.quarantined_facts.size() >= kQuarantinedListedMax) return;
    report.quarantined_facts.push_back({.line = row.line,
                                        .event_id = fact.event_id,
                                        .reason = fact.reason,
                                        .quarantine_id = fact.quarantine_id});
  }

  absl::Status StoreProgress() {
    rows_stored_ = rows_settled();
    stored_at_ = sdk::SteadyNow();
    return context_.state.Put(sdk::ProgressKey(name_), ToJson(progress_));
  }

  // Rows whose facts are acknowledged, of this run and the ones before.
  int64_t rows_settled() const { return progress_.report.rows_read; }

  const FileContext& context_;
  const FileKind kind_;
  const std::string& name_;
  RejectedRows rejected_;
  std::unique_ptr<RowReader> reader_;
  std::optional<FactMapping> mapping_;
  FileProgress progress_;
  std::deque<PendingRow> pending_;
  uint64_t last_sequence_ = 0;
  int64_t rows_stored_ = 0;  // As rows_settled() was when the progress was stored.
  sdk::SteadyTime stored_at_;
  const sdk::SteadyTime started_at_ = sdk::SteadyNow();
  std::chrono::milliseconds duration_before_{0};
};

}  // namespace

absl::StatusOr<FileProgress> SendFactFile(const FileContext& context, FileKind kind,
                                          const std::string& name) {
  return FactFile(context, kind, name).Send();
}

}  // namespace stockd::files
