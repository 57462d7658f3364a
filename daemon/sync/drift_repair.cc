#include "daemon/sync/drift_repair.h"

#include <optional>
#include <utility>

#include "daemon/ledger/facts.h"
#include "daemon/sync/drift_cause.h"

namespace stockd::sync {
namespace {

constexpr int kPageRows = 500;
constexpr size_t kEventIdBytesMax = 128;

// FNV-1a of 128 bits, in hexadecimal: for ids, not for secrets.
std::string Digest(const std::string& text) {
  using Wide = unsigned __int128;
  Wide hash = (Wide{0x6c62272e07bb0142} << 64) | 0x62b821756295c58d;
  const Wide prime = (Wide{0x0000000001000000} << 64) | 0x000000000000013b;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
  std::string digits(32, '0');
  for (size_t i = digits.size(); i-- > 0; hash >>= 4) {
    digits[i] = "0123456789abcdef"[static_cast<size_t>(hash & 0xF)];
  }
  return digits;
}

// What a repair works with.
struct Repairing {
  engine::UnitOfWork& unit;
  SourceRecords& records;
  const storage::Reconciliation& reconciliation;
  const ledger::FactLimits& limits;
};

// What the source shows, if that is followed and what the difference was found against.
std::optional<storage::Shadow> ShownBy(const Repairing& with, const storage::Drift& drift) {
  const SourceId source = with.reconciliation.source;
  if (!with.records.rules.Of(source)->tracked()) return std::nullopt;
  const storage::Shadow shadow = Shadows::Find(with.unit, source, drift.position);
  if (!shadow.known && !shadow.pending) return std::nullopt;
  return shadow;
}

ledger::Fact CountOf(const Repairing& with, const storage::Drift& drift, Quantity quantity) {
  const engine::Catalogue& catalogue = with.unit.catalogue();
  return {
      .source = with.reconciliation.source,
      .event_id = RepairEventId(with.reconciliation.snapshot_id, catalogue.Sku(drift.position.item),
                                catalogue.LocationCode(drift.position.location)),
      .kind = ledger::EntryKind::kCount,
      .position = drift.position,
      .quantity = quantity,
      .occurred_at = with.reconciliation.as_of};
}

// Records the count of one position.
void RepairOne(const Repairing& with, storage::Drift drift, RepairResult& result) {
  if (drift.repaired) return;
  engine::UnitOfWork& unit = with.unit;
  const Timestamp as_of = with.reconciliation.as_of;
  const auto known = unit.Find(drift.position);
  auto shadow = ShownBy(with, drift);
  // Something else has come to the source since: the difference is not what it was.
  const bool has_moved = shadow && (shadow->pending || shadow->known != drift.expected);
  if (has_moved || (known && known->row.counted_at > as_of)) {
    ++result.overtaken;
    return;
  }
  const Quantity quantity =
      shadow ? ExpectedAt(unit, drift.position, as_of) + drift.stated - drift.expected
             : drift.stated;
  const ledger::FactOutcome outcome = ledger::ApplyFact(unit, CountOf(with, drift, quantity),
                                                        with.limits, ledger::LateFacts::kAccept);
  if (outcome.refusal.reason != ledger::Reason::kNone) return;
  result.repaired += outcome.result == ledger::FactResult::kApplied;
  drift.repaired = true;
  unit.store().SaveDrift(with.reconciliation.number, drift);
  if (!shadow) return;
  // Else the next figure of the source would tell the same difference again.
  shadow->known = drift.stated;
  with.records.shadows.Save(unit, *shadow);
}

}  // namespace

std::string RepairEventId(const std::string& reconciliation_id, const std::string& sku,
                          const std::string& location) {
  std::string id = "reconcile/" + reconciliation_id + "/" + sku + "@" + location;
  return id.size() <= kEventIdBytesMax ? id : "reconcile/#" + Digest(id);
}

// A walk over all differences of one reconciliation, a page at a time.
struct DriftRepair::Walk {
  storage::Reconciliation reconciliation;
  PositionKey after{};
  RepairResult sum{};
  Done done{};
};

void DriftRepair::Submit(const storage::Reconciliation& reconciliation,
                         std::vector<storage::Drift> drifts, Done done) {
  const size_t weight = drifts.size() + 1;
  engine_.Submit(engine::MakeTask(
                     [this, reconciliation, drifts = std::move(drifts)](engine::UnitOfWork& unit) {
                       RepairResult result;
                       const Repairing with{.unit = unit,
                                            .records = records_,
                                            .reconciliation = reconciliation,
                                            .limits = engine_.options().fact_limits};
                       for (const storage::Drift& drift : drifts) RepairOne(with, drift, result);
                       return result;
                     },
                     [done = std::move(done)](engine::CommitOutcome outcome,
                                              RepairResult&& result) { done(outcome, result); },
                     weight),
                 engine::Admission::kAlways, engine::LaneOfCall(weight));
}

void DriftRepair::Repair(const storage::Reconciliation& reconciliation,
                         const std::vector<PositionKey>& positions, Done done) {
  std::vector<storage::Drift> drifts;
  for (const PositionKey position : positions) {
    if (auto drift = reader_.FindDrift(reconciliation.number, position)) drifts.push_back(*drift);
  }
  Submit(reconciliation, std::move(drifts), std::move(done));
}

void DriftRepair::RepairUnknown(const storage::Reconciliation& reconciliation, Done done) {
  RepairPage(
      std::make_shared<Walk>(Walk{.reconciliation = reconciliation, .done = std::move(done)}));
}

void DriftRepair::RepairPage(std::shared_ptr<Walk> walk) {
  storage::Page<storage::Drift> page;
  try {
    page = reader_.DriftsToRepair(walk->reconciliation.number, storage::DriftCause::kUnknown,
                                  walk->after, kPageRows);
  } catch (const storage::ReadError&) {
    // What was not repaired stays; whoever asked is told that storage failed.
    walk->done(engine::CommitOutcome::kFailed, walk->sum);
    return;
  }
  if (page.rows.empty()) {
    walk->done(engine::CommitOutcome::kCommitted, walk->sum);
    return;
  }
  walk->after = page.rows.back().position;
  Submit(walk->reconciliation, std::move(page.rows),
         [this, walk](engine::CommitOutcome outcome, const RepairResult& result) {
           walk->sum.repaired += result.repaired;
           walk->sum.overtaken += result.overtaken;
           if (outcome == engine::CommitOutcome::kCommitted) {
             RepairPage(walk);
           } else {
             walk->done(outcome, walk->sum);
           }
         });
}

}  // namespace stockd::sync
