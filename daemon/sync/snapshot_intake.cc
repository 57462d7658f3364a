#include "daemon/sync/snapshot_intake.h"

#include <algorithm>
#include <span>
#include <utility>

#include "daemon/sync/fact_intake.h"
#include "daemon/sync/fact_translation.h"

namespace stockd::sync {
namespace {

// About a millisecond of the writer's time when nothing changed.
constexpr size_t kPieceRows = 8192;

}  // namespace

SnapshotIntake::SnapshotIntake(engine::Engine& engine, SourceId source, std::string snapshot_id,
                               Timestamp as_of, bool applies)
    : engine_(engine),
      snapshot_{.source = source, .id = std::move(snapshot_id), .as_of = as_of},
      applies_(applies) {}

void SnapshotIntake::Add(const v1::SnapshotRow& row) {
  // Neighbours mostly share the item or the location.
  if (row.sku() != last_sku_) {
    last_item_ = engine_.catalogue().FindItem(row.sku());
    last_sku_ = row.sku();
  }
  if (row.location() != last_code_) {
    last_location_ = engine_.catalogue().FindLocation(row.location());
    last_code_ = row.location();
  }
  const Row counted{.position = {.item = last_item_, .location = last_location_},
                    .quantity = row.quantity()};
  if (counted.position.item == kNoItem) {
    refused_.push_back({row, ledger::Reason::kSkuUnknown});
  } else if (counted.position.location == kNoLocation) {
    refused_.push_back({row, ledger::Reason::kLocationUnknown});
  } else if (row.quantity() < 0 || row.quantity() > kQuantityMax) {
    refused_.push_back({row, ledger::Reason::kQuantityOutOfRange});
  } else {
    rows_.push_back(counted);
  }
}

void SnapshotIntake::Apply(
    std::shared_ptr<SnapshotIntake> intake,
    std::function<void(engine::CommitOutcome, const SnapshotOutcome&)> done) {
  intake->done_ = std::move(done);
  ApplyNext(std::move(intake));
}

void SnapshotIntake::ApplyNext(std::shared_ptr<SnapshotIntake> intake) {
  SnapshotIntake& self = *intake;
  self.engine_.Submit(engine::MakeTask(
                          [&self](engine::UnitOfWork& unit) {
                            self.ApplyPiece(unit);
                            return true;
                          },
                          [intake = std::move(intake)](engine::CommitOutcome outcome, bool) {
                            if (outcome != engine::CommitOutcome::kCommitted ||
                                intake->next_ >= intake->rows_.size()) {
                              intake->done_(outcome, intake->outcome_);
                              return;
                            }
                            ApplyNext(intake);
                          },
                          kPieceRows / 16),
                      // A snapshot that has begun must not stop half-way because others are busy.
                      engine::Admission::kAlways);
}

void SnapshotIntake::ApplyPiece(engine::UnitOfWork& unit) {
  if (next_ == 0) {
    known_ = unit.store().SnapshotKnown(snapshot_.source, snapshot_.id);
    if (known_) {
      next_ = rows_.size();
      return;
    }
    SetAsideRefused(unit);
  }
  const size_t count = std::min(kPieceRows, rows_.size() - next_);
  const std::span<const Row> piece{rows_.data() + next_, count};
  next_ += count;
  if (const ledger::Reason reason = OutOfLimits(unit.now()); reason != ledger::Reason::kNone) {
    // Nothing is lost: a person may still accept the rows one day.
    for (const Row& row : piece) SetAsideRow(unit, AsRow(row), reason);
  } else if (!applies_) {
    for (const Row& row : piece) {
      const auto known = unit.index().Find(row.position, unit.now());
      const bool same = known && known->row.on_hand == row.quantity;
      ++(same ? outcome_.unchanged : outcome_.overtaken);
    }
  } else {
    const auto result = unit.ApplySnapshot(snapshot_, piece);
    outcome_.unchanged += result.unchanged;
    outcome_.changed += result.changed;
    outcome_.overtaken += result.overtaken;
    outcome_.set_aside += result.refused;
  }
  if (next_ >= rows_.size()) {
    unit.store().AddSnapshot(snapshot_.source, snapshot_.id, snapshot_.as_of, unit.now());
  }
}

ledger::Reason SnapshotIntake::OutOfLimits(Timestamp now) const {
  const ledger::FactLimits& limits = engine_.options().fact_limits;
  if (snapshot_.as_of > now + limits.future_tolerance) return ledger::Reason::kOccurredInFuture;
  if (snapshot_.as_of < now - limits.look_back) return ledger::Reason::kOccurredTooLongAgo;
  return ledger::Reason::kNone;
}

v1::SnapshotRow SnapshotIntake::AsRow(const Row& row) const {
  v1::SnapshotRow told;
  told.set_sku(engine_.catalogue().Sku(row.position.item));
  told.set_location(engine_.catalogue().LocationCode(row.position.location));
  told.set_quantity(row.quantity);
  return told;
}

v1::Fact SnapshotIntake::AsFact(const v1::SnapshotRow& row) const {
  v1::Fact fact;
  fact.set_event_id(snapshot_.id + "/" + row.sku() + "@" + row.location());
  fact.set_kind(v1::FACT_KIND_COUNT);
  fact.set_sku(row.sku());
  fact.set_location(row.location());
  fact.set_quantity(row.quantity());
  const int64_t micros = ToMicros(snapshot_.as_of);
  const int64_t seconds = micros >= 0 ? micros / 1'000'000 : (micros - 999'999) / 1'000'000;
  fact.mutable_occurred_at()->set_seconds(seconds);
  fact.mutable_occurred_at()->set_nanos(
      static_cast<int32_t>((micros - seconds * 1'000'000) * 1000));
  return fact;
}

void SnapshotIntake::SetAsideRow(engine::UnitOfWork& unit, const v1::SnapshotRow& row,
                                 ledger::Reason reason) {
  unit.Quarantine(SetAside(AsFact(row), snapshot_.source, reason, unit.now()));
  ++outcome_.set_aside;
}

void SnapshotIntake::SetAsideRefused(engine::UnitOfWork& unit) {
  for (const Refused& refused : refused_) SetAsideRow(unit, refused.row, refused.reason);
}

}  // namespace stockd::sync
