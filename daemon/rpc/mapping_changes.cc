#include "daemon/rpc/mapping_changes.h"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <utility>

#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

constexpr int kRowsMax = 1000;
constexpr int kPartsMax = 20;
constexpr int64_t kFactorMax = 1'000'000;
// Waiting facts counted for one name at most; more are replayed all the same.
constexpr int kWaitingCountMax = 1000;

std::string PathOf(std::string_view list, int index, std::string_view field) {
  return std::string(list) + "[" + std::to_string(index) + "]." + std::string(field);
}

grpc::Status CheckFactor(const std::string& path, int64_t stated, int64_t& factor) {
  factor = stated == 0 ? 1 : stated;
  if (factor >= 1 && factor <= kFactorMax) return grpc::Status::OK;
  return InvalidField(path, "is not from 1 to 1000000");
}

// A source and a code, which both kinds of mappings have; `once` holds what was seen of the
// request.
template <typename Proto, typename Stated>
grpc::Status ParseKey(const Proto& proto, std::string_view list, int index, Stated& stated,
                      absl::flat_hash_set<std::pair<std::string, std::string>>& once) {
  if (auto status = CheckOptionalId(PathOf(list, index, "source"), proto.source()); !status.ok()) {
    return status;
  }
  if (auto status = CheckId(PathOf(list, index, "code"), proto.code()); !status.ok()) return status;
  if (!once.insert({proto.source(), proto.code()}).second) {
    return InvalidField(PathOf(list, index, "code"), "appears twice in the request");
  }
  stated.source = proto.source();
  stated.row.code = proto.code();
  return grpc::Status::OK;
}

grpc::Status ParseSku(const v1::SkuMapping& proto, int index, bool remove,
                      StatedSkuMapping& stated) {
  if (remove) return grpc::Status::OK;
  if (auto status = CheckId(PathOf("skus", index, "sku"), proto.sku()); !status.ok()) return status;
  stated.sku = proto.sku();
  if (auto status = CheckFactor(PathOf("skus", index, "unit_numerator"), proto.unit_numerator(),
                                stated.row.numerator);
      !status.ok()) {
    return status;
  }
  return CheckFactor(PathOf("skus", index, "unit_denominator"), proto.unit_denominator(),
                     stated.row.denominator);
}

grpc::Status ParseBundle(const v1::Bundle& proto, int index, StatedBundle& stated) {
  if (auto status = CheckId(PathOf("bundles", index, "sku"), proto.sku()); !status.ok()) {
    return status;
  }
  if (proto.parts_size() > kPartsMax) {
    return InvalidField(PathOf("bundles", index, "parts"), "has more than 20 parts");
  }
  stated.sku = proto.sku();
  absl::flat_hash_set<std::string> once;
  for (const v1::BundlePart& part : proto.parts()) {
    const std::string path = PathOf("bundles", index, "parts");
    if (auto status = CheckId(path, part.sku()); !status.ok()) return status;
    if (part.quantity() < 1 || part.quantity() > kFactorMax) {
      return InvalidField(path, "needs quantities from 1 to 1000000");
    }
    if (!once.insert(part.sku()).second) return InvalidField(path, "has a part twice");
    stated.parts.push_back({.sku = part.sku(), .quantity = part.quantity()});
  }
  return grpc::Status::OK;
}

CatalogueChange Refuse(Reason reason, std::string_view key, std::string name) {
  return {.refusal = reason, .key = key, .name = std::move(name)};
}

// The number of a source; false when it has none.
bool FindSource(const engine::Catalogue& catalogue, const std::string& name, SourceId& source) {
  source = name.empty() ? kNoSource : catalogue.FindSource(name);
  return name.empty() || source != kNoSource;
}

CatalogueChange FindNames(const engine::Catalogue& catalogue, StatedMappings& mappings) {
  for (StatedSkuMapping& stated : mappings.skus) {
    if (!FindSource(catalogue, stated.source, stated.row.source)) {
      return Refuse(Reason::kSourceUnknown, "source", stated.source);
    }
    if (mappings.remove) continue;
    stated.row.item = catalogue.FindItem(stated.sku);
    if (stated.row.item == kNoItem) return Refuse(Reason::kSkuUnknown, "sku", stated.sku);
  }
  for (StatedLocationMapping& stated : mappings.locations) {
    if (!FindSource(catalogue, stated.source, stated.row.source)) {
      return Refuse(Reason::kSourceUnknown, "source", stated.source);
    }
    if (mappings.remove) continue;
    stated.row.location = catalogue.FindLocation(stated.location);
    if (stated.row.location == kNoLocation) {
      return Refuse(Reason::kLocationUnknown, "location", stated.location);
    }
  }
  return {};
}

