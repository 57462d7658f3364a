// Positions and lines as people type them. All functions throw UsageError, saying what was typed
// and what is expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "stockd/v1/availability_service.pb.h"
#include "stockd/v1/reservation_service.pb.h"
#include "stockd/v1/types.pb.h"

namespace stockd::ctl {

// "SKU@LOC". A SKU may contain '@' itself: the last one counts.
v1::Position ParsePosition(std::string_view text);

// "SKU@LOC:QTY", with the last '@' and the last ':'. QTY is `quantity_min` or more.
v1::LineRequest ParseLine(std::string_view text, int64_t quantity_min);

// "LAT,LON" in degrees.
v1::Coordinate ParseCoordinate(std::string_view text);

// Money as a decimal: "12.5" is 12500000 millionths. At most six decimals; empty when it is none.
// Exact: money never passes through floating point.
std::optional<int64_t> ParseMicros(std::string_view text);

}  // namespace stockd::ctl
