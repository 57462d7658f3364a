#include "daemon/sync/snapshot_intake.h"

#include <algorithm>
#include <span>
#include <utility>

#include "daemon/sync/fact_intake.h"
#include "daemon/sync/fact_translation.h"
#include "daemon/sync/told_facts.h"

namespace stockd::sync {
namespace {

// About a millisecond of the writer's time when nothing changed.
constexpr size_t kPieceRows = 8192;
// Rows that are written in one commit: each costs as much as a fact.
constexpr size_t kRowsWrittenMax = 500;

// Rows of one position in the order that needs the fewest entries: the lower count stands.
bool ByPosition(const engine::AvailabilityIndex::CountedRow& one,
                const engine::AvailabilityIndex::CountedRow& other) {
  if (one.position == other.position) return one.quantity < other.quantity;
  return one.position < other.position;
}

}  // namespace

SnapshotIntake::SnapshotIntake(engine::Engine& engine, const DeviceBook& devices, SourceId source,
                               SourceRecords& records, std::string snapshot_id, Timestamp as_of,
                               bool compare_only)
    : engine_(engine),
      records_(records),
      rights_(records.rules.Of(source)),
      snapshot_{.source = source, .id = std::move(snapshot_id), .as_of = as_of},
      applies_(!compare_only && !rights_->compares_all()) {
  if (!applies_ || rights_->compares_some())
    comparison_.emplace(devices, source, rights_->tracked(), snapshot_.id, as_of);
}

void SnapshotIntake::Add(const v1::SnapshotChunk& chunk) {
  locations_.clear();  // Names may have changed since the last chunk.
  for (const v1::SnapshotRow& row : chunk.rows()) Add(row);
}

LocationId SnapshotIntake::FindLocation(const std::string& code) {
  const auto [found, is_new] = locations_.try_emplace(code);
  if (is_new) {
    found->second = FindNamedLocation(engine_.names(), snapshot_.source, code);
  }
  return found->second;
}

void SnapshotIntake::Add(const v1::SnapshotRow& row) {
  // Neighbours mostly share the item or the location.
  if (row.sku() != last_sku_) {
    last_item_ = FindNamedItem(engine_.names(), snapshot_.source, row.sku());
    last_sku_ = row.sku();
  }
  if (row.location() != last_code_) {
    last_location_ = FindLocation(row.location());
    last_code_ = row.location();
  }
  const OwnQuantity own = ToOwnUnits(row.quantity(), last_item_.units);
  const Row counted{.position = {.item = last_item_.position.item, .location = last_location_},
                    .quantity = own.quantity};
  if (last_item_.reason != ledger::Reason::kNone) {
    refused_.push_back({row, last_item_.reason});
  } else if (counted.position.location == kNoLocation) {
    refused_.push_back({row, ledger::Reason::kLocationUnknown});
  } else if (own.reason != ledger::Reason::kNone) {
    refused_.push_back({row, own.reason});
  } else if (own.quantity < 0 || own.quantity > kQuantityMax) {
    refused_.push_back({row, ledger::Reason::kQuantityOutOfRange});
  } else if (engine_.bundles().IsBundle(counted.position.item)) {
    refused_.push_back({row, ledger::Reason::kBundleNotCounted});
  } else {
    if (engine_.mappings().Concern(snapshot_.source)) {
      told_.insert_or_assign({counted.position.packed(), own.quantity}, row);
    }
    rows_.push_back(counted);
    if (applies_ && !rights_->plain()) {
      versions_.push_back(row.level_version());
    } else if (rows_.size() % kPieceRows == 0) {
      OrderLastPiece();
    }
  }
}

// Here rather than on the writer's time: what is in order can be looked up and stored faster.
void SnapshotIntake::OrderLastPiece() {
  const auto begin = rows_.end() - kPieceRows;
  if (!std::is_sorted(begin, rows_.end(), ByPosition)) {
    std::sort(begin, rows_.end(), ByPosition);
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
                            if (outcome != engine::CommitOutcome::kCommitted || intake->finished_) {
                              intake->done_(outcome, intake->outcome_);
                              return;
                            }
                            ApplyNext(intake);
                          },
                          kPieceRows / 16),
                      // A snapshot that has begun must not stop half-way because others are busy.
                      engine::Admission::kAlways, engine::LaneOf(self.snapshot_.source));
}

void SnapshotIntake::ApplyPiece(engine::UnitOfWork& unit) {
  if (next_ == 0) {
    finished_ = unit.store().SnapshotKnown(snapshot_.source, snapshot_.id);
    if (finished_) return;
    SetAsideRefused(unit);
  }
  if (!to_write_.empty()) {
    WriteRows(unit);
  } else if (next_ < rows_.size()) {
    ApplyRows(unit);
  } else if (comparison_) {
    comparison_->Resume(unit);
  }
  FinishIfDone(unit);
}

