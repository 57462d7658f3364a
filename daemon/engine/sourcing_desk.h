#pragma once

#include <absl/functional/any_invocable.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/engine/plan_claims.h"
#include "daemon/engine/work_queue.h"
#include "daemon/fulfilment/sourcing.h"

namespace stockd::engine {

// A location that may send a parcel of a cart, but for what stands there.
struct SourcingLocation {
  LocationId location = kNoLocation;
  int64_t parcel_cost_micros = 0;
  int32_t scarcity_weight = fulfilment::kScarcityWeightMax;
  bool has_parcel = false;
};

struct SourcingQuery {
  std::vector<fulfilment::CartLine> cart;  // Items differ and none is a bundle.
  ChannelId channel = kNoChannel;
  // Those that the channel sells from. Of more than fulfilment::kCandidatesMax that have something
  // the dearest are left out.
  std::vector<SourcingLocation> locations;
  fulfilment::SourcingOptions options;
};

// The query's locations with what the channel may promise of each line now. Those that have nothing
// are left out. Thread-safe, from memory.
std::vector<fulfilment::Candidate> CandidatesNow(const Engine& engine, const SourcingQuery& query);

// A plan by that. REQUIRES: what fulfilment::PlanSourcing() does.
fulfilment::SourcingPlan PlanNow(const Engine& engine, const SourcingQuery& query);

// Plans carts and holds the very plan: planned from memory by the asking thread, checked and held
// as a whole by the writer. A plan that no longer holds then is made anew, in the work queue.
// Thread-safe.
class SourcingDesk {
 public:
  // Plans that are made after the first when others were faster.
  static constexpr int kReplansMax = 3;

  // Both outlive it, and every call must have been answered before it is destroyed.
  SourcingDesk(Engine& engine, WorkQueue& replans) : engine_(engine), replans_(replans) {}

  // What to hold, without its lines.
  struct Hold {
    std::string reservation_id;
    Duration ttl{};
    std::string owner_reference;
    std::string content;   // As in PlanClaim.
    size_t lines_max = 0;  // Of the reservation.
  };

  struct Answer {
    CommitOutcome outcome = CommitOutcome::kCommitted;
    // Set: this plan is held. It is the first one when the call is repeated.
    std::optional<ClaimedPlan> claimed;
    // Otherwise, with kCommitted, nothing changed and one of these says why:
    ledger::Refusal refusal;        // kReservationDiffers, kTooManyLines, if not kNone.
    bool outdated = false;          // Each time somebody was faster.
    fulfilment::SourcingPlan plan;  // That there is none.
  };

  // The bytes that a plan is answered with.
  using Describe = std::function<std::string(const fulfilment::SourcingPlan&)>;
  using Done = absl::AnyInvocable<void(Answer&&)>;

  // `done` is called once, on any thread. REQUIRES: what PlanNow() and ClaimPlan() do, and
  // quantities up to kQuantityMax.
  void PlanAndHold(SourcingQuery query, Hold hold, Describe describe, Done done);

 private:
  struct Attempt;

  void Try(std::shared_ptr<Attempt> attempt);
  void RefuseUnlessKnown(std::shared_ptr<Attempt> attempt, Answer refused);
  void Claim(std::shared_ptr<Attempt> attempt, const fulfilment::SourcingPlan& plan);
  void TryAgain(std::shared_ptr<Attempt> attempt);

  Engine& engine_;
  WorkQueue& replans_;
};

}  // namespace stockd::engine
