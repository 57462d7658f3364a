#include "adapters/poslog/transaction_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "adapters/poslog/rejected_transactions.h"
#include "adapters/poslog/transaction_mapping.h"
#include "adapters/poslog/transaction_reader.h"
#include "adapters/poslog/transaction_scanner.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/file_worker.h"
#include "adapters/sdk/log.h"

namespace stockd::poslog {
namespace {

// The progress is stored when so much was settled since it was, so that the cost of storing it is
// shared, or after so long, so that little is repeated of a file that goes slowly.
constexpr int64_t kFactsBetweenStores = kFactsRepeatedMax / 4;
constexpr std::chrono::milliseconds kStoreInterval{200};
// Transactions between two looks at the acknowledgements.
constexpr int64_t kTransactionsBetweenLooks = 64;
constexpr std::chrono::milliseconds kLookInterval{100};
constexpr std::chrono::seconds kProgressInterval{2};

// A transaction that was read, until it and all before it are settled.
struct PendingTransaction {
  uint64_t sequence = 0;  // Of its last fact or number; 0: nothing was sent.
  int64_t weight = 0;     // Facts and passed numbers, at least 1.
  uint64_t end_offset = 0;
  uint64_t rejected_bytes = 0;
  MappedTransaction what;  // Without its facts.
  int64_t facts = 0;
};

class TransactionFile {
 public:
  TransactionFile(const FileContext& context, const std::string& name)
      : context_(context), name_(name), rejected_(context.queue.RejectedPath(name), name) {}

  absl::StatusOr<FileProgress> Send() {
    absl::Status status = Open();
    if (status.ok() && !progress_.finished_name.empty()) return progress_;
    if (status.ok()) status = sdk::ForgetEarlierFiles(context_.session, context_.stop);
    if (status.ok()) status = SendTransactions();
    if (status.ok()) status = WaitForRest();
    if (status.ok()) status = rejected_.Finish();
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
    if (context_.config.scale_from_items) {
      status = context_.scales.Refresh(context_.catalogue, context_.config.retry, context_.stop);
      if (!status.ok()) return status;
    }
    absl::StatusOr<TransactionMapping> mapping = TransactionMapping::Make(
        context_.config,
        [&scales = context_.scales](std::string_view item) { return scales.ScaleOf(item); });
    if (!mapping.ok()) return mapping.status();
    mapping_.emplace(*std::move(mapping));
    duration_before_ = progress_.report.duration;
    status = OpenScanner();
    if (!status.ok()) return status;
    return GoToProgress();
  }

  absl::Status OpenScanner() {
    absl::StatusOr<sdk::FileWindow> window = sdk::FileWindow::Open(context_.queue.WorkPath(name_));
    if (!window.ok()) return window.status();
    file_size_ = window->file_size();
    scanner_.emplace(std::make_unique<FileBytes>(*std::move(window)),
                     ScanLimits{.transaction_bytes_max = context_.config.transaction_bytes_max});
    return absl::OkStatus();
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
    const bool has_lost_some =
        !error ? rejected_size < progress_.rejected_bytes : progress_.rejected_bytes > 0;
    // The machine crashed before they reached the disk: once more from the beginning, which only
    // makes duplicates.
    if (progress_.finished_name.empty() && has_lost_some) progress_ = {};
    progress_.report.file = name_;
    return absl::OkStatus();
  }

  // What a transaction means depends on what stands around it, so that the file is read from its
  // beginning; nothing of it is looked at closely.
  absl::Status GoToProgress() {
    while (scanner_->end_offset() < progress_.offset) {
      if (context_.stop.stop_requested()) return absl::CancelledError("a stop was requested");
      const ScanOutcome outcome = scanner_->Next();
      if (outcome == ScanOutcome::kReadFailed) return scanner_->read_error();
      if (outcome == ScanOutcome::kRefused || outcome == ScanOutcome::kEnd) break;
    }
    if (scanner_->end_offset() != progress_.offset) {
      // Somebody else has changed the file: from the beginning, as if it were a new one.
      progress_ = {};
      progress_.report.file = name_;
      if (absl::Status status = OpenScanner(); !status.ok()) return status;
    }
    if (progress_.offset > 0) {
      spdlog::info("file goes on file={} offset={} transactions={}", sdk::LogValue(name_),
                   progress_.offset, progress_.report.transactions_read);
    }
    return rejected_.Resume(progress_.rejected_bytes);
  }

