#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/reports/cell.h"
#include "daemon/reports/item_book.h"
#include "daemon/reports/rollup_file.h"
#include "daemon/reports/time_grid.h"

namespace stockd::reports {

// An amount of one measure.
struct Amount {
  Measure measure = Measure::kSaleLines;
  Int128 amount = 0;
};

// A change of what stands. Its moment is worked out for each cell.
struct Step {
  Measure step = Measure::kOnHandStep;
  Measure moment = Measure::kOnHandMoment;
  Int128 change = 0;
};

// What one batch of facts changes, in memory: cells and positions that it touches, gathered until
// Flush() writes each of them once. Thread-compatible.
class Workspace {
 public:
  Workspace(RollupFile& file, absl::TimeZone zone) : file_(file), grid_(zone) {}

  // Reads dictionaries and items; before everything else, and after RollupFile::Clear().
  void Load();

  // The number of a strand or category; new ones get the next number.
  StrandId Intern(const Strand& strand);
  CategoryId InternCategory(const std::string& name);
  const Strand& StrandOf(StrandId id) const;

  // The position as the batch so far left it. Valid until the next call for another one.
  StandingPosition& Position(PositionKey key);
  // All positions of an item.
  std::vector<PositionKey> PositionsOf(ItemId item);
  // Adds the item's next state to the book and to the file.
  void AddItemState(ItemId item, int32_t scale, const ItemState& state);

  // Adds what happened at an instant.
  void AddFlow(Timestamp at, const CellPlace& place, StrandId strand,
               std::span<const Amount> amounts);
  // The same of something that no item and so no category is known of.
  void AddPlaceFlow(Timestamp at, uint32_t location, StrandId strand,
                    std::span<const Amount> amounts);
  // Adds changes of what stands from the instant on.
  void AddSteps(Timestamp at, const CellPlace& place, StrandId strand, std::span<const Step> steps);

  // Notes a fact, so that it is found by its place and time.
  void NoteFact(Timestamp at, LocationId location, Sequence sequence) {
    facts_[{ToNumber(location), DayOf(at)}].push_back(sequence);
  }

  // Notes units that came to a position.
  void NoteInflow(Timestamp at, PositionKey key, Quantity units) {
    if (units > 0) inflows_[key][DayOf(at)] += units;
  }

  // Writes what was gathered into the file's open transaction.
  void Flush();
  // Forgets what was gathered; the dictionaries must be loaded again.
  void Drop();

  // The day of the zone that reports are kept in.
  int64_t DayOf(Timestamp at) { return grid_.SlotsAt(at)[static_cast<int>(Level::kDay)].bucket; }

  RollupFile& file() { return file_; }
  ItemBook& items() { return items_; }
  // About how much is gathered, for the size of batches.
  size_t cell_count() const { return cells_.size(); }

 private:
  void WritePositions();
  void AddFlowTo(std::span<const Cuboid> cuboids, Timestamp at, const CellPlace& place,
                 StrandId strand, std::span<const Amount> amounts);

  RollupFile& file_;
  TimeGrid grid_;
  ItemBook items_;
  CellMap cells_;
  absl::btree_map<std::pair<uint32_t, int64_t>, std::vector<Sequence>> facts_;
  absl::btree_map<PositionKey, Inflow> inflows_;
  absl::flat_hash_map<PositionKey, StandingPosition> positions_;
  bool positions_written_ = true;  // No position was asked for since they were written.
  absl::flat_hash_map<std::string, StrandId> strands_;
  std::vector<Strand> strand_list_;  // Number n is at n - 1.
  absl::flat_hash_map<std::string, CategoryId> categories_;
};

}  // namespace stockd::reports
