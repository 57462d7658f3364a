#include "daemon/rpc/calendar_rows.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "daemon/fulfilment/calendar_faults.h"
#include "daemon/fulfilment/calendar_text.h"
#include "daemon/rpc/row_checks.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using fulfilment::OpenHours;
using fulfilment::SpecialDay;
using fulfilment::StoreCalendar;

constexpr int kCalendarsMax = 1000;
constexpr int kWeeklyHoursMax = 7 * fulfilment::kHoursOfDayMax;
constexpr std::string_view kNoHours =
    "is not a time such as 09:00, from 00:00 to 23:59, and one to close, from 00:00 to 24:00";

std::string Indexed(std::string_view list, int index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

void SortHours(std::vector<OpenHours>& hours) { std::ranges::sort(hours); }

grpc::Status ParseWeek(const Path& path, const v1::StoreCalendar& proto, StoreCalendar& calendar) {
  if (proto.weekly_hours_size() > kWeeklyHoursMax) {
    return InvalidField(path.Of("weekly_hours"),
                        "has more than " + std::to_string(kWeeklyHoursMax) + " rows");
  }
  for (int i = 0; i < proto.weekly_hours_size(); ++i) {
    const v1::WeeklyHours& stated = proto.weekly_hours(i);
    const std::string field = Indexed("weekly_hours", i);
    if (stated.weekday() < v1::WEEKDAY_MONDAY || stated.weekday() > v1::WEEKDAY_SUNDAY) {
      return InvalidField(path.Of(field + ".weekday"), "is not a day of the week");
    }
    const auto hours = fulfilment::MakeHours(stated.opens(), stated.closes());
    if (!hours) return InvalidField(path.Of(field), kNoHours);
    calendar.weekly[static_cast<size_t>(stated.weekday()) - 1].push_back(*hours);
  }
  for (auto& day : calendar.weekly) SortHours(day);
  return grpc::Status::OK;
}

grpc::Status ParseSpecialDay(const Path& path, const std::string& field,
                             const v1::SpecialDay& stated, SpecialDay& day) {
  const auto date = fulfilment::ParseDate(stated.date());
  if (!date) return InvalidField(path.Of(field + ".date"), "is not a date such as 2026-12-25");
  if (auto status =
          CheckText(path.Of(field + ".name"), stated.name(), fulfilment::kSpecialNameBytesMax);
      !status.ok()) {
    return status;
  }
  day = {.date = *date, .name = stated.name(), .hours = {}};
  for (int i = 0; i < stated.hours_size(); ++i) {
    const auto hours = fulfilment::MakeHours(stated.hours(i).opens(), stated.hours(i).closes());
    if (!hours) return InvalidField(path.Of(field + "." + Indexed("hours", i)), kNoHours);
    day.hours.push_back(*hours);
  }
  SortHours(day.hours);
  return grpc::Status::OK;
}

// `places[i]` says where the i-th special day stood in the request.
grpc::Status ParseSpecialDays(const Path& path, const v1::StoreCalendar& proto,
                              StoreCalendar& calendar, std::vector<int>& places) {
  if (proto.special_days_size() > fulfilment::kSpecialDaysMax) {
    return InvalidField(path.Of("special_days"),
                        "has more than " + std::to_string(fulfilment::kSpecialDaysMax) + " rows");
  }
  std::vector<SpecialDay> stated(static_cast<size_t>(proto.special_days_size()));
  for (int i = 0; i < proto.special_days_size(); ++i) {
    if (auto status = ParseSpecialDay(path, Indexed("special_days", i), proto.special_days(i),
                                      stated[static_cast<size_t>(i)]);
        !status.ok()) {
      return status;
    }
  }
  places.resize(stated.size());
  std::iota(places.begin(), places.end(), 0);
  std::ranges::sort(places, {}, [&](int place) {
    return std::pair(stated[static_cast<size_t>(place)].date, place);
  });
  for (const int place : places) {
    calendar.special_days.push_back(std::move(stated[static_cast<size_t>(place)]));
  }
  return grpc::Status::OK;
}

// Leaves the default when it is unset.
grpc::Status ParseLength(const Path& path, std::string_view field, bool is_set,
                         const google::protobuf::Duration& stated, Duration& length) {
  if (!is_set) return grpc::Status::OK;
  const auto parsed = FromProto(stated);
  if (!parsed) return InvalidField(path.Of(field), "is not a duration");
  length = *parsed;
  return grpc::Status::OK;
}

grpc::Status ParseFigures(const Path& path, const v1::StoreCalendar& proto,
                          StoreCalendar& calendar) {
  calendar.picks_per_slot = proto.picks_per_slot();
  if (proto.hold_open_days() != 0) calendar.hold_open_days = proto.hold_open_days();
  return FirstOf({ParseLength(path, "slot_length", proto.has_slot_length(), proto.slot_length(),
                              calendar.slot_length),
                  ParseLength(path, "ready_lead", proto.has_ready_lead(), proto.ready_lead(),
                              calendar.ready_lead),
                  ParseLength(path, "order_cutoff", proto.has_order_cutoff(), proto.order_cutoff(),
                              calendar.order_cutoff),
                  ParseLength(path, "remind_after", proto.has_remind_after(), proto.remind_after(),
                              calendar.remind_after)});
}

grpc::Status ParseCalendar(const Path& path, const v1::StoreCalendar& proto,
                           StoreCalendar& calendar) {
  std::vector<int> places;
  if (auto status = ParseWeek(path, proto, calendar); !status.ok()) return status;
  if (auto status = ParseSpecialDays(path, proto, calendar, places); !status.ok()) return status;
  if (auto status = ParseFigures(path, proto, calendar); !status.ok()) return status;
  const auto fault = fulfilment::FindFault(calendar);
  if (!fault) return grpc::Status::OK;
  if (fault->special_day < 0) return InvalidField(path.Of(fault->field), fault->problem);
  const int place = places[static_cast<size_t>(fault->special_day)];
  return InvalidField(path.Of(Indexed("special_days", place) + "." + fault->field), fault->problem);
}

void ToProto(Duration length, google::protobuf::Duration& proto) {
  proto.set_seconds(length.count() / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(length.count() % 1'000'000 * 1000));
}

template <typename Proto>
void ToProto(const OpenHours& hours, Proto& proto) {
  proto.set_opens(fulfilment::MinuteText(hours.opens_minute));
  proto.set_closes(fulfilment::MinuteText(hours.closes_minute));
}

}  // namespace

