#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// Why a source and stockd differ, most likely. Numbered as stockd.v1.DriftCause; the values are
// stored.
enum class DriftCause : uint8_t {
  kLevelInFlight = 1,
  kLateFacts = 2,
  kFactsMissing = 3,
  kQuarantine = 4,
  kUnknown = 5,
};

// A comparison of a source's figures with ours.
struct Reconciliation {
  int64_t number = 0;  // Given by the store; grows.
  SourceId source = kNoSource;
  std::string snapshot_id;
  Timestamp as_of{};
  Timestamp made_at{};
  int64_t position_count = 0;  // Positions compared.

  friend bool operator==(const Reconciliation&, const Reconciliation&) = default;
};

// A position that differed.
struct Drift {
  PositionKey position;
  Quantity expected = 0;
  Quantity stated = 0;
  DriftCause cause = DriftCause::kUnknown;
  bool repaired = false;

  friend bool operator==(const Drift&, const Drift&) = default;
};

// What the differences of one item add up to.
struct ItemDrift {
  int64_t unit_cost_micros = 0;
  std::string currency;     // Empty: the item has no cost.
  Quantity difference = 0;  // Stated minus expected, over all locations.
};

// A comparison with the sums over its differences.
struct ReconciliationSums {
  Reconciliation reconciliation;
  int64_t drift_positions = 0;
  Quantity drift = 0;  // Units, added up without sign.
  int64_t repaired = 0;
};

// Where a page of differences, the largest first, ended.
struct DriftKey {
  Quantity size = INT64_MAX;  // The difference without its sign.
  PositionKey position{};
};

}  // namespace stockd::storage
