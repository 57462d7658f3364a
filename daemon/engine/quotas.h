#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/reason.h"
#include "daemon/storage/quota_row.h"

namespace stockd::engine {

inline constexpr Duration kQuotaTtlMin = std::chrono::seconds(1);
inline constexpr Duration kQuotaTtlMax = std::chrono::hours(24 * 31);

// Units asked for by a holder that will be cut off.
struct QuotaCommand {
  std::string id;
  std::string holder;
  PositionKey position{};
  Quantity quantity = 0;
  Duration ttl{};
  bool allow_partial = false;
};

using QuotaResult = std::variant<storage::QuotaStanding, ledger::Refusal>;

// Both run inside a task of the writer.
//
// A quota is a committed reservation of the same id, so that everything that keeps claims right
// keeps it right too: its sales consume the claim, nobody else is promised its units, and no
// deadline gives them back, for nobody knows what a till sold while it was cut off.

// Claims the units. Repeated with the same content: the quota as it stands now. kQuotaDiffers,
// kReservationDiffers (a reservation has the id), kInsufficientStock.
// REQUIRES: quantity in [1, kQuantityMax], ttl in [kQuotaTtlMin, kQuotaTtlMax], a known position.
QuotaResult GrantQuota(UnitOfWork& unit, const QuotaCommand& command);

// The holder sells no more and sold `sold` units in all: gives the rest back. Repeated: the quota
// as it stands. kQuotaUnknown; kQuotaSalesMissing when fewer sales are known, unless `force`.
QuotaResult SettleQuota(UnitOfWork& unit, std::string_view id, Quantity sold, bool force);

// Whether the reservation is the claim of a quota: only quota calls may change it.
bool IsQuota(UnitOfWork& unit, std::string_view reservation_id);

}  // namespace stockd::engine
