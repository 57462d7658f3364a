// Open hours as people type and read them.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <string_view>

#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::ctl {

using WeeklyHoursList = google::protobuf::RepeatedPtrField<v1::WeeklyHours>;
using SpecialDayList = google::protobuf::RepeatedPtrField<v1::SpecialDay>;

// Adds the rows of "mon-fri 09:00-20:00", "sat,sun 10:00-13:00,14:00-18:00" or "daily 00:00-24:00".
// Whether the text is of this form; the daemon judges the times.
bool AddWeeklyHours(std::string_view text, WeeklyHoursList& hours);
inline constexpr std::string_view kWeeklyHoursForm =
    "mon-fri 09:00-20:00, or sat,sun 10:00-13:00,14:00-18:00, or daily 00:00-24:00";

// Adds the day of "2026-12-25 closed Christmas" or "2026-12-24 09:00-14:00,15:00-17:00"; a name may
// follow. Whether the text is of this form.
bool AddSpecialDay(std::string_view text, SpecialDayList& days);
inline constexpr std::string_view kSpecialDayForm =
    "2026-12-25 closed Christmas, or 2026-12-24 09:00-14:00 Christmas Eve";

// "Mon-Fri 09:00-13:00,14:00-20:00; Sat 10:00-18:00"; "closed" for none.
std::string WeekWords(const WeeklyHoursList& hours);

// "Mon"; "?" for none.
std::string_view WeekdayWord(v1::Weekday weekday);

}  // namespace stockd::ctl
