#include "adapters/files/catalogue_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "adapters/sdk/decimal.h"
#include "adapters/sdk/utf8.h"

namespace stockd::files {
namespace {

using Row = std::vector<std::string_view>;

constexpr size_t kNameBytesMax = 500;
constexpr int kScaleMax = 6;

int64_t ReadQuantity(const FieldSource& source, const Row& row, int scale,
                     const TableContext& context, RowValues& values) {
  const int64_t quantity =
      values.Quantity(source.Value(row), scale, context.config.quantity.decimal_separator);
  if (quantity < 0) values.Refuse("QUANTITY_NEGATIVE", "the quantity must be 0 or more");
  return quantity;
}

v1::LocationKind ReadLocationKind(std::string_view value, RowValues& values) {
  if (value.empty()) return v1::LOCATION_KIND_UNSPECIFIED;
  if (value == "store") return v1::LOCATION_KIND_STORE;
  if (value == "warehouse") return v1::LOCATION_KIND_WAREHOUSE;
  if (value == "dark_store") return v1::LOCATION_KIND_DARK_STORE;
  values.Refuse("KIND_UNKNOWN", fmt::format("\"{}\" is not store, warehouse or dark_store",
                                            sdk::ToUtf8(value.substr(0, 64))));
  return v1::LOCATION_KIND_UNSPECIFIED;
}

// Nine decimals of a degree are a tenth of a millimetre.
double ReadDegrees(std::string_view field, std::string_view value, int64_t max, RowValues& values) {
  constexpr int kScale = 9;
  constexpr int64_t kUnit = 1'000'000'000;
  const absl::StatusOr<int64_t> degrees = sdk::ParseDecimal(value, {.scale = kScale});
  if (degrees.ok() && std::abs(*degrees) <= max * kUnit) {
    return static_cast<double>(*degrees) / static_cast<double>(kUnit);
  }
  values.Refuse("COORDINATE_INVALID",
                fmt::format("{}: \"{}\" is not a decimal from -{} to {}", field,
                            sdk::ToUtf8(value.substr(0, 64)), max, max));
  return 0;
}

// Barcodes are separated by blanks, commas, semicolons or bars.
void ReadGtins(std::string_view value, v1::Item* item, RowValues& values) {
  constexpr std::string_view kSeparators = " ,;|";
  while (!value.empty()) {
    const size_t end = value.find_first_of(kSeparators);
    const std::string_view gtin = value.substr(0, end);
    value.remove_prefix(end == std::string_view::npos ? value.size() : end + 1);
    if (gtin.empty()) continue;
    if (gtin.size() > 14 || gtin.find_first_not_of("0123456789") != std::string_view::npos) {
      values.Refuse("GTIN_INVALID", fmt::format("\"{}\" is not a barcode of at most 14 digits",
                                                sdk::ToUtf8(gtin.substr(0, 64))));
      return;
    }
    item->add_gtins(std::string(gtin));
  }
}

}  // namespace

ItemTable::ItemTable(ColumnBinding& binding)
    : sku_(binding.Required("sku")),
      name_(binding.Optional("name")),
      unit_(binding.Optional("unit")),
      scale_(binding.Optional("scale")),
      category_(binding.Optional("category")),
      gtins_(binding.Optional("gtins")),
      unit_cost_(binding.Optional("unit_cost")),
      price_(binding.Optional("price")),
      currency_(binding.Optional("currency")) {}

v1::Item ItemTable::Read(const Row& row, const TableContext& context, RowValues& values) const {
  const char separator = context.config.quantity.decimal_separator;
  v1::Item item;
  item.set_sku(values.Id("sku", sku_.Value(row)));
  item.set_name(values.Text("name", name_.Value(row), kNameBytesMax));
  item.set_unit(values.Text("unit", unit_.Value(row), 32));
  item.set_scale(static_cast<int32_t>(
      values.Number("scale", scale_.Value(row), 0, kScaleMax, context.config.quantity.scale)));
  item.set_category(values.Text("category", category_.Value(row), kNameBytesMax));
  ReadGtins(gtins_.Value(row), &item, values);
  item.set_unit_cost_micros(values.Price("unit_cost", unit_cost_.Value(row), separator));
  item.set_price_micros(values.Price("price", price_.Value(row), separator));
  if (item.unit_cost_micros() < 0 || item.price_micros() < 0) {
    values.Refuse("PRICE_INVALID", "unit_cost and price must be 0 or more");
  }
  if (item.unit_cost_micros() != 0 || item.price_micros() != 0) {
    item.set_currency(values.Currency(currency_.Value(row)));
  }
  if (!values.problem()) context.scales.Set(item.sku(), item.scale());
  return item;
}

void ItemTable::Count(const Response& response, int64_t sent, FileReport& report) {
  report.created += response.created();
  report.changed += response.changed();
  report.unchanged += sent - response.created() - response.changed();
}

LocationTable::LocationTable(ColumnBinding& binding)
    : code_(binding.Required("code")),
      name_(binding.Optional("name")),
      kind_(binding.Optional("kind")),
      time_zone_(binding.Optional("time_zone")),
      latitude_(binding.Optional("latitude")),
      longitude_(binding.Optional("longitude")),
      ships_(binding.Optional("ships")),
      collects_(binding.Optional("collects")) {}

v1::Location LocationTable::Read(const Row& row, const TableContext&, RowValues& values) const {
  v1::Location location;
  location.set_code(values.Id("code", code_.Value(row)));
  location.set_name(values.Text("name", name_.Value(row), kNameBytesMax));
  location.set_kind(ReadLocationKind(kind_.Value(row), values));
  location.set_time_zone(values.OptionalId("time_zone", time_zone_.Value(row)));
  const std::string_view latitude = latitude_.Value(row);
  const std::string_view longitude = longitude_.Value(row);
  if (!latitude.empty() || !longitude.empty()) {
    v1::Coordinate* coordinate = location.mutable_coordinate();
    coordinate->set_latitude(ReadDegrees("latitude", latitude, 90, values));
    coordinate->set_longitude(ReadDegrees("longitude", longitude, 180, values));
  }
  location.set_ships(values.Flag("ships", ships_.Value(row), true));
  location.set_collects(values.Flag("collects", collects_.Value(row), true));
  return location;
}

void LocationTable::Count(const Response& response, int64_t sent, FileReport& report) {
  report.created += response.created();
  report.changed += response.changed();
  report.unchanged += sent - response.created() - response.changed();
}

GroupTable::GroupTable(ColumnBinding& binding)
    : group_id_(binding.Required("group_id")),
      name_(binding.Optional("name")),
      location_(binding.Required("location")) {}

v1::Group GroupTable::Read(const Row& row, const TableContext&, RowValues& values) const {
  v1::Group group;
  group.set_group_id(values.Id("group_id", group_id_.Value(row)));
  group.set_name(values.Text("name", name_.Value(row), kNameBytesMax));
  group.add_locations(values.Id("location", location_.Value(row)));
  return group;
}

void GroupTable::Merge(Record& record, const Record& later) {
  if (!later.name().empty()) record.set_name(later.name());
  for (const std::string& location : later.locations()) {
    const auto& known = record.locations();
    if (std::find(known.begin(), known.end(), location) == known.end()) {
      record.add_locations(location);
    }
  }
}

ChannelTable::ChannelTable(ColumnBinding& binding)
    : channel_id_(binding.Required("channel_id")),
      name_(binding.Optional("name")),
      buffer_(binding.Optional("buffer")),
      group_id_(binding.Optional("group_id")) {}

v1::Channel ChannelTable::Read(const Row& row, const TableContext&, RowValues& values) const {
  v1::Channel channel;
  channel.set_channel_id(values.Id("channel_id", channel_id_.Value(row)));
  channel.set_name(values.Text("name", name_.Value(row), kNameBytesMax));
  channel.set_buffer(values.Number("buffer", buffer_.Value(row), 0, kQuantityMax, 0));
  channel.set_group_id(values.OptionalId("group_id", group_id_.Value(row)));
  return channel;
}

SafetyStockTable::SafetyStockTable(ColumnBinding& binding)
    : sku_(binding.Optional("sku")),
      location_(binding.Optional("location")),
      quantity_(binding.Required("quantity")),
      remove_(binding.Optional("remove")) {}

v1::SafetyStock SafetyStockTable::Read(const Row& row, const TableContext& context,
                                       RowValues& values) const {
  v1::SafetyStock rule;
  rule.set_sku(values.OptionalId("sku", sku_.Value(row)));
  rule.set_location(values.OptionalId("location", location_.Value(row)));
  if (rule.sku().empty() && rule.location().empty()) {
    values.Refuse("VALUE_MISSING", "sku and location are both empty");
  }
  rule.set_remove(values.Flag("remove", remove_.Value(row), false));
  if (!rule.remove()) {
    const int scale = rule.sku().empty() ? 0 : context.scales.ScaleOf(rule.sku());
    rule.set_quantity(ReadQuantity(quantity_, row, scale, context, values));
  }
  return rule;
}

SupplyTable::SupplyTable(ColumnBinding& binding)
    : supply_id_(binding.Required("supply_id")),
      sku_(binding.Required("sku")),
      location_(binding.Required("location")),
      quantity_(binding.Required("quantity")),
      expected_at_(binding.Required("expected_at")) {}

v1::Supply SupplyTable::Read(const Row& row, const TableContext& context, RowValues& values) const {
  v1::Supply supply;
  supply.set_supply_id(values.Id("supply_id", supply_id_.Value(row)));
  supply.set_sku(values.Id("sku", sku_.Value(row)));
  supply.set_location(values.Id("location", location_.Value(row)));
  supply.set_quantity(
      ReadQuantity(quantity_, row, context.scales.ScaleOf(supply.sku()), context, values));
  const absl::StatusOr<sdk::Timestamp> expected = context.times.Parse(expected_at_.Value(row));
  if (expected.ok()) {
    sdk::SetProto(*expected, supply.mutable_expected_at());
  } else {
    values.Refuse("TIME_INVALID", sdk::ToUtf8(std::string(expected.status().message())));
  }
  return supply;
}

}  // namespace stockd::files
