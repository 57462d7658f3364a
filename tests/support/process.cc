#include "tests/support/process.h"

#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "tests/support/random.h"
#include "tests/support/temp_directory.h"

namespace stockd::support {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void ThrowErrno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int OpenOutput(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) ThrowErrno("open " + path.string());
  return descriptor;
}

// All that the child does between fork and exec; only calls that are safe there.
struct Launch {
  int program = -1;
  int output = -1;
  int error_output = -1;
  pid_t parent = 0;
  std::vector<char*> arguments;
  std::optional<uint64_t> file_bytes_max;
  std::optional<uid_t> user;

  bool Prepare() const {
    if (dup2(output, STDOUT_FILENO) < 0 || dup2(error_output, STDERR_FILENO) < 0) return false;
    if (file_bytes_max) {
      const rlimit limit{.rlim_cur = *file_bytes_max, .rlim_max = *file_bytes_max};
      if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
      signal(SIGXFSZ, SIG_IGN);
    }
    if (user && (setgroups(0, nullptr) != 0 || setgid(*user) != 0 || setuid(*user) != 0)) {
      return false;
    }
    // After the change of user, which forgets it. A parent that is gone already cannot be noticed
    // otherwise.
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
  }

  [[noreturn]] void Run() const {
    // By descriptor: another user may not be allowed to walk to the file.
    if (Prepare()) fexecve(program, arguments.data(), environ);
    _exit(127);
  }
};

// Claims a port among the tests that run on this machine, up to the end of this process: by a name
// in the abstract namespace of sockets, which the kernel takes back by itself.
bool ClaimPort(int port) {
  const std::string name = "stockd-test-port-" + std::to_string(port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());  // A leading 0 makes it abstract.
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) ThrowErrno("socket");
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0) return true;
  close(descriptor);
  return false;
}

}  // namespace

Process::Process(const ProcessOptions& options) {
  std::vector<std::string> words = {options.program.string()};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  Launch launch{.parent = getpid(), .file_bytes_max = options.file_bytes_max, .user = options.user};
  for (std::string& word : words) launch.arguments.push_back(word.data());
  launch.arguments.push_back(nullptr);
  launch.program = open(options.program.c_str(), O_RDONLY | O_CLOEXEC);
  if (launch.program < 0) ThrowErrno("open " + options.program.string());
  launch.output = OpenOutput(options.output);
  launch.error_output = OpenOutput(options.error_output);
  pid_ = fork();
  if (pid_ == 0) launch.Run();
  const int error = errno;
  for (const int descriptor : {launch.program, launch.output, launch.error_output}) {
    close(descriptor);
  }
  if (pid_ < 0) throw std::system_error(error, std::generic_category(), "fork");
  // Directly: the header of glibc 2.36 that declares it is of no use to C++.
  descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (descriptor_ < 0) ThrowErrno("pidfd_open");
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      exit_(std::exchange(other.exit_, std::nullopt)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  Kill();
  if (descriptor_ >= 0) close(descriptor_);
  pid_ = std::exchange(other.pid_, -1);
  descriptor_ = std::exchange(other.descriptor_, -1);
  exit_ = std::exchange(other.exit_, std::nullopt);
  return *this;
}

Process::~Process() {
  Kill();
  if (descriptor_ >= 0) close(descriptor_);
}

bool Process::is_running() { return pid_ > 0 && !WaitForExit(SteadyNow()); }

void Process::Signal(int number) {
  if (pid_ > 0 && !exit_) kill(pid_, number);
}

void Process::Kill() {
  if (pid_ <= 0 || exit_) return;
  Signal(SIGKILL);
  Reap();
}

std::optional<ExitStatus> Process::WaitForExit(SteadyTime deadline) {
  while (pid_ > 0 && !exit_) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - SteadyNow());
    pollfd ended{.fd = descriptor_, .events = POLLIN, .revents = 0};
    if (poll(&ended, 1, static_cast<int>(std::max<int64_t>(0, left.count()))) > 0) {
      Reap();
    } else if (SteadyNow() >= deadline) {
      return std::nullopt;
    }
  }
  return exit_;
}

void Process::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_ = WIFSIGNALED(status) ? ExitStatus{.signal = WTERMSIG(status)}
                              : ExitStatus{.code = WEXITSTATUS(status)};
}

int64_t Process::resident_bytes() const {
  const std::string text = ReadFile("/proc/" + std::to_string(pid_) + "/statm");
  const size_t blank = text.find(' ');  // "size resident ...", in pages.
  if (exit_ || blank == std::string::npos) return 0;
  return std::atoll(text.c_str() + blank) * sysconf(_SC_PAGESIZE);
}

CommandResult RunCommand(const std::filesystem::path& program,
                         const std::vector<std::string>& arguments, milliseconds patience) {
  const TempDirectory folder;
  const auto output = folder.path() / "out";
  const auto error_output = folder.path() / "err";
  Process process(
      {.program = program, .arguments = arguments, .output = output, .error_output = error_output});
  std::optional<ExitStatus> exit = process.WaitForExit(In(patience));
  if (!exit) {
    process.Kill();
    exit = process.WaitForExit(SteadyNow());
  }
  return {.exit = *exit, .output = ReadFile(output), .error_output = ReadFile(error_output)};
}

std::filesystem::path BuiltProgram(const std::string& name) {
  const char* folder = std::getenv("STOCKD_BUILD");
  return std::filesystem::absolute(folder != nullptr ? folder : "build/release") / name;
}

int FreePort() {
  constexpr int kFirst = 20'000;
  constexpr int kLast = 32'000;
  // Tests that run at the same time begin to look at different places.
  static Random random(static_cast<uint64_t>(getpid()));
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = static_cast<int>(random.Between(kFirst, kLast));
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) ThrowErrno("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int bound = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    close(descriptor);
    if (bound == 0 && ClaimPort(port)) return port;
  }
  throw std::runtime_error("no free port between 20000 and 32000");
}

}  // namespace stockd::support
