#pragma once

#include <sys/types.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace stockd::bench {

// A benchmark cannot go on; the text says why.
class BenchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A child process that never outlives this one. Thread-compatible; to be started on the main
// thread, for the child lives no longer than the thread that started it.
class Process {
 public:
  // Starts a program. Its standard output is read with ReadLine(), its standard error goes to the
  // file `log`. Throws BenchError.
  Process(const std::vector<std::string>& command, const std::filesystem::path& log);
  // Kills it when it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line of its output without the newline. Throws BenchError, with the end of its log,
  // when none comes within the time or the output ends.
  std::string ReadLine(double seconds_max);

  // Asks it to end (SIGTERM) and waits; kills it after the time. Returns its exit code, or minus
  // the signal that ended it.
  int Stop(double seconds_max);
  // Waits for it to end by itself; kills it after the time. Returns as Stop().
  int Wait(double seconds_max);

  pid_t pid() const { return pid_; }
  // Processor time that it has used so far, user and system, of all its threads.
  double cpu_seconds() const;
  // Memory that it occupies now.
  int64_t resident_bytes() const;

 private:
  [[noreturn]] void Fail(const std::string& what) const;

  std::string name_;
  std::filesystem::path log_;
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;  // Output that was read, but not returned yet.
};

}  // namespace stockd::bench
