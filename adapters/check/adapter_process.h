// The adapter under check, as a child process.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace stockd::check {

// Runs a command with the checker's standard input, output and error. The destructor kills it.
// Thread-compatible.
class AdapterProcess {
 public:
  // NOT_FOUND and the like when it cannot be started. `environment` is NAME=value, in addition.
  [[nodiscard]] static absl::StatusOr<AdapterProcess> Start(std::vector<std::string> command,
                                                            const std::string& environment);
  ~AdapterProcess();
  AdapterProcess(AdapterProcess&& other) noexcept;
  AdapterProcess& operator=(AdapterProcess&& other) = delete;

  void Terminate();
  // How it ended, for people: "exit code 0"; unset when it still runs after `patience`.
  std::optional<std::string> WaitForEnd(std::chrono::milliseconds patience);

 private:
  explicit AdapterProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;  // -1: there is none any more.
  std::optional<std::string> end_;
};

}  // namespace stockd::check
