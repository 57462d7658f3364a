#pragma once

#include <optional>
#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// Units that a holder may sell while it is cut off. The claim on them is the reservation that has
// the same id and number. Meaning and ranges: proto/stockd/v1/quota_service.proto.
struct Quota {
  std::string id;
  uint64_t number = 0;
  std::string holder;
  PositionKey position{};
  Quantity quantity = 0;   // Granted.
  Quantity requested = 0;  // As asked for; with `allow_partial` it may be more.
  bool allow_partial = false;
  Timestamp created_at{};
  Timestamp ends_at{};
  std::optional<Timestamp> settled_at{};

  friend bool operator==(const Quota&, const Quota&) = default;
};

// A quota with what its claim says.
struct QuotaStanding {
  Quota quota;
  Quantity sold = 0;       // Units that left with sales out of it.
  Quantity remaining = 0;  // Units still claimed.
};

}  // namespace stockd::storage
