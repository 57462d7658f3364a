#include "daemon/rpc/order_lines.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <utility>

#include <absl/numeric/int128.h>

#include "daemon/rpc/names.h"
#include "daemon/rpc/order_fields.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

grpc::Status Refuse(Reason reason, std::string_view field, Quantity requested,
                    const engine::Catalogue& catalogue) {
  return ToStatus(ledger::Refusal{.reason = reason, .requested = requested, .field = field},
                  catalogue);
}

// Smallest units in one selling unit.
int64_t UnitsPerSellingUnit(int32_t scale) {
  int64_t units = 1;
  for (int32_t i = 0; i < scale; ++i) units *= 10;
  return units;
}

// What the customer pays for the parts of a bundle: its price, divided by what the parts cost in
// the catalogue; evenly by their units when one has no price. Rounded to the millionth, part by
// part.
void DividePrice(int64_t price_micros, const engine::Bundles::Parts& parts,
                 const engine::Catalogue& catalogue, fulfilment::OrderLine* lines) {
  if (price_micros == 0) return;
  std::vector<absl::int128> weights;
  std::vector<int64_t> selling_units;
  bool all_priced = true;
  for (const storage::BundlePart& part : parts) {
    const auto item = catalogue.Item(catalogue.Sku(part.item));
    selling_units.push_back(UnitsPerSellingUnit(item ? item->scale : 0));
    const int64_t price = item ? item->price_micros : 0;
    all_priced = all_priced && price > 0;
    weights.push_back(absl::int128(price) * part.quantity / selling_units.back());
  }
  if (!all_priced) std::ranges::fill(weights, absl::int128(1));
  absl::int128 sum = 0;
  for (const absl::int128& weight : weights) sum += weight;
  if (sum == 0) return;
  for (size_t i = 0; i < parts.size(); ++i) {
    // price x weight / sum is what the part costs in one bundle; of a selling unit there are
    // quantity / selling_units in it.
    const absl::int128 of_part = absl::int128(price_micros) * weights[i] / sum;
    const absl::int128 of_unit =
        (of_part * selling_units[i] + parts[i].quantity / 2) / absl::int128(parts[i].quantity);
    lines[i].unit_price_micros = static_cast<int64_t>(std::min(of_unit, absl::int128(INT64_MAX)));
  }
}

grpc::Status CheckLine(const v1::OrderLineRequest& line, const std::string& path) {
  if (!sync::IsId(line.line_id())) {
    return InvalidField(path + "line_id", "is 1 to 128 bytes without control characters");
  }
  if (line.quantity() < 1 || line.quantity() > kQuantityMax) {
    return InvalidField(path + "quantity", "is 1 to 1000000000000");
  }
  return CheckPrice(path + "unit_price_micros", line.unit_price_micros(), path + "currency",
                    line.currency());
}

}  // namespace

grpc::Status OrderLines::Parse(
    const google::protobuf::RepeatedPtrField<v1::OrderLineRequest>& asked, size_t lines_max,
    const engine::Engine& engine, OrderLines& lines) {
  const engine::Catalogue& catalogue = engine.catalogue();
  if (asked.empty() || static_cast<size_t>(asked.size()) > lines_max) {
    return Refuse(Reason::kTooManyLines, "lines", asked.size(), catalogue);
  }
  absl::flat_hash_set<std::string> ids;
  for (int row = 0; row < asked.size(); ++row) {
    const v1::OrderLineRequest& line = asked[row];
    const std::string path = "lines[" + std::to_string(row) + "].";
    ItemId item = kNoItem;
    if (auto status = CheckLine(line, path); !status.ok()) return status;
    if (auto status = FindItem(line.sku(), catalogue, item); !status.ok()) return status;
    Asked& of_line = lines.asked_.emplace_back();
    of_line.line_id = line.line_id();
    of_line.quantity = line.quantity();
    of_line.first = static_cast<int>(lines.lines_.size());
    engine::Bundles::Parts parts = engine.bundles().PartsOf(item);
    const bool is_bundle = !parts.empty();
    if (!is_bundle) parts.push_back({.item = item, .quantity = 1});
    for (size_t i = 0; i < parts.size(); ++i) {
      const Quantity units = line.quantity() * parts[i].quantity;  // At most 10^18.
      if (units > kQuantityMax) {
        return Refuse(Reason::kQuantityOutOfRange, "lines.quantity", line.quantity(), catalogue);
      }
      of_line.of_each.push_back(parts[i].quantity);
      fulfilment::OrderLine& added = lines.lines_.emplace_back();
      added.id = is_bundle ? line.line_id() + "/" + std::to_string(i + 1) : line.line_id();
      added.item = parts[i].item;
      added.ordered = units;
      added.unit_price_micros = is_bundle ? 0 : line.unit_price_micros();
      added.currency = line.currency();
      if (is_bundle) added.bundle = line.sku();
      if (!sync::IsId(added.id)) {
        return InvalidField(path + "line_id", "is too long for a bundle, whose parts add to it");
      }
      if (!ids.insert(added.id).second) return InvalidField(path + "line_id", "is named twice");
    }
    if (is_bundle) {
      DividePrice(line.unit_price_micros(), parts, catalogue,
                  &lines.lines_[static_cast<size_t>(of_line.first)]);
    }
  }
  if (lines.lines_.size() > lines_max) {
    return Refuse(Reason::kTooManyLines, "lines", static_cast<Quantity>(lines.lines_.size()),
                  catalogue);
  }
  return grpc::Status::OK;
}

int OrderLines::Find(const std::string& line_id) const {
  const auto found = std::ranges::find(asked_, line_id, &Asked::line_id);
  return found == asked_.end() ? -1 : static_cast<int>(found - asked_.begin());
}

void OrderLines::AddParts(int asked, Quantity quantity,
                          std::vector<fulfilment::PlacePart>& parts) const {
  const Asked& of_line = asked_[static_cast<size_t>(asked)];
  for (size_t i = 0; i < of_line.of_each.size(); ++i) {
    parts.push_back(
        {.line = of_line.first + static_cast<int>(i), .quantity = quantity * of_line.of_each[i]});
  }
}

}  // namespace stockd::rpc