grpc::Status Parse(const v1::PutCalendarsRequest& request, std::vector<StatedCalendar>& calendars) {
  if (auto status = CheckRowCount("calendars", request.calendars_size(), kCalendarsMax);
      !status.ok()) {
    return status;
  }
  calendars.reserve(static_cast<size_t>(request.calendars_size()));
  EachOnce once;
  Path path{.list = "calendars"};
  for (const v1::StoreCalendar& proto : request.calendars()) {
    if (auto status = CheckId(path.Of("location"), proto.location()); !status.ok()) return status;
    if (auto status = once.Check(path, "location", proto.location()); !status.ok()) return status;
    StatedCalendar& stated = calendars.emplace_back();
    stated.location = proto.location();
    stated.remove = proto.remove();
    if (!stated.remove) {
      if (auto status = ParseCalendar(path, proto, stated.calendar); !status.ok()) return status;
    }
    ++path.index;
  }
  return grpc::Status::OK;
}

void ToProto(const std::string& location, const StoreCalendar& calendar, v1::StoreCalendar& proto) {
  proto.set_location(location);
  for (size_t i = 0; i < calendar.weekly.size(); ++i) {
    for (const OpenHours& hours : calendar.weekly[i]) {
      v1::WeeklyHours& row = *proto.add_weekly_hours();
      row.set_weekday(static_cast<v1::Weekday>(i + 1));
      ToProto(hours, row);
    }
  }
  for (const SpecialDay& day : calendar.special_days) {
    v1::SpecialDay& row = *proto.add_special_days();
    row.set_date(fulfilment::DateText(day.date));
    row.set_name(day.name);
    for (const OpenHours& hours : day.hours) ToProto(hours, *row.add_hours());
  }
  ToProto(calendar.slot_length, *proto.mutable_slot_length());
  proto.set_picks_per_slot(calendar.picks_per_slot);
  ToProto(calendar.ready_lead, *proto.mutable_ready_lead());
  ToProto(calendar.order_cutoff, *proto.mutable_order_cutoff());
  proto.set_hold_open_days(calendar.hold_open_days);
  ToProto(calendar.remind_after, *proto.mutable_remind_after());
}

v1::Weekday WeekdayOf(absl::CivilDay date) {
  // Abseil's weekdays are numbered from Monday, which is 0.
  return static_cast<v1::Weekday>(static_cast<int>(absl::GetWeekday(date)) + 1);
}

}  // namespace stockd::rpc
