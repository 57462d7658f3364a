#include "adapters/check/adapter_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

#include "adapters/check/adapter_process.h"
#include "adapters/check/check_daemon.h"
#include "adapters/check/recording.h"
#include "adapters/check/stream_rules.h"

namespace stockd::check {
namespace {

using std::chrono::milliseconds;

void Replace(std::string& text, std::string_view placeholder, std::string_view value) {
  for (size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
}

// The configuration with the address in it; beside its template, so that relative paths in it mean
// the same. Removed at the end.
class ConfigFile {
 public:
  ~ConfigFile() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove(path_, error);
  }

  absl::Status Make(const std::filesystem::path& from, const std::string& address) {
    std::ifstream in(from, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return absl::NotFoundError("cannot read " + from.string());
    std::string content = text.str();
    Replace(content, "{daemon}", address);
    path_ = from;
    path_ += ".check";
    std::ofstream out(path_, std::ios::binary | std::ios::trunc);
    if (!(out << content).flush()) return absl::UnavailableError("cannot write " + path_.string());
    return absl::OkStatus();
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

CheckResult Judge(std::string name, std::string claim, bool is_right, std::string why) {
  return {.name = std::move(name),
          .claim = std::move(claim),
          .verdict = is_right ? Verdict::kPassed : Verdict::kFailed,
          .why = is_right ? std::string() : std::move(why)};
}

CheckResult Reconnects(const std::vector<Event>& events, milliseconds limit) {
  int64_t longest_ms = 0;
  std::optional<int64_t> closed_at_ms;
  for (const Event& event : events) {
    if (event.kind == Event::Kind::kClosed) closed_at_ms = event.at_ms;
    if (event.kind != Event::Kind::kOpened || !closed_at_ms) continue;
    longest_ms = std::max(longest_ms, event.at_ms - *closed_at_ms);
    closed_at_ms.reset();
  }
  return Judge("reconnects_in_time",
               fmt::format("a new stream follows a broken one within {} ms", limit.count()),
               longest_ms <= limit.count(), fmt::format("it took {} ms", longest_ms));
}

CheckResult Completes(const CheckDaemon& daemon, bool is_done, milliseconds patience) {
  return Judge("comes_through",
               "all that can break breaks, and everything is acknowledged in the end", is_done,
               fmt::format("after {} ms it had opened {} of {} streams{}", patience.count(),
                           daemon.acts_begun(), CheckDaemon::act_count(),
                           daemon.wants_levels() && !daemon.has_all_levels()
                               ? ", and not all levels were acknowledged"
                               : ", or facts kept coming"));
}

CheckResult Levels(const CheckDaemon& daemon) {
  CheckResult result = Judge("all_levels_acknowledged", "the last level is acknowledged",
                             daemon.has_all_levels(), "it was not");
  if (daemon.wants_levels()) return result;
  result.verdict = Verdict::kNotTried;
  result.why = "it wants no levels";
  return result;
}

CheckResult Answers(const std::vector<Event>& events) {
  CheckResult result{.name = "snapshot_request",
                     .claim = "a request is answered under its id, with what was asked for",
                     .why = "it answered none; it need not"};
  std::vector<v1::SnapshotRequest> requests;
  for (const Event& event : events) {
    if (event.response.has_snapshot_request()) {
      requests.push_back(event.response.snapshot_request());
    }
    if (!event.request.has_snapshot_begin()) continue;
    const v1::SnapshotBegin& begin = event.request.snapshot_begin();
    const auto asked =
        std::ranges::find(requests, begin.snapshot_id(), &v1::SnapshotRequest::snapshot_id);
    if (asked == requests.end()) continue;  // By its own decision.
    return Judge(result.name, result.claim, asked->compare_only() == begin.compare_only(),
                 "compare_only differs from the request");
  }
  return result;
}

CheckResult Stops(AdapterProcess& process, bool has_ended, milliseconds limit) {
  const std::string claim =
      fmt::format("SIGTERM ends it within {} ms with exit code 0", limit.count());
  if (!has_ended) process.Terminate();
  const std::optional<std::string> end = process.WaitForEnd(limit);
  return Judge("ends_in_order", claim, !has_ended && end == "exit code 0",
               has_ended ? "it had ended by itself before, " + end.value_or("")
               : end     ? "it ended with " + *end
                         : "it did not end");
}

}  // namespace

absl::StatusOr<Report> CheckAdapter(const AdapterCheckOptions& options) {
  Recorder recorder;
  CheckDaemon daemon({.half_open = options.half_open,
                      .quiet = options.quiet,
                      .act_patience = options.act_patience,
                      .snapshot_patience = options.snapshot_patience},
                     &recorder);
  ConfigFile config;
  if (!options.config_template.empty()) {
    absl::Status made = config.Make(options.config_template, daemon.address());
    if (!made.ok()) return made;
  }
  std::vector<std::string> command = options.command;
  for (std::string& argument : command) {
    Replace(argument, "{daemon}", daemon.address());
    Replace(argument, "{config}", config.path().string());
  }
  absl::StatusOr<AdapterProcess> process =
      AdapterProcess::Start(command, "STOCKD_DAEMON=" + daemon.address());
  if (!process.ok()) return process.status();

  std::stop_source ended;  // An adapter that is gone need not be waited for.
  std::jthread watch([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (process->WaitForEnd(milliseconds(50))) {
        ended.request_stop();
        return;
      }
    }
  });
  const bool is_done = daemon.Run(options.patience, ended.get_token());
  watch.request_stop();
  watch.join();
  const bool has_ended = process->WaitForEnd(milliseconds(0)).has_value();

  Report report{.subject = fmt::format("adapter {}", fmt::join(options.command, " "))};
  const CheckResult stops = Stops(*process, has_ended, options.stop_max);
  const std::vector<Event> events = recorder.events();
  report.checks = CheckStreams(events);
  report.checks.push_back(Reconnects(events, options.reconnect_max));
  report.checks.push_back(Completes(daemon, is_done, options.patience));
  report.checks.push_back(Levels(daemon));
  report.checks.push_back(Answers(events));
  report.checks.push_back(stops);
  if (options.recording.empty()) return report;
  absl::Status written = WriteRecording(events, options.recording);
  if (!written.ok()) return written;
  return report;
}

}  // namespace stockd::check
