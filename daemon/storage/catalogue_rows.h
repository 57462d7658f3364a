#pragma once

#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// The records of the catalogue as they are stored. Meaning, units and ranges are those of
// proto/stockd/v1/catalogue_service.proto.
struct Item {
  ItemId id = kNoItem;
  std::string sku;
  std::string name;
  std::string unit;
  int32_t scale = 0;
  std::string category;
  std::vector<std::string> gtins;
  int64_t unit_cost_micros = 0;
  int64_t price_micros = 0;
  std::string currency;

  friend bool operator==(const Item&, const Item&) = default;
};

enum class LocationKind : uint8_t { kStore = 1, kWarehouse = 2, kDarkStore = 3 };

struct Location {
  LocationId id = kNoLocation;
  std::string code;
  std::string name;
  LocationKind kind = LocationKind::kStore;
  std::string time_zone;
  bool has_coordinate = false;
  double latitude = 0;
  double longitude = 0;
  bool ships = false;
  bool collects = false;

  friend bool operator==(const Location&, const Location&) = default;
};

struct Group {
  GroupId id = kNoGroup;
  std::string group_id;
  std::string name;
  std::vector<LocationId> locations;

  friend bool operator==(const Group&, const Group&) = default;
};

struct Channel {
  ChannelId id = kNoChannel;
  std::string channel_id;
  std::string name;
  Quantity buffer = 0;
  GroupId group = kNoGroup;  // kNoGroup: all locations.

  friend bool operator==(const Channel&, const Channel&) = default;
};

// A rule; kNoItem means every item at the location, kNoLocation the item at every location.
struct SafetyStock {
  ItemId item = kNoItem;
  LocationId location = kNoLocation;
  Quantity quantity = 0;

  friend bool operator==(const SafetyStock&, const SafetyStock&) = default;
};

// Visits of a channel within the hour that begins then, of a location or of none.
struct VisitCount {
  std::string channel;
  LocationId location = kNoLocation;
  Timestamp begins_at{};
  int64_t visits = 0;

  friend bool operator==(const VisitCount&, const VisitCount&) = default;
};

// A customer looked at an item online.
struct Contact {
  std::string customer_reference;
  ItemId item = kNoItem;
  std::string channel;
  Timestamp occurred_at{};

  friend bool operator==(const Contact&, const Contact&) = default;
};

// A source that ever connected, with what it acknowledged.
struct Source {
  SourceId id = kNoSource;
  std::string name;
  uint64_t batch_acknowledged = 0;  // The adapter's number of its last batch on disk.
  Sequence level_cursor = 0;        // The last level cursor it acknowledged.
  uint64_t order_cursor = 0;        // The last order cursor it acknowledged.
  int64_t facts_applied = 0;

  friend bool operator==(const Source&, const Source&) = default;
};

}  // namespace stockd::storage
