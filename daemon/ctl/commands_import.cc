#include <fstream>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/csv_rows.h"
#include "daemon/ctl/error_text.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"
#include "stockd/v1/mapping_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Rows = std::vector<ImportedRow>;
using RowIterator = Rows::const_iterator;

constexpr std::ptrdiff_t kBatchMax = 1000;
constexpr size_t kBadRowsShown = 20;

// What the daemon did with the rows.
struct Tally {
  int64_t applied = 0;
  int64_t created = 0;
  int64_t changed = 0;
  int64_t replaying = 0;
};

// Puts some rows in one call. Throws CallFailed.
using Put = Tally (*)(Client&, RowIterator, RowIterator);

// One thing that can be imported.
struct Kind {
  std::string_view name;
  const google::protobuf::Message& prototype;
  std::vector<std::string_view> key_fields;
  Put put;
  bool counts_changes;  // Whether the answer says what was created and changed.
};

template <typename Request, typename Message>
Request MakeRequest(google::protobuf::RepeatedPtrField<Message>* (Request::*rows)(),
                    RowIterator begin, RowIterator end) {
  Request request;
  for (RowIterator row = begin; row != end; ++row) {
    (request.*rows)()->Add()->CopyFrom(*row->message);
  }
  return request;
}

Tally PutItems(Client& client, RowIterator begin, RowIterator end) {
  const auto response = client.Call(&v1::CatalogueService::Stub::PutItems,
                                    MakeRequest(&v1::PutItemsRequest::mutable_items, begin, end));
  return {.created = response.created(),
          .changed = response.changed(),
          .replaying = response.replaying()};
}

Tally PutLocations(Client& client, RowIterator begin, RowIterator end) {
  const auto response =
      client.Call(&v1::CatalogueService::Stub::PutLocations,
                  MakeRequest(&v1::PutLocationsRequest::mutable_locations, begin, end));
  return {.created = response.created(),
          .changed = response.changed(),
          .replaying = response.replaying()};
}

Tally PutGroups(Client& client, RowIterator begin, RowIterator end) {
  client.Call(&v1::CatalogueService::Stub::PutGroups,
              MakeRequest(&v1::PutGroupsRequest::mutable_groups, begin, end));
  return {};
}

Tally PutChannels(Client& client, RowIterator begin, RowIterator end) {
  client.Call(&v1::CatalogueService::Stub::PutChannels,
              MakeRequest(&v1::PutChannelsRequest::mutable_channels, begin, end));
  return {};
}

Tally PutCalendars(Client& client, RowIterator begin, RowIterator end) {
  const auto response =
      client.Call(&v1::CatalogueService::Stub::PutCalendars,
                  MakeRequest(&v1::PutCalendarsRequest::mutable_calendars, begin, end));
  return {.created = response.created(), .changed = response.changed()};
}

Tally PutSafetyStocks(Client& client, RowIterator begin, RowIterator end) {
  client.Call(&v1::CatalogueService::Stub::PutSafetyStocks,
              MakeRequest(&v1::PutSafetyStocksRequest::mutable_safety_stocks, begin, end));
  return {};
}

Tally PutSupplies(Client& client, RowIterator begin, RowIterator end) {
  client.Call(&v1::CatalogueService::Stub::PutSupplies,
              MakeRequest(&v1::PutSuppliesRequest::mutable_supplies, begin, end));
  return {};
}

Tally PutShelfPositions(Client& client, RowIterator begin, RowIterator end) {
  client.Call(&v1::CatalogueService::Stub::PutShelfPositions,
              MakeRequest(&v1::PutShelfPositionsRequest::mutable_shelf_positions, begin, end));
  return {};
}

Tally PutMappings(Client& client, RowIterator begin, RowIterator end) {
  const auto response = client.Call(&v1::MappingService::Stub::PutMappings,
                                    MakeRequest(&v1::PutMappingsRequest::mutable_skus, begin, end));
  return {.replaying = response.replaying()};
}

