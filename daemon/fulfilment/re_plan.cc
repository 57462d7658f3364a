#include "daemon/fulfilment/re_plan.h"

#include <algorithm>
#include <vector>

namespace stockd::fulfilment {

SourcingPlan RePlan(const LostUnits& lost, std::span<const Candidate> candidates,
                    const SourcingOptions& options) {
  std::vector<Candidate> others;
  others.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    if (std::ranges::find(lost.excluded, candidate.location) != lost.excluded.end()) continue;
    Candidate& other = others.emplace_back(candidate);
    other.has_parcel = std::ranges::find(lost.in_order, candidate.location) != lost.in_order.end();
  }
  return PlanSourcing(lost.lines, others, options);
}

}  // namespace stockd::fulfilment
