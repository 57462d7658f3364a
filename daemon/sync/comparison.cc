#include "daemon/sync/comparison.h"

#include <utility>

#include "daemon/sync/drift_cause.h"

namespace stockd::sync {
namespace {

// A few milliseconds of the writer's time when all of them differ.
constexpr size_t kRowsPerPortion = 256;

}  // namespace

Comparison::Comparison(const DeviceBook& devices, SourceId source, bool tracked,
                       std::string snapshot_id, Timestamp as_of)
    : devices_(devices),
      source_(source),
      tracked_(tracked),
      snapshot_id_(std::move(snapshot_id)),
      as_of_(as_of) {}

void Comparison::Compare(engine::UnitOfWork& unit, std::span<const Row> rows) {
  for (const Row& row : rows) {
    if (tracked_) {
      waiting_.push_back(row);
      continue;
    }
    const auto known = unit.Find(row.position);
    const bool is_plain =
        known && known->row.counted_at <= as_of_ && known->row.last_delta_at <= as_of_;
    const bool is_same =
        is_plain ? known->row.on_hand == row.quantity : !known && row.quantity == 0;
    if (is_same) {
      ++same_;
    } else {
      waiting_.push_back(row);
    }
  }
}

void Comparison::Resume(engine::UnitOfWork& unit) {
  for (size_t i = 0; i < kRowsPerPortion && !waiting_.empty(); ++i) {
    CompareNow(unit, waiting_.front());
    waiting_.pop_front();
  }
}

void Comparison::CompareNow(engine::UnitOfWork& unit, const Row& row) {
  const StatedFigure figure{
      .source = source_, .position = row.position, .as_of = as_of_, .stated = row.quantity};
  const Expectation expected = Expected(unit, figure, tracked_);
  if (expected.figure == figure.stated) {
    ++same_;
    return;
  }
  ++different_;
  Begin(unit);
  unit.store().SaveDrift(
      number_, {.position = row.position,
                .expected = expected.figure,
                .stated = figure.stated,
                .cause = LikelyCause(unit, figure, expected, FactsMissing(row.position.location))});
}

bool Comparison::FactsMissing(LocationId location) {
  const auto [at, is_new] = facts_missing_.try_emplace(location, false);
  if (is_new) at->second = devices_.IncompleteAt(source_, location);
  return at->second;
}

void Comparison::Begin(engine::UnitOfWork& unit) {
  if (number_ != 0) return;
  number_ = unit.store().BeginReconciliation(
      {.source = source_, .snapshot_id = snapshot_id_, .as_of = as_of_, .made_at = unit.now()});
}

void Comparison::End(engine::UnitOfWork& unit) {
  Begin(unit);
  unit.store().EndReconciliation(number_, same_ + different_);
}

}  // namespace stockd::sync