// What of the waiting facts with this name is of the source.
int64_t CountWaiting(engine::UnitOfWork& unit, SourceId source, std::string_view sku,
                     std::string_view location) {
  return std::ranges::count_if(unit.store().ListQuarantined(sku, location, 0, kWaitingCountMax),
                               [source](const storage::QuarantinedFact& waiting) {
                                 return source == kNoSource || waiting.source == source;
                               });
}

// Names of every source only tell what is meant; a source's own names are also told to it.
void NoteChange(const std::string& source, CatalogueChange& change, bool& told) {
  ++change.changed;
  told |= !source.empty();
}

void Remove(engine::UnitOfWork& unit, const StatedMappings& mappings, CatalogueChange& change,
            bool& told) {
  for (const StatedSkuMapping& stated : mappings.skus) {
    if (!unit.mappings().RemoveSku(stated.row.source, stated.row.code)) continue;
    unit.store().DeleteSkuMapping(stated.row.source, stated.row.code);
    NoteChange(stated.source, change, told);
  }
  for (const StatedLocationMapping& stated : mappings.locations) {
    if (!unit.mappings().RemoveLocation(stated.row.source, stated.row.code)) continue;
    unit.store().DeleteLocationMapping(stated.row.source, stated.row.code);
    NoteChange(stated.source, change, told);
  }
}

void Put(engine::UnitOfWork& unit, const StatedMappings& mappings, CatalogueChange& change,
         bool& told) {
  for (const StatedSkuMapping& stated : mappings.skus) {
    const auto known = unit.mappings().FindSku(stated.row.source, stated.row.code);
    if (known == stated.row) continue;
    unit.mappings().Put(stated.row);
    unit.store().SaveSkuMapping(stated.row);
    change.replaying += CountWaiting(unit, stated.row.source, stated.row.code, {});
    NoteChange(stated.source, change, told);
  }
  for (const StatedLocationMapping& stated : mappings.locations) {
    unit.mappings().Put(stated.row);
    unit.store().SaveLocationMapping(stated.row);
    change.replaying += CountWaiting(unit, stated.row.source, {}, stated.row.code);
    NoteChange(stated.source, change, told);
  }
}

using PartsByBundle = absl::btree_map<ItemId, engine::Bundles::Parts>;

CatalogueChange FindParts(const engine::Catalogue& catalogue, std::span<const StatedBundle> bundles,
                          PartsByBundle& found) {
  for (const StatedBundle& stated : bundles) {
    const ItemId bundle = catalogue.FindItem(stated.sku);
    if (bundle == kNoItem) return Refuse(Reason::kSkuUnknown, "sku", stated.sku);
    engine::Bundles::Parts& parts = found[bundle];
    for (const StatedPart& part : stated.parts) {
      parts.push_back({.item = catalogue.FindItem(part.sku), .quantity = part.quantity});
      if (parts.back().item == kNoItem) return Refuse(Reason::kSkuUnknown, "sku", part.sku);
    }
    std::ranges::sort(parts, {}, &storage::BundlePart::item);
  }
  return {};
}

bool HasStock(const engine::UnitOfWork& unit, ItemId item,
              const std::vector<storage::Location>& locations) {
  return std::ranges::any_of(locations, [&](const storage::Location& location) {
    const auto known = unit.Find({.item = item, .location = location.id});
    return known && (known->row.on_hand != 0 || known->row.reserved != 0 ||
                     known->row.committed != 0 || known->row.unsellable != 0);
  });
}

// What the bundles would be after the put, taken together.
CatalogueChange CheckBundles(engine::UnitOfWork& unit, const PartsByBundle& stated,
                             const std::vector<storage::Location>& locations) {
  const auto is_bundle = [&](ItemId item) {
    const auto found = stated.find(item);
    return found == stated.end() ? unit.bundles().IsBundle(item) : !found->second.empty();
  };
  for (const auto& [bundle, parts] : stated) {
    if (parts.empty()) continue;
    const std::string sku = unit.catalogue().Sku(bundle);
    for (const storage::BundlePart& part : parts) {
      if (is_bundle(part.item)) {
        return Refuse(Reason::kBundleNested, "sku", unit.catalogue().Sku(part.item));
      }
    }
    for (const ItemId other : unit.bundles().BundlesWith(bundle)) {
      if (!stated.contains(other)) return Refuse(Reason::kBundleNested, "sku", sku);
    }
    if (!unit.bundles().IsBundle(bundle) && HasStock(unit, bundle, locations)) {
      return Refuse(Reason::kBundleHasStock, "sku", sku);
    }
  }
  return {};
}

