#include "daemon/rpc/experiment_service.h"

#include <utility>

#include "daemon/rpc/experiment_commands.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kPageKind = 'x';
constexpr int kSkusMax = 1000;
// A command may set thousands of rules.
constexpr size_t kCommandWeight = 1000;

grpc::Status CheckValue(const char* field, int64_t value, storage::Experiment::Policy policy) {
  if (policy == storage::Experiment::Policy::kSafetyStock) {
    if (value >= 0 && value <= kSafetyStockMax) return grpc::Status::OK;
    return InvalidField(field, "is from 0 to 1000000");
  }
  if (value >= 1 && value <= kHoldDaysMax) return grpc::Status::OK;
  return InvalidField(field, "is from 1 to 30");
}

grpc::Status Parse(const v1::StartExperimentRequest& request, StatedExperiment& stated) {
  if (auto status = CheckId("experiment_id", request.experiment_id()); !status.ok()) return status;
  if (auto status = CheckId("group_id", request.group_id()); !status.ok()) return status;
  storage::Experiment& row = stated.row;
  switch (request.policy()) {
    case v1::EXPERIMENT_POLICY_SAFETY_STOCK:
      row.policy = storage::Experiment::Policy::kSafetyStock;
      break;
    case v1::EXPERIMENT_POLICY_HOLD_OPEN_DAYS:
      row.policy = storage::Experiment::Policy::kHoldDays;
      break;
    default: return InvalidField("policy", "is not a policy");
  }
  if (request.skus_size() > kSkusMax) return InvalidField("skus", "holds at most 1000");
  if (!request.skus().empty() && row.policy == storage::Experiment::Policy::kHoldDays) {
    return InvalidField("skus", "is empty: a location keeps all orders alike");
  }
  for (const std::string& sku : request.skus()) {
    if (auto status = CheckId("skus", sku); !status.ok()) return status;
  }
  for (const auto& status : {CheckValue("value_a", request.value_a(), row.policy),
                             CheckValue("value_b", request.value_b(), row.policy)}) {
    if (!status.ok()) return status;
  }
  if (request.value_a() == request.value_b()) return InvalidField("value_b", "is value_a");
  if (request.seed() > INT64_MAX) return InvalidField("seed", "is from 0 to 2^63 - 1");
  row.id = request.experiment_id();
  row.group = request.group_id();
  row.value_a = request.value_a();
  row.value_b = request.value_b();
  row.seed = request.seed();
  stated.skus.assign(request.skus().begin(), request.skus().end());
  return grpc::Status::OK;
}

constexpr auto kNothingMore = [](const ExperimentResult&) {};

}  // namespace

void ExperimentService::Fill(const storage::Experiment& experiment, v1::Experiment& proto) const {
  proto.set_experiment_id(experiment.id);
  proto.set_policy(experiment.policy == storage::Experiment::Policy::kSafetyStock
                       ? v1::EXPERIMENT_POLICY_SAFETY_STOCK
                       : v1::EXPERIMENT_POLICY_HOLD_OPEN_DAYS);
  proto.set_group_id(experiment.group);
  proto.set_value_a(experiment.value_a);
  proto.set_value_b(experiment.value_b);
  proto.set_seed(experiment.seed);
  ToProto(experiment.begins_at, *proto.mutable_begin_time());
  if (experiment.ends_at) ToProto(*experiment.ends_at, *proto.mutable_end_time());
  const engine::Catalogue& catalogue = engine_.catalogue();
  for (const storage::Subject& subject : experiment.subjects) {
    v1::ExperimentSubject& row = *proto.add_subjects();
    if (subject.item != kNoItem) row.set_sku(catalogue.Sku(subject.item));
    row.set_location(catalogue.LocationCode(subject.location));
    row.set_is_b(subject.is_b);
  }
}

// Submits a command and answers with what it came to.
template <typename Response, typename Run, typename More>
grpc::ServerUnaryReactor* ExperimentService::Submit(grpc::CallbackServerContext* context,
                                                    Response* response, Run run, More more) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine_.Submit(engine::MakeTask(
                     std::move(run),
                     [this, reactor, response, more](engine::CommitOutcome outcome,
                                                     ExperimentResult&& result) {
                       if (outcome != engine::CommitOutcome::kCommitted) {
                         reactor->Finish(ToStatus(outcome));
                         return;
                       }
                       if (result.refusal.ok()) {
                         Fill(result.experiment, *response->mutable_experiment());
                         more(result);
                       }
                       reactor->Finish(result.refusal);
                     },
                     kCommandWeight),
                 engine::Admission::kUnlessFull, engine::LaneOfCall(kCommandWeight));
  return reactor;
}

grpc::ServerUnaryReactor* ExperimentService::StartExperiment(
    grpc::CallbackServerContext* context, const v1::StartExperimentRequest* request,
    v1::StartExperimentResponse* response) {
  StatedExperiment stated;
  if (auto status = Parse(*request, stated); !status.ok()) return FinishNow(context, status);
  return Submit(
      context, response,
      [stated = std::move(stated)](engine::UnitOfWork& unit) mutable {
        return rpc::StartExperiment(unit, std::move(stated));
      },
      kNothingMore);
}

grpc::ServerUnaryReactor* ExperimentService::EndExperiment(grpc::CallbackServerContext* context,
                                                           const v1::EndExperimentRequest* request,
                                                           v1::EndExperimentResponse* response) {
  const std::string& id = request->experiment_id();
  if (auto status = CheckId("experiment_id", id); !status.ok()) return FinishNow(context, status);
  return Submit(
      context, response, [id](engine::UnitOfWork& unit) { return rpc::EndExperiment(unit, id); },
      [response](const ExperimentResult& result) { response->set_left_alone(result.left_alone); });
}

grpc::Status ExperimentService::Find(const std::string& id, storage::Experiment& experiment) {
  if (auto status = CheckId("experiment_id", id); !status.ok()) return status;
  return ReadOrExplain([&] {
    auto found = reader_.FindExperiment(id);
    if (!found) {
      return MakeStatus(grpc::StatusCode::NOT_FOUND, "EXPERIMENT_UNKNOWN",
                        "There is no experiment " + id + ".", {{"experiment_id", id}});
    }
    experiment = std::move(*found);
    return grpc::Status::OK;
  });
}

grpc::ServerUnaryReactor* ExperimentService::GetExperiment(grpc::CallbackServerContext* context,
                                                           const v1::GetExperimentRequest* request,
                                                           v1::GetExperimentResponse* response) {
  storage::Experiment experiment;
  const grpc::Status status = Find(request->experiment_id(), experiment);
  if (status.ok()) Fill(experiment, *response->mutable_experiment());
  return FinishNow(context, status);
}

grpc::ServerUnaryReactor* ExperimentService::ListExperiments(
    grpc::CallbackServerContext* context, const v1::ListExperimentsRequest* request,
    v1::ListExperimentsResponse* response) {
  int rows = 0;
  std::string after;
  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
    return FinishNow(context, status);
  }
  return FinishNow(context, ReadOrExplain([&] {
                     const auto page = reader_.ListExperiments(after, rows);
                     for (const storage::Experiment& experiment : page.rows) {
                       Fill(experiment, *response->add_experiments());
                     }
                     if (page.more) {
                       response->set_next_page_token(MakePageToken(kPageKind, page.rows.back().id));
                     }
                     return grpc::Status::OK;
                   }));
}

}  // namespace stockd::rpc
