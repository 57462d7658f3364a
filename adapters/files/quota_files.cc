#include "adapters/files/quota_files.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "adapters/files/column_binding.h"
#include "adapters/files/record_batch.h"
#include "adapters/files/rejected_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/files/row_values.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/csv_writer.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/file_io.h"
#include "adapters/sdk/retry.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::files {
namespace {

constexpr int64_t kMinutesMax = 31 * 24 * 60;

class QuotaFile {
 public:
  QuotaFile(const FileContext& context, const std::string& name)
      : context_(context), rejected_(context.queue.RejectedPath(name), name) {
    report_.file = name;
    report_.kind = NameOf(FileKind::kQuotas);
  }

  absl::StatusOr<FileReport> Send() {
    const auto started_at = sdk::SteadyNow();
    absl::Status status = Open();
    if (status.ok()) status = SendRows();
    if (status.ok()) status = rejected_.Sync();
    if (!status.ok()) return status;
    report_.duration = sdk::MillisecondsSince(started_at);
    return std::move(report_);
  }

 private:
  absl::Status Open() {
    const TableMapping& mapping = context_.config.tables.at(FileKind::kQuotas);
    absl::StatusOr<std::unique_ptr<RowReader>> reader = OpenRows(
        context_.queue.WorkPath(report_.file), context_.config, FileKind::kQuotas, mapping);
    if (!reader.ok()) return reader.status();
    reader_ = *std::move(reader);
    ColumnBinding binding(*reader_, mapping);
    quota_id_ = binding.Required("quota_id");
    action_ = binding.Optional("action");
    holder_ = binding.Optional("holder");
    sku_ = binding.Required("sku");
    location_ = binding.Required("location");
    quantity_ = binding.Required("quantity");
    minutes_ = binding.Required("ttl_minutes");
    sold_ = binding.Optional("sold");
    partial_ = binding.Optional("allow_partial");
    skip_rules_ = binding.SkipRules();
    if (absl::Status status = binding.Finish(); !status.ok()) return status;
    if (context_.config.quantity.scale_from_items) {
      absl::Status status =
          context_.scales.Refresh(context_.catalogue, context_.config.retry, context_.stop);
      if (!status.ok()) return status;
    }
    return rejected_.Resume(0);
  }

  absl::Status SendRows() {
    for (;;) {
      const RowOutcome outcome = reader_->Next();
      if (outcome == RowOutcome::kEnd) return absl::OkStatus();
      if (outcome == RowOutcome::kReadFailed) return reader_->read_error();
      ++report_.rows_read;
      const absl::StatusOr<RowVerdict> verdict =
          outcome == RowOutcome::kRow ? SendRow() : RowVerdict::Rejected(reader_->problem());
      if (!verdict.ok()) return verdict.status();
      if (verdict->fate == RowVerdict::Fate::kSkipped) ++report_.rows_skipped[verdict->reason];
      if (verdict->fate != RowVerdict::Fate::kRejected) continue;
      ++report_.rows_rejected[verdict->reason];
      if (absl::Status status = rejected_.Add(*reader_, *verdict); !status.ok()) return status;
    }
  }

  absl::StatusOr<RowVerdict> SendRow() {
    if (std::string rule = MatchingRule(skip_rules_, reader_->row()); !rule.empty()) {
      return RowVerdict::Skipped(std::move(rule));
    }
    const std::string_view action = action_.Value(reader_->row());
    if (action.empty() || action == "grant") return Grant();
    if (action == "settle") return Settle();
    return RowVerdict::Rejected("ACTION_UNKNOWN",
                                fmt::format("\"{}\" is neither grant nor settle", action));
  }

