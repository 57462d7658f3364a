#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace stockd::support {

// A [[source]] block of the daemon's configuration.
struct SourceBlock {
  std::string id;
  std::string kind = "other";
  std::string absolute = "count";
  std::string channel;
};

struct DaemonOptions {
  // Where the configuration, the log and, unless `database` is set, the database are.
  std::filesystem::path folder;
  std::filesystem::path database;
  std::vector<SourceBlock> sources;
  std::string http_listen;  // Empty: no HTTP.
  // More lines of TOML, table by table, for example "[facts]\nlook_back = \"36500d\"\n".
  std::string more_config;
};

// The real stockd as a child process, on one port that stays the same over restarts.
// Thread-compatible.
class DaemonProcess {
 public:
  explicit DaemonProcess(DaemonOptions options);

  // Starts the program without waiting for anything. REQUIRES: it does not run.
  void Launch();
  // Starts it and waits until callers can connect. False when it ended, or did not get so far
  // within kPatience; log() says why.
  [[nodiscard]] bool Start();
  // kill -9.
  void Kill();
  // SIGTERM, and waits for the end; unset after kPatience.
  std::optional<ExitStatus> Terminate();

  // Limits of the next start; see ProcessOptions.
  void set_file_bytes_max(std::optional<uint64_t> bytes) { file_bytes_max_ = bytes; }
  void set_user(std::optional<uid_t> user) { user_ = user; }

  // REQUIRES: it was started.
  Process& process() { return *process_; }
  const std::string& address() const { return address_; }
  const std::filesystem::path& database() const { return options_.database; }
  // All that every run has logged so far.
  std::string log() const;

 private:
  bool is_ready() const;
  std::string ConfigText() const;

  DaemonOptions options_;
  std::string address_;
  std::filesystem::path output_;
  std::filesystem::path log_;
  std::optional<uint64_t> file_bytes_max_;
  std::optional<uid_t> user_;
  std::optional<Process> process_;
};

}  // namespace stockd::support
