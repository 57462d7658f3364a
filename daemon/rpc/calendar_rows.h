#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "daemon/fulfilment/store_calendar.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::rpc {

// A calendar as a request states it: without a fault, its location not yet looked up.
struct StatedCalendar {
  std::string location;
  fulfilment::StoreCalendar calendar;
  bool remove = false;
};

// Checks the whole request: OK, or INVALID_ARGUMENT naming the first field at fault, for example
// "calendars[3].special_days[0].date".
grpc::Status Parse(const v1::PutCalendarsRequest& request, std::vector<StatedCalendar>& calendars);

void ToProto(const std::string& location, const fulfilment::StoreCalendar& calendar,
             v1::StoreCalendar& proto);

v1::Weekday WeekdayOf(absl::CivilDay date);

}  // namespace stockd::rpc
