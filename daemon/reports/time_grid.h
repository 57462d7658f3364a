#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.h"
#include "daemon/reports/cell.h"

namespace stockd::reports {

// How the time of a report is cut.
enum class Bucket : uint8_t { kWhole, kHour, kDay, kWeek, kMonth, kQuarter, kYear };

// The zone with this IANA name; empty when unknown.
std::optional<absl::TimeZone> FindTimeZone(std::string_view name);

// Begin and end of the cells that roll-ups are kept in: hours, days and months of one time zone. An
// hour is a full hour of that zone's clock; in zones of half hours they are between those of UTC.
// Thread-compatible.
class TimeGrid {
 public:
  explicit TimeGrid(absl::TimeZone zone);

  // The cell of a level that holds the instant, and when it ends. kEver is cell 0 and never ends.
  struct Slot {
    int64_t bucket = 0;
    Timestamp end{};
  };
  // All levels at once, indexed by level. What was asked last is kept, for facts come in bunches.
  const Slot* SlotsAt(Timestamp instant);

  int64_t BucketAt(Level level, Timestamp instant) const;
  Timestamp BeginOf(Level level, int64_t bucket) const;
  // Whether a cell of the level begins at the instant.
  bool Begins(Level level, Timestamp instant) const {
    return BeginOf(level, BucketAt(level, instant)) == instant;
  }

  const absl::TimeZone& zone() const { return zone_; }

 private:
  absl::TimeZone zone_;
  int64_t hour_shift_micros_ = 0;  // Where an hour begins, after a full hour of UTC.
  int64_t known_quarter_ = INT64_MIN;
  Slot known_[kLevelCount];
  absl::flat_hash_map<int64_t, std::vector<Slot>> slots_;  // By quarter of an hour.
};

// Begins of the buckets of [begin, end) in the zone, and `end` at last: n + 1 instants for n
// buckets. The first and the last bucket may be cut short by the period. Empty when there would be
// more than `max`.
std::vector<Timestamp> CutPeriod(Timestamp begin, Timestamp end, Bucket bucket,
                                 const absl::TimeZone& zone, size_t max);

// Begin of the stretch before [begin, end) that is as long: of as many days when both are midnights
// of the zone, whatever its clock did, else of as many hours.
Timestamp BeginOfStretchBefore(Timestamp begin, Timestamp end, const absl::TimeZone& zone);

// A run of neighbouring cells of one level.
struct CellRun {
  Level level = Level::kHour;
  int64_t first = 0;
  int64_t last = 0;  // Inclusive.
};

// Covers [cuts.front(), cuts.back()) with the fewest cells that cross no cut: whole months, whole
// days, hours at the edges. Empty when the cuts do not fall between cells: then `cuts` need hours
// and `hours` is false, or hours that the grid does not have.
std::optional<std::vector<CellRun>> Cover(const TimeGrid& grid, const std::vector<Timestamp>& cuts,
                                          bool hours);

}  // namespace stockd::reports
