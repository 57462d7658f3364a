#include "daemon/rpc/shelf_positions.h"

#include <absl/container/flat_hash_set.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "daemon/base/natural_order.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr int kRowsMax = 10'000;
constexpr size_t kTextBytesMax = 64;
constexpr char kPageKind = 'h';

// Where a page ended: "ITEM/KEY".
std::string KeyOf(const storage::ShelfPosition& shelf) {
  return std::to_string(ToNumber(shelf.position.item)) + "/" + shelf.sort_key;
}

bool ParseKey(std::string_view text, ItemId& item, std::string& key) {
  if (text.empty()) return true;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != '/') return false;
  item = ItemId{number};
  key = text.substr(static_cast<size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

grpc::Status Parse(const v1::PutShelfPositionsRequest& request, std::vector<StatedShelf>& shelves) {
  const int count = request.shelf_positions_size();
  if (count < 1 || count > kRowsMax) {
    return InvalidField("shelf_positions", "needs 1 to 10000 rows, has " + std::to_string(count));
  }
  shelves.reserve(static_cast<size_t>(count));
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> seen;
  for (int row = 0; row < count; ++row) {
    const v1::ShelfPosition& shelf = request.shelf_positions(row);
    const std::string path = "shelf_positions[" + std::to_string(row) + "]";
    if (auto status = CheckId(path + ".sku", shelf.sku()); !status.ok()) return status;
    if (auto status = CheckId(path + ".location", shelf.location()); !status.ok()) return status;
    if (auto status = CheckText(path + ".shelf_position", shelf.shelf_position(), kTextBytesMax);
        !status.ok()) {
      return status;
    }
    if (!seen.emplace(shelf.sku(), shelf.location()).second) {
      return InvalidField(path, "appears twice in the request");
    }
    shelves.push_back(
        {.sku = shelf.sku(), .location = shelf.location(), .text = shelf.shelf_position()});
  }
  return grpc::Status::OK;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedShelf> shelves) {
  const engine::Catalogue& catalogue = unit.catalogue();
  std::vector<PositionKey> positions;
  for (const StatedShelf& shelf : shelves) {
    const PositionKey position{.item = catalogue.FindItem(shelf.sku),
                               .location = catalogue.FindLocation(shelf.location)};
    if (position.item == kNoItem) {
      return {.refusal = ledger::Reason::kSkuUnknown, .key = "sku", .name = shelf.sku};
    }
    if (position.location == kNoLocation) {
      return {
          .refusal = ledger::Reason::kLocationUnknown, .key = "location", .name = shelf.location};
    }
    positions.push_back(position);
  }
  for (size_t i = 0; i < shelves.size(); ++i) {
    if (shelves[i].text.empty()) {
      unit.store().DeleteShelfPosition(positions[i]);
    } else {
      unit.store().SaveShelfPosition({.position = positions[i],
                                      .text = shelves[i].text,
                                      .sort_key = NaturalKey(shelves[i].text)});
    }
  }
  return {};
}

grpc::Status ListShelfPositions(storage::Reader& reader, const engine::Catalogue& catalogue,
                                const v1::ListShelfPositionsRequest& request,
                                v1::ListShelfPositionsResponse& response) {
  int rows = 0;
  std::string token;
  std::string after_key;
  ItemId after_item = kNoItem;
  LocationId location = kNoLocation;
  if (auto status = CheckPageSize(request.page_size(), rows); !status.ok()) return status;
  if (auto status = ParsePageToken(kPageKind, request.page_token(), token); !status.ok()) {
    return status;
  }
  if (!ParseKey(token, after_item, after_key)) {
    return InvalidField("page_token", "is not one that this list gave out");
  }
  if (auto status = FindLocation(request.location(), catalogue, location); !status.ok()) {
    return status;
  }
  const auto page = reader.ListShelfPositions(location, after_key, after_item, rows);
  for (const storage::ShelfPosition& shelf : page.rows) {
    v1::ShelfPosition& out = *response.add_shelf_positions();
    out.set_sku(catalogue.Sku(shelf.position.item));
    out.set_location(request.location());
    out.set_shelf_position(shelf.text);
  }
  if (page.more) response.set_next_page_token(MakePageToken(kPageKind, KeyOf(page.rows.back())));
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
