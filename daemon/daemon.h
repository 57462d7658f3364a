#pragma once

#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/config/config.h"

namespace stockd {

// Everything that runs, wired together: database, engine, feeds, services, port. Thread-compatible.
class Daemon {
 public:
  // `clock` outlives the daemon. `vfs_name` is for tests that let the disk fail; see
  // storage::SqliteOptions.
  Daemon(config::Config config, const Clock& clock, std::string vfs_name = {});
  // Stops, if nobody has.
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Opens the database, loads it and serves. Returns an empty text, or says why the daemon cannot
  // run; then it must not be used any more. Called once.
  std::string Start();

  // Where it listens, for example "127.0.0.1:7450". REQUIRES: it was started.
  const std::string& address() const;
  // The same for HTTP; empty when none is configured.
  std::string http_address() const;

  // Takes nothing new, finishes what was accepted, moves the log into the database. Returns an
  // empty text, or says what went wrong. Everything that was acknowledged is on disk in either
  // case. Idempotent.
  std::string Stop();

  // Whether an audit or a backup still works after Stop(). It may take minutes and the destructor
  // would wait for it; the process may simply end instead.
  bool busy() const;

  // What runs; for tests that look inside.
  struct Parts;
  Parts& parts() { return *parts_; }

 private:
  std::string OpenDatabase();
  std::string LoadEngine();
  std::string OpenReports();
  std::string ScheduleReconciliations();
  std::string Serve();
  std::string ServeHttp();
  void WriterFailed(const std::string& error);

  const config::Config config_;
  const Clock& clock_;
  const std::string vfs_name_;
  absl::Mutex server_mutex_;  // The writer may fail before the server is there.
  bool stopped_ = false;
  std::unique_ptr<Parts> parts_;
};

}  // namespace stockd
