// The command that shows what sells out, runs low or comes back.
#include <cstdint>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ctl/command.h"
#include "daemon/ctl/feed_watcher.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/stock_event_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

Cell StateCell(v1::StockState state) {
  switch (state) {
    case v1::STOCK_STATE_IN_STOCK: return Cell("in stock", Colour::kGood);
    case v1::STOCK_STATE_LOW: return "low";
    case v1::STOCK_STATE_OUT: return Cell("out", Colour::kBad);
    default: return "";
  }
}

class EventFeed {
 public:
  using Request = v1::WatchStockEventsRequest;
  using Response = v1::WatchStockEventsResponse;

  explicit EventFeed(const Session& session) : session_(session), units_(session) {}

  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                   const Request& request) {
    return v1::StockEventService::Stub(channel).WatchStockEvents(&context, request);
  }
  void Begin() {
    if (session_.json) return;
    session_.err << "Events follow. Ctrl-C ends.\n";
    PrintRow(session_.out, columns_, HeaderOf(columns_), widths_, session_.colours);
    session_.out.flush();
  }
  void Print(const Response& message) {
    if (session_.json) {
      session_.out << ToJson(message) << std::endl;
      return;
    }
    for (const v1::StockEvent& event : message.events()) {
      PrintRow(
          session_.out, columns_,
          {FormatSecond(event.notice_time()), event.position().sku(), event.position().location(),
           StateCell(event.state()), units_.Format(event.position().sku(), event.available())},
          widths_, session_.colours);
    }
    session_.out.flush();
  }
  static int Rows(const Response& message) { return message.events_size(); }
  static void ResumeAt(Request& request, uint64_t cursor) { request.set_cursor(cursor); }

 private:
  const Session& session_;
  ItemUnits units_;
  std::vector<Column> columns_ = {
      {"NOTICED"}, {"SKU"}, {"LOCATION"}, {"BECAME"}, {"AVAILABLE", Align::kRight}};
  std::vector<int> widths_ = {20, 20, 12, 8, 9};
};

ExitCode RunEvents(Session& session, const Arguments& arguments) {
  v1::WatchStockEventsRequest request;
  for (const std::string& sku : arguments.Texts("sku")) request.add_skus(sku);
  for (const std::string& location : arguments.Texts("location")) request.add_locations(location);
  request.set_channel(arguments.Text("channel"));
  const std::string& fulfilment = arguments.Text("fulfilment");
  if (fulfilment == "ship") request.set_fulfilment(v1::FULFILMENT_KIND_SHIP);
  if (fulfilment == "collect") request.set_fulfilment(v1::FULFILMENT_KIND_COLLECT);
  request.set_low_mark(arguments.Number("low", 1, 1'000'000, 0));
  request.set_hysteresis(arguments.Number("hysteresis", 0, 1'000'000, 0));
  request.set_cursor(
      static_cast<uint64_t>(arguments.Number("cursor", 0, std::numeric_limits<int64_t>::max(), 0)));
  const int64_t messages_max =
      arguments.Number("count", 1, std::numeric_limits<int64_t>::max(), -1);
  return FeedWatcher<EventFeed>(session, EventFeed(session), std::move(request), messages_max)
      .Run();
}

}  // namespace

void AddEventCommands(std::vector<Command>& commands) {
  Argument fulfilment = Option("fulfilment", "KIND", "Only of locations that fulfil so.");
  fulfilment.choices = {"ship", "collect"};
  commands.push_back(
      {"events",
       "Stock",
       "Show what sells out, runs low or comes back, as it happens.",
       "stockctl events --channel web --fulfilment collect --low 5\n"
       "stockctl events --cursor 8812 --json",
       {Options("location", "LOCATION", "Only there; may be given several times."),
        Options("sku", "SKU", "Only this item; may be given several times."), ChannelOption(),
        fulfilment, Option("low", "UNITS", "Low up to this many; default: 3."),
        Option("hysteresis", "UNITS",
               "Units above the mark before it is better again; default: 0."),
        Option("cursor", "N", "Go on behind this cursor; else from now on."),
        Option("count", "N", "End after N messages with events.")},
       RunEvents});
}

}  // namespace stockd::ctl
