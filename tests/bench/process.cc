#include "tests/bench/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kLogTailBytes = 1500;

SteadyClock::time_point In(double seconds) {
  return SteadyClock::now() +
         std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(seconds));
}

int MillisUntil(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000));
}

std::string Tail(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  std::string all = text.str();
  if (all.size() > kLogTailBytes) all.erase(0, all.size() - kLogTailBytes);
  return all;
}

// In the child: only calls that are allowed after a fork of a process with threads.
[[noreturn]] void Become(char* const* arguments, int output, int log, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& log)
    : name_(std::filesystem::path(command.at(0)).filename()), log_(log) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  int ends[2];
  const int log_file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (log_file < 0 || pipe2(ends, O_CLOEXEC) != 0) {
    throw BenchError("cannot prepare " + name_ + ": " + std::strerror(errno));
  }
  const pid_t self = getpid();
  pid_ = fork();
  if (pid_ == 0) Become(arguments.data(), ends[1], log_file, self);
  close(ends[1]);
  close(log_file);
  output_ = ends[0];
  if (pid_ < 0) throw BenchError("cannot start " + name_ + ": " + std::strerror(errno));
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) close(output_);
}

void Process::Fail(const std::string& what) const {
  throw BenchError(name_ + " " + what + "; the end of its log:\n" + Tail(log_));
}

std::string Process::ReadLine(double seconds_max) {
  const auto deadline = In(seconds_max);
  while (true) {
    if (const size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    pollfd readable{.fd = output_, .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, MillisUntil(deadline)) == 0) Fail("does not answer");
    char bytes[4096];
    const ssize_t count = read(output_, bytes, sizeof bytes);
    if (count == 0) Fail("ended too early");
    if (count > 0) buffer_.append(bytes, static_cast<size_t>(count));
  }
}

int Process::Stop(double seconds_max) {
  if (pid_ > 0) kill(pid_, SIGTERM);
  return Wait(seconds_max);
}

int Process::Wait(double seconds_max) {
  if (pid_ <= 0) return 0;
  // Its output ends when it ends, so waiting for that needs no polling of the process itself.
  const auto deadline = In(seconds_max);
  while (true) {
    pollfd readable{.fd = output_, .events = POLLIN, .revents = 0};
    char bytes[4096];
    if (poll(&readable, 1, MillisUntil(deadline)) == 0) {
      kill(pid_, SIGKILL);
      break;
    }
    if (read(output_, bytes, sizeof bytes) == 0) break;
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

double Process::cpu_seconds() const {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

int64_t Process::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace stockd::bench
