#pragma once

#include <string>
#include <string_view>

#include "daemon/engine/pickup_codes.h"
#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/fact.h"
#include "daemon/ledger/reason.h"
#include "daemon/sync/source_rules.h"
#include "stockd/v1/order_facts.pb.h"

namespace stockd::sync {

// Replaces the code that a customer showed by its digest: what is kept of a fact holds no code.
void ConcealCode(const engine::PickupCodes& codes, v1::OrderFact& fact);

// What became of a fact about an order.
enum class OrderFactResult : uint8_t {
  kApplied,
  kDuplicate,  // It was told before, or says only what is known or over: nothing changed.
  kRefused,    // Nothing changed; to wait.
};

struct OrderFactOutcome {
  OrderFactResult result = OrderFactResult::kApplied;
  ledger::Reason reason = ledger::Reason::kNone;  // kRefused only.
};

// Applies what a source told of an order as the move that it is: the same rules, and idempotent by
// (source, event_id). A fact about a location that the source's rule closes is kLocationNotAllowed.
// What others had told before (a start of picking of an order that is ready, a shipment of one that
// was delivered) is a duplicate. `fact` holds the digest of its code, if any. Inside a task.
OrderFactOutcome ApplyOrderFact(engine::UnitOfWork& unit, std::string_view source_name,
                                const SourceRights& rights, const v1::OrderFact& fact,
                                const ledger::FactLimits& limits);

// Whether a change of its order may make the fact applicable. Not so what is wrong in itself, nor a
// wrong code, of which each try counts.
bool MayBecomeApplicable(ledger::Reason reason);

}  // namespace stockd::sync
