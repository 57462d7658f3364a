#include "daemon/ctl/report_question.h"

#include <string>

#include "daemon/ctl/format.h"
#include "daemon/ctl/report_period.h"

namespace stockd::ctl {

std::vector<Argument> QuestionOptions() {
  return {Option("period", "YEAR[-MONTH[-DAY]]", "This year, month or day."),
          Option("from", "DATE", "From the begin of this day, or from this instant."),
          Option("to", "DATE", "Up to the begin of this day, or to this instant; default: now."),
          Option("last", "DURATION", "So long before --to; default: 30d."),
          Option("zone", "ZONE", "Time zone of days and dates; default: UTC for dates."),
          Options("location", "LOCATION", "Only there; may be given several times."),
          Options("group", "GROUP", "Only locations of this group."),
          Options("category", "CATEGORY", "Only items of this category."),
          Options("sku", "SKU", "Only this item."),
          Options("channel", "CHANNEL", "Only orders of this channel."),
          Options("fulfilment", "NAME", "Only what was fulfilled so."),
          Options("source", "SOURCE", "Only facts of this source."),
          Options("carrier", "CARRIER", "Only parcels of this carrier."),
          Options("service", "SERVICE", "Only parcels of this service."),
          Options("currency", "CODE", "Only money in this currency.")};
}

v1::QueryReportRequest QuestionOf(const Session& session, const Arguments& arguments) {
  v1::QueryReportRequest request;
  const std::string& zone = arguments.Text("zone");
  const Period period =
      ParsePeriod(arguments.Text("period"), arguments.Text("from"), arguments.Text("to"),
                  arguments.DurationOf("last"), zone, session.now);
  *request.mutable_begin_time() = ToProto(period.begin);
  *request.mutable_end_time() = ToProto(period.end);
  request.set_time_zone(zone);
  const auto add = [&](std::string_view name, auto* field) {
    for (const std::string& value : arguments.Texts(name)) field->Add(std::string(value));
  };
  add("location", request.mutable_locations());
  add("group", request.mutable_groups());
  add("category", request.mutable_categories());
  add("sku", request.mutable_skus());
  add("channel", request.mutable_channels());
  add("fulfilment", request.mutable_fulfilments());
  add("source", request.mutable_sources());
  add("carrier", request.mutable_carriers());
  add("service", request.mutable_services());
  add("currency", request.mutable_currencies());
  return request;
}

}  // namespace stockd::ctl
