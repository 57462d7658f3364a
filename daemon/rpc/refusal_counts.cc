#include "daemon/rpc/refusal_counts.h"

#include <absl/container/node_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <atomic>

namespace stockd::rpc {
namespace {

struct Counts {
  absl::Mutex mutex;
  absl::node_hash_map<std::string, std::atomic<int64_t>> by_reason ABSL_GUARDED_BY(mutex);
};

Counts& TheCounts() {
  static Counts counts;
  return counts;
}

}  // namespace

void CountRefusal(std::string_view reason) {
  Counts& counts = TheCounts();
  {
    const absl::ReaderMutexLock lock(&counts.mutex);
    const auto found = counts.by_reason.find(absl::string_view(reason.data(), reason.size()));
    if (found != counts.by_reason.end()) {
      found->second.fetch_add(1, std::memory_order_relaxed);
      return;
    }
  }
  const absl::MutexLock lock(&counts.mutex);
  counts.by_reason[std::string(reason)].fetch_add(1, std::memory_order_relaxed);
}

std::map<std::string, int64_t> RefusalCounts() {
  Counts& counts = TheCounts();
  const absl::ReaderMutexLock lock(&counts.mutex);
  std::map<std::string, int64_t> copy;
  for (const auto& [reason, count] : counts.by_reason) {
    copy.emplace(reason, count.load(std::memory_order_relaxed));
  }
  return copy;
}

}  // namespace stockd::rpc
