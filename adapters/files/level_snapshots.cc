#include "adapters/files/level_snapshots.h"

#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <regex>
#include <utility>

#include <absl/numeric/int128.h>

#include "adapters/files/column_binding.h"
#include "adapters/files/rejected_rows.h"
#include "adapters/files/row_reader.h"
#include "adapters/files/row_values.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/content_hash.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

constexpr FileKind kKind = FileKind::kLevels;

// Reads the file's rows, over and over.
class LevelRows final : public sdk::SnapshotRows {
 public:
  LevelRows(const FileContext& context, std::unique_ptr<RowReader> reader,
            sdk::TimestampReader times)
      : context_(context),
        reader_(std::move(reader)),
        times_(std::move(times)),
        first_offset_(reader_->offset()),
        first_line_(reader_->line()) {}

  absl::Status Bind() {
    ColumnBinding binding(*reader_, context_.config.tables.at(kKind));
    sku_ = binding.Required("sku");
    location_ = binding.Required("location");
    quantity_ = binding.Required("quantity");
    as_of_ = binding.Optional("as_of");
    skip_rules_ = binding.SkipRules();
    return binding.Finish();
  }

  RowReader& reader() { return *reader_; }
  // What the rows state; unset when they state nothing.
  const std::optional<sdk::Timestamp>& as_of() const { return stated_as_of_; }