void SnapshotIntake::ApplyRows(engine::UnitOfWork& unit) {
  const size_t count = std::min(kPieceRows, rows_.size() - next_);
  const std::span<const Row> piece{rows_.data() + next_, count};
  next_ += count;
  if (!applies_) {
    comparison_->Compare(unit, piece);
  } else if (const ledger::Reason reason = OutOfLimits(unit.now());
             reason != ledger::Reason::kNone) {
    // Nothing is lost: a person may still accept the rows one day.
    for (const Row& row : piece) SetAsideRow(unit, AsRow(row), reason);
  } else if (rights_->plain()) {
    ApplyCounts(unit, piece);
  } else {
    ApplyByRules(unit, piece, {versions_.data() + next_ - count, count});
  }
}

void SnapshotIntake::ApplyCounts(engine::UnitOfWork& unit, std::span<const Row> rows) {
  outcome_.unchanged += unit.ConfirmSnapshot(snapshot_, rows, to_write_);
  WriteRows(unit);
}

void SnapshotIntake::WriteRows(engine::UnitOfWork& unit) {
  const size_t count = std::min(to_write_.size(), kRowsWrittenMax);
  const auto result = unit.ApplySnapshot(snapshot_, std::span(to_write_).first(count));
  outcome_.unchanged += result.unchanged;
  outcome_.changed += result.changed;
  outcome_.overtaken += result.overtaken;
  outcome_.set_aside += result.refused;
  to_write_.erase(to_write_.begin(), to_write_.begin() + static_cast<std::ptrdiff_t>(count));
}

void SnapshotIntake::ApplyByRules(engine::UnitOfWork& unit, std::span<const Row> rows,
                                  std::span<const Sequence> versions) {
  std::vector<Row> counted;
  std::vector<Row> compared;
  for (size_t i = 0; i < rows.size(); ++i) {
    const ToldRow row{
        .position = rows[i].position, .quantity = rows[i].quantity, .level_version = versions[i]};
    const LocationId location = row.position.location;
    if (const ledger::Reason reason =
            rights_->Refusal(ledger::EntryKind::kCount, location, /*channel=*/{});
        reason != ledger::Reason::kNone) {
      SetAsideRow(unit, AsRow(rows[i]), reason);
      continue;
    }
    switch (TreatmentOf(*rights_, location, /*compare_only=*/false)) {
      case RowTreatment::kDiff: TakeDifference(unit, row); break;
      case RowTreatment::kCompare: compared.push_back(rows[i]); break;
      case RowTreatment::kCount:
        if (rights_->tracked() && NoteShown(unit, records_, snapshot_.source, row)) {
          ++outcome_.unchanged;
          ++outcome_.echoes;
        } else {
          counted.push_back(rows[i]);
        }
        break;
    }
  }
  if (!counted.empty()) ApplyCounts(unit, counted);
  if (!compared.empty()) comparison_->Compare(unit, compared);
}

void SnapshotIntake::TakeDifference(engine::UnitOfWork& unit, const ToldRow& row) {
  const ToldOutcome outcome =
      ApplyDifference(unit, records_, snapshot_, row, engine_.options().fact_limits);
  switch (outcome.result) {
    case ToldResult::kApplied: ++outcome_.changed; break;
    case ToldResult::kEcho: ++outcome_.echoes; [[fallthrough]];
    case ToldResult::kDuplicate:  // Sent again, because the snapshot broke off half-way.
    case ToldResult::kSame: ++outcome_.unchanged; break;
    case ToldResult::kRefused: {
      v1::SnapshotRow told = AsRow({.position = row.position, .quantity = row.quantity});
      told.set_level_version(row.level_version);
      SetAsideRow(unit, told, outcome.reason);
      break;
    }
  }
}

void SnapshotIntake::FinishIfDone(engine::UnitOfWork& unit) {
  if (!to_write_.empty() || next_ < rows_.size()) return;
  if (comparison_ && comparison_->rows_wait()) return;
  if (comparison_) {
    comparison_->End(unit);
    outcome_.unchanged += comparison_->same();
    outcome_.overtaken += comparison_->different();
  }
  unit.store().AddSnapshot(snapshot_.source, snapshot_.id, snapshot_.as_of, unit.now());
  unit.store().ForgetSnapshots(snapshot_.source,
                               unit.now() - engine_.options().fact_limits.look_back);
  finished_ = true;
}

ledger::Reason SnapshotIntake::OutOfLimits(Timestamp now) const {
  const ledger::FactLimits& limits = engine_.options().fact_limits;
  if (snapshot_.as_of > now + limits.future_tolerance) return ledger::Reason::kOccurredInFuture;
  if (snapshot_.as_of < now - limits.look_back) return ledger::Reason::kOccurredTooLongAgo;
  return ledger::Reason::kNone;
}

v1::SnapshotRow SnapshotIntake::AsRow(const Row& row) const {
  const auto as_told = told_.find({row.position.packed(), row.quantity});
  if (as_told != told_.end()) return as_told->second;
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
  fact.set_level_version(row.level_version());
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
  if (!applies_) {
    outcome_.set_aside += static_cast<int64_t>(refused_.size());
    return;
  }
  for (const Refused& refused : refused_) SetAsideRow(unit, refused.row, refused.reason);
}

}  // namespace stockd::sync
