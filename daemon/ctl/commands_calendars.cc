// Commands about when locations are open and how much they can pick.
#include <ostream>

#include "daemon/config/values.h"
#include "daemon/ctl/calendar_words.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::CatalogueService::Stub;

std::string LengthText(const google::protobuf::Duration& length) {
  return config::FormatDuration(Duration(length.seconds() * 1'000'000 + length.nanos() / 1000));
}

std::string PicksText(const v1::StoreCalendar& calendar) {
  return calendar.picks_per_slot() == 0 ? "any" : std::to_string(calendar.picks_per_slot());
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  const v1::ListCalendarsResponse response =
      session.client.CallPages(&Stub::ListCalendars, &v1::ListCalendarsResponse::mutable_calendars,
                               v1::ListCalendarsRequest(), LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.calendars().empty()) {
    session.out << "No location has a calendar: all are open round the clock. "
                   "See `stockctl calendars put --help`.\n";
    return ExitCode::kOk;
  }
  Table table({{"LOCATION"},
               {"OPEN"},
               {"SPECIAL DAYS", Align::kRight},
               {"SLOT"},
               {"PICKS", Align::kRight},
               {"READY IN"},
               {"KEPT", Align::kRight}});
  for (const v1::StoreCalendar& calendar : response.calendars()) {
    table.Add({calendar.location(), WeekWords(calendar.weekly_hours()),
               int64_t{calendar.special_days_size()}, LengthText(calendar.slot_length()),
               PicksText(calendar), LengthText(calendar.ready_lead()),
               std::to_string(calendar.hold_open_days()) + "d"});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

void PrintRules(const Session& session, const v1::ListOpenDaysResponse& response) {
  if (!response.has_calendar()) {
    session.out << "It has no calendar: open round the clock, any number of picks.\n";
    return;
  }
  const v1::StoreCalendar& calendar = response.calendar();
  session.out << "Slots of " << LengthText(calendar.slot_length()) << ", " << PicksText(calendar)
              << " picks each, orders taken until " << LengthText(calendar.order_cutoff())
              << " before the end. Ready " << LengthText(calendar.ready_lead())
              << " of open time after the order, kept for " << calendar.hold_open_days()
              << " open days";
  if (calendar.remind_after().seconds() > 0 || calendar.remind_after().nanos() > 0) {
    session.out << ", reminder after " << LengthText(calendar.remind_after());
  }
  session.out << ".\n";
}

void PrintDays(const Session& session, const v1::ListOpenDaysResponse& response) {
  Table table({{"DAY"}, {"OPEN"}, {"SPECIAL"}});
  for (const v1::OpenDay& day : response.days()) {
    std::string open;
    for (const v1::Opening& opening : day.openings()) {
      if (!open.empty()) open += ", ";
      open += opening.opens() + "-" + opening.closes();
    }
    const std::string special = !day.special()       ? ""
                                : day.name().empty() ? "special day"
                                                     : day.name();
    table.Add({std::string(WeekdayWord(day.weekday())) + " " + day.date(),
               open.empty() ? Cell("closed", Colour::kDim) : Cell(open), special});
  }
  table.Print(session.out, session.colours);
}

ExitCode RunShow(Session& session, const Arguments& arguments) {
  v1::ListOpenDaysRequest request;
  request.set_location(arguments.Text("location"));
  request.set_day_count(static_cast<int32_t>(arguments.Number("days", 1, 400, 7)));
  const v1::ListOpenDaysResponse response = session.client.Call(&Stub::ListOpenDays, request);
  if (session.json) return PrintJson(session, response);
  session.out << arguments.Text("location") << " in " << response.time_zone() << " is "
              << Paint(response.open() ? "open" : "closed",
                       response.open() ? Colour::kGood : Colour::kBad, session.colours);
  if (response.has_change_time()) {
    session.out << (response.open() ? ", closes " : ", opens ")
                << FormatDeadline(response.change_time(), session.now);
  }
  session.out << ".\n";
  PrintRules(session, response);
  PrintDays(session, response);
  return ExitCode::kOk;
}

ExitCode Put(Session& session, const v1::PutCalendarsRequest& request) {
  const v1::PutCalendarsResponse response = session.client.Call(&Stub::PutCalendars, request);
  if (session.json) return PrintJson(session, response);
  session.out << (response.created() + response.changed() > 0 ? "Done.\n" : "It was so before.\n");
  return ExitCode::kOk;
}

ExitCode RunPut(Session& session, const Arguments& arguments) {
  v1::PutCalendarsRequest request;
  v1::StoreCalendar& calendar = *request.add_calendars();
  calendar.set_location(arguments.Text("location"));
  for (const std::string& text : arguments.Texts("hours")) {
    if (AddWeeklyHours(text, *calendar.mutable_weekly_hours())) continue;
    throw UsageError("\"" + text + "\" are no open hours; write them like " +
                     std::string(kWeeklyHoursForm));
  }
  for (const std::string& text : arguments.Texts("special")) {
    if (AddSpecialDay(text, *calendar.mutable_special_days())) continue;
    throw UsageError("\"" + text + "\" is no special day; write it like " +
                     std::string(kSpecialDayForm));
  }
  if (const auto slot = arguments.DurationOf("slot")) {
    *calendar.mutable_slot_length() = ToProto(*slot);
  }
  if (const auto lead = arguments.DurationOf("lead")) {
    *calendar.mutable_ready_lead() = ToProto(*lead);
  }
  if (const auto cutoff = arguments.DurationOf("cutoff")) {
    *calendar.mutable_order_cutoff() = ToProto(*cutoff);
  }
  if (const auto remind = arguments.DurationOf("remind")) {
    *calendar.mutable_remind_after() = ToProto(*remind);
  }
  calendar.set_picks_per_slot(static_cast<int32_t>(arguments.Number("picks", 0, 100'000, 0)));
  calendar.set_hold_open_days(static_cast<int32_t>(arguments.Number("hold", 1, 60, 3)));
  return Put(session, request);
}

ExitCode RunRemove(Session& session, const Arguments& arguments) {
  v1::PutCalendarsRequest request;
  for (const std::string& location : arguments.Texts("locations")) {
    v1::StoreCalendar& calendar = *request.add_calendars();
    calendar.set_location(location);
    calendar.set_remove(true);
  }
  return Put(session, request);
}

}  // namespace

void AddCalendarCommands(std::vector<Command>& commands) {
  const Argument location = Operand("location", "LOCATION", "The location.");
  commands.push_back({"calendars list",
                      "Catalogue",
                      "List when locations are open and how much they can pick.",
                      "stockctl calendars list",
                      {LimitOption()},
                      RunList});
  commands.push_back({"calendars show",
                      "Catalogue",
                      "Show whether a location is open, and its coming days in its local time.",
                      "stockctl calendars show S01 --days 14",
                      {location, Option("days", "N", "So many days, today first; 7 by default.")},
                      RunShow});
  commands.push_back(
      {"calendars put",
       "Catalogue",
       "Set a location's calendar; what is not given is as in a calendar without it.",
       "stockctl calendars put S01 --hours \"mon-fri 09:00-20:00\" --hours \"sat 10:00-18:00\" "
       "--special \"2026-12-25 closed Christmas\" --slot 1h --picks 6\n"
       "stockctl calendars put BAR --hours \"fri,sat 18:00-02:30\"",
       {location,
        Options("hours", "\"DAYS HOURS\"", "Such as mon-fri 09:00-13:00,14:00-20:00, or daily ..."),
        Options("special", "\"DATE HOURS NAME\"",
                "A date with other hours, or \"closed\"; the name may be left out."),
        Option("slot", "DURATION", "How long a pick slot is, 5m to 24h; 1h by default."),
        Option("picks", "N", "Orders that may be picked in one slot; 0, the default: any number."),
        Option("lead", "DURATION", "Open time from the order to ready; 2h by default."),
        Option("cutoff", "DURATION", "A slot takes orders until this long before it ends; 0s."),
        Option("hold", "DAYS", "Open days that an order is kept, 1 to 60; 3 by default."),
        Option("remind", "DURATION", "From ready to the reminder; 24h by default, 0s for none.")},
       RunPut});
  commands.push_back({"calendars remove",
                      "Catalogue",
                      "Remove calendars: these locations are open round the clock again.",
                      "stockctl calendars remove S01 S02",
                      {Operands("locations", "LOCATION", "The locations.")},
                      RunRemove});
}

}  // namespace stockd::ctl
