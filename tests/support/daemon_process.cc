#include "tests/support/daemon_process.h"

#include <signal.h>

#include <utility>

#include "daemon/base/check.h"
#include "tests/support/temp_directory.h"

namespace stockd::support {
namespace {

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace

DaemonProcess::DaemonProcess(DaemonOptions options) : options_(std::move(options)) {
  if (options_.database.empty()) options_.database = options_.folder / "stockd.sqlite";
  address_ = "127.0.0.1:" + std::to_string(FreePort());
  output_ = options_.folder / "stockd.out";
  log_ = options_.folder / "stockd.log";
  WriteFile(options_.folder / "stockd.toml", ConfigText());
}

std::string DaemonProcess::ConfigText() const {
  std::string text = "[server]\nlisten = " + Quoted(address_) +
                     "\n[http]\nlisten = " + Quoted(options_.http_listen) +
                     "\n[storage]\ndatabase = " + Quoted(options_.database.string()) + "\n" +
                     options_.more_config;
  for (const SourceBlock& source : options_.sources) {
    text += "[[source]]\nid = " + Quoted(source.id) + "\nkind = " + Quoted(source.kind) +
            "\nabsolute = " + Quoted(source.absolute) + "\nchannel = " + Quoted(source.channel) +
            "\n";
  }
  return text;
}

void DaemonProcess::Launch() {
  STOCKD_CHECK(!process_ || !process_->is_running());
  WriteFile(output_, "");
  process_.emplace(
      ProcessOptions{.program = BuiltProgram("daemon/stockd"),
                     .arguments = {"--config", (options_.folder / "stockd.toml").string()},
                     .output = output_,
                     .error_output = log_,
                     .file_bytes_max = file_bytes_max_,
                     .user = user_});
}

bool DaemonProcess::Start() {
  Launch();
  const bool has_settled =
      WaitUntil(In(), [this] { return is_ready() || !process_->is_running(); });
  return has_settled && is_ready();
}

bool DaemonProcess::is_ready() const {
  return ReadFile(output_).find("stockd listening on ") != std::string::npos;
}

void DaemonProcess::Kill() {
  if (process_) process_->Kill();
}

std::optional<ExitStatus> DaemonProcess::Terminate() {
  process_->Signal(SIGTERM);
  return process_->WaitForExit(In());
}

std::string DaemonProcess::log() const { return ReadFile(log_); }

}  // namespace stockd::support
