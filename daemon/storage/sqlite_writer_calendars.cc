#include "daemon/storage/calendar_json.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::SaveCalendar(LocationId location, const fulfilment::StoreCalendar& calendar) {
  if (failed()) return;
  const std::string weekly = WeeklyText(calendar.weekly);
  const std::string special_days = SpecialDaysText(calendar.special_days);
  statements_.save_calendar.Number(ToNumber(location))
      .Text(weekly)
      .Text(special_days)
      .Integer(calendar.slot_length.count())
      .Integer(calendar.picks_per_slot)
      .Integer(calendar.ready_lead.count())
      .Integer(calendar.order_cutoff.count())
      .Integer(calendar.hold_open_days)
      .Integer(calendar.remind_after.count());
  Run(statements_.save_calendar, "save a store calendar");
}

void SqliteWriter::DeleteCalendar(LocationId location) {
  if (failed()) return;
  statements_.delete_calendar.Number(ToNumber(location));
  Run(statements_.delete_calendar, "delete a store calendar");
}

}  // namespace stockd::storage
