#include "adapters/files/catalogue_files.h"

#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>

#include "adapters/files/catalogue_records.h"
#include "adapters/files/record_batch.h"
#include "adapters/files/rejected_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/sdk/clock.h"

namespace stockd::files {
namespace {

// Groups are put at the end only: until then more members may come.
constexpr size_t kRecordsHeldMax = 1000;

template <typename Table>
constexpr bool kIsSpreadOverRows = std::is_same_v<Table, GroupTable>;

absl::Status ReadRowsInto(RowReader& reader, RejectedRows& rejected, FileReport& report,
                          const std::vector<SkipRule>& skip_rules, auto&& take) {
  ProgressLog progress(report.file, reader.file_size());
  for (;;) {
    const RowOutcome outcome = reader.Next();
    if (outcome == RowOutcome::kEnd) return absl::OkStatus();
    if (outcome == RowOutcome::kReadFailed) return reader.read_error();
    ++report.rows_read;
    progress.Note(report.rows_read, reader.offset());
    if (outcome == RowOutcome::kRow) {
      if (const std::string rule = MatchingRule(skip_rules, reader.row()); !rule.empty()) {
        ++report.rows_skipped[rule];
        continue;
      }
    }
    RowVerdict verdict = RowVerdict::Taken();
    if (outcome == RowOutcome::kBadRow) {
      verdict = RowVerdict::Rejected(reader.problem());
    } else {
      const absl::StatusOr<RowVerdict> taken = take();
      if (!taken.ok()) return taken.status();
      verdict = *taken;
    }
    if (verdict.fate != RowVerdict::Fate::kRejected) continue;
    ++report.rows_rejected[verdict.reason];
    if (absl::Status status = rejected.Add(reader, verdict); !status.ok()) return status;
  }
}

template <typename Table>
absl::StatusOr<FileReport> SendTable(const FileContext& context, RowReader& reader,
                                     const TableMapping& mapping, RejectedRows& rejected,
                                     FileReport report) {
  ColumnBinding binding(reader, mapping);
  const Table table(binding);
  const std::vector<SkipRule> skip_rules = binding.SkipRules();
  if (absl::Status status = binding.Finish(); !status.ok()) return status;
  const absl::StatusOr<sdk::TimestampReader> times =
      sdk::TimestampReader::Make(context.config.time_format, context.config.time_zone);
  if (!times.ok()) return times.status();
  const TableContext table_context{context.config, context.scales, *times};
  RecordBatch<Table> batch(context, reader, rejected, report);
  const absl::Status status =
      ReadRowsInto(reader, rejected, report, skip_rules, [&]() -> absl::StatusOr<RowVerdict> {
        RowValues values;
        auto record = table.Read(reader.row(), table_context, values);
        if (values.problem()) return RowVerdict::Rejected(*values.problem());
        batch.Add(std::move(record), {.raw = reader.raw_row(), .line = reader.row_line()});
        if (kIsSpreadOverRows<Table> || batch.size() < kRecordsHeldMax) return RowVerdict::Taken();
        if (absl::Status flushed = batch.Flush(); !flushed.ok()) return flushed;
        return RowVerdict::Taken();
      });
  if (!status.ok()) return status;
  if (absl::Status flushed = batch.Flush(); !flushed.ok()) return flushed;
  return report;
}

bool NeedsScales(FileKind kind) {
  return kind == FileKind::kSafetyStocks || kind == FileKind::kSupplies;
}

}  // namespace

absl::StatusOr<FileReport> SendCatalogueFile(const FileContext& context, FileKind kind,
                                             const std::string& name) {
  const auto started_at = sdk::SteadyNow();
  const TableMapping& mapping = context.config.tables.at(kind);
  absl::StatusOr<std::unique_ptr<RowReader>> reader =
      OpenRows(context.queue.WorkPath(name), context.config, kind, mapping);
  if (!reader.ok()) return reader.status();
  RejectedRows rejected(context.queue.RejectedPath(name), name);
  if (absl::Status status = rejected.Resume(0); !status.ok()) return status;
  if (context.config.quantity.scale_from_items && NeedsScales(kind)) {
    absl::Status status =
        context.scales.Refresh(context.catalogue, context.config.retry, context.stop);
    if (!status.ok()) return status;
  }
  const auto send = [&]() -> absl::StatusOr<FileReport> {
    FileReport report{.file = name, .kind = std::string(NameOf(kind))};
    switch (kind) {
      case FileKind::kItems:
        return SendTable<ItemTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kLocations:
        return SendTable<LocationTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kGroups:
        return SendTable<GroupTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kChannels:
        return SendTable<ChannelTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kSafetyStocks:
        return SendTable<SafetyStockTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kSupplies:
        return SendTable<SupplyTable>(context, **reader, mapping, rejected, std::move(report));
      case FileKind::kLevels:
      case FileKind::kCounts:
      case FileKind::kReceipts:
      case FileKind::kAdjustments:
      case FileKind::kFacts:
      case FileKind::kQuotas: break;
    }
    return absl::InternalError("not a catalogue file");
  };
  absl::StatusOr<FileReport> report = send();
  if (!report.ok()) return report.status();
  if (absl::Status status = rejected.Sync(); !status.ok()) return status;
  report->duration = sdk::MillisecondsSince(started_at);
  return report;
}

bool IsRefusalOfContent(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange: return true;
    default: return false;
  }
}

}  // namespace stockd::files
