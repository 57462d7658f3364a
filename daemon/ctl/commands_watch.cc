#include <map>
#include <mutex>
#include <optional>
#include <ostream>
#include <utility>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/interrupt.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

// Figures that are remembered to show by how much one changed.
constexpr size_t kRememberedMax = 100'000;

// A daemon that ends stream after stream at once is not one to go on with.
constexpr int kEndsInARowMax = 5;

// Shows levels as they come.
class LevelPrinter {
 public:
  // `all_first`: the levels as they are now come before the changes.
  LevelPrinter(const Session& session, bool all_first)
      : session_(session),
        all_first_(all_first),
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
             {level.sku(), level.location(), quantities.on_hand(), quantities.reserved(),
              quantities.committed(), level.available(), Change(level),
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
    if (change < 0) return Cell(change, Colour::kBad);
    return Cell("+" + std::to_string(change), Colour::kGood);
  }

  const Session& session_;
  bool all_first_;
  std::vector<Column> columns_;
  std::vector<int> widths_;
  std::map<std::pair<std::string, std::string>, int64_t> available_;
};

// The call that is open now, for whoever wants to end it from another thread.
class OpenCall {
 public:
  void Set(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex_);
    context_ = context;
    if (cancelled_ && context_ != nullptr) context_->TryCancel();
  }
  void Cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 private:
  std::mutex mutex_;
  grpc::ClientContext* context_ = nullptr;  // Guarded by mutex_.
  bool cancelled_ = false;                  // Guarded by mutex_.
};

class Watcher {
 public:
  Watcher(Session& session, v1::WatchAvailabilityRequest request, int64_t messages_max)
      : session_(session),
        request_(std::move(request)),
        messages_rest_(messages_max),
        printer_(session, !request_.changes_only() && request_.cursor() == 0) {
    if (session.client.timeout()) deadline_ = Client::Deadline(*session.client.timeout());
  }

  ExitCode Run() {
    const InterruptGuard guard([this] { open_call_.Cancel(); });
    printer_.Begin();
    while (true) {
      const grpc::Status status = Stream();
      const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      const bool enough = messages_rest_ == 0 || !session_.out || (late && Connected());
      if (enough || guard.interrupted()) break;
      const bool hopeless = !received_ || ++ends_in_a_row_ > kEndsInARowMax;
      if (!IsGone(status) || hopeless || !Reconnect(guard)) throw CallFailed(status);
      if (guard.interrupted()) break;
    }
    const uint64_t cursor = request_.cursor();
    if (cursor != 0) session_.err << "Resume with --cursor " << cursor << "\n";
    return ExitCode::kOk;
  }

 private:
  // Whether the stream ended for a reason that a restart of the daemon explains.
  static bool IsGone(const grpc::Status& status) {
    return status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
           status.error_code() == grpc::StatusCode::CANCELLED;
  }

  // A quiet feed is no sign of a daemon that does not answer.
  bool Connected() const {
    return received_ || session_.client.channel()->GetState(false) == GRPC_CHANNEL_READY;
  }

  // Reads until the stream ends, enough was read, or nobody reads what is printed.
  grpc::Status Stream() {
    v1::AvailabilityService::Stub stub(session_.client.channel());
    grpc::ClientContext context;
    if (deadline_) context.set_deadline(*deadline_);
    open_call_.Set(&context);
    const auto reader = stub.WatchAvailability(&context, request_);
    v1::WatchAvailabilityResponse message;
    while (messages_rest_ != 0 && session_.out && reader->Read(&message)) {
      printer_.Print(message);
      received_ = true;
      ends_in_a_row_ = 0;
      if (message.cursor() != 0) {
        request_.set_cursor(message.cursor());
        request_.clear_changes_only();  // Resuming from a cursor says it all.
      }
      if (messages_rest_ > 0 && message.availabilities_size() > 0) --messages_rest_;
    }
    if (messages_rest_ == 0 || !session_.out) context.TryCancel();
    const grpc::Status status = reader->Finish();
    open_call_.Set(nullptr);
    return status;
  }

  // Waits up to a minute for the daemon to come back, or until somebody ends the watch.
  bool Reconnect(const InterruptGuard& guard) {
    session_.err << "The daemon is gone; waiting for it to come back.\n";
    constexpr int kTries = 120;
    constexpr std::chrono::milliseconds kPatience{500};
    for (int i = 0; i < kTries && !guard.interrupted(); ++i) {
      if (session_.client.channel()->WaitForConnected(Client::Deadline(kPatience))) return true;
    }
    return guard.interrupted();
  }

  Session& session_;
  v1::WatchAvailabilityRequest request_;
  int64_t messages_rest_;  // Below 0: without end.
  LevelPrinter printer_;
  OpenCall open_call_;
  std::optional<gpr_timespec> deadline_;  // Of the whole watch.
  bool received_ = false;
  int ends_in_a_row_ = 0;  // Streams that ended without a message.
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
  return Watcher(session, std::move(request), messages_max).Run();
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
