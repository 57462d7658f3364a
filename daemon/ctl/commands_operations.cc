#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/operations_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::OperationsService::Stub;

constexpr std::chrono::hours kLongPatience{1};

void PrintDifferences(const Session& session, const v1::VerifyResponse& response) {
  Table table({{"SUBJECT"}, {"QUANTITY"}, {"EXPECTED", Align::kRight}, {"ACTUAL", Align::kRight}});
  for (const v1::Difference& difference : response.differences()) {
    table.Add({difference.subject(), difference.quantity(), difference.expected(),
               Cell(difference.actual(), Colour::kBad)});
  }
  table.Print(session.out, session.colours);
}

ExitCode RunVerify(Session& session, const Arguments& arguments) {
  v1::VerifyRequest request;
  request.set_differences_max(static_cast<int32_t>(arguments.Number("differences", 1, 1000, 100)));
  const v1::VerifyResponse response = session.client.Call(&Stub::Verify, request, kLongPatience);
  const bool drift = response.drift_count() > 0;
  if (session.json) {
    PrintJson(session, response);
    return drift ? ExitCode::kNegative : ExitCode::kOk;
  }
  const std::string verdict =
      drift ? "DRIFT: " + std::to_string(response.drift_count()) + " do not add up" : "no drift";
  session.out << Paint(verdict, drift ? Colour::kBad : Colour::kGood, session.colours) << ": "
              << response.position_count() << " positions and " << response.reservation_count()
              << " reservations compared with a fold over " << response.entry_count()
              << " journal entries, up to sequence " << response.sequence() << ".\n";
  if (drift) {
    PrintDifferences(session, response);
    session.err << "This is a defect of stockd. Keep a copy (`stockctl backup FILE`) and report "
                   "it with the lines above.\n";
  }
  return drift ? ExitCode::kNegative : ExitCode::kOk;
}

ExitCode RunBackup(Session& session, const Arguments& arguments) {
  v1::BackupRequest request;
  request.set_file_name(arguments.Text("file"));
  const v1::BackupResponse response = session.client.Call(&Stub::Backup, request, kLongPatience);
  if (session.json) return PrintJson(session, response);
  session.out << "Wrote " << Printable(response.path()) << ", " << FormatSize(response.size_bytes())
              << ", up to sequence " << response.sequence() << ", on the daemon's machine.\n";
  return ExitCode::kOk;
}

Cell WriterCell(v1::WriterState state) {
  switch (state) {
    case v1::WRITER_STATE_RUNNING: return Cell("running", Colour::kGood);
    case v1::WRITER_STATE_STOPPING: return Cell("stopping", Colour::kBad);
    case v1::WRITER_STATE_FAILED: return Cell("FAILED", Colour::kBad);
    default: return Cell("unknown", Colour::kBad);
  }
}

ExitCode RunStatus(Session& session, const Arguments&) {
  const v1::GetStatusResponse response =
      session.client.Call(&Stub::GetStatus, v1::GetStatusRequest());
  const bool running = response.writer_state() == v1::WRITER_STATE_RUNNING;
  const ExitCode exit_code = running ? ExitCode::kOk : ExitCode::kNegative;
  if (session.json) {
    PrintJson(session, response);
    return exit_code;
  }
  Table table({{"STATUS"}, {"OF " + session.client.server()}});
  table.Add({"version", response.version()});
  table.Add({"started", FormatDeadline(response.start_time(), session.now)});
  table.Add({"writer", WriterCell(response.writer_state())});
  if (!response.failure().empty()) table.Add({"failure", Cell(response.failure(), Colour::kBad)});
  table.Add({"items", response.item_count()});
  table.Add({"positions", response.position_count()});
  table.Add({"open reservations", response.reservation_open_count()});
  table.Add({"open orders", response.order_open_count()});
  table.Add({"facts in quarantine", response.quarantine_count()});
  table.Add({"journal entries", static_cast<int64_t>(response.sequence())});
  table.Add({"commands committed", static_cast<int64_t>(response.command_count())});
  table.Add({"commits", static_cast<int64_t>(response.commit_count())});
  table.Add({"commands waiting", response.queue_depth()});
  table.Add({"database", FormatSize(response.database_bytes())});
  table.Print(session.out, session.colours);
  return exit_code;
}

}  // namespace

void AddOperationsCommands(std::vector<Command>& commands) {
  commands.push_back({"status",
                      "Operation",
                      "Show how the daemon is; exits with 4 if it takes nothing new.",
                      "stockctl status",
                      {},
                      RunStatus});
  commands.push_back(
      {"verify",
       "Operation",
       "Add the whole journal up anew and compare it with the live figures; exits with 4 on drift.",
       "stockctl verify && echo all is well",
       {Option("differences", "N", "Differences to list, 1 to 1000. Default 100.")},
       RunVerify});
  commands.push_back(
      {"backup",
       "Operation",
       "Write a consistent copy of the database while work goes on.",
       "stockctl backup monday.sqlite",
       {Operand("file", "FILE", "A new file in the daemon's backup.directory, on its machine.")},
       RunBackup});
}

}  // namespace stockd::ctl
