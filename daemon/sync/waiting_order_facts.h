#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/source_records.h"
#include "stockd/v1/order_facts.pb.h"

namespace stockd::sync {

// What sources told of orders and could not be applied yet. It is tried again whenever its order
// changes, in the same commit, and when the daemon starts. Thread-safe; what takes a UnitOfWork
// belongs into a task.
class WaitingOrderFacts {
 public:
  // That may wait of one source; beyond it nothing more is taken from it.
  static constexpr int64_t kWaitingMax = 10'000;

  WaitingOrderFacts(engine::Engine& engine, storage::Reader& reader, SourceRecords& records)
      : engine_(engine), reader_(reader), records_(records) {}

  // Reads the database. Called once, before the engine starts. Throws storage::ReadError.
  void Load();
  // Tries everything again that may have become applicable. Called once the engine runs.
  void TryAll();

  int64_t Count(SourceId source) const;

  // Lets the fact wait, or finds that it waits already, byte by byte. Returns its number.
  int64_t Add(engine::UnitOfWork& unit, SourceId source, const v1::OrderFact& fact,
              ledger::Reason reason);
  // The fact, if it waits already, byte by byte.
  std::optional<storage::WaitingOrderFact> Find(engine::UnitOfWork& unit, SourceId source,
                                                const v1::OrderFact& fact) const;
  // The order changed: tries what waits for it. For Engine::ObserveOrders().
  void OrderChanged(engine::UnitOfWork& unit, std::string_view order_id);

  // What became of facts that were tried again.
  struct Tried {
    int64_t applied = 0;
    int64_t duplicates = 0;
    int64_t waiting = 0;
  };
  // Tries all that match again, page by page, because a person asks for it: also what is wrong in
  // itself. kNoSource and an empty id match everything. `done` is called at the end, or with the
  // first page that did not commit.
  void Retry(SourceId source, std::string order_id,
             std::function<void(engine::CommitOutcome, const Tried&)> done);

  // Takes facts off the list for good; returns how many of them waited.
  int64_t Reject(engine::UnitOfWork& unit, const std::vector<int64_t>& ids, std::string_view note);

 private:
  enum class Which : uint8_t { kAll, kApplicable };
  struct Walk;

  void TryPage(std::shared_ptr<Walk> walk);
  // Applies what can be, in the order of events, until nothing more can.
  Tried TryRows(engine::UnitOfWork& unit, std::vector<storage::WaitingOrderFact> rows);
  // Applies the waiting fact, or leaves it waiting with its present reason: false.
  bool TryOne(engine::UnitOfWork& unit, const storage::WaitingOrderFact& waiting, Tried& sum);
  void NoteWaiting(const storage::WaitingOrderFact& waiting, int change);

  engine::Engine& engine_;
  storage::Reader& reader_;
  SourceRecords& records_;
  mutable absl::Mutex mutex_;
  // How many wait, of each source and for each order.
  absl::flat_hash_map<SourceId, int64_t> by_source_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int64_t> by_order_ ABSL_GUARDED_BY(mutex_);
};

// What became of a batch of facts about orders.
struct OrderIntakeResult {
  int32_t applied = 0;
  int32_t duplicates = 0;
  struct Waits {
    int32_t index = 0;
    ledger::Reason reason = ledger::Reason::kNone;
    int64_t waiting_id = 0;
  };
  std::vector<Waits> waiting;
};

// Applies a batch in one commit, in the order of events: each fact is applied, recognised as a
// repetition, or waits. `done` is called on the completion thread.
void TakeOrderFacts(engine::Engine& engine, WaitingOrderFacts& waiting, SourceRecords& records,
                    SourceId source, v1::OrderFactBatch batch,
                    std::function<void(engine::CommitOutcome, const OrderIntakeResult&)> done);

}  // namespace stockd::sync