const Kind& KindOf(const std::string& name) {
  static const std::vector<Kind> kinds = {
      {"items", v1::Item::default_instance(), {"sku"}, PutItems, true},
      {"locations", v1::Location::default_instance(), {"code"}, PutLocations, true},
      {"calendars", v1::StoreCalendar::default_instance(), {"location"}, PutCalendars, true},
      {"groups", v1::Group::default_instance(), {"group_id"}, PutGroups, false},
      {"channels", v1::Channel::default_instance(), {"channel_id"}, PutChannels, false},
      {"safety-stocks",
       v1::SafetyStock::default_instance(),
       {"sku", "location"},
       PutSafetyStocks,
       false},
      {"supplies", v1::Supply::default_instance(), {"supply_id"}, PutSupplies, false},
      {"shelf-positions",
       v1::ShelfPosition::default_instance(),
       {"sku", "location"},
       PutShelfPositions,
       false},
      {"mappings", v1::SkuMapping::default_instance(), {"source", "code"}, PutMappings, false},
  };
  for (const Kind& kind : kinds) {
    if (kind.name == name) return kind;
  }
  throw UsageError("\"" + name + "\" cannot be imported");
}

// A refusal that is about the rows, not about the daemon.
bool IsAboutRows(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::OUT_OF_RANGE: return true;
    default: return false;
  }
}

// Sends rows in batches. With `skip_bad`, a refused batch is halved until the rows at fault stand
// alone; else the first refusal ends it.
class Sender {
 public:
  Sender(Client& client, const Kind& kind, bool skip_bad)
      : client_(client), kind_(kind), skip_bad_(skip_bad) {}

  void SendAll(const Rows& rows) {
    for (RowIterator begin = rows.begin(); begin != rows.end();) {
      const RowIterator end = begin + std::min(kBatchMax, rows.end() - begin);
      Send(begin, end);
      begin = end;
    }
  }

  const Tally& tally() const { return tally_; }
  const std::vector<BadRow>& refused() const { return refused_; }

 private:
  void Send(RowIterator begin, RowIterator end) {
    try {
      const Tally batch = kind_.put(client_, begin, end);
      tally_.applied += end - begin;
      tally_.created += batch.created;
      tally_.changed += batch.changed;
      tally_.replaying += batch.replaying;
    } catch (const CallFailed& failed) {
      if (!skip_bad_ || !IsAboutRows(failed.status)) throw;
      if (end - begin == 1) {
        refused_.push_back({begin->line, failed.status.error_message()});
        return;
      }
      const RowIterator middle = begin + (end - begin) / 2;
      Send(begin, middle);
      Send(middle, end);
    }
  }

  Client& client_;
  const Kind& kind_;
  bool skip_bad_;
  Tally tally_;
  std::vector<BadRow> refused_;
};

void PrintBadRows(const Session& session, const std::string& file,
                  const std::vector<BadRow>& bad_rows) {
  for (size_t i = 0; i < bad_rows.size() && i < kBadRowsShown; ++i) {
    session.err << Printable(file) << ":" << bad_rows[i].line << ": "
                << Printable(bad_rows[i].reason) << "\n";
  }
  if (bad_rows.size() > kBadRowsShown) {
    session.err << "and " << bad_rows.size() - kBadRowsShown << " more bad rows\n";
  }
}

void PrintTally(const Session& session, const Kind& kind, const Tally& tally, size_t skipped) {
  if (session.json) {
    session.out << "{\"applied\":" << tally.applied << ",\"created\":" << tally.created
                << ",\"changed\":" << tally.changed << ",\"skipped\":" << skipped
                << ",\"replaying\":" << tally.replaying << "}\n";
    return;
  }
  session.out << kind.name << ": " << tally.applied << " rows applied";
  if (kind.counts_changes) {
    session.out << ", " << tally.created << " new, " << tally.changed << " changed, "
                << tally.applied - tally.created - tally.changed << " as before";
  }
  session.out << ".";
  if (skipped > 0) session.out << " " << skipped << " bad rows skipped.";
  if (tally.replaying > 0) {
    session.out << " " << tally.replaying << " facts leave quarantine because of them.";
  }
  session.out << "\n";
}

