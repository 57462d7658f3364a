#include "daemon/rpc/sourcing_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "daemon/rpc/convert.h"
#include "daemon/rpc/sourcing_answer.h"
#include "daemon/rpc/sourcing_request.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"

namespace stockd::rpc {
namespace {

using Answer = engine::SourcingDesk::Answer;

grpc::Status WhyNot(const Answer& answer, const SourcingWish& wish,
                    const engine::Catalogue& catalogue) {
  if (answer.outcome != engine::CommitOutcome::kCommitted) return ToStatus(answer.outcome);
  if (answer.refusal.reason != ledger::Reason::kNone) return ToStatus(answer.refusal, catalogue);
  if (answer.outdated) {
    return MakeStatus(grpc::StatusCode::ABORTED, "PLAN_OUTDATED",
                      "Others were faster each time. Ask for a new plan.", {});
  }
  return WhyNoPlan(answer.plan, wish.query.cart, wish.query.options.parcels_max, catalogue);
}

}  // namespace

grpc::ServerUnaryReactor* SourcingService::PlanFulfilment(grpc::CallbackServerContext* context,
                                                          const v1::PlanFulfilmentRequest* request,
                                                          v1::PlanFulfilmentResponse* response) {
  const auto wish = std::make_shared<SourcingWish>();
  const engine::Catalogue& catalogue = engine_.catalogue();
  if (auto status = ParsePlan(*request, engine_, rates_, limits_, *wish); !status.ok()) {
    return FinishNow(context, status);
  }
  const bool explain = request->explain_locations();
  if (!wish->hold) {
    const std::vector<fulfilment::Candidate> candidates =
        engine::CandidatesNow(engine_, wish->query);
    const fulfilment::SourcingPlan plan =
        fulfilment::PlanSourcing(wish->query.cart, candidates, wish->query.options);
    if (plan.outcome != fulfilment::SourcingOutcome::kPlanned) {
      return FinishNow(
          context, WhyNoPlan(plan, wish->query.cart, wish->query.options.parcels_max, catalogue));
    }
    *response->mutable_plan() = ToProto(plan, *wish, catalogue);
    if (explain) ExplainUnused(response->plan(), *wish, candidates, catalogue, *response);
    return FinishNow(context, grpc::Status::OK);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  desk_.PlanAndHold(
      wish->query, *wish->hold,
      [wish, &catalogue](const fulfilment::SourcingPlan& plan) {
        return ToProto(plan, *wish, catalogue).SerializeAsString();
      },
      [this, wish, &catalogue, reactor, response, explain](Answer&& answer) {
        if (!answer.claimed) return reactor->Finish(WhyNot(answer, *wish, catalogue));
        response->mutable_plan()->ParseFromString(answer.claimed->plan);
        ToProto(answer.claimed->reservation, catalogue, *response->mutable_reservation());
        if (explain && !answer.claimed->repeated) {
          ExplainUnused(response->plan(), *wish, engine::CandidatesNow(engine_, wish->query),
                        catalogue, *response);
        }
        reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

}  // namespace stockd::rpc
