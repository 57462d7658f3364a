#include "daemon/sync/waiting_order_facts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "daemon/sync/order_words.h"
#include "daemon/sync/told_order_facts.h"

namespace stockd::sync {
namespace {

using ledger::Reason;

constexpr int kPageRows = 200;
// Of one order, looked at with one change of it; the rest waits for the next.
constexpr int kOfOneOrderMax = 100;

Timestamp OccurredAt(const v1::OrderFact& fact) {
  return InstantOf(fact.occurred_at()).value_or(kTimestampMax);
}

Timestamp OccurredAt(const storage::WaitingOrderFact& waiting) {
  v1::OrderFact fact;
  return fact.ParseFromString(waiting.fact) ? OccurredAt(fact) : kTimestampMax;
}

// Places in the batch, so that nothing has to wait for what comes in the same batch.
std::vector<int32_t> InOrderOfEvents(const v1::OrderFactBatch& batch) {
  std::vector<int32_t> places(static_cast<size_t>(batch.facts_size()));
  std::iota(places.begin(), places.end(), 0);
  std::ranges::sort(
      places, {}, [&](int32_t place) { return std::pair(OccurredAt(batch.facts(place)), place); });
  return places;
}

}  // namespace

// A walk over all waiting facts that match, a page at a time.
struct WaitingOrderFacts::Walk {
  SourceId source = kNoSource;
  std::string order_id;
  Which which = Which::kAll;
  int64_t after = 0;
  Tried sum{};
  std::function<void(engine::CommitOutcome, const Tried&)> done{};
};

void WaitingOrderFacts::Load() {
  int64_t after = 0;
  while (true) {
    const auto page = reader_.ListWaitingOrderFacts(kNoSource, {}, after, kPageRows);
    for (const storage::WaitingOrderFact& waiting : page.rows) NoteWaiting(waiting, +1);
    if (!page.more) return;
    after = page.rows.back().id;
  }
}

void WaitingOrderFacts::NoteWaiting(const storage::WaitingOrderFact& waiting, int change) {
  const absl::MutexLock lock(&mutex_);
  by_source_[waiting.source] += change;
  int64_t& of_order = by_order_[waiting.order_id];
  of_order += change;
  if (of_order == 0) by_order_.erase(waiting.order_id);
}

int64_t WaitingOrderFacts::Count(SourceId source) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = by_source_.find(source);
  return found == by_source_.end() ? 0 : found->second;
}

int64_t WaitingOrderFacts::Add(engine::UnitOfWork& unit, SourceId source, const v1::OrderFact& fact,
                               Reason reason) {
  storage::WaitingOrderFact waiting{.source = source,
                                    .event_id = fact.event_id(),
                                    .order_id = fact.order_id(),
                                    .reason = reason,
                                    .fact = fact.SerializeAsString(),
                                    .received_at = unit.now()};
  if (const auto known = Find(unit, source, fact)) return known->id;
  const int64_t id = unit.store().AddWaitingOrderFact(waiting);
  NoteWaiting(waiting, +1);
  return id;
}

std::optional<storage::WaitingOrderFact> WaitingOrderFacts::Find(engine::UnitOfWork& unit,
                                                                 SourceId source,
                                                                 const v1::OrderFact& fact) const {
  if (Count(source) == 0) return std::nullopt;
  return unit.store().FindWaitingOrderFact(source, fact.event_id(), fact.SerializeAsString());
}

bool WaitingOrderFacts::TryOne(engine::UnitOfWork& unit, const storage::WaitingOrderFact& waiting,
                               Tried& sum) {
  v1::OrderFact fact;
  OrderFactOutcome outcome{.result = OrderFactResult::kRefused, .reason = Reason::kFieldInvalid};
  if (fact.ParseFromString(waiting.fact)) {
    outcome =
        ApplyOrderFact(unit, engine_.catalogue().SourceName(waiting.source),
                       *records_.rules.Of(waiting.source), fact, engine_.options().fact_limits);
  }
  if (outcome.result == OrderFactResult::kRefused) {
    unit.store().UpdateWaitingOrderFact(waiting.id, outcome.reason, waiting.attempts + 1);
    return false;
  }
  ++(outcome.result == OrderFactResult::kApplied ? sum.applied : sum.duplicates);
  unit.store().DeleteWaitingOrderFact(waiting.id);
  NoteWaiting(waiting, -1);
  return true;
}

WaitingOrderFacts::Tried WaitingOrderFacts::TryRows(engine::UnitOfWork& unit,
                                                    std::vector<storage::WaitingOrderFact> rows) {
  std::ranges::sort(rows, {}, [](const storage::WaitingOrderFact& row) {
    return std::pair(OccurredAt(row), row.id);
  });
  Tried sum;
  for (bool again = true; again;) {
    const int64_t applied = sum.applied;
    std::vector<storage::WaitingOrderFact> still;
    for (storage::WaitingOrderFact& row : rows) {
      if (!TryOne(unit, row, sum)) still.push_back(std::move(row));
    }
    rows = std::move(still);
    // One that was applied may have made room for an earlier one.
    again = sum.applied > applied && !rows.empty();
  }
  sum.waiting = static_cast<int64_t>(rows.size());
  return sum;
}

