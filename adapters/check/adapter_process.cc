#include "adapters/check/adapter_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace stockd::check {
namespace {

std::string Describe(int status) {
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

absl::StatusOr<AdapterProcess> AdapterProcess::Start(std::vector<std::string> command,
                                                     const std::string& environment) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  std::string addition = environment;
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  variables.push_back(addition.data());
  variables.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, arguments[0], nullptr, nullptr, arguments.data(), variables.data());
  if (error != 0) {
    return absl::NotFoundError(
        fmt::format("cannot start {}: {}", command[0], std::generic_category().message(error)));
  }
  return AdapterProcess(pid);
}

AdapterProcess::AdapterProcess(AdapterProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), end_(std::move(other.end_)) {}

AdapterProcess::~AdapterProcess() {
  if (pid_ == -1 || end_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void AdapterProcess::Terminate() {
  if (pid_ != -1 && !end_) ::kill(pid_, SIGTERM);
}

std::optional<std::string> AdapterProcess::WaitForEnd(std::chrono::milliseconds patience) {
  if (end_) return end_;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (descriptor < 0) return std::nullopt;
  pollfd ended{.fd = descriptor, .events = POLLIN, .revents = 0};
  ::poll(&ended, 1, static_cast<int>(patience.count()));
  ::close(descriptor);
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) end_ = Describe(status);
  return end_;
}

}  // namespace stockd::check
