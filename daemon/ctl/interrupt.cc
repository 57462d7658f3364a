#include "daemon/ctl/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace stockd::ctl {
namespace {

// A signal handler may do little more than write a byte: 's' for a signal, 'e' for the end.
std::array<int, 2> g_pipe = {-1, -1};
struct sigaction g_before_int;
struct sigaction g_before_term;

void OnSignal(int) {
  const int saved = errno;
  const char byte = 's';
  // A full pipe means that a signal is waiting to be read already.
  [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
  errno = saved;
}

}  // namespace

InterruptGuard::InterruptGuard(std::function<void()> on_interrupt)
    : on_interrupt_(std::move(on_interrupt)) {
  if (pipe(g_pipe.data()) != 0) return;  // Without it, Ctrl-C ends the process as ever.
  waiter_ = std::thread([this] { Wait(); });
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigaction(SIGINT, &action, &g_before_int);
  sigaction(SIGTERM, &action, &g_before_term);
}

InterruptGuard::~InterruptGuard() {
  if (!waiter_.joinable()) return;
  sigaction(SIGINT, &g_before_int, nullptr);
  sigaction(SIGTERM, &g_before_term, nullptr);
  const char byte = 'e';
  [[maybe_unused]] const ssize_t written = write(g_pipe[1], &byte, 1);
  waiter_.join();
  close(g_pipe[0]);
  close(g_pipe[1]);
}

void InterruptGuard::Wait() {
  char byte = 0;
  while (byte != 'e') {
    const ssize_t size = read(g_pipe[0], &byte, 1);
    if (size < 0 && errno == EINTR) continue;
    if (size != 1) return;
    if (byte == 's' && !interrupted_.exchange(true)) on_interrupt_();
  }
}

}  // namespace stockd::ctl
