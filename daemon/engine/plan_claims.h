#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/reservations.h"

namespace stockd::engine {

// A plan of where to take units from that is to be held.
struct PlanClaim {
  ledger::CreateCommand create;
  std::string content;  // What was asked, byte by byte: tells a repetition from a misuse of the id.
  std::string plan;     // The answer as it is to be given again.
};

struct ClaimedPlan {
  ledger::Reservation reservation;  // As it was granted.
  std::string plan;
  bool repeated = false;  // Whether it was claimed before.
};

using PlanClaimResult = std::variant<ledger::Refusal, ClaimedPlan>;

// Both run inside a task of the writer.

// What became of the reservation id before: its plan, if the same was asked; kReservationDiffers,
// if it is used for something else; empty, if nothing has it. A plan is remembered as long as
// answers to requests are.
std::optional<PlanClaimResult> FindPlanClaim(UnitOfWork& unit, std::string_view reservation_id,
                                             std::string_view content);

// Holds the whole plan or nothing. Repeated with the same content: the first plan, whatever this
// one is. kReservationDiffers; kLocationNotInChannel or kInsufficientStock when the plan no longer
// holds. REQUIRES: what ledger::CreateReservation() does, and not allow_partial.
PlanClaimResult ClaimPlan(UnitOfWork& unit, const PlanClaim& claim);

}  // namespace stockd::engine
