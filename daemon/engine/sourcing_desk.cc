#include "daemon/engine/sourcing_desk.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/ledger/atp.h"

namespace stockd::engine {

std::vector<fulfilment::Candidate> CandidatesNow(const Engine& engine, const SourcingQuery& query) {
  const Timestamp now = engine.Now();
  const Quantity buffer = engine.catalogue().Buffer(query.channel);
  std::vector<fulfilment::Candidate> candidates;
  for (const SourcingLocation& from : query.locations) {
    fulfilment::Candidate candidate{.location = from.location,
                                    .available = std::vector<Quantity>(query.cart.size(), 0),
                                    .parcel_cost_micros = from.parcel_cost_micros,
                                    .scarcity_weight = from.scarcity_weight,
                                    .has_parcel = from.has_parcel};
    bool has_any = false;
    for (size_t line = 0; line < query.cart.size(); ++line) {
      const PositionKey key{.item = query.cart[line].item, .location = from.location};
      const auto position = engine.index().Find(key, now);
      if (!position) continue;
      candidate.available[line] = std::max<Quantity>(
          0, ledger::Available(*position, engine.catalogue().SafetyStock(key), buffer));
      has_any = has_any || candidate.available[line] > 0;
    }
    if (has_any) candidates.push_back(std::move(candidate));
  }
  if (candidates.size() > fulfilment::kCandidatesMax) {
    std::ranges::sort(candidates, {}, [](const fulfilment::Candidate& candidate) {
      return std::tuple(!candidate.has_parcel, candidate.parcel_cost_micros, candidate.location);
    });
    candidates.resize(fulfilment::kCandidatesMax);
  }
  return candidates;
}

fulfilment::SourcingPlan PlanNow(const Engine& engine, const SourcingQuery& query) {
  return fulfilment::PlanSourcing(query.cart, CandidatesNow(engine, query), query.options);
}

struct SourcingDesk::Attempt {
  SourcingQuery query;
  Hold hold;
  Describe describe;
  Done done;
  int replans = 0;
};

void SourcingDesk::PlanAndHold(SourcingQuery query, Hold hold, Describe describe, Done done) {
  Try(std::make_shared<Attempt>(Attempt{.query = std::move(query),
                                        .hold = std::move(hold),
                                        .describe = std::move(describe),
                                        .done = std::move(done)}));
}

void SourcingDesk::Try(std::shared_ptr<Attempt> attempt) {
  fulfilment::SourcingPlan plan = PlanNow(engine_, attempt->query);
  if (plan.outcome != fulfilment::SourcingOutcome::kPlanned) {
    return RefuseUnlessKnown(std::move(attempt), {.plan = std::move(plan)});
  }
  if (plan.shares.size() > attempt->hold.lines_max) {
    return RefuseUnlessKnown(std::move(attempt),
                             {.refusal = {.reason = ledger::Reason::kTooManyLines,
                                          .requested = static_cast<Quantity>(plan.shares.size()),
                                          .field = "lines"}});
  }
  Claim(std::move(attempt), plan);
}

// Perhaps there is no plan only because this very call was answered before and holds the units.
void SourcingDesk::RefuseUnlessKnown(std::shared_ptr<Attempt> attempt, Answer refused) {
  using Found = std::optional<PlanClaimResult>;
  engine_.Submit(MakeTask(
      [attempt](UnitOfWork& unit) {
        return FindPlanClaim(unit, attempt->hold.reservation_id, attempt->hold.content);
      },
      [attempt, refused = std::move(refused)](CommitOutcome outcome, Found&& found) mutable {
        if (!found) {
          refused.outcome = outcome;
          return attempt->done(std::move(refused));
        }
        Answer answer;
        if (auto* claimed = std::get_if<ClaimedPlan>(&*found)) {
          answer.claimed = std::move(*claimed);
        } else {
          answer.refusal = std::get<ledger::Refusal>(*found);
        }
        attempt->done(std::move(answer));
      }));
}

void SourcingDesk::Claim(std::shared_ptr<Attempt> attempt, const fulfilment::SourcingPlan& plan) {
  PlanClaim claim{.create = {.id = attempt->hold.reservation_id,
                             .channel = attempt->query.channel,
                             .ttl = attempt->hold.ttl,
                             .owner_reference = attempt->hold.owner_reference},
                  .content = attempt->hold.content,
                  .plan = attempt->describe(plan)};
  for (const fulfilment::Share& share : plan.shares) {
    claim.create.lines.push_back(
        {.position = {.item = attempt->query.cart[share.line].item, .location = share.location},
         .quantity = share.quantity});
  }
  const size_t weight = claim.create.lines.size();
  engine_.Submit(
      MakeTask([claim = std::move(claim)](UnitOfWork& unit) { return ClaimPlan(unit, claim); },
               [this, attempt](CommitOutcome outcome, PlanClaimResult&& result) {
                 Answer answer{.outcome = outcome};
                 if (outcome == CommitOutcome::kCommitted) {
                   if (auto* claimed = std::get_if<ClaimedPlan>(&result)) {
                     answer.claimed = std::move(*claimed);
                   } else {
                     answer.refusal = std::get<ledger::Refusal>(result);
                     if (answer.refusal.reason != ledger::Reason::kReservationDiffers) {
                       return TryAgain(attempt);
                     }
                   }
                 }
                 attempt->done(std::move(answer));
               },
               weight));
}

void SourcingDesk::TryAgain(std::shared_ptr<Attempt> attempt) {
  // Not here: this is the thread that answers everybody.
  if (attempt->replans < kReplansMax) {
    ++attempt->replans;
    if (replans_.TryAdd([this, attempt] { Try(attempt); })) return;
  }
  attempt->done({.outdated = true});
}

}  // namespace stockd::engine
