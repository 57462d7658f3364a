#include "daemon/sync/bundle_facts.h"

#include <string>
#include <utility>
#include <vector>

#include "daemon/base/check.h"
#include "daemon/engine/order_claims.h"

namespace stockd::sync {
namespace {

using ledger::FactResult;
using ledger::Reason;

// Text from outside holds no control characters.
constexpr char kPartMark = '\x1F';

ledger::FactOutcome Refuse(Reason reason, const ledger::Fact& fact) {
  return {FactResult::kRefused,
          {.reason = reason, .position = fact.position, .requested = fact.quantity}};
}

// The fact about each part. REQUIRES: the quantity is within kQuantityMax.
std::vector<ledger::Fact> PartFacts(const ledger::Fact& told, const engine::Bundles::Parts& parts) {
  std::vector<ledger::Fact> facts;
  facts.reserve(parts.size());
  for (const storage::BundlePart& part : parts) {
    ledger::Fact& fact = facts.emplace_back(told);
    fact.position.item = part.item;
    fact.quantity = told.quantity * part.quantity;
    if (facts.size() == 1) {
      fact.unit_price_micros = told.unit_price_micros / part.quantity;
    } else {
      fact.event_id += kPartMark + std::to_string(facts.size() - 1);
      fact.unit_price_micros = 0;
    }
  }
  return facts;
}

// Whether a fact of this quantity may move the position's figures, however it moves them.
bool FiguresFit(const engine::UnitOfWork& unit, const ledger::Fact& fact) {
  const auto known = unit.Find(fact.position);
  if (!known) return true;
  const ledger::Position& row = known->row;
  return FigureFits(row.on_hand, fact.quantity) && FigureFits(row.on_hand, -fact.quantity) &&
         FigureFits(row.unsellable, fact.quantity);
}

ledger::FactOutcome ApplyParts(engine::UnitOfWork& unit, const std::vector<ledger::Fact>& facts,
                               const ledger::FactLimits& limits, ledger::LateFacts late) {
  size_t known = 0;
  for (const ledger::Fact& fact : facts) {
    known += unit.FindFact(fact.source, fact.event_id).has_value();
  }
  if (known > 0) {
    if (known < facts.size()) return Refuse(Reason::kEventDiffers, facts.front());
    // Facts whose ids are known change nothing.
    for (const ledger::Fact& fact : facts) {
      const ledger::FactOutcome outcome = engine::ApplyFactWithOrders(unit, fact, limits, late);
      if (outcome.result != FactResult::kDuplicate) return outcome;
    }
    return {FactResult::kDuplicate, {}};
  }
  for (const ledger::Fact& fact : facts) {
    if (!FiguresFit(unit, fact)) return Refuse(Reason::kFigureOverflow, fact);
  }
  // What may still be wrong is wrong with all parts alike, so only the first may be refused.
  for (const ledger::Fact& fact : facts) {
    const ledger::FactOutcome outcome = engine::ApplyFactWithOrders(unit, fact, limits, late);
    if (outcome.result == FactResult::kApplied) continue;
    STOCKD_CHECK(&fact == &facts.front());
    return outcome;
  }
  return {};
}

}  // namespace

ledger::FactOutcome ApplyFactOrParts(engine::UnitOfWork& unit, const ledger::Fact& fact,
                                     const ledger::FactLimits& limits, ledger::LateFacts late) {
  const engine::Bundles::Parts parts = unit.bundles().PartsOf(fact.position.item);
  if (parts.empty()) return engine::ApplyFactWithOrders(unit, fact, limits, late);
  if (fact.kind == ledger::EntryKind::kCount) return Refuse(Reason::kBundleNotCounted, fact);
  for (const storage::BundlePart& part : parts) {
    const Quantity most = kQuantityMax / part.quantity;
    if (fact.quantity > most || fact.quantity < -most) {
      return Refuse(Reason::kQuantityOutOfRange, fact);
    }
  }
  return ApplyParts(unit, PartFacts(fact, parts), limits, late);
}

}  // namespace stockd::sync
