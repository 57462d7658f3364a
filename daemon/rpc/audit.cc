#include "daemon/rpc/audit.h"

#include <absl/synchronization/notification.h>

#include <string>
#include <utility>

namespace stockd::rpc {
namespace {

// Waits until the index has everything that is in the database now. At once when the writer has
// failed: then the index has it already.
void WaitForIndex(engine::Engine& engine, Sequence sequence) {
  if (engine.changes().newest() >= sequence) return;
  absl::Notification published;
  engine.Submit(engine::MakeTask([](engine::UnitOfWork&) { return true; },
                                 [&published](engine::CommitOutcome, bool) { published.Notify(); }),
                engine::Admission::kAlways);
  published.WaitForNotification();
}

std::string SubjectOf(PositionKey position, const engine::Catalogue& catalogue) {
  return "position " + catalogue.Sku(position.item) + "@" +
         catalogue.LocationCode(position.location);
}

// Gathers differences up to a limit, but counts every subject that differs.
class DifferenceList {
 public:
  DifferenceList(int max, v1::VerifyResponse& response) : max_(max), response_(response) {}

  void Add(std::string subject, std::string quantity, Quantity expected, Quantity actual) {
    if (response_.differences_size() >= max_) return;
    v1::Difference& difference = *response_.add_differences();
    difference.set_subject(std::move(subject));
    difference.set_quantity(std::move(quantity));
    difference.set_expected(expected);
    difference.set_actual(actual);
  }

 private:
  const int max_;
  v1::VerifyResponse& response_;
};

// Compares one position's fold with what is served. Returns whether they differ.
bool CompareServed(const engine::Engine& engine, PositionKey key, const ledger::Position& folded,
                   DifferenceList& differences) {
  const auto served = engine.index().Find(key, kTimestampMin);
  const ledger::Position row = served ? served->row : ledger::Position{};
  if (row.version > folded.version) return false;  // Changed since.
  const std::string subject = SubjectOf(key, engine.catalogue());
  bool differs = false;
  const auto compare = [&](std::string_view name, Quantity expected, Quantity actual) {
    if (expected == actual) return;
    differs = true;
    differences.Add(subject, std::string(name) + " in memory", expected, actual);
  };
  compare("version", static_cast<Quantity>(folded.version), static_cast<Quantity>(row.version));
  compare("on_hand", folded.on_hand, row.on_hand);
  compare("reserved", folded.reserved, row.reserved);
  compare("committed", folded.committed, row.committed);
  compare("unsellable", folded.unsellable, row.unsellable);
  return differs;
}

}  // namespace

v1::VerifyResponse RunAudit(engine::Engine& engine, storage::Reader& reader, int differences_max) {
  const storage::Audit audit = reader.Verify(differences_max);
  WaitForIndex(engine, audit.sequence);
  v1::VerifyResponse response;
  response.set_position_count(audit.position_count);
  response.set_entry_count(audit.entry_count);
  response.set_reservation_count(audit.reservation_count);
  response.set_order_count(audit.order_count);
  response.set_sequence(audit.sequence);
  DifferenceList differences(differences_max, response);
  for (const storage::Difference& found : audit.differences) {
    const bool is_position = found.position != PositionKey{};
    differences.Add(is_position ? SubjectOf(found.position, engine.catalogue()) : found.subject,
                    found.quantity, found.expected, found.actual);
  }
  int64_t drift_count = audit.drift_count;
  for (const auto& [key, folded] : audit.folded) {
    // The position (0, 0) carries the changes of rules; it has no figures.
    if (key != PositionKey{} && CompareServed(engine, key, folded, differences)) ++drift_count;
  }
  response.set_drift_count(drift_count);
  return response;
}

}  // namespace stockd::rpc
