#pragma once

#include <string>

#include "tests/engine/gated_store.h"

namespace stockd::support {

// What is broken, one rule at a time. A test that none of them fails proves nothing.
enum class Fault : uint8_t {
  kNone,
  // By the store, which forgets it.
  kForgetsFacts,             // Does not know that a fact was told before.
  kForgetsLaterDeltas,       // A late count takes back what happened after it.
  kForgetsConfirmingCounts,  // A count that confirmed the books is no barrier after a restart.
  kForgetsShownFigures,      // What a source shows is not known when it says so.
  kForgetsLevelsSent,        // A level that was sent is not known when it comes back.
  kForgetsRefusedLevels,     // What a source did not take is not tried again after a restart.
  kForgetsGaps,              // Missing numbers of a till are forgotten over a restart.
  kForgetsWaitingFacts,      // A fact with an unknown name is lost.
  kAcknowledgesFailures,     // A commit that failed counts.
  kForgetsRules,             // What a source's figures mean is forgotten over a restart.
  // By the parts of the daemon that the test plays itself.
  kSkipsAnUpdate,              // A session goes on behind levels that were never applied.
  kSendsWithoutCommitting,     // A level is sent before it is remembered.
  kTakesDifferencesForCounts,  // A web shop's figure is taken for a count.
  kLosesSyncs,                 // What was synced is lost with the power.
  kReturnsQuotasUnasked,       // Units return at the end of a quota, whatever the till sold.
};

// What the fault is called.
std::string NameOf(Fault fault);

// The real store with one fault. A fact that is applied twice gets another event id, because the
// database would not take it otherwise.
class BrokenStore final : public GatedStore {
 public:
  BrokenStore(storage::Store& real, Fault fault) : GatedStore(real), fault_(fault) {}

  std::optional<ledger::JournalEntry> FindFact(SourceId source,
                                               std::string_view event_id) override {
    if (Is(Fault::kForgetsFacts)) return std::nullopt;
    return GatedStore::FindFact(source, event_id);
  }
  void AppendJournal(const ledger::JournalEntry& entry) override {
    if (!Is(Fault::kForgetsFacts) || entry.event_id.empty())
      return GatedStore::AppendJournal(entry);
    ledger::JournalEntry copy = entry;
    copy.event_id += "#" + std::to_string(entry.sequence);
    GatedStore::AppendJournal(copy);
  }
  Quantity DeltaAfter(PositionKey key, Timestamp after) override {
    return Is(Fault::kForgetsLaterDeltas) ? 0 : GatedStore::DeltaAfter(key, after);
  }
  void AddCoverage(const storage::CountCoverage& coverage) override {
    if (!Is(Fault::kForgetsConfirmingCounts)) GatedStore::AddCoverage(coverage);
  }
  storage::Shadow FindShadow(SourceId source, PositionKey position) override {
    storage::Shadow shadow = GatedStore::FindShadow(source, position);
    if (Is(Fault::kForgetsShownFigures)) shadow.known.reset();
    if (Is(Fault::kForgetsLevelsSent)) shadow.pending.reset();
    return shadow;
  }
  void SaveRefusedLevel(const storage::RefusedLevel& level) override {
    if (!Is(Fault::kForgetsRefusedLevels)) GatedStore::SaveRefusedLevel(level);
  }
  void SaveDeviceGap(SourceId source, std::string_view device,
                     const storage::DeviceGap& gap) override {
    if (!Is(Fault::kForgetsGaps)) GatedStore::SaveDeviceGap(source, device, gap);
  }
  void SaveQuarantined(const storage::QuarantinedFact& fact) override {
    if (!Is(Fault::kForgetsWaitingFacts)) GatedStore::SaveQuarantined(fact);
  }
  storage::Status Commit() override {
    storage::Status status = GatedStore::Commit();
    return Is(Fault::kAcknowledgesFailures) ? storage::Status{} : status;
  }
  void SaveSourceRule(const storage::SourceRule& rule) override {
    if (!Is(Fault::kForgetsRules)) GatedStore::SaveSourceRule(rule);
  }

 private:
  bool Is(Fault fault) const { return fault_ == fault; }

  const Fault fault_;
};

}  // namespace stockd::support
