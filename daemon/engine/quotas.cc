#include "daemon/engine/quotas.h"

#include <utility>

#include "daemon/ledger/reservation_changes.h"

namespace stockd::engine {
namespace {

// Marks the claim of a quota. No order may begin so.
constexpr std::string_view kOrderPrefix = "quota:";

// The quota as its claim says. REQUIRES: it was granted.
storage::QuotaStanding Standing(UnitOfWork& unit, storage::Quota quota) {
  storage::QuotaStanding standing{.quota = std::move(quota)};
  if (const auto* claim = unit.FindReservation(standing.quota.id)) {
    standing.sold = claim->lines.front().consumed;
    standing.remaining = claim->lines.front().committed;
  }
  return standing;
}

bool SameContent(const storage::Quota& quota, const QuotaCommand& command) {
  return quota.holder == command.holder && quota.position == command.position &&
         quota.requested == command.quantity && quota.allow_partial == command.allow_partial &&
         quota.ends_at - quota.created_at == command.ttl;
}

}  // namespace

QuotaResult GrantQuota(UnitOfWork& unit, const QuotaCommand& command) {
  if (auto known = unit.store().FindQuota(command.id)) {
    if (SameContent(*known, command)) return Standing(unit, std::move(*known));
    return ledger::Refusal{.reason = ledger::Reason::kQuotaDiffers};
  }
  // A quota id that a reservation has is refused even if that one looks alike: it is not a quota.
  if (unit.FindReservation(command.id) != nullptr) {
    return ledger::Refusal{.reason = ledger::Reason::kReservationDiffers};
  }
  const ledger::ReservationResult held = ledger::CreateReservation(
      unit, {.id = command.id,
             .channel = kNoChannel,
             .lines = {{.position = command.position, .quantity = command.quantity}},
             .ttl = ledger::kTtlMax,
             .allow_partial = command.allow_partial,
             .owner_reference = command.holder});
  if (const auto* refusal = std::get_if<ledger::Refusal>(&held)) return *refusal;
  const ledger::ReservationResult claimed = ledger::CommitReservation(
      unit, {.reservation_id = command.id, .request_id = "quota/" + command.id, .content = "grant"},
      std::string(kOrderPrefix) + command.holder, {}, ledger::Remainder::kRelease);
  if (const auto* refusal = std::get_if<ledger::Refusal>(&claimed)) {
    // Only a request of the same name can do that; the hold must not stay behind.
    ledger::ReleaseReservation(
        unit,
        {.reservation_id = command.id, .request_id = "quota/undo/" + command.id, .content = ""},
        {});
    return *refusal;
  }
  const auto& reservation = std::get<ledger::Reservation>(claimed);
  storage::Quota quota{.id = command.id,
                       .number = reservation.number,
                       .holder = command.holder,
                       .position = command.position,
                       .quantity = reservation.lines.front().granted,
                       .requested = command.quantity,
                       .allow_partial = command.allow_partial,
                       .created_at = unit.now(),
                       .ends_at = unit.now() + command.ttl};
  unit.store().SaveQuota(quota);
  return Standing(unit, std::move(quota));
}

QuotaResult SettleQuota(UnitOfWork& unit, std::string_view id, Quantity sold, bool force) {
  auto quota = unit.store().FindQuota(id);
  if (!quota) return ledger::Refusal{.reason = ledger::Reason::kQuotaUnknown};
  storage::QuotaStanding standing = Standing(unit, std::move(*quota));
  if (standing.quota.settled_at) return standing;
  if (sold > standing.sold && !force) {
    return ledger::Refusal{.reason = ledger::Reason::kQuotaSalesMissing,
                           .position = standing.quota.position,
                           .requested = sold,
                           .available = standing.sold};
  }
  if (standing.remaining > 0) {
    const ledger::ReservationResult released =
        ledger::ReleaseReservation(unit,
                                   {.reservation_id = standing.quota.id,
                                    .request_id = "quota/settle/" + standing.quota.id,
                                    .content = "settle"},
                                   {});
    if (const auto* refusal = std::get_if<ledger::Refusal>(&released)) return *refusal;
    standing.remaining = 0;
  }
  standing.quota.settled_at = unit.now();
  unit.store().SaveQuota(standing.quota);
  return standing;
}

bool IsQuota(UnitOfWork& unit, std::string_view reservation_id) {
  const auto* claim = unit.open().Find(reservation_id);
  return claim != nullptr && claim->order_id.starts_with(kOrderPrefix) &&
         unit.store().FindQuota(reservation_id).has_value();
}

}  // namespace stockd::engine
