// The orders of an adapter's session: told, acknowledged, and what the adapter tells of them.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/rpc/adapter_session.h"
#include "daemon/rpc/order_convert.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/sync/order_feed.h"

namespace stockd::rpc {
namespace {

constexpr int kOrderUpdatesDefault = 16;
constexpr int kOrderUpdatesMax = 256;
// Messages that wait to be sent before orders wait, too.
constexpr size_t kUnsentMax = 8;

v1::ConnectResponse FrameOf(const sync::OrderDelivery::Update& update,
                            const engine::Catalogue& catalogue) {
  v1::ConnectResponse response;
  v1::OrderUpdate& proto = *response.mutable_order_update();
  proto.set_cursor(update.cursor);
  if (update.event) {
    ToProto(*update.event, sync::NamesOf(update.order), catalogue, *proto.mutable_event());
  }
  ToProto(update.order, catalogue, *proto.mutable_order());
  return response;
}

v1::ConnectResponse AckOf(uint64_t batch, const sync::OrderIntakeResult& result) {
  v1::ConnectResponse response;
  v1::OrderFactAck& ack = *response.mutable_order_fact_ack();
  ack.set_batch(batch);
  ack.set_applied(result.applied);
  ack.set_duplicates(result.duplicates);
  for (const auto& waits : result.waiting) {
    v1::OrderFactWaits& row = *ack.add_waiting();
    row.set_index(waits.index);
    row.set_reason(std::string(ledger::ReasonName(waits.reason)));
    row.set_waiting_id(waits.waiting_id);
  }
  return response;
}

}  // namespace

void AdapterSession::OpenOrders(const v1::Hello& hello, const sync::ConfiguredSource& source) {
  if (!hello.wants_orders()) return;
  uint64_t cursor = hello.order_cursor();
  if (!hello.has_order_cursor()) {
    const auto stored = parts_.engine.catalogue().Source(source_);
    cursor = stored ? stored->order_cursor : 0;
  }
  if (const uint64_t newest = parts_.engine.order_events().newest(); cursor > newest) {
    End(MakeStatus(grpc::StatusCode::OUT_OF_RANGE, "CURSOR_AHEAD",
                   "order_cursor is ahead of every event: it was given by another database. Begin "
                   "anew with 0.",
                   {{"newest", std::to_string(newest)}}));
    return;
  }
  const int wanted = hello.order_updates_in_flight_max();
  const absl::MutexLock lock(&orders_mutex_);
  orders_.emplace(
      parts_.engine, parts_.reader,
      [&parts = parts_, source, id = source_] {
        return sync::OrderScopeOf(parts.engine.catalogue(), parts.sources.ScopeOf(source),
                                  *parts.records.rules.Of(id));
      },
      cursor == 0 ? std::nullopt : std::optional(cursor),
      static_cast<size_t>(wanted <= 0 ? kOrderUpdatesDefault : std::min(wanted, kOrderUpdatesMax)));
}

void AdapterSession::SendOrders() {
  size_t limit = 0;
  {
    const absl::MutexLock lock(&mutex_);
    if (gone_ || end_ || outbox_.size() >= kUnsentMax) return;
    limit = kUnsentMax - outbox_.size();
  }
  std::vector<sync::OrderDelivery::Update> updates;
  bool more = false;
  const grpc::Status read = ReadOrExplain([&]() -> grpc::Status {
    const absl::MutexLock lock(&orders_mutex_);
    if (orders_) more = orders_->Next(limit, updates);
    return grpc::Status::OK;
  });
  if (!read.ok()) {
    // The adapter connects again and goes on from what it acknowledged.
    EndOutside(read);
    return;
  }
  if (!updates.empty()) {
    std::vector<v1::ConnectResponse> frames;
    for (const auto& update : updates) {
      frames.push_back(FrameOf(update, parts_.engine.catalogue()));
    }
    const absl::MutexLock lock(&mutex_);
    for (v1::ConnectResponse& frame : frames) outbox_.push_back(std::move(frame));
  }
  // What may follow waits for the outbox, which asks for more when it is written.
  if (more && updates.size() < limit) parts_.pump.Kick();
}

void AdapterSession::AcknowledgeOrders(uint64_t cursor) {
  std::optional<bool> is_newer;
  {
    const absl::MutexLock lock(&orders_mutex_);
    if (orders_) is_newer = orders_->Acknowledge(cursor);
  }
  if (!is_newer) {
    EndOutside(MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "FRAME_UNEXPECTED",
                          "An order acknowledgement for a cursor that is not on its way.", {}));
    return;
  }
  parts_.pump.Kick();
  if (!*is_newer) return;
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    source = source_;
  }
  // A cursor that is not stored costs repetition only: the next one is.
  parts_.engine.Submit(engine::MakeTask(
      [source, cursor](engine::UnitOfWork& unit) {
        auto stored = unit.catalogue().Source(source);
        if (!stored || stored->order_cursor >= cursor) return false;
        stored->order_cursor = cursor;
        unit.store().SaveSource(unit.catalogue().PutSource(std::move(*stored)));
        return true;
      },
      [](engine::CommitOutcome, bool&&) {}));
}

void AdapterSession::TakeOrderFacts(v1::OrderFactBatch batch) {
  const uint64_t number = batch.batch();
  SourceId source = kNoSource;
  {
    const absl::MutexLock lock(&mutex_);
    source = source_;
    if (batch.facts_size() == 0 || batch.facts_size() > parts_.limits.batch_size_max) {
      End(MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "BATCH_TOO_LARGE",
                     "A batch holds 1 to " + std::to_string(parts_.limits.batch_size_max) +
                         " facts, this one " + std::to_string(batch.facts_size()) + ".",
                     {}));
      return;
    }
    if (parts_.waiting.Count(source) >= sync::WaitingOrderFacts::kWaitingMax) {
      End(MakeStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, "WAITING_FACTS_EXHAUSTED",
                     "Too many facts about orders wait: see ListWaitingOrderFacts (stockctl orders "
                     "waiting), mend what they wait for, or reject them.",
                     {}));
      return;
    }
  }
  sync::TakeOrderFacts(parts_.engine, parts_.waiting, parts_.records, source, std::move(batch),
                       [self = shared_from_this(), number](engine::CommitOutcome outcome,
                                                           const sync::OrderIntakeResult& result) {
                         if (outcome != engine::CommitOutcome::kCommitted) {
                           self->EndOutside(ToStatus(outcome));
                           return;
                         }
                         self->Answered(AckOf(number, result));
                       });
}

}  // namespace stockd::rpc
