#include "daemon/ctl/availability_table.h"

#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/table.h"

namespace stockd::ctl {
namespace {

Colour ColourOf(int64_t available) {
  if (available < 0) return Colour::kBad;
  return available == 0 ? Colour::kDim : Colour::kGood;
}

std::vector<Column> ColumnsFor(AvailabilityColumns shown) {
  std::vector<Column> columns;
  if (shown.sku) columns.push_back({"SKU"});
  columns.push_back({shown.group ? "GROUP" : "LOCATION"});
  for (const char* header : {"ON HAND", "RESERVED", "COMMITTED", "SAFETY"}) {
    columns.push_back({header, Align::kRight});
  }
  if (shown.buffer) columns.push_back({"BUFFER", Align::kRight});
  columns.push_back({"AVAILABLE", Align::kRight});
  columns.push_back({"INCOMING", Align::kRight});
  columns.push_back({"UNSELLABLE", Align::kRight});
  if (shown.distance) columns.push_back({"DISTANCE", Align::kRight});
  return columns;
}

std::vector<Cell> RowFor(const v1::Availability& row, AvailabilityColumns shown, ItemUnits& units) {
  const auto text = [&](int64_t quantity) { return units.Format(row.sku(), quantity); };
  const v1::Quantities& quantities = row.quantities();
  std::vector<Cell> cells;
  if (shown.sku) cells.emplace_back(row.sku());
  cells.emplace_back(shown.group ? row.group() : row.location());
  cells.emplace_back(text(quantities.on_hand()));
  cells.emplace_back(text(quantities.reserved()));
  cells.emplace_back(text(quantities.committed()));
  cells.emplace_back(text(quantities.safety_stock()));
  if (shown.buffer) cells.emplace_back(text(row.buffer()));
  cells.emplace_back(text(row.available()), ColourOf(row.available()));
  cells.emplace_back(text(quantities.incoming()));
  cells.emplace_back(text(quantities.unsellable()));
  if (shown.distance) cells.emplace_back(FormatDistance(row.distance_m()));
  return cells;
}

}  // namespace

void PrintAvailabilities(const Session& session,
                         const google::protobuf::RepeatedPtrField<v1::Availability>& rows,
                         AvailabilityColumns columns) {
  ItemUnits units(session);
  std::vector<std::string> skus;
  for (const v1::Availability& row : rows) skus.push_back(row.sku());
  units.Learn(skus);
  Table table(ColumnsFor(columns));
  for (const v1::Availability& row : rows) table.Add(RowFor(row, columns, units));
  table.Print(session.out, session.colours);
}

}  // namespace stockd::ctl
