// The calls of AdapterService about levels that sources refused.
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr size_t kLevelsMax = 10'000;

void Fill(const storage::RefusedLevel& level, const engine::Catalogue& catalogue,
          v1::RefusedLevel& proto) {
  proto.set_source(catalogue.SourceName(level.source));
  proto.mutable_position()->set_sku(catalogue.Sku(level.position.item));
  proto.mutable_position()->set_location(catalogue.LocationCode(level.position.location));
  proto.set_version(level.version);
  proto.set_reason(level.reason);
  proto.set_attempts(level.attempts);
  if (level.retry_at) ToProto(*level.retry_at, *proto.mutable_retry_time());
  ToProto(level.first_at, *proto.mutable_first_time());
}

}  // namespace

grpc::ServerUnaryReactor* AdapterService::ListRefusedLevels(
    grpc::CallbackServerContext* context, const v1::ListRefusedLevelsRequest* request,
    v1::ListRefusedLevelsResponse* response) {
  SourceId source = kNoSource;
  if (!request->source().empty()) {
    source = engine_.catalogue().FindSource(request->source());
    if (source == kNoSource) {
      return FinishNow(context,
                       UnknownName(ledger::Reason::kSourceUnknown, "source", request->source()));
    }
  }
  for (const storage::RefusedLevel& level : records_.refused.List(source)) {
    if (static_cast<size_t>(response->levels_size()) == kLevelsMax) break;
    Fill(level, engine_.catalogue(), *response->add_levels());
  }
  // The book knows names by number.
  std::ranges::sort(*response->mutable_levels(), {}, [](const v1::RefusedLevel& level) {
    return std::tuple<const std::string&, const std::string&, const std::string&>(
        level.source(), level.position().sku(), level.position().location());
  });
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AdapterService::RetryLevels(grpc::CallbackServerContext* context,
                                                      const v1::RetryLevelsRequest* request,
                                                      v1::RetryLevelsResponse* response) {
  if (auto status = CheckId("source", request->source()); !status.ok())
    return FinishNow(context, status);
  const SourceId source = engine_.catalogue().FindSource(request->source());
  if (source == kNoSource) {
    return FinishNow(context,
                     UnknownName(ledger::Reason::kSourceUnknown, "source", request->source()));
  }
  std::vector<PositionKey> positions;
  for (const v1::Position& position : request->positions()) {
    if (auto status = FindPosition(position, engine_.catalogue(), positions.emplace_back());
        !status.ok()) {
      return FinishNow(context, status);
    }
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  engine_.Submit(engine::MakeTask(
      [this, source, positions = std::move(positions)](engine::UnitOfWork& unit) {
        return records_.refused.RetryNow(unit, source, positions);
      },
      [this, reactor, response](engine::CommitOutcome outcome, int retrying) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
          return;
        }
        response->set_retrying(retrying);
        pump_.Kick();
        reactor->Finish(grpc::Status::OK);
      }));
  return reactor;
}

}  // namespace stockd::rpc
