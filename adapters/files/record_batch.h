// Catalogue records on their way: collected, put many at once, and one by one where the daemon
// refuses.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/files/file_context.h"
#include "adapters/files/file_report.h"
#include "adapters/files/rejected_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/retry.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::files {

// A row as it is needed in case the daemon refuses its record.
struct SourceRow {
  std::vector<std::string> raw;
  int64_t line = 0;
};

// Whether the daemon refuses what is in the call rather than the caller, so that other records may
// pass.
[[nodiscard]] bool IsRefusalOfContent(const absl::Status& status);

// `Traits` names the messages and how they are filled, see catalogue_records.h.
template <typename Traits>
class RecordBatch {
 public:
  using Record = typename Traits::Record;

  RecordBatch(const FileContext& context, const RowReader& reader, RejectedRows& rejected,
              FileReport& report)
      : context_(context), reader_(reader), rejected_(rejected), report_(report) {}

  // Takes a record that came from `row`. A record of the same key (a later row of a group, or the
  // same item once more) is merged by Traits::Merge.
  void Add(Record record, SourceRow row) {
    const auto [found, is_new] = index_.try_emplace(Traits::Key(record), pending_.size());
    if (is_new) {
      pending_.push_back({.record = std::move(record), .rows = {std::move(row)}});
    } else {
      Traits::Merge(pending_[found->second].record, std::move(record));
      pending_[found->second].rows.push_back(std::move(row));
    }
  }

  size_t size() const { return pending_.size(); }

  // Puts everything that was taken.
  [[nodiscard]] absl::Status Flush() {
    const std::vector<Pending> pending = std::exchange(pending_, {});
    index_.clear();
    for (size_t begin = 0; begin < pending.size(); begin += Traits::kBatchMax) {
      const size_t count = std::min(Traits::kBatchMax, pending.size() - begin);
      absl::Status status = Put(std::span(pending).subspan(begin, count));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  struct Pending {
    Record record;
    std::vector<SourceRow> rows;
  };

  // A batch is taken whole or not at all, so the record at fault is found by halving.
  absl::Status Put(std::span<const Pending> records) {
    typename Traits::Request request;
    for (const Pending& pending : records) Traits::Add(request, pending.record);
    typename Traits::Response response;
    absl::Status status = sdk::Retry(Traits::kName, context_.config.retry, context_.stop, [&] {
      response.Clear();
      return context_.catalogue.Put(request, &response);
    });
    if (status.ok()) {
      const auto sent = static_cast<int64_t>(records.size());
      Traits::Count(response, sent, report_);
      report_.records_sent += sent;
      return absl::OkStatus();
    }
    if (!IsRefusalOfContent(status)) return status;
    if (records.size() == 1) return Reject(records.front(), status);
    const size_t half = records.size() / 2;
    if (absl::Status first = Put(records.first(half)); !first.ok()) return first;
    return Put(records.subspan(half));
  }

  absl::Status Reject(const Pending& pending, const absl::Status& refusal) {
    const std::string reason = sdk::ReasonOf(refusal);
    const RowVerdict verdict =
        RowVerdict::Rejected(reason.empty() ? "REFUSED" : reason, std::string(refusal.message()));
    for (const SourceRow& row : pending.rows) {
      ++report_.rows_rejected[verdict.reason];
      absl::Status status = rejected_.Add(reader_, row.raw, row.line, verdict);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const FileContext& context_;
  const RowReader& reader_;
  RejectedRows& rejected_;
  FileReport& report_;
  std::vector<Pending> pending_;
  absl::flat_hash_map<std::string, size_t> index_;
};

}  // namespace stockd::files
