#include "daemon/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace stockd {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

int64_t CountEntries(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error);
  return error ? 0 : std::distance(begin(entries), end(entries));
}

}  // namespace

ProcessFigures ReadProcessFigures() {
  ProcessFigures figures;
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) {
    figures.cpu_seconds = Seconds(used.ru_utime) + Seconds(used.ru_stime);
  }
  int64_t ignored = 0;
  int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> ignored >> resident_pages;
  figures.resident_bytes = resident_pages * sysconf(_SC_PAGESIZE);
  figures.open_files = CountEntries("/proc/self/fd");
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    figures.open_files_max = static_cast<int64_t>(limit.rlim_cur);
  }
  figures.threads = CountEntries("/proc/self/task");
  return figures;
}

}  // namespace stockd
