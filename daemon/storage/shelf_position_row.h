#pragma once

#include <string>

#include "daemon/base/ids.h"

namespace stockd::storage {

// Where an item lies within a location.
struct ShelfPosition {
  PositionKey position;
  std::string text;      // For people.
  std::string sort_key;  // Byte order of it is the order of walking; see base/natural_order.h.

  friend bool operator==(const ShelfPosition&, const ShelfPosition&) = default;
};

}  // namespace stockd::storage
