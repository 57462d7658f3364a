#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/store_calendar.h"

namespace stockd::storage {

using WeeklyHours = std::array<std::vector<fulfilment::OpenHours>, 7>;

// [["09:00-13:00","14:00-20:00"],...,[]], Monday to Sunday; and back: whether it was that.
std::string WeeklyText(const WeeklyHours& weekly);
bool ParseWeekly(std::string_view text, WeeklyHours& weekly);

// [["2026-12-25","Christmas",[]],...]; and back: whether it was that.
std::string SpecialDaysText(const std::vector<fulfilment::SpecialDay>& days);
bool ParseSpecialDays(std::string_view text, std::vector<fulfilment::SpecialDay>& days);

}  // namespace stockd::storage
