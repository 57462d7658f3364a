#pragma once

#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::ledger {

// Goods on their way to a position.
struct Supply {
  std::string id;
  PositionKey position;
  Quantity quantity = 0;  // Still expected; 0 means withdrawn or received.
  Timestamp expected_at;

  friend bool operator==(const Supply&, const Supply&) = default;
};

}  // namespace stockd::ledger
