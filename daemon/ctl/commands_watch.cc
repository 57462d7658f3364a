#include <map>
#include <ostream>
#include <utility>

#include "daemon/ctl/command.h"
#include "daemon/ctl/feed_watcher.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

// Figures that are remembered to show by how much one changed.
constexpr size_t kRememberedMax = 100'000;

// Shows levels as they come.
class LevelPrinter {
 public:
  // `all_first`: the levels as they are now come before the changes.
  LevelPrinter(const Session& session, bool all_first)
      : session_(session),
        all_first_(all_first),
        units_(session),
        columns_({{"SKU"},
                  {"LOCATION"},
                  {"ON HAND", Align::kRight},
                  {"RESERVED", Align::kRight},
                  {"COMMITTED", Align::kRight},
                  {"AVAILABLE", Align::kRight},
                  {"CHANGE", Align::kRight},
                  {"VERSION", Align::kRight}}),
        widths_({16, 8, 7, 8, 9, 9, 6, 9}) {}

  void Begin() {
    if (session_.json) return;
    if (!all_first_) session_.err << "Changes follow. Ctrl-C ends.\n";
    PrintRow(session_.out, columns_, HeaderOf(columns_), widths_, session_.colours);
    session_.out.flush();
  }

  void Print(const v1::WatchAvailabilityResponse& message) {
    if (session_.json) {
      session_.out << ToJson(message) << std::endl;
      return;
    }
    std::vector<std::string> skus;
    for (const v1::Availability& level : message.availabilities()) skus.push_back(level.sku());
    units_.Learn(skus);
    for (const v1::Availability& level : message.availabilities()) PrintLevel(level);
    session_.out.flush();
    if (message.caught_up() && std::exchange(all_first_, false)) {
      session_.err << "These are all levels; changes follow. Ctrl-C ends.\n";
    }
  }

 private:
  void PrintLevel(const v1::Availability& level) {
    const v1::Quantities& quantities = level.quantities();
    PrintRow(session_.out, columns_,
             {level.sku(), level.location(), units_.Format(level.sku(), quantities.on_hand()),
              units_.Format(level.sku(), quantities.reserved()),
              units_.Format(level.sku(), quantities.committed()),
              units_.Format(level.sku(), level.available()), Change(level),
              static_cast<int64_t>(level.version())},
             widths_, session_.colours);
  }

  // "+3" against the figure seen before; empty the first time.
  Cell Change(const v1::Availability& level) {
    const auto key = std::pair(level.sku(), level.location());
    const auto known = available_.find(key);
    if (known == available_.end()) {
      if (available_.size() < kRememberedMax) available_.emplace(key, level.available());
      return "";
    }
    const int64_t change = level.available() - std::exchange(known->second, level.available());
    if (change == 0) return "0";
    const std::string text = units_.Format(level.sku(), change);
    return change < 0 ? Cell(text, Colour::kBad) : Cell("+" + text, Colour::kGood);
  }

  const Session& session_;
  bool all_first_;
  ItemUnits units_;
  std::vector<Column> columns_;
  std::vector<int> widths_;
  std::map<std::pair<std::string, std::string>, int64_t> available_;
};

struct LevelFeed {
  using Request = v1::WatchAvailabilityRequest;
  using Response = v1::WatchAvailabilityResponse;

  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                   const Request& request) {
    return v1::AvailabilityService::Stub(channel).WatchAvailability(&context, request);
  }
  void Begin() { printer.Begin(); }
  void Print(const Response& message) { printer.Print(message); }
  static int Rows(const Response& message) { return message.availabilities_size(); }
  static void ResumeAt(Request& request, uint64_t cursor) {
    request.set_cursor(cursor);
    request.clear_changes_only();  // Resuming from a cursor says it all.
  }

  LevelPrinter printer;
};

ExitCode RunWatch(Session& session, const Arguments& arguments) {
  v1::WatchAvailabilityRequest request;
  for (const std::string& sku : arguments.Texts("sku")) request.add_skus(sku);
  for (const std::string& location : arguments.Texts("location")) request.add_locations(location);
  request.set_group(arguments.Text("group"));
  request.set_channel(arguments.Text("channel"));
  request.set_cursor(
      static_cast<uint64_t>(arguments.Number("cursor", 0, std::numeric_limits<int64_t>::max(), 0)));
  request.set_changes_only(arguments.Has("changes-only"));
  if (request.changes_only() && arguments.Has("cursor")) {
    throw UsageError("--changes-only begins now, --cursor where you stopped: give one of them");
  }
  const int64_t messages_max =
      arguments.Number("count", 1, std::numeric_limits<int64_t>::max(), -1);
  const bool all_first = !request.changes_only() && request.cursor() == 0;
  return FeedWatcher<LevelFeed>(session, {.printer = LevelPrinter(session, all_first)},
                                std::move(request), messages_max)
      .Run();
}

}  // namespace

void AddWatchCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"watch",
       "Stock",
       "Show levels as they change until Ctrl-C or --timeout; survives a restart of the daemon.",
       "stockctl watch --location S01 --changes-only\n"
       "stockctl watch --cursor 8812 --json",
       {Options("location", "LOCATION", "Only there; may be given several times."),
        Options("sku", "SKU", "Only this item; may be given several times."),
        Option("group", "GROUP", "Only in the locations of this group."), ChannelOption(),
        Option("cursor", "N", "Go on behind this cursor; else all levels come first."),
        Flag("changes-only", "Leave out the levels as they are now."),
        Option("count", "N", "End after N messages with levels.")},
       RunWatch});
}

}  // namespace stockd::ctl
