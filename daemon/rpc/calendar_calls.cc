#include "daemon/rpc/calendar_calls.h"

#include <absl/time/time.h>

#include <string>

#include "daemon/fulfilment/calendar_text.h"
#include "daemon/fulfilment/open_time.h"
#include "daemon/rpc/calendar_rows.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using fulfilment::Opening;
using fulfilment::OpenTime;

constexpr char kCalendarPage = 'k';
constexpr int kDaysDefault = 7;
constexpr int kDaysMax = 400;
// So that every instant of the answer is one, too.
constexpr int kStartYearMin = 1970;
constexpr int kStartYearMax = 2999;

// What the wall clock shows; nothing but a closing shows "24:00", at the midnight that ends `date`.
std::string OpensText(const OpenTime& open_time, const Opening& opening) {
  return absl::FormatTime("%H:%M", absl::FromUnixMicros(ToMicros(opening.open)), open_time.zone());
}

std::string ClosesText(const OpenTime& open_time, const Opening& opening) {
  const absl::Time close = absl::FromUnixMicros(ToMicros(opening.close));
  if (open_time.zone().At(close).cs == absl::CivilSecond(opening.date + 1)) return "24:00";
  return absl::FormatTime("%H:%M", close, open_time.zone());
}

void FillDays(const OpenTime& open_time, absl::CivilDay first, int count,
              v1::ListOpenDaysResponse& response) {
  for (absl::CivilDay date = first; date < first + count; ++date) {
    v1::OpenDay& day = *response.add_days();
    day.set_date(fulfilment::DateText(date));
    day.set_weekday(WeekdayOf(date));
    if (const auto* special = fulfilment::FindSpecialDay(open_time.calendar(), date)) {
      day.set_special(true);
      day.set_name(special->name);
    }
  }
  open_time.ForEachOpening(open_time.InstantOf(first, 0), open_time.InstantOf(first + count, 0),
                           [&](const Opening& opening) {
                             if (opening.date < first) return true;  // Began the evening before.
                             auto& day =
                                 *response.mutable_days(static_cast<int>(opening.date - first));
                             v1::Opening& row = *day.add_openings();
                             ToProto(opening.open, *row.mutable_open_time());
                             ToProto(opening.close, *row.mutable_close_time());
                             row.set_opens(OpensText(open_time, opening));
                             row.set_closes(ClosesText(open_time, opening));
                             return true;
                           });
}

grpc::Status StartOf(const v1::ListOpenDaysRequest& request, Timestamp now, Timestamp& start) {
  start = now;
  if (!request.has_start_time()) return grpc::Status::OK;
  const auto stated = FromProto(request.start_time());
  if (stated) {
    const auto year = absl::UTCTimeZone().At(absl::FromUnixMicros(ToMicros(*stated))).cs.year();
    start = *stated;
    if (year >= kStartYearMin && year <= kStartYearMax) return grpc::Status::OK;
  }
  return InvalidField("start_time", "is not in the years 1970 to 2999");
}

}  // namespace

grpc::Status ListCalendars(const engine::Catalogue& catalogue,
                           const v1::ListCalendarsRequest& request,
                           v1::ListCalendarsResponse& response) {
  int limit = 0;
  std::string after;
  if (auto status = CheckPageSize(request.page_size(), limit); !status.ok()) return status;
  if (auto status = ParsePageToken(kCalendarPage, request.page_token(), after); !status.ok()) {
    return status;
  }
  // One more than the page, to know whether it is the last.
  auto calendars = catalogue.CalendarsAfter(after, static_cast<size_t>(limit) + 1);
  const bool more = calendars.size() > static_cast<size_t>(limit);
  if (more) calendars.pop_back();
  for (const engine::CalendarRow& row : calendars) {
    ToProto(row.location, row.open_time->calendar(), *response.add_calendars());
  }
  if (more) response.set_next_page_token(MakePageToken(kCalendarPage, calendars.back().location));
  return grpc::Status::OK;
}

grpc::Status ListOpenDays(const engine::Catalogue& catalogue, Timestamp now,
                          const v1::ListOpenDaysRequest& request,
                          v1::ListOpenDaysResponse& response) {
  Timestamp start;
  if (auto status = CheckId("location", request.location()); !status.ok()) return status;
  if (auto status = StartOf(request, now, start); !status.ok()) return status;
  if (request.day_count() < 0 || request.day_count() > kDaysMax) {
    return InvalidField("day_count", "is not from 1 to 400");
  }
  const LocationId id = catalogue.FindLocation(request.location());
  if (id == kNoLocation) {
    return UnknownName(ledger::Reason::kLocationUnknown, "location", request.location());
  }
  const auto [open_time, has_calendar] = catalogue.HoursOf(id);
  response.set_time_zone(open_time->zone().name());
  if (has_calendar) {
    ToProto(request.location(), open_time->calendar(), *response.mutable_calendar());
  }
  response.set_open(open_time->IsOpen(start));
  const auto change = response.open() ? open_time->CloseAfter(start) : open_time->NextOpen(start);
  if (change) ToProto(*change, *response.mutable_change_time());
  FillDays(*open_time, open_time->LocalDate(start),
           request.day_count() == 0 ? kDaysDefault : request.day_count(), response);
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
