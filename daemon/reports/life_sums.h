#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/reports/cell.h"
#include "daemon/reports/workspace.h"

namespace stockd::reports {

// What one order adds to the sums of one place and time, as it is kept.
struct LifePart {
  Timestamp at{};
  uint32_t location = 0;
  StrandId strand = 0;
  std::vector<Amount> amounts;  // None is negative.
};

// The one encoding of these parts; those without amounts are left out.
std::string EncodeLife(const std::vector<LifePart>& parts);
// Appends what was encoded. False when the bytes are damaged.
[[nodiscard]] bool DecodeLife(std::string_view encoded, std::vector<LifePart>& parts);

}  // namespace stockd::reports
