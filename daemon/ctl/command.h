// What a command of stockctl is: how it is called, how it is explained, what it does. Parsing,
// help and shell completion all read the same table.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.h"
#include "daemon/ctl/exit_code.h"

namespace stockd::ctl {

class Client;

// The command line, or a file it names, is not right. what() says how, for people.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a running command works with. Not thread-safe.
struct Session {
  Client& client;
  std::ostream& out;
  std::ostream& err;
  bool json = false;
  bool colours = false;
  Timestamp now;                                 // When the command began, by this machine.
  std::function<std::string()> make_request_id;  // A new id at each call.
};

// One thing that may stand behind a command's name.
struct Argument {
  enum class Kind {
    kOperand,   // SKU
    kOperands,  // SKU...
    kOption,    // --group G
    kOptions,   // --location L, several times
    kFlag,      // --partial
  };
  Kind kind = Kind::kOption;
  std::string_view name;   // Without dashes; the key in Arguments.
  std::string_view value;  // What help calls the value, for example "G".
  std::string_view help;
  bool required = false;
  std::vector<std::string_view> choices = {};  // The only values; empty: any.
};

// What stood on the command line. Asking for a name that the command does not have is our bug and
// answered as "not given".
class Arguments {
 public:
  explicit Arguments(std::map<std::string, std::vector<std::string>, std::less<>> values)
      : values_(std::move(values)) {}

  bool Has(std::string_view name) const { return !Texts(name).empty(); }
  // The only value; empty when not given.
  const std::string& Text(std::string_view name) const;
  const std::vector<std::string>& Texts(std::string_view name) const;
  // A whole number from `min` to `max`; `fallback` when not given. Throws UsageError.
  int64_t Number(std::string_view name, int64_t min, int64_t max, int64_t fallback) const;
  // Such as "15m"; nothing when not given. Throws UsageError.
  std::optional<Duration> DurationOf(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Command {
  std::string_view name;     // "reserve", "quarantine list".
  std::string_view group;    // Heading in the overview.
  std::string_view summary;  // One sentence.
  std::string_view example;  // Complete lines that work.
  std::vector<Argument> arguments;
  std::function<ExitCode(Session&, const Arguments&)> run;
};

// All commands, in the order of the overview.
const std::vector<Command>& Commands();

// Options that every command takes.
const std::vector<Argument>& GlobalArguments();

// Arguments that several commands share.
Argument Operand(std::string_view name, std::string_view value, std::string_view help);
Argument OptionalOperand(std::string_view name, std::string_view value, std::string_view help);
Argument Operands(std::string_view name, std::string_view value, std::string_view help);
Argument OptionalOperands(std::string_view name, std::string_view value, std::string_view help);
Argument Option(std::string_view name, std::string_view value, std::string_view help);
Argument Options(std::string_view name, std::string_view value, std::string_view help);
Argument Flag(std::string_view name, std::string_view help);
// The same, and it has to be given.
Argument Required(Argument argument);
Argument ChannelOption();
Argument LimitOption();

// The value of the option "request-id", or a new id. A new one is shown before the call: after a
// time-out it is the only way to repeat the call safely.
std::string RequestIdOf(const Session& session, const Arguments& arguments);

// The value of LimitOption(): rows at most.
int64_t LimitOf(const Arguments& arguments);

// The commands of each area; Commands() joins them.
void AddAvailabilityCommands(std::vector<Command>& commands);
void AddExplainCommands(std::vector<Command>& commands);
void AddEventCommands(std::vector<Command>& commands);
void AddWatchCommands(std::vector<Command>& commands);
void AddSourcingCommands(std::vector<Command>& commands);
void AddReservationCommands(std::vector<Command>& commands);
void AddReservationChangeCommands(std::vector<Command>& commands);
void AddQuotaCommands(std::vector<Command>& commands);
void AddOrderCommands(std::vector<Command>& commands);
void AddOrderPickingCommands(std::vector<Command>& commands);
void AddOrderDeliveryCommands(std::vector<Command>& commands);
void AddOrderChangeCommands(std::vector<Command>& commands);
void AddOrderPlanningCommands(std::vector<Command>& commands);
void AddCatalogueCommands(std::vector<Command>& commands);
void AddCalendarCommands(std::vector<Command>& commands);
void AddImportCommands(std::vector<Command>& commands);
void AddMappingCommands(std::vector<Command>& commands);
void AddQuarantineCommands(std::vector<Command>& commands);
void AddSourceCommands(std::vector<Command>& commands);
void AddRuleCommands(std::vector<Command>& commands);
void AddDeviceCommands(std::vector<Command>& commands);
void AddReportCommands(std::vector<Command>& commands);
void AddReconciliationCommands(std::vector<Command>& commands);
void AddOperationsCommands(std::vector<Command>& commands);
void AddCompletionCommands(std::vector<Command>& commands);

}  // namespace stockd::ctl