// Feeds that told the level of a bundle must tell that of the plain item from now on: it gets a
// version of its own wherever its parts have one.
void EndBundle(engine::UnitOfWork& unit, ItemId bundle, const engine::Bundles::Parts& parts,
               const std::vector<storage::Location>& locations) {
  for (const storage::Location& location : locations) {
    const bool told = std::ranges::any_of(parts, [&](const storage::BundlePart& part) {
      return unit.Find({.item = part.item, .location = location.id}).has_value();
    });
    if (!told) continue;
    ledger::JournalEntry entry;
    entry.position = {.item = bundle, .location = location.id};
    entry.kind = ledger::EntryKind::kPolicy;
    entry.occurred_at = unit.now();
    unit.Append(std::move(entry));
  }
}

}  // namespace

grpc::Status Parse(const v1::PutMappingsRequest& request, StatedMappings& mappings) {
  const int rows = request.skus_size() + request.locations_size();
  if (rows < 1 || rows > kRowsMax) {
    return InvalidField("skus", "needs 1 to 1000 rows together with locations");
  }
  mappings.remove = request.remove();
  absl::flat_hash_set<std::pair<std::string, std::string>> once;
  for (const v1::SkuMapping& proto : request.skus()) {
    const int index = static_cast<int>(mappings.skus.size());
    StatedSkuMapping& stated = mappings.skus.emplace_back();
    if (auto status = ParseKey(proto, "skus", index, stated, once); !status.ok()) return status;
    if (auto status = ParseSku(proto, index, request.remove(), stated); !status.ok()) return status;
  }
  once.clear();
  for (const v1::LocationMapping& proto : request.locations()) {
    const int index = static_cast<int>(mappings.locations.size());
    StatedLocationMapping& stated = mappings.locations.emplace_back();
    if (auto status = ParseKey(proto, "locations", index, stated, once); !status.ok()) {
      return status;
    }
    if (request.remove()) continue;
    if (auto status = CheckId(PathOf("locations", index, "location"), proto.location());
        !status.ok()) {
      return status;
    }
    stated.location = proto.location();
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutBundlesRequest& request, std::vector<StatedBundle>& bundles) {
  if (request.bundles_size() < 1 || request.bundles_size() > kRowsMax) {
    return InvalidField("bundles", "needs 1 to 1000 rows");
  }
  absl::flat_hash_set<std::string> once;
  for (const v1::Bundle& proto : request.bundles()) {
    const int index = static_cast<int>(bundles.size());
    if (auto status = ParseBundle(proto, index, bundles.emplace_back()); !status.ok()) {
      return status;
    }
    if (!once.insert(proto.sku()).second) {
      return InvalidField(PathOf("bundles", index, "sku"), "appears twice in the request");
    }
  }
  return grpc::Status::OK;
}

CatalogueChange Apply(engine::UnitOfWork& unit, StatedMappings& mappings) {
  CatalogueChange change = FindNames(unit.catalogue(), mappings);
  if (change.refusal != Reason::kNone) return change;
  bool told = false;
  if (mappings.remove) {
    Remove(unit, mappings, change, told);
  } else {
    Put(unit, mappings, change, told);
  }
  if (told) unit.PolicyChanged();
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<const StatedBundle> bundles) {
  PartsByBundle stated;
  CatalogueChange change = FindParts(unit.catalogue(), bundles, stated);
  if (change.refusal != Reason::kNone) return change;
  const std::vector<storage::Location> locations = unit.catalogue().Locations();
  change = CheckBundles(unit, stated, locations);
  if (change.refusal != Reason::kNone) return change;
  for (const auto& [bundle, parts] : stated) {
    const engine::Bundles::Parts known = unit.bundles().PartsOf(bundle);
    if (known == parts) continue;
    ++change.changed;
    if (parts.empty()) EndBundle(unit, bundle, known, locations);
    unit.bundles().Put(bundle, parts);
    unit.store().SaveBundle(bundle, parts);
  }
  if (change.changed > 0) unit.PolicyChanged();
  return change;
}

}  // namespace stockd::rpc