  absl::Status Rewind() override {
    reader_->Seek(first_offset_, first_line_);
    seen_.clear();
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(v1::SnapshotRow* row) override {
    for (;;) {
      const absl::StatusOr<std::optional<RowVerdict>> verdict = NextVerdict(row);
      if (!verdict.ok()) return verdict.status();
      if (!*verdict) return false;
      if ((*verdict)->fate == RowVerdict::Fate::kTaken) return true;
    }
  }

  // What becomes of the next row; unset after the last one.
  absl::StatusOr<std::optional<RowVerdict>> NextVerdict(v1::SnapshotRow* row) {
    const RowOutcome outcome = reader_->Next();
    if (outcome == RowOutcome::kEnd) return std::nullopt;
    if (outcome == RowOutcome::kReadFailed) return reader_->read_error();
    if (outcome == RowOutcome::kBadRow) return RowVerdict::Rejected(reader_->problem());
    if (std::string rule = MatchingRule(skip_rules_, reader_->row()); !rule.empty()) {
      return RowVerdict::Skipped(std::move(rule));
    }
    RowValues values;
    row->set_sku(values.Id("sku", sku_.Value(reader_->row())));
    row->set_location(values.Id("location", location_.Value(reader_->row())));
    row->set_quantity(values.Quantity(quantity_.Value(reader_->row()),
                                      context_.scales.ScaleOf(row->sku()),
                                      context_.config.quantity.decimal_separator));
    if (row->quantity() < 0) {
      values.Refuse("QUANTITY_NEGATIVE", "an absolute level must be 0 or more");
    }
    CheckAsOf(values);
    if (!values.problem() && !seen_.insert(NameOfPosition(*row)).second) {
      values.Refuse("POSITION_REPEATED",
                    fmt::format("{} at {} was stated on an earlier line; the first one counts",
                                row->sku(), row->location()));
    }
    if (values.problem()) return RowVerdict::Rejected(*values.problem());
    return RowVerdict::Taken();
  }

 private:
  // 128 bits, so that two positions of one file are not taken for one.
  static absl::uint128 NameOfPosition(const v1::SnapshotRow& row) {
    const uint64_t high = absl::HashOf(0, row.sku(), row.location());
    const uint64_t low = absl::HashOf(1, row.location(), row.sku());
    return absl::MakeUint128(high, low);
  }

  void CheckAsOf(RowValues& values) {
    const std::string_view text = as_of_.Value(reader_->row());
    if (text.empty() || text == last_as_of_text_) return;
    const absl::StatusOr<sdk::Timestamp> instant = times_.Parse(text);
    if (!instant.ok()) {
      values.Refuse("TIME_INVALID", sdk::ToUtf8(std::string(instant.status().message())));
    } else if (stated_as_of_ && *stated_as_of_ != *instant) {
      values.Refuse(
          "AS_OF_DIFFERS",
          fmt::format("{}, but the rows before say {}; a snapshot is of one instant, "
                      "counts at different times belong into a file of counts",
                      sdk::FormatTimestamp(*instant), sdk::FormatTimestamp(*stated_as_of_)));
    } else {
      stated_as_of_ = *instant;
      last_as_of_text_ = text;
    }
  }

  const FileContext& context_;
  const std::unique_ptr<RowReader> reader_;
  const sdk::TimestampReader times_;
  const uint64_t first_offset_;
  const int64_t first_line_;
  FieldSource sku_, location_, quantity_, as_of_;
  std::vector<SkipRule> skip_rules_;
  std::optional<sdk::Timestamp> stated_as_of_;
  std::string last_as_of_text_;
  absl::flat_hash_set<absl::uint128> seen_;
};

// What the first reading finds out.
struct Survey {
  int64_t good_rows = 0;
  std::string content_name;
};

absl::StatusOr<Survey> ReadOnce(LevelRows& rows, RejectedRows& rejected, FileReport& report) {
  Survey survey;
  sdk::ContentHash hash;
  v1::SnapshotRow row;
  ProgressLog progress(report.file, rows.reader().file_size());
  for (;;) {
    const absl::StatusOr<std::optional<RowVerdict>> verdict = rows.NextVerdict(&row);
    if (!verdict.ok()) return verdict.status();
    if (!*verdict) break;
    ++report.rows_read;
    progress.Note(report.rows_read, rows.reader().offset());
    switch ((*verdict)->fate) {
      case RowVerdict::Fate::kTaken:
        ++survey.good_rows;
        hash.Add(row.SerializeAsString());
        break;
      case RowVerdict::Fate::kSkipped: ++report.rows_skipped[(*verdict)->reason]; break;
      case RowVerdict::Fate::kRejected:
        ++report.rows_rejected[(*verdict)->reason];
        if (absl::Status status = rejected.Add(rows.reader(), **verdict); !status.ok()) {
          return status;
        }
        break;
    }
  }
  survey.content_name = hash.TakeName();
  return survey;
}

absl::StatusOr<sdk::Timestamp> ChooseAsOf(const LevelRows& rows, const std::string& name,
                                          const std::string& zone) {
  if (rows.as_of()) return *rows.as_of();
  absl::StatusOr<sdk::Timestamp> named = AsOfFromName(name, zone);
  if (named.ok()) return named;
  return absl::InvalidArgumentError(
      "it does not say as of when its levels are: name a column as_of, or put the instant into the "
      "file's name (levels-2011-01-05T060000Z.csv), or into the configuration's constants");
}

absl::StatusOr<std::unique_ptr<LevelRows>> OpenLevels(const FileContext& context,
                                                      const std::filesystem::path& path) {
  absl::StatusOr<std::unique_ptr<RowReader>> reader =
      OpenRows(path, context.config, kKind, context.config.tables.at(kKind));
  if (!reader.ok()) return reader.status();
  absl::StatusOr<sdk::TimestampReader> times =
      sdk::TimestampReader::Make(context.config.time_format, context.config.time_zone);
  if (!times.ok()) return times.status();
  auto rows = std::make_unique<LevelRows>(context, *std::move(reader), *std::move(times));
  if (absl::Status status = rows->Bind(); !status.ok()) return status;
  return rows;
}

// The rows of some locations; of all when none is named.
class RowsAtLocations final : public sdk::SnapshotRows {
 public:
  RowsAtLocations(std::unique_ptr<LevelRows> rows, const v1::SnapshotRequest& request)
      : rows_(std::move(rows)),
        locations_(request.locations().begin(), request.locations().end()) {}

  absl::Status Rewind() override { return rows_->Rewind(); }

  absl::StatusOr<bool> Next(v1::SnapshotRow* row) override {
    for (;;) {
      absl::StatusOr<bool> next = rows_->Next(row);
      if (!next.ok() || !*next) return next;
      if (locations_.empty() || locations_.contains(row->location())) return true;
    }
  }

 private:
  const std::unique_ptr<LevelRows> rows_;
  const absl::flat_hash_set<std::string> locations_;
};

// Of the last file of levels, in the state store.
constexpr std::string_view kLastLevels = "last_levels";

}  // namespace

