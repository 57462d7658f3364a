#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"
#include "daemon/ledger/reason.h"

namespace stockd::storage {

// What a source calls an item.
struct SkuMapping {
  SourceId source = kNoSource;  // kNoSource: every source.
  std::string code;
  ItemId item = kNoItem;
  // Our smallest units in `denominator` of the source's units; both 1 or more.
  int64_t numerator = 1;
  int64_t denominator = 1;

  friend bool operator==(const SkuMapping&, const SkuMapping&) = default;
};

// What a source calls a location.
struct LocationMapping {
  SourceId source = kNoSource;  // kNoSource: every source.
  std::string code;
  LocationId location = kNoLocation;

  friend bool operator==(const LocationMapping&, const LocationMapping&) = default;
};

// A part of an item that is made of others.
struct BundlePart {
  ItemId item = kNoItem;
  Quantity quantity = 0;  // Smallest units in one bundle, 1 or more.

  friend bool operator==(const BundlePart&, const BundlePart&) = default;
};

// Waiting facts of one source that the same fix would help.
struct QuarantineGroup {
  SourceId source = kNoSource;
  ledger::Reason reason = ledger::Reason::kNone;
  std::string name;  // The SKU or location at fault, as told; empty when the reason is about none.
  int64_t count = 0;
  int64_t example_id = 0;  // The oldest.
  Timestamp oldest_at{};
};

}  // namespace stockd::storage
