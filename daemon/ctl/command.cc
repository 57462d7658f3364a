#include "daemon/ctl/command.h"

#include <charconv>
#include <limits>
#include <ostream>

#include "daemon/config/values.h"

namespace stockd::ctl {
namespace {

using Kind = Argument::Kind;

constexpr int64_t kLimitDefault = 1000;

}  // namespace

const std::string& Arguments::Text(std::string_view name) const {
  static const std::string none;
  const std::vector<std::string>& texts = Texts(name);
  return texts.empty() ? none : texts.front();
}

const std::vector<std::string>& Arguments::Texts(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

int64_t Arguments::Number(std::string_view name, int64_t min, int64_t max, int64_t fallback) const {
  if (!Has(name)) return fallback;
  const std::string& text = Text(name);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || number < min || number > max) {
    const bool open = max == std::numeric_limits<int64_t>::max();
    throw UsageError("\"" + text + "\" is not a whole number " +
                     (open ? "of at least " + std::to_string(min)
                           : "from " + std::to_string(min) + " to " + std::to_string(max)) +
                     " (for " + std::string(name) + ")");
  }
  return number;
}

std::optional<Duration> Arguments::DurationOf(std::string_view name) const {
  if (!Has(name)) return std::nullopt;
  const std::optional<Duration> duration = config::ParseDuration(Text(name));
  if (!duration) {
    throw UsageError("\"" + Text(name) + "\" is not a duration (for " + std::string(name) +
                     "); write it like 15m, 90s, 1h30m or 2d");
  }
  return duration;
}

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> all;
    AddAvailabilityCommands(all);
    AddExplainCommands(all);
    AddWatchCommands(all);
    AddEventCommands(all);
    AddSourcingCommands(all);
    AddReservationCommands(all);
    AddReservationChangeCommands(all);
    AddQuotaCommands(all);
    AddOrderCommands(all);
    AddOrderPickingCommands(all);
    AddOrderDeliveryCommands(all);
    AddOrderChangeCommands(all);
    AddOrderPlanningCommands(all);
    AddCatalogueCommands(all);
    AddCalendarCommands(all);
    AddImportCommands(all);
    AddReportCommands(all);
    AddSourceCommands(all);
    AddRuleCommands(all);
    AddQuarantineCommands(all);
    AddMappingCommands(all);
    AddDeviceCommands(all);
    AddReconciliationCommands(all);
    AddOperationsCommands(all);
    AddCompletionCommands(all);
    return all;
  }();
  return commands;
}

const std::vector<Argument>& GlobalArguments() {
  static const std::vector<Argument> arguments = {
      {Kind::kOption, "server", "HOST:PORT",
       "Where stockd listens; else STOCKD_SERVER, else 127.0.0.1:7450."},
      {Kind::kOption, "timeout", "DURATION",
       "How long to wait for an answer, for example 10s (the default; verify and backup wait 1h)."},
      {Kind::kFlag, "json", "",
       "Print the answer as protobuf JSON: one object, for streams one on each line."},
      {Kind::kOption, "ca", "FILE",
       "Authority that signed the daemon's certificate; turns TLS on."},
      {Kind::kOption, "cert", "FILE", "Own certificate for a daemon that asks for one."},
      {Kind::kOption, "key", "FILE", "Private key of --cert."},
  };
  return arguments;
}

Argument Operand(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOperand, name, value, help, true};
}

Argument OptionalOperand(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOperand, name, value, help, false};
}

Argument Operands(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOperands, name, value, help, true};
}

Argument OptionalOperands(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOperands, name, value, help, false};
}

Argument Option(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOption, name, value, help, false};
}

Argument Options(std::string_view name, std::string_view value, std::string_view help) {
  return {Kind::kOptions, name, value, help, false};
}

Argument Flag(std::string_view name, std::string_view help) {
  return {Kind::kFlag, name, "", help, false};
}

Argument Required(Argument argument) {
  argument.required = true;
  return argument;
}

Argument ChannelOption() {
  return Option("channel", "CHANNEL", "Take off the buffer that is kept back from this channel.");
}

Argument LimitOption() { return Option("limit", "ROWS", "Rows at most; 0 is all. Default 1000."); }

std::string RequestIdOf(const Session& session, const Arguments& arguments) {
  if (arguments.Has("request-id")) return arguments.Text("request-id");
  std::string id = session.make_request_id();
  session.err << "request id: " << id << "\n";
  return id;
}

int64_t LimitOf(const Arguments& arguments) {
  const int64_t limit =
      arguments.Number("limit", 0, std::numeric_limits<int64_t>::max(), kLimitDefault);
  return limit == 0 ? std::numeric_limits<int64_t>::max() : limit;
}

}  // namespace stockd::ctl