  absl::Status SendTransactions() {
    for (int64_t count = 1;; ++count) {
      const ScanOutcome outcome = scanner_->Next();
      absl::Status status;
      switch (outcome) {
        case ScanOutcome::kEnd: return absl::OkStatus();
        case ScanOutcome::kReadFailed: return scanner_->read_error();
        case ScanOutcome::kRefused: return absl::InvalidArgumentError(scanner_->problem().detail);
        case ScanOutcome::kBad:
          status = Take(Rejection(scanner_->problem().reason, scanner_->problem().detail));
          break;
        case ScanOutcome::kTransaction: status = Take(Map()); break;
      }
      if (!status.ok()) return status;
      if (count % kTransactionsBetweenLooks != 0) continue;
      if (status = Settle(); !status.ok()) return status;
      LogProgress();
    }
  }

  static MappedTransaction Rejection(std::string_view reason, std::string detail) {
    return {.fate = MappedTransaction::Fate::kRejected,
            .reason = std::string(reason),
            .detail = std::move(detail)};
  }

  MappedTransaction Map() const {
    const absl::StatusOr<Transaction> transaction =
        ReadTransaction(scanner_->text(), scanner_->scope());
    if (!transaction.ok()) {
      return Rejection("MARKUP_INVALID", std::string(transaction.status().message()));
    }
    return mapping_->Map(*transaction, scanner_->is_utf8());
  }

  absl::Status Take(MappedTransaction mapped) {
    if (absl::Status status = WaitForRoom(); !status.ok()) return status;
    PendingTransaction pending;
    pending.facts = static_cast<int64_t>(mapped.facts.size());
    for (v1::Fact& fact : mapped.facts) {
      const auto sequence = context_.session.SendFact(std::move(fact), context_.stop);
      if (absl::Status status = NoteSent(sequence, pending); !status.ok()) return status;
    }
    mapped.facts.clear();
    if (mapped.fate == MappedTransaction::Fate::kSkipped && mapped.device_sequence != 0) {
      const auto sequence =
          context_.session.SendPassedNumber(mapped.device, mapped.device_sequence, context_.stop);
      if (absl::Status status = NoteSent(sequence, pending); !status.ok()) return status;
    }
    if (mapped.fate == MappedTransaction::Fate::kRejected) {
      absl::Status status = rejected_.Add({.text = scanner_->text(),
                                           .offset = scanner_->begin_offset(),
                                           .key = mapped.key,
                                           .reason = mapped.reason,
                                           .detail = mapped.detail},
                                          scanner_->scope());
      if (!status.ok()) return status;
    }
    if (pending.weight == 0) {
      pending.weight = 1;
      ++unstored_;
    }
    pending.end_offset = scanner_->end_offset();
    pending.rejected_bytes = rejected_.bytes_written();
    pending.what = std::move(mapped);
    pending_.push_back(std::move(pending));
    return absl::OkStatus();
  }

  absl::Status NoteSent(const absl::StatusOr<uint64_t>& sequence, PendingTransaction& pending) {
    if (!sequence.ok()) return sequence.status();
    pending.sequence = *sequence;
    last_sequence_ = *sequence;
    ++pending.weight;
    ++unstored_;
    return absl::OkStatus();
  }

