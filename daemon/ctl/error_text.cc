#include "daemon/ctl/error_text.h"

#include <array>
#include <ostream>

#include <nlohmann/json.hpp>

#include "daemon/ctl/table.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::ctl {
namespace {

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

// Of several for a reason the first counts whose names the metadata has.
struct Advice {
  std::string_view reason;
  std::string_view text;  // {name} is replaced by that entry of the metadata.
};

// What stockctl itself can do about a reason; the daemon's message has said what is wrong already.
constexpr Advice kAdvice[] = {
    {"SKU_UNKNOWN",
     "See the items with `stockctl items --contains TEXT`; add one with `stockctl import items "
     "FILE.csv`."},
    {"LOCATION_UNKNOWN", "See the locations with `stockctl locations`."},
    {"GROUP_UNKNOWN", "See the groups with `stockctl groups`."},
    {"CHANNEL_UNKNOWN", "See the channels with `stockctl channels`."},
    {"SOURCE_UNKNOWN", "See the sources with `stockctl sources`."},
    {"SOURCE_NOT_CONNECTED", "Start the source's adapter; see `stockctl sources`."},
    {"RECONCILIATION_UNKNOWN", "See what was compared with `stockctl reconciliations list`."},
    {"LOCATION_NOT_IN_CHANNEL", "See `stockctl channels` and `stockctl groups`."},
    {"INSUFFICIENT_STOCK",
     "See where else it is with `stockctl availability {sku}`, why there is no more with `stockctl "
     "explain {sku}@{location}`, or take what there is with --partial."},
    {"INSUFFICIENT_STOCK",
     "See where it is with `stockctl availability {sku}`, or take what there is with --partial."},
    {"TOO_MANY_PARCELS",
     "Allow more with --parcels, or take what so few can bring with --partial."},
    {"PARCELS_UNDECIDED",
     "Allow more with --parcels, or take what so few can bring with --partial."},
    {"PLAN_OUTDATED", "Nothing was held. Ask again with the same id."},
    {"RESERVATION_UNKNOWN",
     "See the reservations with `stockctl reservations`; ids are compared byte by byte."},
    {"RESERVATION_DIFFERS", "See what it was used for with `stockctl reservation ID`."},
    {"RESERVATION_COMMITTED", "Only `stockctl release` can give its units back."},
    {"EXCEEDS_RESERVATION", "See what it has with `stockctl reservation ID`."},
    {"RESERVATION_OF_ORDER", "See whose it is with `stockctl reservation ID`."},
    {"ORDER_UNKNOWN", "See the orders with `stockctl orders list`."},
    {"ORDER_DIFFERS", "See what it was used for with `stockctl orders show ORDER`."},
    {"FULFILMENT_UNKNOWN",
     "See them with `stockctl orders show ORDER`; name one with --fulfilment."},
    {"LINE_UNKNOWN", "See the lines with `stockctl orders show ORDER`."},
    {"EXCEEDS_LINE", "See where its units are with `stockctl orders show ORDER`."},
    {"UNITS_UNDECIDED", "See what can be done with `stockctl orders options ORDER`."},
    {"PICKUP_NOT_POSSIBLE", "See when and where with `stockctl orders quote`."},
    {"CODE_WRONG", "A new one is issued by `stockctl orders code ORDER`."},
    {"CODE_LOCKED", "A new one is issued by `stockctl orders code ORDER`."},
    {"WAITING_FACTS_EXHAUSTED", "See what waits with `stockctl orders waiting`."},
    {"REQUEST_DIFFERS", "Leave --request-id out to get a new one."},
    {"STORAGE_FAILED",
     "See `stockctl status` and the daemon's log, mend the disk, then restart the daemon: nothing "
     "that was acknowledged is lost."},
    {"QUARANTINE_UNKNOWN", "See what waits with `stockctl quarantine list`."},
    {"BACKUP_FAILED", "See the daemon's log and its key backup.directory."},
    {"PAGE_TOKEN_INVALID", "Begin the list anew."},
};

// Replaces {name} by the metadata; nothing when an entry is missing.
std::string Fill(std::string_view text, const std::map<std::string, std::string>& metadata) {
  std::string filled;
  while (true) {
    const size_t open = text.find('{');
    if (open == std::string_view::npos) return filled + std::string(text);
    const size_t close = text.find('}', open);
    const auto value = metadata.find(std::string(text.substr(open + 1, close - open - 1)));
    filled += text.substr(0, open);
    filled += value == metadata.end() ? "SKU" : value->second;
    text.remove_prefix(close + 1);
  }
}

// Whether the metadata has every {name} of the text.
bool Fits(std::string_view text, const std::map<std::string, std::string>& metadata) {
  for (size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (!metadata.contains(std::string(text.substr(open + 1, close - open - 1)))) return false;
  }
  return true;
}

// Whether the message shows this part already. A short value alone may stand there by chance.
bool Says(const std::string& message, const std::string& name, const std::string& value) {
  constexpr size_t kTellingBytes = 3;
  const std::string sought = value.size() < kTellingBytes ? name + " " + value : value;
  return message.find(sought) != std::string::npos;
}

std::string AdviceForCode(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::UNIMPLEMENTED:
      return "The daemon does not know this call: is it older than this stockctl? See `stockctl "
             "status`.";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "A change may have been made or not: repeat it with the same ids. Wait longer with "
             "--timeout.";
    case grpc::StatusCode::UNAVAILABLE:
      return "Is stockd running there? Choose another address with --server HOST:PORT or "
             "STOCKD_SERVER; a daemon with TLS needs --ca, --cert and --key.";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "Ask for less at a time, or try again with the same ids.";
    default: return "";
  }
}

}  // namespace

