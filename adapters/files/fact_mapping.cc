#include "adapters/files/fact_mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "adapters/files/fact_kind.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

using Row = std::vector<std::string_view>;

// The kind of fact in files that need not name one.
std::string_view DefaultKind(FileKind kind, Role role) {
  if (kind == FileKind::kReceipts) return "receipt";
  if (kind == FileKind::kAdjustments) return "adjustment";
  if (kind == FileKind::kCounts) return "count";
  return role == Role::kErp ? "" : "sale";
}

// A column of the field's own name counts, where it is not empty, more than a constant that is set
// for the whole file.
void PreferOwnColumn(const std::string& field, const RowReader& reader, TableMapping& mapping) {
  if (std::ranges::find(reader.columns(), field) == reader.columns().end()) return;
  mapping.columns.try_emplace(field, std::vector<std::string>{field});
}

}  // namespace

FactMapping::FactMapping(const AdapterConfig& config, FileKind kind, sdk::TimestampReader times,
                         const sdk::ItemScales* scales)
    : quantity_rules_(config.quantity),
      mapping_(config.tables.at(kind)),
      times_(std::move(times)),
      scales_(scales) {}

absl::StatusOr<FactMapping> FactMapping::Bind(const AdapterConfig& config, FileKind kind,
                                              std::string_view file_name, const RowReader& reader,
                                              const sdk::ItemScales* scales) {
  absl::StatusOr<sdk::TimestampReader> times =
      sdk::TimestampReader::Make(config.time_format, config.time_zone);
  if (!times.ok()) return times.status();
  FactMapping mapping(config, kind, *std::move(times), scales);
  if (!mapping.mapping_.constants.contains("kind")) {
    if (kind == FileKind::kFacts) PreferOwnColumn("kind", reader, mapping.mapping_);
    mapping.mapping_.constants.emplace("kind", DefaultKind(kind, config.role));
  }
  const auto till_location = config.till_locations.find(JournalOf(file_name));
  if (till_location != config.till_locations.end()) {
    PreferOwnColumn("location", reader, mapping.mapping_);
    mapping.mapping_.constants["location"] = till_location->second;
  }
  if (absl::Status status = mapping.BindColumns(file_name, reader); !status.ok()) return status;
  return mapping;
}

absl::Status FactMapping::BindColumns(std::string_view file_name, const RowReader& reader) {
  ColumnBinding binding(reader, mapping_);
  skip_rules_ = binding.SkipRules();
  event_id_ = binding.Optional("event_id");
  kind_ = binding.Required("kind");
  sku_ = binding.Required("sku");
  location_ = binding.Required("location");
  quantity_ = binding.Required("quantity");
  occurred_at_ = binding.Required("occurred_at");
  reference_ = binding.Optional("reference");
  reservation_id_ = binding.Optional("reservation_id");
  channel_ = binding.Optional("channel");
  unit_price_ = binding.Optional("unit_price");
  currency_ = binding.Optional("currency");
  supply_id_ = binding.Optional("supply_id");
  customer_reference_ = binding.Optional("customer_reference");
  fulfilment_channel_ = binding.Optional("fulfilment_channel");
  original_reference_ = binding.Optional("original_reference");
  device_ = binding.Optional("device");
  device_sequence_ = binding.Optional("device_sequence");
  // A JSON line has its own id or not; only a mapping promises that all lines have one.
  const bool has_ids =
      reader.has_header() ? !event_id_.columns.empty() : mapping_.columns.contains("event_id");
  if (!has_ids) identity_.emplace(JournalOf(file_name));
  return binding.Finish();
}

void FactMapping::CountRow(const Row& row) {
  if (identity_) static_cast<void>(identity_->NameNext(row));
}

RowVerdict FactMapping::Map(const Row& row, v1::Fact* fact) {
  // Before anything else: the name of a row depends on the rows before it, whatever becomes of it.
  std::string made_id;
  if (identity_) made_id = identity_->NameNext(row);
  if (std::string rule = MatchingRule(skip_rules_, row); !rule.empty()) {
    return RowVerdict::Skipped(std::move(rule));
  }
  RowValues values;
  const Kind kind = KindOf(row, values);
  if (kind.is_skipped) return RowVerdict::Skipped(fmt::format("kind={}", kind_.Value(row)));

  fact->Clear();
  fact->set_kind(kind.kind);
  const bool has_own_id = !identity_ || (!event_id_.columns.empty() &&
                                         !sdk::TrimBlanks(row[event_id_.columns[0]]).empty());
  fact->set_event_id(has_own_id ? EventId(row, values) : std::move(made_id));
  fact->set_sku(values.Id("sku", sku_.Value(row)));
  fact->set_location(values.Id("location", location_.Value(row)));
  FillQuantity(quantity_.Value(row), fact, values);
  const std::string_view stamp = occurred_at_.Value(row);
  if (stamp.empty()) {
    values.Refuse("VALUE_MISSING", "occurred_at is empty");
  } else if (const absl::StatusOr<sdk::Timestamp> instant = times_.Parse(stamp); instant.ok()) {
    sdk::SetProto(*instant, fact->mutable_occurred_at());
  } else {
    values.Refuse("TIME_INVALID", sdk::ToUtf8(std::string(instant.status().message())));
  }
  FillOptional(row, fact, values);
  FillDevice(row, fact, values);
  return values.problem() ? RowVerdict::Rejected(*values.problem()) : RowVerdict::Taken();
}