  // Waits until one more fact may be on its way without a crash repeating too many.
  absl::Status WaitForRoom() {
    while (unstored_ >= kFactsRepeatedMax && !pending_.empty()) {
      if (absl::Status status = Settle(); !status.ok()) return status;
      if (settled_since_store_ > 0) {
        if (absl::Status status = StoreProgress(); !status.ok()) return status;
        continue;
      }
      if (pending_.empty()) break;
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

  // Counts the transactions at the front whose facts are acknowledged, and moves the progress
  // behind them.
  absl::Status Settle() {
    const sdk::Acknowledged acknowledged = context_.session.TakeAcknowledged();
    applied_ += acknowledged.applied;
    duplicates_ += acknowledged.duplicates;
    set_aside_.insert(set_aside_.end(), acknowledged.set_aside.begin(),
                      acknowledged.set_aside.end());
    while (!pending_.empty() && pending_.front().sequence <= acknowledged.up_to) {
      Count(pending_.front());
      settled_since_store_ += pending_.front().weight;
      pending_.pop_front();
    }
    CountFacts(acknowledged.up_to);
    const sdk::SteadyTime now = sdk::SteadyNow();
    progress_.report.duration =
        duration_before_ + std::chrono::duration_cast<std::chrono::milliseconds>(now - started_at_);
    const bool is_due = settled_since_store_ >= kFactsBetweenStores ||
                        (settled_since_store_ > 0 && now - stored_at_ >= kStoreInterval);
    return is_due ? StoreProgress() : absl::OkStatus();
  }

  void Count(const PendingTransaction& pending) {
    const MappedTransaction& what = pending.what;
    FileReport& report = progress_.report;
    ++report.transactions_read;
    switch (what.fate) {
      case MappedTransaction::Fate::kTaken: ++report.transactions_sent; break;
      case MappedTransaction::Fate::kSkipped: ++report.transactions_skipped[what.reason]; break;
      case MappedTransaction::Fate::kRejected: ++report.transactions_rejected[what.reason]; break;
    }
    report.facts_sent += pending.facts;
    if (what.fate != MappedTransaction::Fate::kRejected) {
      report.lines_voided += what.lines_voided;
      report.times_repeated += what.is_time_repeated ? 1 : 0;
      for (const auto& [kind, count] : what.lines_skipped) CountLines(kind, count);
    }
    progress_.offset = pending.end_offset;
    progress_.rejected_bytes = pending.rejected_bytes;
  }

  // Counts what became of the facts of settled transactions. Those of one that is acknowledged in
  // part come again after a crash, so that they are counted once it is settled.
  void CountFacts(uint64_t up_to) {
    int64_t held = 0;
    uint64_t settled = up_to;
    if (!pending_.empty() && pending_.front().facts > 0) {
      settled = pending_.front().sequence - static_cast<uint64_t>(pending_.front().facts);
      held = up_to > settled ? static_cast<int64_t>(up_to - settled) : 0;
    }
    FileReport& report = progress_.report;
    while (!set_aside_.empty() && set_aside_.front().sequence <= settled) {
      CountQuarantined(set_aside_.front());
      set_aside_.pop_front();
    }
    held -= std::ssize(set_aside_);
    const int64_t applied_held = std::min(held, applied_);
    report.applied += applied_ - applied_held;
    applied_ = applied_held;
    const int64_t duplicates_held = held - applied_held;
    report.duplicates += duplicates_ - duplicates_held;
    duplicates_ = duplicates_held;
  }

  // A file full of made-up kinds takes no more memory than others.
  void CountLines(const std::string& kind, int64_t count) {
    auto& skipped = progress_.report.lines_skipped;
    const bool is_one_too_many = skipped.size() >= kKindsMax && !skipped.contains(kind);
    skipped[is_one_too_many ? "other" : kind] += count;
  }

  void CountQuarantined(const sdk::SetAsideFact& fact) {
    FileReport& report = progress_.report;
    ++report.quarantined[fact.reason];
    if (report.quarantined_facts.size() >= kQuarantinedListedMax) return;
    report.quarantined_facts.push_back(
        {.event_id = fact.event_id, .reason = fact.reason, .quarantine_id = fact.quarantine_id});
  }

  absl::Status StoreProgress() {
    unstored_ -= std::exchange(settled_since_store_, 0);
    stored_at_ = sdk::SteadyNow();
    return context_.state.Put(sdk::ProgressKey(name_), ToJson(progress_));
  }

  void LogProgress() {
    const sdk::SteadyTime now = sdk::SteadyNow();
    if (now - logged_at_ < kProgressInterval) return;
    logged_at_ = now;
    const double percent = file_size_ == 0 ? 100
                                           : 100 * static_cast<double>(progress_.offset) /
                                                 static_cast<double>(file_size_);
    spdlog::info("file in work file={} transactions={} facts={} percent={:.1f}",
                 sdk::LogValue(name_), progress_.report.transactions_read,
                 progress_.report.facts_sent, percent);
  }

  const FileContext& context_;
  const std::string& name_;
  RejectedTransactions rejected_;
  std::optional<TransactionScanner> scanner_;
  std::optional<TransactionMapping> mapping_;
  uint64_t file_size_ = 0;
  FileProgress progress_;
  std::deque<PendingTransaction> pending_;
  uint64_t last_sequence_ = 0;
  // Acknowledged and not counted yet.
  int64_t applied_ = 0;
  int64_t duplicates_ = 0;
  std::deque<sdk::SetAsideFact> set_aside_;
  // Weight of what lies behind the stored progress; how much of it is settled.
  int64_t unstored_ = 0;
  int64_t settled_since_store_ = 0;
  sdk::SteadyTime stored_at_;
  sdk::SteadyTime logged_at_ = sdk::SteadyNow();
  const sdk::SteadyTime started_at_ = sdk::SteadyNow();
  std::chrono::milliseconds duration_before_{0};
};

}  // namespace

absl::StatusOr<FileProgress> SendTransactionFile(const FileContext& context,
                                                 const std::string& name) {
  return TransactionFile(context, name).Send();
}

}  // namespace stockd::poslog
