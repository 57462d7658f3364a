#include "daemon/engine/plan_claims.h"

#include <utility>

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

// Answers to requests are kept under request ids. A control character keeps this one apart from all
// that callers can choose.
std::string KeyOf(std::string_view reservation_id) {
  return "\x01plan " + std::string(reservation_id);
}

// The length of the question, the question, the answer.
std::string Pack(const PlanClaim& claim) {
  return std::to_string(claim.content.size()) + ":" + claim.content + claim.plan;
}

// The answer, when the question is this one.
std::optional<std::string> Unpack(std::string_view packed, std::string_view content) {
  const std::string prefix = std::to_string(content.size()) + ":" + std::string(content);
  if (!packed.starts_with(prefix)) return std::nullopt;
  return std::string(packed.substr(prefix.size()));
}

}  // namespace

std::optional<PlanClaimResult> FindPlanClaim(UnitOfWork& unit, std::string_view reservation_id,
                                             std::string_view content) {
  if (const auto known = unit.FindRequest(KeyOf(reservation_id))) {
    if (auto plan = Unpack(known->content, content)) {
      return ClaimedPlan{.reservation = known->answer, .plan = std::move(*plan), .repeated = true};
    }
    return ledger::Refusal{.reason = ledger::Reason::kReservationDiffers};
  }
  if (unit.FindReservation(reservation_id) == nullptr) return std::nullopt;
  return ledger::Refusal{.reason = ledger::Reason::kReservationDiffers};
}

PlanClaimResult ClaimPlan(UnitOfWork& unit, const PlanClaim& claim) {
  STOCKD_CHECK(!claim.create.allow_partial);
  if (auto known = FindPlanClaim(unit, claim.create.id, claim.content)) return std::move(*known);
  const ledger::ReservationResult held = ledger::CreateReservation(unit, claim.create);
  if (const auto* refusal = std::get_if<ledger::Refusal>(&held)) return *refusal;
  const auto& reservation = std::get<ledger::Reservation>(held);
  unit.AddRequest(KeyOf(claim.create.id), {.content = Pack(claim), .answer = reservation});
  return ClaimedPlan{.reservation = reservation, .plan = claim.plan};
}

}  // namespace stockd::engine
