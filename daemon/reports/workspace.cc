#include "daemon/reports/workspace.h"

#include <algorithm>
#include <utility>

namespace stockd::reports {
namespace {

constexpr Cuboid kCuboids[] = {Cuboid::kTotal, Cuboid::kLocation, Cuboid::kCategory,
                               Cuboid::kLocationCategory, Cuboid::kItem};

std::string KeyOf(const Strand& strand) {
  std::string key;
  key.reserve(strand.channel.size() + strand.fulfilment.size() + strand.currency.size() + 16);
  // No text holds a control character.
  key.append(strand.channel).push_back('\x1f');
  key.append(strand.fulfilment).push_back('\x1f');
  key.append(strand.currency).push_back('\x1f');
  key.append(std::to_string(ToNumber(strand.source))).push_back('\x1f');
  key.append(strand.carrier).push_back('\x1f');
  key.append(strand.service);
  return key;
}

// Sums of all time are asked for of what stands, and for the whole whether something ever happened.
bool Keeps(Family family, Cuboid cuboid, Level level) {
  if (level == Level::kHour) return KeepsHours(cuboid);
  if (level == Level::kEver) return family == Family::kStock || cuboid == Cuboid::kTotal;
  return true;
}

}  // namespace

void Workspace::Load() {
  strands_.clear();
  categories_.clear();
  strand_list_.clear();
  for (const auto& [id, strand] : file_.Strands()) {
    strands_[KeyOf(strand)] = id;
    strand_list_.push_back(strand);
  }
  for (const auto& [id, name] : file_.Categories()) categories_[name] = id;
  items_ = {};
  for (const ItemStateRow& row : file_.ItemStates()) {
    items_.Add(row.item, row.scale, row.state);
  }
}

StrandId Workspace::Intern(const Strand& strand) {
  const auto [found, added] =
      strands_.try_emplace(KeyOf(strand), static_cast<StrandId>(strands_.size() + 1));
  if (added) {
    file_.AddStrand(found->second, strand);
    strand_list_.push_back(strand);
  }
  return found->second;
}

const Strand& Workspace::StrandOf(StrandId id) const {
  static const Strand kNone;
  return id == 0 ? kNone : strand_list_.at(id - 1);
}

CategoryId Workspace::InternCategory(const std::string& name) {
  const auto [found, added] =
      categories_.try_emplace(name, static_cast<CategoryId>(categories_.size() + 1));
  if (added) file_.AddCategory(found->second, name);
  return found->second;
}

StandingPosition& Workspace::Position(PositionKey key) {
  positions_written_ = false;
  const auto [found, added] = positions_.try_emplace(key);
  if (added) found->second = file_.FindPosition(key);
  return found->second;
}

std::vector<PositionKey> Workspace::PositionsOf(ItemId item) {
  WritePositions();
  return file_.PositionsOf(item);
}

void Workspace::AddItemState(ItemId item, int32_t scale, const ItemState& state) {
  items_.Add(item, scale, state);
  file_.AddItemState({.item = item, .scale = scale, .state = state});
}

void Workspace::AddFlow(Timestamp at, const CellPlace& place, StrandId strand,
                        std::span<const Amount> amounts) {
  AddFlowTo(kCuboids, at, place, strand, amounts);
}

void Workspace::AddPlaceFlow(Timestamp at, uint32_t location, StrandId strand,
                             std::span<const Amount> amounts) {
  constexpr Cuboid kPlaces[] = {Cuboid::kTotal, Cuboid::kLocation};
  AddFlowTo(kPlaces, at, {.location = location}, strand, amounts);
}

void Workspace::AddFlowTo(std::span<const Cuboid> cuboids, Timestamp at, const CellPlace& place,
                          StrandId strand, std::span<const Amount> amounts) {
  const TimeGrid::Slot* slots = grid_.SlotsAt(at);
  for (const Cuboid cuboid : cuboids) {
    for (int i = 0; i < kLevelCount; ++i) {
      const auto level = static_cast<Level>(i);
      if (!Keeps(Family::kFlow, cuboid, level)) continue;
      Cell& cell = cells_[MakeCellKey(Family::kFlow, cuboid, level, slots[i].bucket, place)];
      for (const Amount& amount : amounts) cell.Add(strand, amount.measure, amount.amount);
    }
  }
}

void Workspace::AddSteps(Timestamp at, const CellPlace& place, StrandId strand,
                         std::span<const Step> steps) {
  const TimeGrid::Slot* slots = grid_.SlotsAt(at);
  for (const Cuboid cuboid : kCuboids) {
    for (int i = 0; i < kLevelCount; ++i) {
      const auto level = static_cast<Level>(i);
      if (!Keeps(Family::kStock, cuboid, level)) continue;
      Cell& cell = cells_[MakeCellKey(Family::kStock, cuboid, level, slots[i].bucket, place)];
      for (const Step& step : steps) {
        if (step.change == 0) continue;
        cell.Add(strand, step.step, step.change);
        if (level == Level::kEver) continue;
        cell.Add(strand, step.moment, step.change * (slots[i].end - at).count());
      }
    }
  }
}

void Workspace::Flush() {
  // In the order of the file: neighbours are found in pages that were just read.
  std::vector<std::pair<CellKey, Cell*>> cells;
  cells.reserve(cells_.size());
  for (auto& [key, cell] : cells_) cells.emplace_back(key, &cell);
  std::ranges::sort(cells, {}, &std::pair<CellKey, Cell*>::first);
  for (const auto& [key, cell] : cells) {
    if (!cell->Merge(file_.FindCell(key))) {
      throw RollupError("The roll-ups \"" + file_.path() + "\" are damaged.");
    }
    file_.SaveCell(key, cell->Encode());
  }
  cells_.clear();
  for (const auto& [place, sequences] : facts_) {
    file_.AddFacts(LocationId{place.first}, place.second, sequences);
  }
  facts_.clear();
  for (auto& [key, inflow] : inflows_) file_.AddInflow(key, std::move(inflow));
  inflows_.clear();
  WritePositions();
  positions_.clear();
}

void Workspace::WritePositions() {
  if (std::exchange(positions_written_, true)) return;
  std::vector<std::pair<PositionKey, StandingPosition>> positions(positions_.begin(),
                                                                  positions_.end());
  std::ranges::sort(positions, {}, &std::pair<PositionKey, StandingPosition>::first);
  for (const auto& [key, position] : positions) {
    if (position.known()) file_.SavePosition(key, position);
  }
}

void Workspace::Drop() {
  cells_.clear();
  facts_.clear();
  inflows_.clear();
  positions_.clear();
  positions_written_ = true;
}

}  // namespace stockd::reports
