#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/process_clock.h"

namespace stockd::support {

// Whether this build, and so the programs that its tests start, watches its memory or threads.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

// How a process ended.
struct ExitStatus {
  int code = 0;    // What it returned; meaningful when signal is 0.
  int signal = 0;  // What ended it, for example SIGKILL; 0: it returned by itself.

  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

struct ProcessOptions {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  // Standard output and standard error are appended to these files, which may be the same.
  std::filesystem::path output = "/dev/null";
  std::filesystem::path error_output = "/dev/null";
  // Files that grow beyond it fail with EFBIG, as on a full disk.
  std::optional<uint64_t> file_bytes_max;
  // Runs as this user and group, without other privileges; needs a privileged caller.
  std::optional<uid_t> user;
};

// A child process. It dies with the test, whatever happens to the test; its destructor kills it and
// waits for its end. Start it on a thread that outlives it. Thread-compatible.
class Process {
 public:
  // Throws std::system_error when the program cannot be started.
  explicit Process(const ProcessOptions& options);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t pid() const { return pid_; }
  bool is_running();

  // Does nothing once the process has ended.
  void Signal(int number);
  // SIGKILL, and waits for the end.
  void Kill();
  // Waits for the end; unset when `deadline` came first.
  std::optional<ExitStatus> WaitForExit(SteadyTime deadline);

  // Memory that is resident now, in bytes; 0 once it has ended.
  int64_t resident_bytes() const;

 private:
  void Reap();

  pid_t pid_ = -1;
  int descriptor_ = -1;  // A pidfd: readable once the process has ended.
  std::optional<ExitStatus> exit_;
};

// What a short-lived command said.
struct CommandResult {
  ExitStatus exit;
  std::string output;
  std::string error_output;
};

// Runs a command to its end. After `patience` it is killed, which its exit status then says.
[[nodiscard]] CommandResult RunCommand(const std::filesystem::path& program,
                                       const std::vector<std::string>& arguments,
                                       std::chrono::milliseconds patience = kPatience);

// A program of this build, named as in "daemon/stockd": below the folder that the environment
// variable STOCKD_BUILD names, or else build/release.
[[nodiscard]] std::filesystem::path BuiltProgram(const std::string& name);

// A TCP port of this machine that nobody listens on now, outside of the range that the system gives
// to clients.
[[nodiscard]] int FreePort();

}  // namespace stockd::support