std::string FactMapping::EventId(const Row& row, RowValues& values) const {
  std::string id;
  for (const size_t column : event_id_.columns) {
    const std::string_view part = sdk::TrimBlanks(row[column]);
    if (part.empty()) {
      values.Refuse("VALUE_MISSING", "event_id is empty, or one of the columns it is made of");
      return {};
    }
    if (!id.empty()) id += '/';
    id += part;
  }
  return values.Id("event_id", id);
}

FactMapping::Kind FactMapping::KindOf(const Row& row, RowValues& values) const {
  const std::string_view value = kind_.Value(row);
  const auto mapped = mapping_.kinds.find(value);
  const std::string_view name = mapped == mapping_.kinds.end() ? value : mapped->second;
  if (name == "skip") return {.is_skipped = true};
  if (const std::optional<v1::FactKind> kind = FactKindFromName(name)) return {.kind = *kind};
  values.Refuse("KIND_UNKNOWN", fmt::format("\"{}\" is neither a kind of fact nor in the "
                                            "configuration's [kinds]",
                                            sdk::ToUtf8(value.substr(0, 64))));
  return {};
}

void FactMapping::FillQuantity(std::string_view text, v1::Fact* fact, RowValues& values) const {
  int64_t quantity =
      values.Quantity(text, scales_->ScaleOf(fact->sku()), quantity_rules_.decimal_separator);
  const bool is_sale_or_return =
      fact->kind() == v1::FACT_KIND_SALE || fact->kind() == v1::FACT_KIND_RETURN;
  if (quantity < 0 && is_sale_or_return && quantity_rules_.negative != NegativeQuantity::kReject) {
    if (quantity_rules_.negative == NegativeQuantity::kReturn) {
      fact->set_kind(v1::FACT_KIND_RETURN);
    }
    quantity = -quantity;
  }
  if (quantity == 0 && fact->kind() != v1::FACT_KIND_COUNT) {
    values.Refuse("QUANTITY_ZERO", "a quantity of 0 moves nothing");
  }
  if (quantity < 0 && fact->kind() != v1::FACT_KIND_ADJUSTMENT) {
    values.Refuse("QUANTITY_NEGATIVE",
                  fmt::format("\"{}\" is negative; only adjustments may be (see the "
                              "configuration's negative_quantity)",
                              text));
  }
  fact->set_quantity(quantity);
}

void FactMapping::FillOptional(const Row& row, v1::Fact* fact, RowValues& values) const {
  fact->set_reference(values.OptionalId("reference", reference_.Value(row)));
  fact->set_channel(values.OptionalId("channel", channel_.Value(row)));
  if (fact->kind() == v1::FACT_KIND_SALE) {
    fact->set_reservation_id(values.OptionalId("reservation_id", reservation_id_.Value(row)));
  }
  if (fact->kind() == v1::FACT_KIND_RECEIPT) {
    fact->set_supply_id(values.OptionalId("supply_id", supply_id_.Value(row)));
  }
  const bool is_return = fact->kind() == v1::FACT_KIND_RETURN;
  if (fact->kind() == v1::FACT_KIND_SALE || is_return) {
    fact->set_customer_reference(
        values.OptionalId("customer_reference", customer_reference_.Value(row)));
    fact->set_fulfilment_channel(
        values.OptionalId("fulfilment_channel", fulfilment_channel_.Value(row)));
  }
  if (is_return) {
    fact->set_original_reference(
        values.OptionalId("original_reference", original_reference_.Value(row)));
  }
  fact->set_unit_price_micros(
      values.Price("unit_price", unit_price_.Value(row), quantity_rules_.decimal_separator));
  if (fact->unit_price_micros() != 0) fact->set_currency(values.Currency(currency_.Value(row)));
}

// The till and its own number of the receipt; the number says nothing without the till.
void FactMapping::FillDevice(const Row& row, v1::Fact* fact, RowValues& values) const {
  fact->set_device(values.OptionalId("device", device_.Value(row)));
  const std::string_view number = device_sequence_.Value(row);
  if (number.empty()) return;
  fact->set_device_sequence(static_cast<uint64_t>(
      values.Number("device_sequence", number, 1, std::numeric_limits<int64_t>::max(), 0)));
  if (fact->device().empty()) {
    values.Refuse("VALUE_MISSING", "device_sequence is a device's own number, and device is empty");
  }
}

}  // namespace stockd::files