ExitCode RunImportOf(Session& session, const Kind& kind, const Arguments& arguments) {
  const std::string& path = arguments.Text("file");
  const bool skip_bad = arguments.Has("skip-bad");
  std::ifstream input(path, std::ios::binary);
  if (!input) throw UsageError("cannot open " + path);
  const ImportedFile file = ReadRows(input, kind.prototype, kind.key_fields);
  PrintBadRows(session, path, file.bad_rows);
  if (!file.bad_rows.empty() && !skip_bad) {
    throw UsageError("nothing was applied; mend these rows, or leave them out with --skip-bad");
  }
  Sender sender(session.client, kind, skip_bad);
  try {
    sender.SendAll(file.rows);
  } catch (const CallFailed&) {
    session.err << sender.tally().applied << " of " << file.rows.size()
                << " rows were applied before the failure. An import may be repeated whole.\n";
    throw;
  }
  PrintBadRows(session, path, sender.refused());
  const size_t skipped = file.bad_rows.size() + sender.refused().size();
  PrintTally(session, kind, sender.tally(), skipped);
  return skipped > 0 ? ExitCode::kNegative : ExitCode::kOk;
}

ExitCode RunImport(Session& session, const Arguments& arguments) {
  return RunImportOf(session, KindOf(arguments.Text("kind")), arguments);
}

ExitCode RunMappingImport(Session& session, const Arguments& arguments) {
  return RunImportOf(session, KindOf("mappings"), arguments);
}

}  // namespace

void AddImportCommands(std::vector<Command>& commands) {
  Argument kind = Operand("kind", "KIND", "What the file holds.");
  kind.choices = {"items",    "locations",     "calendars", "groups",
                  "channels", "safety-stocks", "supplies",  "shelf-positions"};
  commands.push_back(
      {"import",
       "Catalogue",
       "Create or replace what a CSV file lists; nothing of a file with a bad row is applied.",
       "stockctl import locations stores.csv\n"
       "  with: code,name,kind,time_zone,latitude,longitude,ships,collects\n"
       "stockctl import items items.csv --skip-bad\n"
       "  with: sku,name,unit,scale,category,gtins,unit_cost,price,currency   (gtins: a|b|c)\n"
       "stockctl import calendars hours.csv\n"
       "  with: location,weekly_hours,special_days,slot_length,picks_per_slot,ready_lead,"
       "order_cutoff,hold_open_days,remind_after\n"
       "  (weekly_hours: mon-fri 09:00-20:00|sat 10:00-18:00, "
       "special_days: 2026-12-25 closed Christmas|...)\n"
       "stockctl import groups groups.csv\n"
       "  with: group_id,name,locations   (locations: S01|S02)\n"
       "stockctl import channels channels.csv\n"
       "  with: channel_id,name,buffer,group_id\n"
       "stockctl import safety-stocks safety.csv\n"
       "  with: sku,location,quantity\n"
       "stockctl import supplies supplies.csv\n"
       "  with: supply_id,sku,location,quantity,expected_at\n"
       "stockctl import shelf-positions shelves.csv\n"
       "  with: sku,location,shelf_position   (such as A-03-2; empty: not known any more)",
       {kind, Operand("file", "FILE.csv", "Its first line names the columns."),
        Flag("skip-bad", "Apply the good rows; exits with 4 if any was bad.")},
       RunImport});
  commands.push_back(
      {"mappings import",
       "Sources",
       "Put the mappings of items that a CSV file lists.",
       "stockctl mappings import codes.csv\n"
       "  with: source,code,sku,unit_numerator,unit_denominator   (units may be left out)",
       {Operand("file", "FILE.csv", "Its first line names the columns."),
        Flag("skip-bad", "Apply the good rows; exits with 4 if any was bad.")},
       RunMappingImport});
}

}  // namespace stockd::ctl
