#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// What is assigned to one of two policies: a location, or one item there.
struct Subject {
  ItemId item = kNoItem;  // kNoItem: the whole location.
  LocationId location = kNoLocation;
  bool is_b = false;
  // What held before: units of safety stock or open days; empty: no rule of its own.
  std::optional<int64_t> before{};

  friend bool operator==(const Subject&, const Subject&) = default;
};

// Two policies, and who was assigned to which of them. Meaning and ranges:
// proto/stockd/v1/experiment_service.proto.
struct Experiment {
  // Values are stored.
  enum class Policy : uint8_t {
    kSafetyStock = 1,  // Units kept back.
    kHoldDays = 2,     // Open days for which an order is kept.
  };

  std::string id;
  Policy policy = Policy::kSafetyStock;
  int64_t value_a = 0;
  int64_t value_b = 0;
  uint64_t seed = 0;
  std::string group;  // Id of the group whose locations took part.
  Timestamp begins_at{};
  std::optional<Timestamp> ends_at{};  // Empty: it runs.
  std::vector<Subject> subjects{};     // By item and location.

  friend bool operator==(const Experiment&, const Experiment&) = default;
};

}  // namespace stockd::storage
