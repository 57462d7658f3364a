#include "tests/bench/index_memory.h"

#include <unistd.h>

#include <fstream>
#include <memory>

#include "daemon/engine/availability_index.h"

namespace stockd::bench {
namespace {

int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t total = 0;
  int64_t resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

IndexMemory MeasureIndexMemory(int64_t positions, int64_t locations) {
  const int64_t before = ResidentBytes();
  const auto index = std::make_unique<engine::AvailabilityIndex>();
  for (int64_t i = 0; i < positions; ++i) {
    const engine::RowChange change{
        .position = {.item = ItemId{static_cast<uint32_t>(i / locations + 1)},
                     .location = LocationId{static_cast<uint32_t>(i % locations + 1)}},
        .row = {.on_hand = 100, .version = static_cast<Sequence>(i + 1)}};
    index->Publish({&change, 1}, {});
  }
  const auto count = static_cast<double>(positions);
  return {.positions = index->size(),
          .resident_bytes = static_cast<double>(ResidentBytes() - before) / count,
          .counted_bytes = static_cast<double>(index->memory_bytes()) / count};
}

}  // namespace stockd::bench