void WaitingOrderFacts::OrderChanged(engine::UnitOfWork& unit, std::string_view order_id) {
  {
    const absl::MutexLock lock(&mutex_);
    if (!by_order_.contains(absl::string_view(order_id.data(), order_id.size()))) return;
  }
  auto rows = unit.store().ListWaitingOrderFacts(order_id, kOfOneOrderMax);
  std::erase_if(rows, [](const auto& row) { return !MayBecomeApplicable(row.reason); });
  TryRows(unit, std::move(rows));
}

void WaitingOrderFacts::TryAll() {
  TryPage(
      std::make_shared<Walk>(Walk{.which = Which::kApplicable, .done = [](auto, const auto&) {}}));
}

void WaitingOrderFacts::Retry(SourceId source, std::string order_id,
                              std::function<void(engine::CommitOutcome, const Tried&)> done) {
  TryPage(std::make_shared<Walk>(
      Walk{.source = source, .order_id = std::move(order_id), .done = std::move(done)}));
}

void WaitingOrderFacts::TryPage(std::shared_ptr<Walk> walk) {
  storage::Page<storage::WaitingOrderFact> page;
  try {
    page = reader_.ListWaitingOrderFacts(walk->source, walk->order_id, walk->after, kPageRows);
  } catch (const storage::ReadError&) {
    // What was not tried goes on waiting; whoever asked is told that storage failed.
    walk->done(engine::CommitOutcome::kFailed, walk->sum);
    return;
  }
  if (page.rows.empty()) {
    walk->done(engine::CommitOutcome::kCommitted, walk->sum);
    return;
  }
  walk->after = page.rows.back().id;
  const size_t weight = page.rows.size();
  engine_.Submit(engine::MakeTask(
                     [this, walk, rows = std::move(page.rows)](engine::UnitOfWork& unit) {
                       std::vector<storage::WaitingOrderFact> still;
                       for (const storage::WaitingOrderFact& row : rows) {
                         // It may have been applied since.
                         auto waiting = unit.store().FindWaitingOrderFact(row.id);
                         if (!waiting) continue;
                         if (walk->which == Which::kAll || MayBecomeApplicable(waiting->reason)) {
                           still.push_back(*std::move(waiting));
                         }
                       }
                       return TryRows(unit, std::move(still));
                     },
                     [this, walk](engine::CommitOutcome outcome, Tried&& tried) {
                       walk->sum.applied += tried.applied;
                       walk->sum.duplicates += tried.duplicates;
                       walk->sum.waiting += tried.waiting;
                       if (outcome == engine::CommitOutcome::kCommitted) {
                         TryPage(walk);
                       } else {
                         walk->done(outcome, walk->sum);
                       }
                     },
                     weight),
                 engine::Admission::kAlways);
}

int64_t WaitingOrderFacts::Reject(engine::UnitOfWork& unit, const std::vector<int64_t>& ids,
                                  std::string_view note) {
  int64_t rejected = 0;
  for (const int64_t id : ids) {
    const auto waiting = unit.store().FindWaitingOrderFact(id);
    if (!waiting) continue;
    unit.store().RejectWaitingOrderFact(id, unit.now(), note);
    NoteWaiting(*waiting, -1);
    ++rejected;
  }
  return rejected;
}

void TakeOrderFacts(engine::Engine& engine, WaitingOrderFacts& waiting, SourceRecords& records,
                    SourceId source, v1::OrderFactBatch batch,
                    std::function<void(engine::CommitOutcome, const OrderIntakeResult&)> done) {
  for (v1::OrderFact& fact : *batch.mutable_facts()) ConcealCode(engine.pickup_codes(), fact);
  const auto weight = static_cast<size_t>(batch.facts_size());
  engine.Submit(engine::MakeTask(
      [&engine, &waiting, &records, source, batch = std::move(batch)](engine::UnitOfWork& unit) {
        OrderIntakeResult result;
        const auto rights = records.rules.Of(source);
        const std::string name = unit.catalogue().SourceName(source);
        for (const int32_t index : InOrderOfEvents(batch)) {
          const v1::OrderFact& fact = batch.facts(index);
          const auto known = waiting.Find(unit, source, fact);
          if (known && !MayBecomeApplicable(known->reason)) {
            result.waiting.push_back(
                {.index = index, .reason = known->reason, .waiting_id = known->id});
            continue;
          }
          const OrderFactOutcome outcome =
              ApplyOrderFact(unit, name, *rights, fact, engine.options().fact_limits);
          switch (outcome.result) {
            case OrderFactResult::kApplied: ++result.applied; break;
            case OrderFactResult::kDuplicate: ++result.duplicates; break;
            case OrderFactResult::kRefused:
              result.waiting.push_back(
                  {.index = index,
                   .reason = outcome.reason,
                   .waiting_id = waiting.Add(unit, source, fact, outcome.reason)});
              break;
          }
        }
        std::ranges::sort(result.waiting, {}, &OrderIntakeResult::Waits::index);
        return result;
      },
      [done = std::move(done)](engine::CommitOutcome outcome, OrderIntakeResult&& result) {
        done(outcome, result);
      },
      weight));
}

}  // namespace stockd::sync
