#include "adapters/tryton/move_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "adapters/tryton/exact_number.h"

namespace stockd::tryton {
namespace {

struct Kind {
  v1::FactKind kind = v1::FACT_KIND_ADJUSTMENT;
  int sign = 1;  // Of an adjustment.
};

// `outside`: the type of the other end.
Kind KindOfLeaving(std::string_view outside) {
  if (outside == "customer") return {v1::FACT_KIND_SALE};
  if (outside == "storage" || outside == "view") return {v1::FACT_KIND_TRANSFER_OUT};
  return {v1::FACT_KIND_ADJUSTMENT, -1};
}

Kind KindOfEntering(std::string_view outside) {
  if (outside == "supplier") return {v1::FACT_KIND_RECEIPT};
  if (outside == "customer") return {v1::FACT_KIND_RETURN};
  if (outside == "storage" || outside == "view") return {v1::FACT_KIND_TRANSFER_IN};
  return {v1::FACT_KIND_ADJUSTMENT, 1};
}

}  // namespace

const std::vector<std::string>& MoveFields() {
  static const std::vector<std::string> kFields = {
      "id",          "product",    "product.code", "internal_quantity", "from_location",
      "to_location", "write_date", "create_date",  "shipment",          "origin"};
  return kFields;
}

absl::StatusOr<StockMove> ReadMove(const JsonValue& record) {
  Row row(record, "stock.move");
  StockMove move{.id = row.Id(),
                 .product = row.Integer("product"),
                 .product_code = row.Related("product", "code").text(),
                 .quantity = row.Number("internal_quantity"),
                 .from = row.Integer("from_location"),
                 .to = row.Integer("to_location"),
                 .booked_at = {},
                 .shipment = row.Text("shipment"),
                 .origin = row.Text("origin")};
  std::optional<sdk::Timestamp> booked_at = row.Instant("write_date");
  // A record that was made in one go, by an import, was never written.
  if (!booked_at) booked_at = row.Instant("create_date");
  if (!row.status().ok()) return row.status();
  if (!booked_at) {
    return absl::DataLossError(fmt::format("Tryton, stock.move {}: it has no date", move.id));
  }
  move.booked_at = *booked_at;
  return move;
}

MoveTelling TellMove(const StockMove& move, const StockPlaces& places,
                     const ProductBook::Products& products, sdk::Timestamp not_before) {
  const Warehouse* from = places.WarehouseOf(move.from);
  const Warehouse* to = places.WarehouseOf(move.to);
  if (from == to) return {};
  const auto sku = products.sku_of.find(move.product);
  if (sku == products.sku_of.end()) {
    return {.facts = {},
            .set_aside = move.product_code.empty()
                             ? fmt::format("product {} has no code", move.product)
                             : fmt::format("{} is not an item of stockd", move.product_code)};
  }
  const Product& product = products.by_sku.at(sku->second);
  const absl::StatusOr<int64_t> quantity = ParseQuantity(move.quantity, product.scale);
  if (!quantity.ok()) {
    return {.facts = {},
            .set_aside = fmt::format("{}: {} does not fit into {} decimals", product.sku,
                                     move.quantity, product.scale)};
  }
  if (*quantity == 0) return {};
  MoveTelling telling;
  const auto tell = [&](const Warehouse& at, Kind kind, std::string_view suffix) {
    v1::Fact fact;
    fact.set_event_id(fmt::format("move-{}{}", move.id, suffix));
    fact.set_kind(kind.kind);
    fact.set_sku(product.sku);
    fact.set_location(at.location);
    fact.set_quantity(*quantity * kind.sign);
    sdk::SetProto(std::max(move.booked_at, not_before), fact.mutable_occurred_at());
    fact.set_reference(move.shipment.empty() ? move.origin : move.shipment);
    telling.facts.push_back(std::move(fact));
  };
  if (from != nullptr) {
    tell(*from,
         to != nullptr ? Kind{v1::FACT_KIND_TRANSFER_OUT} : KindOfLeaving(places.TypeOf(move.to)),
         to != nullptr ? "-out" : "");
  }
  if (to != nullptr) {
    tell(*to,
         from != nullptr ? Kind{v1::FACT_KIND_TRANSFER_IN}
                         : KindOfEntering(places.TypeOf(move.from)),
         from != nullptr ? "-in" : "");
  }
  return telling;
}

}  // namespace stockd::tryton