CallError DecodeError(const grpc::Status& status) {
  CallError error{.code = status.error_code(), .message = status.error_message()};
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      error.reason = info.reason();
      error.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        error.fields.push_back({violation.field(), violation.description()});
      }
    }
  }
  return error;
}

std::string CodeName(grpc::StatusCode code) {
  const size_t index = static_cast<size_t>(code);
  return std::string(index < kCodeNames.size() ? kCodeNames[index] : "UNKNOWN");
}

std::string AdviceFor(const CallError& error) {
  const Advice* nearest = nullptr;
  for (const Advice& advice : kAdvice) {
    if (advice.reason != error.reason) continue;
    if (Fits(advice.text, error.metadata)) return Fill(advice.text, error.metadata);
    if (nearest == nullptr) nearest = &advice;
  }
  if (nearest != nullptr) return Fill(nearest->text, error.metadata);
  return error.reason.empty() ? AdviceForCode(error.code) : "";
}

ExitCode ExitCodeFor(const CallError& error) {
  const bool no_answer = error.code == grpc::StatusCode::UNAVAILABLE ||
                         error.code == grpc::StatusCode::DEADLINE_EXCEEDED;
  return no_answer ? ExitCode::kUnreachable : ExitCode::kRefused;
}

void PrintError(std::ostream& err, const CallError& error, const std::string& server,
                bool colours) {
  const bool no_daemon = error.code == grpc::StatusCode::UNAVAILABLE && error.reason.empty();
  std::string head = no_daemon ? "no daemon answers at " + server + ": " : "";
  if (error.code == grpc::StatusCode::DEADLINE_EXCEEDED && error.reason.empty()) {
    head = "no answer from " + server + " in time: ";
  }
  err << Paint("stockctl: " + head + Printable(error.message), Colour::kBad, colours) << "\n";
  err << "  reason: " << Printable(error.reason.empty() ? CodeName(error.code) : error.reason);
  if (!error.reason.empty()) err << " (" << CodeName(error.code) << ")";
  err << "\n";
  for (const auto& [name, value] : error.metadata) {
    if (Says(error.message, name, value)) continue;
    err << "  " << Printable(name) << ": " << Printable(value) << "\n";
  }
  for (const FieldProblem& problem : error.fields) {
    if (error.message.find(problem.description) != std::string::npos) continue;
    err << "  " << Printable(problem.field) << ": " << Printable(problem.description) << "\n";
  }
  const std::string advice = AdviceFor(error);
  if (!advice.empty()) err << Printable(advice) << "\n";
}

void PrintErrorJson(std::ostream& err, const CallError& error) {
  nlohmann::ordered_json json = {{"code", CodeName(error.code)},
                                 {"reason", error.reason},
                                 {"message", error.message},
                                 {"metadata", error.metadata},
                                 {"advice", AdviceFor(error)}};
  json["fields"] = nlohmann::ordered_json::array();
  for (const FieldProblem& problem : error.fields) {
    json["fields"].push_back({{"field", problem.field}, {"description", problem.description}});
  }
  err << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

}  // namespace stockd::ctl
