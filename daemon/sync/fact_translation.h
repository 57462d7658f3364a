#pragma once

#include <array>

#include "daemon/engine/mappings.h"
#include "daemon/ledger/fact.h"
#include "daemon/ledger/reason.h"
#include "stockd/v1/types.pb.h"

namespace stockd::sync {

// Why a fact cannot be read that may be read once names or mappings are put.
inline constexpr std::array kNameReasons{
    ledger::Reason::kSkuUnknown, ledger::Reason::kLocationUnknown, ledger::Reason::kCodeAmbiguous,
    ledger::Reason::kQuantityNotWhole};

// A fact as told, in the daemon's own terms; or why it cannot be read.
struct TranslatedFact {
  ledger::Fact fact;
  ledger::Reason reason = ledger::Reason::kNone;  // kNone: `fact` is complete.
};

// Looks up names as the source means them, takes its units as ours and checks shape. The price
// stays as it was told. Never fails: what cannot be applied has its reason and goes to quarantine.
TranslatedFact Translate(const v1::Fact& told, SourceId source, const engine::Names& names);

}  // namespace stockd::sync
