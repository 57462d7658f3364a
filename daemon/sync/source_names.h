#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/quantity.h"
#include "daemon/engine/mappings.h"
#include "daemon/ledger/reason.h"

namespace stockd::sync {

// How a source counts an item: our smallest units in `denominator` of the source's.
struct Units {
  int64_t numerator = 1;
  int64_t denominator = 1;

  friend bool operator==(const Units&, const Units&) = default;
};

// What a source means by its names.
struct NamedPosition {
  PositionKey position;
  Units units;
  ledger::Reason reason = ledger::Reason::kNone;  // kNone: all of it was found.
};

// Looks up an item as the source calls it, in this order: a mapping of the source, one of every
// source, a SKU of ours, the GTIN of exactly one item. kSkuUnknown, kCodeAmbiguous (a GTIN of
// several). Leaves the location open.
NamedPosition FindNamedItem(const engine::Names& names, SourceId source, std::string_view code);
// The same for a location: a mapping of the source, one of every source, a code of ours.
// kNoLocation when it is unknown.
LocationId FindNamedLocation(const engine::Names& names, SourceId source, std::string_view code);
// Both; the item's reason goes before kLocationUnknown.
NamedPosition FindNamed(const engine::Names& names, SourceId source, std::string_view sku,
                        std::string_view location);

// A quantity in our units; or why it has none.
struct OwnQuantity {
  Quantity quantity = 0;
  ledger::Reason reason = ledger::Reason::kNone;
};

// A quantity of the source in our units: kQuantityNotWhole when it comes out with a fraction,
// kQuantityOutOfRange beyond kQuantityMax. Units of 1 and 1 leave any quantity as it is.
OwnQuantity ToOwnUnits(Quantity told, const Units& units);
// A figure of ours in the source's units, rounded down towards minus infinity: what is told never
// exceeds what is there.
Quantity ToSourceUnits(Quantity own, const Units& units);

// Rounds figures of an item down to what the source can show of them, so that what comes back from
// it is what it was told. Leaves them as they are for an item that the source counts in our units
// or finer, in fractions of both, or in several units at once.
void RoundForSource(const engine::Names& names, SourceId source, ItemId item, Quantity& on_hand,
                    Quantity& available);

// One way in which a source names a position.
struct SourceName {
  std::string sku;
  std::string location;
  Units units;
};

// Every name the source has for the position: its codes for the item at each of its codes for the
// location; our own SKU or code where it has none.
std::vector<SourceName> NamesFor(const engine::Names& names, SourceId source, PositionKey position);

}  // namespace stockd::sync