absl::Status LastLevels::Note(sdk::StateStore& state, const std::string& final_name) {
  return state.Put(kLastLevels, final_name);
}

absl::StatusOr<sdk::Snapshot> LastLevels::Read(const v1::SnapshotRequest& request) {
  const absl::StatusOr<std::optional<std::string>> name = context_.state.Get(kLastLevels);
  if (!name.ok()) return name.status();
  if (!name->has_value()) return absl::NotFoundError("no file of levels was sent yet");
  if (context_.config.quantity.scale_from_items) {
    absl::Status status =
        context_.scales.Refresh(context_.catalogue, context_.config.retry, context_.stop);
    if (!status.ok()) return status;
  }
  absl::StatusOr<std::unique_ptr<LevelRows>> rows =
      OpenLevels(context_, context_.queue.DonePath(**name));
  if (!rows.ok()) return rows.status();
  v1::SnapshotRow row;
  for (;;) {  // To the end: any row may state the instant.
    const absl::StatusOr<bool> next = (*rows)->Next(&row);
    if (!next.ok()) return next.status();
    if (!*next) break;
  }
  const absl::StatusOr<sdk::Timestamp> as_of =
      ChooseAsOf(**rows, **name, context_.config.time_zone);
  if (!as_of.ok()) return as_of.status();
  return sdk::Snapshot{.as_of = *as_of,
                       .rows = std::make_unique<RowsAtLocations>(*std::move(rows), request)};
}

absl::StatusOr<sdk::Timestamp> AsOfFromName(std::string_view file_name, std::string_view zone) {
  static const std::regex stamp_pattern(
      R"((\d{4})-?(\d{2})-?(\d{2})(?:[T_](\d{2})[:.-]?(\d{2})(?:[:.-]?(\d{2}))?)?(Z?))");
  const std::string text(file_name.substr(0, 255));
  std::smatch parts;
  if (!std::regex_search(text, parts, stamp_pattern)) {
    return absl::NotFoundError("the file's name states no instant");
  }
  const auto part = [&parts](size_t index) {
    return parts[index].matched ? parts[index].str() : std::string("00");
  };
  const std::string stamp = fmt::format("{}-{}-{}T{}:{}:{}{}", part(1), part(2), part(3), part(4),
                                        part(5), part(6), parts[7].str());
  const absl::StatusOr<sdk::TimestampReader> times = sdk::TimestampReader::Make("rfc3339", zone);
  if (!times.ok()) return times.status();
  return times->Parse(stamp);
}

absl::StatusOr<FileReport> SendLevelFile(const FileContext& context, const std::string& name) {
  const auto started_at = sdk::SteadyNow();
  if (context.config.quantity.scale_from_items) {
    absl::Status status =
        context.scales.Refresh(context.catalogue, context.config.retry, context.stop);
    if (!status.ok()) return status;
  }
  const absl::StatusOr<std::unique_ptr<LevelRows>> rows =
      OpenLevels(context, context.queue.WorkPath(name));
  if (!rows.ok()) return rows.status();
  RejectedRows rejected(context.queue.RejectedPath(name), name);
  if (absl::Status status = rejected.Resume(0); !status.ok()) return status;
  FileReport report{.file = name, .kind = std::string(NameOf(kKind))};
  const absl::StatusOr<Survey> survey = ReadOnce(**rows, rejected, report);
  if (!survey.ok()) return survey.status();
  const absl::StatusOr<sdk::Timestamp> as_of = ChooseAsOf(**rows, name, context.config.time_zone);
  if (!as_of.ok()) return as_of.status();
  if (survey->good_rows > 0) {
    const std::string id =
        fmt::format("{}-{}", sdk::FormatCompactTimestamp(*as_of), survey->content_name);
    const absl::StatusOr<v1::SnapshotAck> ack =
        context.session.SendSnapshot(id, *as_of, rows->get(), context.stop);
    if (!ack.ok()) return ack.status();
    report.records_sent = survey->good_rows;
    report.unchanged = ack->unchanged();
    report.changed = ack->changed();
    report.overtaken = ack->overtaken();
    report.set_aside = ack->set_aside();
  }
  if (absl::Status status = rejected.Sync(); !status.ok()) return status;
  report.duration = sdk::MillisecondsSince(started_at);
  return report;
}

}  // namespace stockd::files
