#include "daemon/rpc/order_placing.h"

#include <utility>
#include <variant>

#include "daemon/engine/quotas.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

// What the rules require of a new order, and what the basket's hold must not be.
Reason Judge(engine::UnitOfWork& unit, const fulfilment::PlaceCommand& command) {
  const fulfilment::OrderDesk desk = unit.order_desk();
  // A repetition is answered whatever the time is.
  if (desk.book.FindOrder(command.id) != nullptr) return Reason::kNone;
  if (command.placed_at > unit.now() + desk.limits.future_tolerance) {
    return Reason::kOccurredInFuture;
  }
  if (command.placed_at < unit.now() - desk.limits.look_back) return Reason::kOccurredTooLongAgo;
  const bool is_quota =
      !command.reservation_id.empty() && engine::IsQuota(unit, command.reservation_id);
  return is_quota ? Reason::kReservationCommitted : Reason::kNone;
}

}  // namespace

void SubmitPlace(OrderParts& parts, fulfilment::PlaceCommand command, bool placed_now,
                 std::function<void(engine::CommitOutcome, fulfilment::OrderResult&&)> done) {
  const size_t weight = command.lines.size();
  parts.engine.Submit(engine::MakeTask(
      [command = std::move(command),
       placed_now](engine::UnitOfWork& unit) mutable -> fulfilment::OrderResult {
        if (placed_now) command.placed_at = unit.now();
        if (const Reason reason = Judge(unit, command); reason != Reason::kNone) {
          return fulfilment::OrderRefusal{.refusal = {.reason = reason}};
        }
        return fulfilment::PlaceOrder(unit.order_desk(), command);
      },
      [done = std::move(done)](engine::CommitOutcome outcome, fulfilment::OrderResult&& result) {
        done(outcome, std::move(result));
      },
      weight));
}

}  // namespace stockd::rpc
