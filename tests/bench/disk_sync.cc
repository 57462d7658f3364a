#include "tests/bench/disk_sync.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/process.h"

namespace stockd::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr off_t kFileBytesMax = 64 << 20;

}  // namespace

SyncTimes MeasureSync(const std::filesystem::path& folder, double seconds) {
  const std::filesystem::path path = folder / "fdatasync";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) throw BenchError("cannot write to " + folder.string());
  std::array<char, 4096> page{};
  page.fill('x');
  std::vector<double> times_us;
  off_t offset = 0;
  bool good = true;
  const auto end = SteadyClock::now() + std::chrono::duration<double>(seconds);
  while (good && SteadyClock::now() < end) {
    const auto begin = SteadyClock::now();
    good = pwrite(file, page.data(), page.size(), offset) == static_cast<ssize_t>(page.size()) &&
           fdatasync(file) == 0;
    times_us.push_back(
        std::chrono::duration<double, std::micro>(SteadyClock::now() - begin).count());
    offset = (offset + static_cast<off_t>(page.size())) % kFileBytesMax;
  }
  close(file);
  std::filesystem::remove(path);
  if (!good) throw BenchError("cannot write to " + folder.string());
  return {.p50_us = Percentile(times_us, 0.5),
          .p99_us = Percentile(times_us, 0.99),
          .max_us = Percentile(times_us, 1),
          .count = static_cast<int64_t>(times_us.size())};
}

bool IsInMemory(const std::filesystem::path& folder) {
  struct statfs info{};
  if (statfs(folder.c_str(), &info) != 0) return false;
  return info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC;
}

}  // namespace stockd::bench