  absl::StatusOr<RowVerdict> Grant() {
    const auto& row = reader_->row();
    RowValues values;
    v1::GrantQuotaRequest request;
    request.set_quota_id(values.Id("quota_id", quota_id_.Value(row)));
    const std::string holder = values.OptionalId("holder", holder_.Value(row));
    request.set_holder(holder.empty() ? context_.config.source
                                      : context_.config.source + "/" + holder);
    request.mutable_position()->set_sku(values.Id("sku", sku_.Value(row)));
    request.mutable_position()->set_location(values.Id("location", location_.Value(row)));
    request.set_quantity(values.Quantity(quantity_.Value(row),
                                         context_.scales.ScaleOf(request.position().sku()),
                                         context_.config.quantity.decimal_separator));
    request.mutable_ttl()->set_seconds(
        60 * values.Number("ttl_minutes", minutes_.Value(row), 1, kMinutesMax, 0));
    request.set_allow_partial(values.Flag("allow_partial", partial_.Value(row), false));
    if (request.quantity() <= 0) {
      values.Refuse("QUANTITY_INVALID", "a quota is for one unit or more");
    }
    if (minutes_.Value(row).empty()) values.Refuse("VALUE_MISSING", "ttl_minutes is empty");
    if (values.problem()) return RowVerdict::Rejected(*values.problem());
    v1::GrantQuotaResponse response;
    return Ask("GrantQuota", [&] { return context_.quotas.Grant(request, &response); });
  }

  absl::StatusOr<RowVerdict> Settle() {
    const auto& row = reader_->row();
    RowValues values;
    v1::SettleQuotaRequest request;
    request.set_quota_id(values.Id("quota_id", quota_id_.Value(row)));
    request.set_sold(values.Quantity(sold_.Value(row).empty() ? "0" : sold_.Value(row),
                                     context_.scales.ScaleOf(std::string(sku_.Value(row))),
                                     context_.config.quantity.decimal_separator));
    if (request.sold() < 0) values.Refuse("QUANTITY_INVALID", "sold is negative");
    if (values.problem()) return RowVerdict::Rejected(*values.problem());
    v1::SettleQuotaResponse response;
    return Ask("SettleQuota", [&] { return context_.quotas.Settle(request, &response); });
  }

  // Until the daemon answers; what it refuses is the row's fault.
  absl::StatusOr<RowVerdict> Ask(std::string_view what,
                                 const std::function<absl::Status()>& attempt) {
    const absl::Status status = sdk::Retry(what, context_.config.retry, context_.stop, attempt);
    if (status.ok()) {
      ++report_.records_sent;
      return RowVerdict::Taken();
    }
    if (!IsRefusalOfContent(status)) return status;
    const std::string reason = sdk::ReasonOf(status);
    return RowVerdict::Rejected(reason.empty() ? "REFUSED" : reason, std::string(status.message()));
  }

  const FileContext& context_;
  RejectedRows rejected_;
  FileReport report_;
  std::unique_ptr<RowReader> reader_;
  FieldSource quota_id_, action_, holder_, sku_, location_, quantity_, minutes_, sold_, partial_;
  std::vector<SkipRule> skip_rules_;
};

std::string_view NameOf(v1::QuotaState state) {
  return state == v1::QUOTA_STATE_OVERDUE ? "overdue" : "open";
}

}  // namespace

absl::StatusOr<FileReport> SendQuotaFile(const FileContext& context, const std::string& name) {
  return QuotaFile(context, name).Send();
}

absl::Status WriteQuotaFile(const FileContext& context) {
  std::string text;
  sdk::AppendCsvRow(text, {"quota_id", "holder", "sku", "location", "quantity", "sold", "remaining",
                           "ends_at", "state"});
  const std::string& source = context.config.source;
  v1::ListQuotasRequest request;
  request.set_page_size(1000);
  do {
    v1::ListQuotasResponse page;
    absl::Status status = sdk::Retry("ListQuotas", context.config.retry, context.stop, [&] {
      page.Clear();
      return context.quotas.List(request, &page);
    });
    if (!status.ok()) return status;
    for (const v1::Quota& quota : page.quotas()) {
      if (quota.holder() != source && !quota.holder().starts_with(source + "/")) continue;
      sdk::AppendCsvRow(
          text, {quota.quota_id(), quota.holder(), quota.position().sku(),
                 quota.position().location(), std::to_string(quota.quantity()),
                 std::to_string(quota.sold()), std::to_string(quota.remaining()),
                 sdk::FormatTimestamp(sdk::FromProto(quota.end_time())), NameOf(quota.state())});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return sdk::WriteFileAtomically(context.config.quota_file, text);
}

}  // namespace stockd::files
